import { expect, test } from 'vitest';
import { around, entries, mustShow, type Shown } from '../src/state/entries';
import { addPending } from '../src/state/threads';
import { dayOf } from '../src/words/format';
import { at, conversation, desk, message, turn, withThread } from './nouns';

const all: Shown = { from: '', most: 100, newAfter: null };
const drawn = (state: Parameters<typeof entries>[0], shown = all) =>
  entries(state, 'a', dayOf, shown).map((row) => (row.kind === 'message' ? `${row.key}${row.startsGroup ? ' starts' : ''}` : row.kind));

test('a thread has a rule at each day of the house, and groups', () => {
  const items = [message('late evening', 'a', 11 * 60 + 30), message('b', 'a', 2), message('a', 'a', 0)];
  // 23:30 UTC is already the next day in Berlin.
  expect(drawn(withThread(desk(conversation('a', 0)), 'a', items))).toEqual(['day', 'a starts', 'b', 'day', 'late evening starts']);
});

test('what was done stands between what was said, and ends its group', () => {
  const items = [
    message('c', 'a', 4, { position: 4 }),
    turn('note', 'a', 3, { kind: 'note', position: 3 }),
    message('b', 'a', 2, { position: 2 }),
    turn('taken', 'a', 1, { kind: 'assigned', position: 1 }),
  ];
  const state = addPending(withThread(desk(conversation('a', 0)), 'a', items), 'a', {
    kind: 'reply', clientId: 'p', text: 'Moment', at: at(5), after: 0, about: null, state: 'sending', code: '', reasons: [],
  });
  expect(drawn(state)).toEqual(['day', 'turn', 'b starts', 'note', 'c starts', 'pending']);
});

test('the line "New" stands once, above the first inbound Message that was not read', () => {
  const items = [
    message('new', 'a', 4, { position: 4 }),
    message('newer', 'a', 5, { position: 5 }),
    message('ours', 'a', 3, { position: 3, direction: 'out' }),
    message('read', 'a', 2, { position: 2 }),
  ];
  const state = withThread(desk(conversation('a', 0)), 'a', items);
  expect(drawn(state, { ...all, newAfter: 2 })).toEqual(['day', 'read starts', 'ours starts', 'new', 'new starts', 'newer']);
  expect(drawn(state, { ...all, newAfter: 5 })).not.toContain('new');
  expect(mustShow(state, 'a', 2, 20)).toBe(22);
  expect(mustShow(state, 'a', 9, 20)).toBe(20);
});

test('only the end of a long thread is drawn', () => {
  const items = Array.from({ length: 300 }, (_, i) => message(`m${i}`, 'a', i, { position: i + 1 }));
  const state = withThread(desk(conversation('a', 0)), 'a', items);
  const rows = entries(state, 'a', dayOf, { ...all, most: 60 });
  expect(rows.filter((row) => row.kind === 'message')).toHaveLength(60);
  expect(rows.at(-1)?.key).toBe('m299');
  // Who reads above keeps the first item, whatever comes in below.
  expect(entries(state, 'a', dayOf, { ...all, from: 'm100', most: 60 })[1]?.key).toBe('m100');
});

test('what is drawn first is a screenful around the line "New", else at the end', () => {
  const items = Array.from({ length: 100 }, (_, i) => message(`m${i}`, 'a', i, { position: i + 1 }));
  const state = withThread(desk(conversation('a', 0)), 'a', items);
  const shown = (newAfter: number | null, reach: number) => around(entries(state, 'a', dayOf, { ...all, newAfter }), reach).map((row) => row.key);
  expect(shown(null, 20)).toEqual(Array.from({ length: 20 }, (_, i) => `m${80 + i}`));
  const around50 = shown(50, 20);
  expect(around50).toHaveLength(25);
  expect(around50.indexOf('new')).toBe(5);
  // Near the end the screen is full all the same.
  expect(shown(98, 20)).toHaveLength(20);
  expect(shown(98, 20).at(-1)).toBe('m99');
  // In the end all is drawn, wherever the line stands.
  expect(shown(50, 102)).toHaveLength(102);
});
