import type { Conversation, ConversationList } from '../api/types';
import type { DeskState, Filter, List, Mark } from './desk';
import { belongs, inOrder, markOf, sortOf } from './order';
import { forgetThread } from './threads';

type All = DeskState['conversations'];

/**
 * Puts changed Conversations where they now belong: in, out or elsewhere in the list.
 * What stands behind the loaded part stays out; its page brings it.
 */
export function place(list: List, changed: ReadonlySet<string>, all: All, me: string): List {
  const sort = sortOf(list.filter.view);
  const present = list.ids.some((id) => changed.has(id));
  const rest = present ? list.ids.filter((id) => !changed.has(id)) : list.ids;
  const coming = [...changed]
    .map((id) => all[id])
    .filter((conversation) => conversation !== undefined)
    .filter((conversation) => belongs(conversation, list.filter, me))
    .map((conversation) => markOf(conversation, sort))
    .filter((mark) => loaded(list, mark))
    .sort((a, b) => inOrder(a, b, sort));
  if (coming.length === 0) return present ? { ...list, ids: rest } : list;
  return { ...list, ids: merged(rest, coming, (id) => markOf(all[id]!, sort), (a, b) => inOrder(a, b, sort)) };
}

function loaded(list: List, mark: Mark): boolean {
  return list.next === '' || list.end === null || inOrder(mark, list.end, sortOf(list.filter.view)) <= 0;
}

// Few come into many: each finds its place by halving, from the one before it.
function merged(rest: string[], coming: Mark[], mark: (id: string) => Mark, order: (a: Mark, b: Mark) => number): string[] {
  const ids: string[] = [];
  let from = 0;
  for (const next of coming) {
    let low = from;
    let high = rest.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(mark(rest[middle]!), next) < 0) low = middle + 1;
      else high = middle;
    }
    for (let i = from; i < low; i++) ids.push(rest[i]!);
    ids.push(next.id);
    from = low;
  }
  for (let i = from; i < rest.length; i++) ids.push(rest[i]!);
  return ids;
}

/**
 * Takes a page of a list. `asOf` is the number of the event that the page includes;
 * what the stream told after it wins.
 */
export function takeList(state: DeskState, filter: Filter, page: ConversationList, asOf: number, first: boolean): DeskState {
  const sort = sortOf(filter.view);
  const conversations = { ...state.conversations };
  for (const conversation of page.items) {
    if ((state.seen[conversation.id] ?? -1) <= asOf) conversations[conversation.id] = conversation;
  }
  const end = page.items.length > 0 ? markOf(page.items.at(-1)!, sort) : (state.list?.end ?? null);
  const list: List = { filter, ids: first ? [] : (state.list?.ids ?? []), next: page.next, end };
  const newer = Object.keys(state.seen).filter((id) => state.seen[id]! > asOf && conversations[id]);
  const changed = new Set([...page.items.map((item) => item.id), ...newer]);
  const next = { ...state, conversations, list: place(list, changed, conversations, state.me.agent.id) };
  return first ? prune(next, asOf) : next;
}

/**
 * Events tell of every Conversation the agent may see. Those that are neither listed
 * nor open leave the memory, unless an answer asked for at event `asOf` may still need
 * what the stream told since.
 */
export function prune(state: DeskState, asOf: number): DeskState {
  const listed = new Set(state.list?.ids);
  const keep = (id: string) => listed.has(id) || state.threads[id] !== undefined || (state.seen[id] ?? -1) > asOf;
  const conversations = Object.fromEntries(Object.entries(state.conversations).filter(([id]) => keep(id)));
  const known = (id: string) => conversations[id] ?? state.messages[id] ?? state.turns[id];
  const seen = Object.fromEntries(Object.entries(state.seen).filter(([id]) => known(id)));
  const presence = Object.fromEntries(Object.entries(state.presence).filter(([id]) => conversations[id]));
  const decisions = Object.fromEntries(Object.entries(state.decisions).filter(([id]) => state.threads[id]));
  return { ...state, conversations, decisions, seen, presence };
}

/**
 * Puts the open thread of a desk into another one, to be fetched anew in its place; not
 * that of an Inbox which is not there any more.
 */
export function keepOpen(state: DeskState, before: DeskState, open: string): DeskState {
  const thread = before.threads[open];
  const conversation = before.conversations[open];
  if (!thread || !conversation || !state.inboxes[conversation.inbox.id]) return state;
  const of = <T>(all: Record<string, T>) =>
    Object.fromEntries(thread.ids.filter((id) => all[id] !== undefined).map((id) => [id, all[id]!]));
  return {
    ...state,
    conversations: { [open]: conversation },
    threads: { [open]: thread },
    messages: of(before.messages),
    turns: of(before.turns),
    decisions: before.decisions[open] ? { [open]: before.decisions[open] } : {},
  };
}

/** Forgets a Conversation whole: it is gone, or none of the agent's business any more. */
export function forgetConversation(state: DeskState, id: string): DeskState {
  const without = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));
  const list = state.list && { ...state.list, ids: state.list.ids.filter((each) => each !== id) };
  return {
    ...forgetThread(state, id),
    list,
    conversations: without(state.conversations),
    decisions: without(state.decisions),
    pending: without(state.pending),
    presence: without(state.presence),
  };
}

/** Takes one Conversation that was asked for at event `asOf`. */
export function takeConversation(state: DeskState, conversation: Conversation, asOf: number): DeskState {
  if ((state.seen[conversation.id] ?? -1) > asOf) return state;
  const conversations = { ...state.conversations, [conversation.id]: conversation };
  const list = state.list && place(state.list, new Set([conversation.id]), conversations, state.me.agent.id);
  return { ...state, conversations, list };
}
