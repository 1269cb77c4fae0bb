import { describe, expect, test } from 'vitest';
import type { Api } from '../src/api/client';
import { Problem } from '../src/api/problem';
import type { Task } from '../src/api/tasks';
import { sayDistance, sayWhat, sayWhom } from '../src/settings/pages/tasks/say';
import { keyOfTask, onceEach, showOf, shownOf } from '../src/settings/tasks';
import { TaskCount } from '../src/state/taskcount.svelte';
import { daysLeft, monthAfter, urgencyOf } from '../src/state/tasks';
import '../src/words/protection';

describe('until when', () => {
  const zone = 'Europe/Berlin';
  // Half past midnight of the first in Germany.
  const now = Date.parse('2026-11-30T23:30:00Z');

  test('a day is the house’s, and on the day itself there is still time', () => {
    for (const [due, urgency] of [
      ['2026-11-30', 'overdue'],
      ['2026-12-01', 'today'],
      ['2026-12-04', 'soon'],
      ['2026-12-05', 'later'],
    ]) {
      expect(urgencyOf({ due: due! }, now, zone)).toBe(urgency);
    }
  });

  test('how far it is, is counted in whole days and said in words', () => {
    for (const [due, left, said] of [
      ['2020-01-01', -2526, '2.526 Tage überfällig'],
      ['2026-11-01', -30, '30 Tage überfällig'],
      ['2026-11-30', -1, '1 Tag überfällig'],
      ['2026-12-01', 0, 'heute fällig'],
      ['2026-12-02', 1, 'morgen'],
      ['2027-03-01', 90, 'in 90 Tagen'],
    ] as const) {
      expect(daysLeft({ due }, now, zone)).toBe(left);
      expect(sayDistance(left)).toBe(said);
    }
  });

  test('a month ends on the day with the same number, or the last one', () => {
    const after = (at: string, external_at = at) => monthAfter({ at, external_at }, zone);
    expect(after('2026-11-25T12:00:00Z')).toBe('2026-12-25');
    expect(after('2026-01-31T12:00:00Z')).toBe('2026-02-28');
    expect(after('2026-12-31T12:00:00Z')).toBe('2027-01-31');
    expect(after('2026-11-30T23:30:00Z')).toBe('2027-01-01');
    expect(after('2026-11-25T12:00:00Z', '2026-11-24T12:00:00Z')).toBe('2026-12-24');
  });
});

const done: Task['done'] = { at: '2026-11-30T10:00:00Z', by: null, how: 'informed', ground: '', reason: '' } as never;
const task = (id: string, extra: Partial<Task> = {}) =>
  ({ id, kind: 'third_person', role: 'witness', note: '', controller: { id: 'motor', name: 'Muster' }, about: [], done: null, ...extra }) as Task;
const duty = (kind: Task['kind'], ...about: Partial<Task['about'][number]>[]) =>
  task('', { kind, about: about.map((one) => ({ id: 'meta', name: 'Meta', missing: [], title: '', ...one })) });

describe('the page of all tasks', () => {
  test('asks for what its address says, and for the open ones if that says nothing known', () => {
    expect(['', 'overdue', 'all', 'done', 'open'].map(showOf)).toEqual(['open', 'overdue', 'all', 'open', 'open']);
  });
  test('leaves out what is done, unless that is asked for', () => {
    const items = [task('a'), task('b', { done })];
    expect(shownOf(items, 'open').map(({ id }) => id)).toEqual(['a']);
    expect(shownOf(items, 'all').map(({ id }) => id)).toEqual(['a', 'b']);
  });
  test('shows one that ends between two pages once, as it is now', () => {
    const once = onceEach([task('a'), task('b'), task('a', { done })]);
    expect(once.map(({ id, done }) => [id, done !== null])).toEqual([['b', false], ['a', true]]);
  });
  test('tells those of the register apart, which have no id', () => {
    const asked = [
      duty('terms', { title: 'DPA' }),
      duty('terms', { title: 'SCC' }),
      duty('review', {}),
      duty('review', { id: 'host' }),
      { ...duty('review', {}), controller: { id: 'life', name: 'Leben' } },
      duty('invalid', {}, { id: 'host' }),
    ];
    expect(new Set(asked.map(keyOfTask)).size).toBe(asked.length);
    expect(onceEach(asked)).toEqual(asked);
  });
  test('tells Inboxes apart that stand still', () => {
    const still = ['a', 'b'].map((id) => ({ ...duty('review', {}), kind: 'paused' as const, about: [], inbox: { id, name: id } }));
    expect(new Set(still.map(keyOfTask)).size).toBe(2);
    expect([sayWhat(still[0]!), sayWhom(still[0]!)]).toEqual(['Postfach sendet nicht: beheben, was WhatsApp beanstandet', 'a']);
  });
  test('says what is to be done and whom it concerns', () => {
    expect(sayWhat(task('a', { kind: 'failed', role: '' }))).toMatch(/^Nicht zugestellt/);
    expect(sayWhat(task('a'))).toBe('Dritte Person informieren (Art. 14 DSGVO)');
    expect(sayWhat(duty('terms', { title: 'DPA' }))).toMatch(/„DPA“ neu lesen/);
    expect(sayWhat(duty('invalid', {}))).toMatch(/^Andere Grundlage finden/);
    expect(sayWhom(task('a', { note: 'Erika' }))).toBe('Zeugin oder Zeuge: Erika');
    expect(sayWhom(task('a'))).toBe('Zeugin oder Zeuge');
    expect(sayWhom(task('a', { kind: 'doubt', role: '' }))).toBe('Wer geschrieben hat');
  });
});

describe('how much is overdue', () => {
  function deskOf(role: string) {
    let answer: () => Promise<unknown> = async () => ({ open: 3, overdue: 2, failed: 1 });
    const asked = { times: 0 };
    const api = { taskCount: () => ((asked.times += 1), answer()) } as unknown as Api;
    const data = { me: { agent: { role } } } as never;
    const count = new TaskCount({ api, data, ended: (problem) => problem.status === 401 });
    return { count, asked, answers: (next: () => Promise<unknown>) => (answer = next) };
  }

  test('is asked for by everybody, with what of theirs did not arrive', async () => {
    for (const role of ['admin', 'dpo', 'agent']) {
      const { count, asked } = deskOf(role);
      await count.load();
      expect([count.overdue, count.failed, asked.times], role).toEqual([2, 1, 1]);
    }
  });
  test('is not said while it cannot be asked for, and goes with the session', async () => {
    const { count, answers } = deskOf('admin');
    await count.load();
    answers(() => Promise.reject(new Problem(503, 'unavailable')));
    await count.load();
    expect([count.overdue, count.now]).toEqual([0, undefined]);
    answers(async () => ({ open: 1, overdue: 1, failed: 0 }));
    const late = count.load();
    count.leave();
    await late;
    expect(count.overdue).toBe(0);
  });
});
