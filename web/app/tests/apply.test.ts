import { describe, expect, test } from 'vitest';
import { apply, applyAll, type DeskEvent } from '../src/state/apply';
import { takeConversation, takeList } from '../src/state/lists';
import { addPending, shortened, takeMessage, takeThread } from '../src/state/threads';
import { at, conversation, desk, message, page, turn, withThread } from './nouns';

const ben = { id: 'ben', name: 'Ben Beispiel' };
const author = { ...ben, kind: 'agent' };

/** Freezes deeply, so that a change in place would be seen. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('the list', () => {
  test('a changed Conversation rises to the top', () => {
    const state = frozen(desk(conversation('a', 5), conversation('b', 1)));
    const next = apply(state, { n: 11, change: { kind: 'conversation', conversation: conversation('b', 9) } });
    expect(next.list?.ids).toEqual(['b', 'a']);
    expect(state.list?.ids).toEqual(['a', 'b']);
  });

  test('a new one appears, a closed one leaves', () => {
    let state = desk(conversation('a', 5));
    state = apply(state, { n: 11, change: { kind: 'conversation', conversation: conversation('b', 6) } });
    state = apply(state, { n: 12, change: { kind: 'conversation', conversation: conversation('a', 7, { closed_at: at(7) }) } });
    expect(state.list?.ids).toEqual(['b']);
    expect(state.conversations.a?.closed_at).toBe(at(7));
  });

  test('one older than the loaded part waits for its page', () => {
    const state = takeList(desk(), { view: 'all', inbox: '' }, { items: [conversation('a', 5)], next: 'more', as_of: '' }, 10, true);
    const next = apply(state, { n: 11, change: { kind: 'conversation', conversation: conversation('old', 1) } });
    expect(next.list?.ids).toEqual(['a']);
  });

  test('views and inboxes filter as the server does', () => {
    const items = [
      conversation('mine', 4, { assignee: ben }),
      conversation('free', 3),
      conversation('other', 2, { assignee: { id: 'anna', name: 'Anna Muster' } }),
      conversation('closed', 1, { assignee: ben, closed_at: at(1) }),
    ];
    const ids = (view: 'mine' | 'unassigned' | 'all' | 'closed', inbox = '') =>
      takeList(desk(), { view, inbox }, { items, next: '', as_of: '' }, 10, true).list?.ids;
    expect(ids('mine')).toEqual(['mine']);
    expect(ids('unassigned')).toEqual(['free']);
    expect(ids('all')).toEqual(['mine', 'free', 'other']);
    expect(ids('closed')).toEqual(['closed']);
    expect(ids('all', 'elsewhere')).toEqual([]);
  });

  test('an answer older than the stream does not turn time back', () => {
    let state = desk(conversation('a', 1));
    state = apply(state, { n: 15, change: { kind: 'conversation', conversation: conversation('a', 9) } });
    const page = { items: [conversation('a', 1)], next: '', as_of: 'f.12' };
    expect(takeList(state, { view: 'all', inbox: '' }, page, 12, true).conversations.a?.last_at).toBe(at(9));
    expect(takeConversation(state, page.items[0]!, 12).conversations.a?.last_at).toBe(at(9));
  });

  test('what the stream brought while a list was on its way is in it', () => {
    const state = apply(desk(), { n: 15, change: { kind: 'conversation', conversation: conversation('new', 9) } });
    const page = { items: [conversation('a', 1)], next: '', as_of: 'f.12' };
    expect(takeList(state, { view: 'all', inbox: '' }, page, 12, true).list?.ids).toEqual(['new', 'a']);
  });

  test('an Inbox is paused', () => {
    const inbox = { ...desk().inboxes.kfz!, paused: { at: at(0), reason: 'Wartung' } };
    expect(apply(desk(), { n: 11, change: { kind: 'inbox', inbox } }).inboxes.kfz?.paused?.reason).toBe('Wartung');
  });

  test('a kind that is not known changes nothing', () => {
    const state = desk(conversation('a', 1));
    expect(apply(state, { n: 11, change: { kind: 'weather', conversation: conversation('a', 9) } })).toBe(state);
  });
});

describe('the thread', () => {
  const open = () => withThread(desk(conversation('a', 5)), 'a', [message('m2', 'a', 2), message('m1', 'a', 1)]);

  test('stands oldest first, and a new Message joins at its place', () => {
    const state = frozen(open());
    const next = apply(state, { n: 11, change: { kind: 'message', conversation: conversation('a', 3), message: message('m3', 'a', 3) } });
    expect(next.threads.a?.ids).toEqual(['m1', 'm2', 'm3']);
  });

  test('a late Message stands at its arrival', () => {
    const late = message('late', 'a', 4, { external_at: at(-60), late: true });
    expect(apply(open(), { n: 11, change: { kind: 'message', message: late } }).threads.a?.ids).toEqual(['m1', 'm2', 'late']);
  });

  test('one time, two Messages: the position decides', () => {
    const items = [message('z', 'a', 1, { position: 1 }), message('b', 'a', 1, { position: 2 })];
    expect(withThread(desk(conversation('a', 5)), 'a', items).threads.a?.ids).toEqual(['z', 'b']);
  });

  test('a status climbs, and a repeated Message may start again', () => {
    let state = open();
    for (const [n, status] of [[11, 'queued'], [12, 'failed'], [13, 'queued']] as const) {
      state = apply(state, { n, change: { kind: 'message', message: message('out', 'a', 3, { direction: 'out', status }) } });
      expect(state.messages.out?.status).toBe(status);
    }
    expect(state.threads.a?.ids.filter((id) => id === 'out')).toHaveLength(1);
  });

  test('an answer that the stream overtook is not taken', () => {
    const sent = message('out', 'a', 3, { direction: 'out', status: 'sent' });
    const state = apply(open(), { n: 12, change: { kind: 'message', message: sent } });
    expect(takeMessage(state, { ...sent, status: 'queued' }, 10).messages.out?.status).toBe('sent');
  });

  test('a Message that was not shown makes the open thread stale', () => {
    const state = apply(open(), { n: 11, change: { kind: 'message', conversation: conversation('a', 6), message: null, message_id: 'm9' } });
    expect(state.threads.a?.stale).toBe(11);
    const fetched = page([message('m9', 'a', 6), message('m2', 'a', 2)], 'older');
    const fresh = takeThread(state, 'a', fetched, 11, true);
    expect(fresh.threads.a).toEqual({ ids: ['m1', 'm2', 'm9'], next: '', stale: 0 });
    expect(takeThread(state, 'a', fetched, 10, true).threads.a?.stale, 'asked too early').toBe(11);
  });

  test('what a stale thread has and its newest page has not is somebody else’s', () => {
    const state = apply(withThread(desk(conversation('a', 9)), 'a', ['m1', 'm2', 'm3', 'm4'].map((id, i) => message(id, 'a', i))), {
      n: 11,
      change: { kind: 'message', conversation: conversation('a', 9), message: null, message_id: 'm9' },
    });
    const come = apply(state, { n: 12, change: { kind: 'message', conversation: conversation('a', 9), message: message('m5', 'a', 5) } });
    const fetched = page([message('m9', 'a', 9), message('m2', 'a', 1)], 'older');
    expect(takeThread(frozen(come), 'a', fetched, 11, true).threads.a?.ids).toEqual(['m1', 'm2', 'm5', 'm9']);
  });

  test('a newest page that does not touch the thread replaces it: no gap', () => {
    const fetched = page([message('m9', 'a', 90), message('m8', 'a', 80)], 'older');
    expect(takeThread(open(), 'a', fetched, 11, true).threads.a).toEqual({ ids: ['m8', 'm9'], next: 'older', stale: 0 });
  });

  test('a long thread keeps its end alone, and what came in meanwhile', () => {
    const items = Array.from({ length: 30 }, (_, i) => message(`m${i}`, 'a', i, { position: i }));
    let state = withThread(desk(conversation('a', 30)), 'a', items);
    state = apply(state, { n: 12, change: { kind: 'message', conversation: conversation('a', 31), message: message('new', 'a', 31, { position: 31 }) } });
    const next = shortened(frozen(state), 'a', page([items[29]!, items[28]!], 'older'), 11);
    expect(next.threads.a).toEqual({ ids: ['m28', 'm29', 'new'], next: 'older', stale: 0 });
    expect(Object.keys(next.messages).sort()).toEqual(['m28', 'm29', 'new']);
    expect(next.seen.new).toBe(12);
  });

  test('an older page joins above', () => {
    const state = withThread(desk(conversation('a', 5)), 'a', [message('m2', 'a', 2)], 'older');
    const next = takeThread(state, 'a', page([message('m1', 'a', 1)]), 10, false);
    expect(next.threads.a).toEqual({ ids: ['m1', 'm2'], next: '', stale: 0 });
  });

  test('our own Message on the stream takes the place of what waits for its answer', () => {
    const pending = { kind: 'reply' as const, clientId: 'c1', text: 'Guten Tag', at: at(3), after: 0, about: null, state: 'sending' as const, code: '', reasons: [] };
    const state = addPending(open(), 'a', pending);
    const mine = message('out', 'a', 3, { direction: 'out', text: 'Guten Tag', status: 'queued', author });
    const change = { kind: 'message', conversation: conversation('a', 3), message: mine };
    const next = apply(state, { n: 11, change });
    expect(next.pending.a).toEqual([]);
    // Its next status must not take a second one with the same words.
    const again = apply(addPending(next, 'a', { ...pending, clientId: 'c2' }), { n: 12, change });
    expect(again.pending.a).toHaveLength(1);
  });
});

describe('turns, reading, presence, counts', () => {
  const open = () => withThread(desk(conversation('a', 5)), 'a', [message('m2', 'a', 2, { position: 2 })]);

  test('a Turn stands between Messages, and an unseen one makes the thread stale', () => {
    const note = turn('t1', 'a', 2, { position: 3 });
    const state = apply(frozen(open()), { n: 11, change: { kind: 'turn', conversation: conversation('a', 5), turn: note } });
    expect(state.threads.a?.ids).toEqual(['m2', 't1']);
    expect(state.turns.t1?.text).toBe('t1');
    const next = apply(state, { n: 12, change: { kind: 'turn', conversation: conversation('a', 5), turn: null, turn_id: 't2' } });
    expect(next.threads.a?.stale).toBe(12);
    const fetched = takeThread(next, 'a', page([turn('t2', 'a', 3), note], 'older'), 12, true);
    expect(fetched.threads.a).toEqual({ ids: ['m2', 't1', 't2'], next: '', stale: 0 });
  });

  test('what was read is read', () => {
    const state = desk(conversation('a', 5, { received: 7, read_to: 3 }));
    const next = apply(state, { n: 11, change: { kind: 'reading', reading: { conversation: 'a', position: 7 } } });
    expect(next.conversations.a?.read_to).toBe(7);
    expect(apply(state, { n: 11, change: { kind: 'reading', reading: { conversation: 'x', position: 7 } } })).toBe(state);
  });

  test('presence tells of the others', () => {
    const person = (id: string) => ({ id, name: id, state: 'writing' as const, until: at(1) });
    const people = (...ids: string[]) => ({ kind: 'presence', presence: { conversation: 'a', people: ids.map(person) } });
    const state = apply(desk(), { n: 11, change: people('ben', 'anna') });
    expect(state.presence.a?.map(({ id }) => id)).toEqual(['anna']);
    expect(apply(state, { n: 12, change: people('ben') }).presence).toEqual({});
  });

  test('counts are taken as they come', () => {
    const counts = { items: [{ inbox: 'kfz', mine: 1, unassigned: 2, all: 3, closed: 4 }], unread: 1 };
    expect(apply(desk(), { n: 11, change: { kind: 'counts', counts } }).counts).toEqual(counts);
  });
});

describe('the order of work', () => {
  const mine = (...items: ReturnType<typeof conversation>[]) =>
    takeList(desk(), { view: 'mine', inbox: '' }, { items, next: '', as_of: 'f.10' }, 10, true);
  const waits = (id: string, last: number, until: number | null) =>
    conversation(id, last, { assignee: ben, waiting_since: at(last), window: { open: until !== null, until: until === null ? null : at(until) } });
  const answered = (id: string, last: number) => conversation(id, last, { assignee: ben });

  test('what ends first stands first, then what was answered, newest first', () => {
    const list = mine(answered('old', 1), waits('late', 9, 300), answered('new', 8), waits('soon', 2, 60), waits('none', 5, null));
    expect(list.list?.ids).toEqual(['none', 'soon', 'late', 'new', 'old']);
  });

  test('one that was answered goes down, a snoozed one leaves', () => {
    let state = mine(waits('a', 1, 60), waits('b', 2, 90), answered('c', 0));
    state = apply(state, { n: 11, change: { kind: 'conversation', conversation: answered('a', 3) } });
    expect(state.list?.ids).toEqual(['b', 'a', 'c']);
    const snoozed = { ...waits('b', 2, 90), snooze: { at: at(3), by: null, until: null } };
    state = apply(state, { n: 12, change: { kind: 'conversation', conversation: snoozed } });
    expect(state.list?.ids).toEqual(['a', 'c']);
  });

  test('one that goes behind the loaded part leaves until its page comes', () => {
    const filter = { view: 'mine' as const, inbox: '' };
    const items = [waits('a', 1, 60), waits('b', 2, 90)];
    let state = takeList(desk(), filter, { items, next: 'more', as_of: 'f.10' }, 10, true);
    state = apply(state, { n: 11, change: { kind: 'conversation', conversation: answered('b', 3) } });
    expect(state.list?.ids).toEqual(['a']);
    const page = { items: [waits('c', 3, 95), answered('b', 3)], next: '', as_of: 'f.11' };
    expect(takeList(state, filter, page, 11, false).list?.ids).toEqual(['a', 'c', 'b']);
  });
});

test('a batch makes of the state what its events make one by one', () => {
  // A small linear congruential generator: the same walk each time.
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const events: DeskEvent[] = Array.from({ length: 400 }, (_, i) => {
    const id = `c${random(30)}`;
    const of = conversation(id, random(500), {
      assignee: random(2) ? ben : null,
      closed_at: random(5) ? null : at(1),
      waiting_since: random(2) ? at(1) : null,
    });
    const change = [
      { kind: 'conversation', conversation: of },
      { kind: 'message', conversation: of, message: message(`m${random(90)}`, id, random(500), { position: i }) },
      { kind: 'message', conversation: of, message: null, message_id: `m${random(90)}` },
      { kind: 'turn', conversation: of, turn: turn(`t${i}`, id, random(500), { position: i }) },
      { kind: 'reading', reading: { conversation: id, position: i } },
    ][random(5)]!;
    return { n: 11 + i, change };
  });
  for (const view of ['all', 'mine'] as const) {
    const items = Array.from({ length: 20 }, (_, i) => conversation(`c${i}`, 300 - i, { assignee: ben }));
    const start = takeList(desk(), { view, inbox: '' }, { items, next: 'more', as_of: 'f.10' }, 10, true);
    const state = frozen(withThread(withThread(start, 'c1', [message('m1', 'c1', 1)]), 'c2', []));
    expect(applyAll(state, events)).toEqual(events.reduce(apply, state));
  }
});

test('a thread is fetched anew when it is doubted who the Contact is, and when it is sure again', () => {
  const sure = conversation('c1', 1);
  const assurance = { since: at(1), news: 'new_number', hidden: true, other: '' } as const;
  const doubted = { ...sure, contact: { ...sure.contact, assurance } };
  const start = frozen(withThread(desk(sure), 'c1', [message('m1', 'c1', 0)]));
  const stale = (n: number, of: typeof sure, state = start) => apply(state, { n, change: { kind: 'conversation', conversation: of } }).threads.c1?.stale;
  expect(stale(11, sure)).toBe(0);
  expect(stale(11, doubted)).toBe(11);
  const seen = frozen(withThread(desk(doubted), 'c1', [message('m1', 'c1', 0)]));
  expect(stale(12, doubted, seen)).toBe(0);
  expect(stale(12, sure, seen)).toBe(12);
});
