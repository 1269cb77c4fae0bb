import { describe, expect, test } from 'vitest';
import { foresee, inverse, stillHolds, type Act } from '../src/state/acts';
import { inKeptOrder, moved } from '../src/state/cards';
import { answersSince, lowestShown, seenBy } from '../src/state/collision';
import { at, conversation, desk, message, noon, turn, withThread } from './nouns';

const ben = { id: 'ben', name: 'Ben Beispiel' };
const kim = { id: 'kim', name: 'Kim Example' };
const later = at(60);

describe('what an act makes of a Conversation, and what takes it back', () => {
  const open = conversation('a', 0);
  const hers = conversation('a', 0, { assignee: kim });
  const resting = conversation('a', 0, { snooze: { at: at(0), by: kim, until: later } });
  const closed = conversation('a', 0, { closed_at: at(0), closure: { at: at(0), by: kim, reason: 'Erledigt' } });

  test.each<[string, typeof open, Act, Act[]]>([
    ['taken from nobody', open, { kind: 'assign', agent: ben }, [{ kind: 'release' }]],
    ['taken from Kim', hers, { kind: 'assign', agent: ben }, [{ kind: 'assign', agent: kim }]],
    ['transferred', hers, { kind: 'transfer', agent: ben, note: 'Bitte' }, [{ kind: 'assign', agent: kim }]],
    ['released', hers, { kind: 'release' }, [{ kind: 'assign', agent: kim }]],
    ['closed', open, { kind: 'close', reason: '' }, [{ kind: 'reopen' }]],
    ['closed while it rests', resting, { kind: 'close', reason: '' }, [{ kind: 'reopen' }, { kind: 'snooze', until: later }]],
    ['reopened', closed, { kind: 'reopen' }, [{ kind: 'close', reason: 'Erledigt' }]],
    ['put off', open, { kind: 'snooze', until: later }, [{ kind: 'wake' }]],
    ['put off further', resting, { kind: 'snooze', until: at(90) }, [{ kind: 'snooze', until: later }]],
    ['woken', resting, { kind: 'wake' }, [{ kind: 'snooze', until: later }]],
    ['nothing new', hers, { kind: 'assign', agent: kim }, []],
  ])('%s', (_, before, act, back) => {
    expect(inverse(before, act, noon)).toEqual(back);
    const after = foresee(before, act, ben, at(1));
    expect(stillHolds(after, act)).toBe(true);
    const restored = back.reduce((state, undo) => foresee(state, undo, ben, at(2)), after);
    expect(restored.assignee?.id).toBe(before.assignee?.id);
    expect(Boolean(restored.closed_at)).toBe(Boolean(before.closed_at));
    expect(restored.snooze?.until ?? null).toBe(before.snooze?.until ?? null);
  });

  test('a time that has passed is not put back', () => {
    expect(inverse(resting, { kind: 'wake' }, noon + 3 * 3_600_000)).toEqual([]);
  });

  test('what somebody else changed meanwhile holds no longer', () => {
    expect(stillHolds({ ...open, assignee: kim }, { kind: 'assign', agent: ben })).toBe(false);
    expect(stillHolds({ ...open, closed_at: null }, { kind: 'close', reason: '' })).toBe(false);
  });
});

describe('answers that came first', () => {
  const author = (who: typeof kim, kind = 'agent') => ({ direction: 'out' as const, author: { ...who, kind } });
  const items = [
    message('late', 'a', 9, { position: 9, ...author(kim) }),
    message('mine', 'a', 8, { position: 8, ...author(ben) }),
    message('notice', 'a', 7, { position: 7, ...author(kim, 'system') }),
    message('hers', 'a', 6, { position: 6, ...author(kim) }),
    turn('note', 'a', 5, { kind: 'note', position: 5 }),
    message('asked', 'a', 1, { position: 1 }),
  ];
  const state = withThread(desk(conversation('a', 9)), 'a', items);

  test('only colleagues’ Messages after what was seen count', () => {
    expect(answersSince(state, 'a', 5).map(({ id }) => id)).toEqual(['hers', 'late']);
    expect(answersSince(state, 'a', 6).map(({ id }) => id)).toEqual(['late']);
    expect(answersSince(state, 'a', 9)).toEqual([]);
    expect(answersSince(state, 'elsewhere', 0)).toEqual([]);
  });

  test('what was seen at a time is known from the thread', () => {
    expect(seenBy(state, 'a', Date.parse(at(5)))).toBe(5);
    expect(lowestShown(state, 'a')).toBe(9);
    expect(lowestShown(state, 'elsewhere')).toBe(0);
  });
});

describe('the cards of the panel', () => {
  test('stand in the order that was kept, new ones at the end, unknown ones nowhere', () => {
    expect(inKeptOrder([])).toEqual(['who', 'why', 'tasks', 'matters', 'notes', 'language']);
    expect(inKeptOrder(['notes', 'gone', 'who'])).toEqual(['notes', 'who', 'why', 'tasks', 'matters', 'language']);
  });

  test('move by one, and not out of the panel', () => {
    const order = inKeptOrder([]);
    expect(moved(order, 'why', -1).slice(0, 2)).toEqual(['why', 'who']);
    expect(moved(order, 'who', -1)).toEqual(order);
    expect(moved(order, 'who', 1).slice(0, 2)).toEqual(['why', 'who']);
  });
});
