import type { Conversation, ConversationList } from '../api/types';
import type { DeskState, Filter, List } from './desk';

/** Whether a Conversation stands in a list: the same rule as the server's. */
export function belongs(conversation: Conversation, filter: Filter, me: string): boolean {
  if (filter.inbox && conversation.inbox.id !== filter.inbox) return false;
  if (filter.view === 'closed') return Boolean(conversation.closed_at);
  if (filter.view === 'all') return !conversation.closed_at;
  if (conversation.closed_at) return false;
  return filter.view === 'mine' ? conversation.assignee?.id === me : !conversation.assignee;
}

/** Newest first; the id only makes the order total. */
export function newestFirst(a: Conversation, b: Conversation): number {
  return Date.parse(b.last_at) - Date.parse(a.last_at) || (a.id < b.id ? 1 : -1);
}

/**
 * Puts a changed Conversation where it now belongs: in, out or elsewhere in the list.
 * One that is older than the loaded part stays out, its page brings it.
 */
export function place(list: List, conversation: Conversation, all: DeskState['conversations'], me: string): List {
  const others = list.ids.filter((id) => id !== conversation.id);
  if (!belongs(conversation, list.filter, me)) {
    return others.length === list.ids.length ? list : { ...list, ids: others };
  }
  const index = others.findIndex((id) => newestFirst(conversation, all[id]!) < 0);
  if (index < 0 && list.next !== '' && others.length === list.ids.length) return list;
  const at = index < 0 ? others.length : index;
  return { ...list, ids: [...others.slice(0, at), conversation.id, ...others.slice(at)] };
}

/**
 * Takes a page of a list. `asOf` is the number of the event that the page includes;
 * what the stream told after it wins.
 */
export function takeList(state: DeskState, filter: Filter, page: ConversationList, asOf: number, first: boolean): DeskState {
  const conversations = { ...state.conversations };
  for (const conversation of page.items) {
    if ((state.seen[conversation.id] ?? -1) <= asOf) conversations[conversation.id] = conversation;
  }
  const present = first ? [] : (state.list?.ids ?? []);
  const newer = Object.keys(state.seen).filter((id) => state.seen[id]! > asOf && conversations[id]);
  const ids = [...new Set([...present, ...page.items.map((item) => item.id), ...newer])]
    .map((id) => conversations[id]!)
    .filter((conversation) => belongs(conversation, filter, state.me.agent.id))
    .sort(newestFirst)
    .map((conversation) => conversation.id);
  const next = { ...state, conversations, list: { filter, ids, next: page.next } };
  return first ? prune(next, asOf) : next;
}

// Events tell of every Conversation the agent may see; those that are neither
// listed nor open leave the memory when another list is taken.
function prune(state: DeskState, asOf: number): DeskState {
  const listed = new Set(state.list?.ids);
  const keep = (id: string) => listed.has(id) || state.threads[id] !== undefined || (state.seen[id] ?? -1) > asOf;
  const conversations = Object.fromEntries(Object.entries(state.conversations).filter(([id]) => keep(id)));
  const seen = Object.fromEntries(Object.entries(state.seen).filter(([id]) => conversations[id] || state.messages[id]));
  return { ...state, conversations, seen };
}

/** Takes one Conversation that was asked for at event `asOf`. */
export function takeConversation(state: DeskState, conversation: Conversation, asOf: number): DeskState {
  if ((state.seen[conversation.id] ?? -1) > asOf) return state;
  const conversations = { ...state.conversations, [conversation.id]: conversation };
  const list = state.list && place(state.list, conversation, conversations, state.me.agent.id);
  return { ...state, conversations, list };
}
