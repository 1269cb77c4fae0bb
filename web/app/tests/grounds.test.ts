import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../src/api/types';
import { answersSince } from '../src/state/collision';
import { entries } from '../src/state/entries';
import { heldBy } from '../src/state/framework';
import { furthest, objectable, openDoubts } from '../src/state/grounds';
import { announced } from '../src/state/threads';
import { conversation, desk, message, withThread } from './nouns';

const entry = (n: number, step: LedgerEntry['step'], extra: Partial<LedgerEntry> = {}) => ({ id: `e${n}`, n, step, message: '', purpose: '', ...extra }) as LedgerEntry;

describe('doubts', () => {
  test('one stands until somebody has read it, or all advertising is withdrawn', () => {
    const doubt = entry(1, 'doubted', { message: 'm1' });
    expect(openDoubts([doubt])).toEqual([doubt]);
    expect(openDoubts([doubt, entry(2, 'cleared', { message: 'm2' })])).toEqual([doubt]);
    expect(openDoubts([doubt, entry(2, 'cleared', { message: 'm1' })])).toEqual([]);
    expect(openDoubts([doubt, entry(2, 'withdrawn', { purpose: 'Umfragen' })])).toEqual([doubt]);
    expect(openDoubts([doubt, entry(2, 'withdrawn')])).toEqual([]);
  });
  test('what was withdrawn before it answers nothing', () => {
    expect(openDoubts([entry(1, 'withdrawn'), entry(2, 'doubted', { message: 'm1' })])).toHaveLength(1);
  });
});

test('an objection is offered to what one may object to and has not yet', () => {
  const purposes = ['a', 'b', 'c', 'd', 'e', 'f', 'f'].map((letter, i) => ({ name: `${letter}${i}`, basis: `6(1)(${letter})` }));
  expect(objectable({ purposes, objections: ['f6'] })).toEqual(['a0', 'e4', 'f5']);
  expect(objectable({ purposes: [], objections: [] })).toEqual([]);
});

test('of a Notice the furthest step is told', () => {
  const showing = { message: 'm', version: 1, language: 'de', at: 'a', accepted: null, delivered: null, read: null };
  expect(furthest(showing)).toEqual({ step: 'sent', at: 'a' });
  expect(furthest({ ...showing, accepted: 'b' })).toEqual({ step: 'accepted', at: 'b' });
  expect(furthest({ ...showing, accepted: 'b', delivered: 'c', read: 'd' })).toEqual({ step: 'read', at: 'd' });
});

describe('what nobody wrote', () => {
  const anna = { id: 'anna', name: 'Anna Muster', kind: 'agent' };
  const ben = { id: 'ben', name: 'Ben Beispiel', kind: 'agent' };
  const out = { direction: 'out', position: 5, status: 'sent' } as const;
  const shown = (origin: 'agent' | 'notice' | 'system', author = anna) =>
    withThread(desk(conversation('c', 0)), 'c', [message('m', 'c', 0, { ...out, origin, author })]);

  test('is no colleague’s answer', () => {
    expect(answersSince(shown('agent'), 'c', 0)).toHaveLength(1);
    expect(answersSince(shown('notice'), 'c', 0)).toEqual([]);
    expect(answersSince(shown('system'), 'c', 0)).toEqual([]);
  });

  test('is not what waits for its confirmation, although the words are the same', () => {
    const waiting = { kind: 'reply', clientId: 'x', text: 'm', at: '', after: 0, about: null, state: 'sending', code: '', reasons: [] } as const;
    const state = { ...desk(conversation('c', 0)), pending: { c: [{ ...waiting, reasons: [] }] } };
    const told = (origin: 'agent' | 'notice') => announced(state, message('m', 'c', 0, { ...out, origin, author: ben }));
    expect(told('agent')?.clientId).toBe('x');
    expect(told('notice')).toBeUndefined();
  });

  test('stands in no group with what somebody wrote', () => {
    const state = withThread(desk(conversation('c', 0)), 'c', [
      message('b', 'c', 1, { ...out, position: 6, origin: 'agent', author: null }),
      message('a', 'c', 0, { ...out, origin: 'notice', author: null }),
    ]);
    const rows = entries(state, 'c', () => 'day', { from: '', most: 10, newAfter: null }).filter((row) => row.kind === 'message');
    expect(rows.map((row) => row.kind === 'message' && row.startsGroup)).toEqual([true, true]);
  });
});

test('Controllers that chose the same while the framework is invalid are told of together, the strictest first', () => {
  const of = (name: string, policy: 'block' | 'warn', since: string) => ({ controller: { id: name, name }, since, policy });
  expect(heldBy([])).toEqual([]);
  expect(heldBy([of('A', 'warn', '2026-11-03T08:00:00Z'), of('B', 'block', '2026-11-02T08:00:00Z'), of('C', 'warn', '2026-11-01T08:00:00Z')])).toEqual([
    { policy: 'block', names: ['B'], since: '2026-11-02T08:00:00Z' },
    { policy: 'warn', names: ['A', 'C'], since: '2026-11-01T08:00:00Z' },
  ]);
});
