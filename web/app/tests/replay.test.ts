import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Change, ConversationList, Counts, Me, Person, ThreadPage, View } from '../src/api/types';
import { parseCursor } from '../src/live/cursor';
import { apply, applyAll, type DeskEvent } from '../src/state/apply';
import { emptyDesk, type DeskState } from '../src/state/desk';
import { takeList } from '../src/state/lists';
import { takeThread } from '../src/state/threads';

// A shift that the server recorded (internal/api, TestShiftIsRecorded): what it showed
// before, what it told meanwhile, and what it showed afterwards.
type Snapshot = {
  lists: Record<View, ConversationList>;
  thread: ThreadPage;
  other_thread: ThreadPage;
  counts: Counts & { as_of: string };
  presence: { people: Person[] };
};
type Recording = {
  me: Me;
  open: string;
  other: string;
  before: Snapshot;
  events: { n: number; change: Change }[];
  after: Snapshot;
};

const recording = JSON.parse(readFileSync(new URL('replay/shift.json', import.meta.url), 'utf8')) as Recording;
const { me, open, other, before, after } = recording;
const events: DeskEvent[] = recording.events;

function loaded(shot: Snapshot, view: View): DeskState {
  const asOf = (cursor: string) => parseCursor(cursor)!.n;
  let state = takeList(emptyDesk(me), { view, inbox: '' }, shot.lists[view], asOf(shot.lists[view].as_of), true);
  // What is open and what was open lately is known even if it is not in this list.
  for (const all of Object.values(shot.lists)) {
    for (const conversation of all.items) {
      if (conversation.id !== open && conversation.id !== other) continue;
      state = { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
    }
  }
  state = takeThread(state, open, shot.thread, asOf(shot.thread.as_of), true);
  state = takeThread(state, other, shot.other_thread, asOf(shot.other_thread.as_of), true);
  const people = shot.presence.people.filter((person) => person.id !== me.agent.id);
  const { items, unread } = shot.counts;
  return { ...state, counts: { items, unread }, presence: people.length > 0 ? { [open]: people } : {} };
}

/** What an agent sees of a state. */
function seen(state: DeskState) {
  const list = state.list!;
  return {
    rows: list.ids.map((id) => state.conversations[id]),
    open: state.conversations[open],
    thread: state.threads[open]!.ids.map((id) => state.messages[id] ?? state.turns[id]),
    other: state.threads[other]!.ids.map((id) => state.messages[id] ?? state.turns[id]),
    counts: state.counts,
    presence: state.presence[open] ?? [],
    stale: [state.threads[open]!.stale, state.threads[other]!.stale],
  };
}

describe.each(['mine', 'unassigned', 'all', 'closed'] as const)('a recorded shift in the view %s', (view) => {
  const want = seen(loaded(after, view));

  test('one event after the other', () => {
    expect(seen(events.reduce(apply, loaded(before, view)))).toEqual(want);
  });

  test('in one batch', () => {
    expect(seen(applyAll(loaded(before, view), events))).toEqual(want);
  });

  test('in batches of any size, and some of it told twice', () => {
    for (let size = 2; size < events.length; size += 3) {
      let state = loaded(before, view);
      for (let at = 0; at < events.length; at += size) state = applyAll(state, events.slice(at, at + size));
      expect(seen(applyAll(state, events.slice(-size)))).toEqual(want);
    }
  });
});

test('the shift holds every kind of event that concerns what is seen', () => {
  const kinds = new Set(events.map(({ change }) => change.kind));
  expect([...kinds].sort()).toEqual(['conversation', 'counts', 'message', 'presence', 'reading', 'turn']);
});
