import type { Message, MessageList } from '../api/types';
import type { DeskState, Draft, Thread } from './desk';

/**
 * The order of a thread: the time a Message stands at, then its position. A late
 * Message stands at its arrival, so that nothing slips in above what was read.
 */
export function inThread(a: Message, b: Message): number {
  return standsAt(a) - standsAt(b) || a.position - b.position;
}

export function standsAt(message: Message): number {
  return Date.parse(message.thread_at);
}

/**
 * Takes a page of Messages that was asked for at event `asOf`. The newest page
 * replaces a stale thread when the two do not touch: a gap would be worse than
 * loading upwards again.
 */
export function takeMessages(state: DeskState, id: string, page: MessageList, asOf: number, first: boolean): DeskState {
  const messages = { ...state.messages };
  for (const message of page.items) {
    if (!messages[message.id] || (state.seen[message.id] ?? -1) <= asOf) messages[message.id] = message;
  }
  const known = state.threads[id];
  const fetched = page.items.map((message) => message.id);
  const touches = known !== undefined && (!first || page.next === '' || fetched.some((m) => known.ids.includes(m)));
  const newer = known?.ids.filter((m) => (state.seen[m] ?? -1) > asOf) ?? [];
  const ids = [...new Set([...(touches ? known.ids : newer), ...fetched])];
  const thread: Thread = {
    ids: ordered(ids, messages),
    next: first && touches && page.next !== '' ? known.next : page.next,
    stale: known && (!first || known.stale > asOf) ? known.stale : 0,
  };
  return { ...state, messages, threads: { ...state.threads, [id]: thread } };
}

/** Takes one Message, the answer to an act that began at event `asOf`. */
export function takeMessage(state: DeskState, message: Message, asOf: number): DeskState {
  if ((state.seen[message.id] ?? -1) > asOf) return state;
  return withMessage(state, message);
}

export function withMessage(state: DeskState, message: Message): DeskState {
  const thread = state.threads[message.conversation];
  if (!thread) return state;
  const messages = { ...state.messages, [message.id]: message };
  const ids = thread.ids.includes(message.id) ? thread.ids : [...thread.ids, message.id];
  return {
    ...state,
    messages,
    threads: { ...state.threads, [message.conversation]: { ...thread, ids: ordered(ids, messages) } },
  };
}

/** Forgets a thread: its Messages leave the memory with it. */
export function forgetThread(state: DeskState, id: string): DeskState {
  const thread = state.threads[id];
  if (!thread) return state;
  const messages = { ...state.messages };
  const seen = { ...state.seen };
  for (const message of thread.ids) {
    delete messages[message];
    delete seen[message];
  }
  const threads = { ...state.threads };
  delete threads[id];
  return { ...state, messages, seen, threads };
}

function ordered(ids: string[], messages: DeskState['messages']): string[] {
  return ids.toSorted((a, b) => inThread(messages[a]!, messages[b]!));
}

export function addDraft(state: DeskState, id: string, draft: Draft): DeskState {
  const others = (state.drafts[id] ?? []).filter((d) => d.clientId !== draft.clientId);
  return { ...state, drafts: { ...state.drafts, [id]: [...others, draft] } };
}

export function dropDraft(state: DeskState, id: string, clientId: string): DeskState {
  const drafts = (state.drafts[id] ?? []).filter((d) => d.clientId !== clientId);
  return { ...state, drafts: { ...state.drafts, [id]: drafts } };
}

/**
 * The event about our own Message may come before the answer that names it. The
 * waiting Draft is then the same Message and must not be shown beside it.
 */
export function dropAnnounced(state: DeskState, message: Message): DeskState {
  if (message.direction !== 'out' || message.author?.id !== state.me.agent.id) return state;
  if (state.messages[message.id]) return state;
  const draft = state.drafts[message.conversation]?.find((d) => d.state === 'sending' && d.text === message.text);
  return draft ? dropDraft(state, message.conversation, draft.clientId) : state;
}
