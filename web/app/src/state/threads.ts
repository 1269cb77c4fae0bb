import type { Message, ThreadPage, Turn } from '../api/types';
import { isAutomatic } from './automatic';
import type { DeskState, Pending, Thread } from './desk';

/** What stands in a thread: a Message or a Turn. */
export type Item = Pick<Message | Turn, 'id' | 'conversation' | 'thread_at' | 'position'>;
type Known = Pick<DeskState, 'messages' | 'turns'>;

/**
 * The order of a thread: the time an item stands at, then its position. A late
 * Message stands at its arrival, so that nothing slips in above what was read.
 */
export function inThread(a: Item, b: Item): number {
  return standsAt(a) - standsAt(b) || a.position - b.position;
}

export function standsAt(item: Pick<Item, 'thread_at'>): number {
  return Date.parse(item.thread_at);
}

/** The Message or Turn of this id. */
export function itemOf(state: Known, id: string): Message | Turn | undefined {
  return state.messages[id] ?? state.turns[id];
}

/**
 * Takes a page of a thread that was asked for at event `asOf`. The newest page
 * replaces a stale thread when the two do not touch: a gap would be worse than
 * loading upwards again. What a stale thread has and the page would show is not there
 * any more: it is somebody else's.
 */
export function takeThread(state: DeskState, id: string, page: ThreadPage, asOf: number, first: boolean): DeskState {
  const messages = { ...state.messages };
  const turns = { ...state.turns };
  const fetched: string[] = [];
  const isNew = (item: string) => !(messages[item] ?? turns[item]) || (state.seen[item] ?? -1) <= asOf;
  for (const { message, turn } of page.items) {
    const item = message ?? turn;
    if (!item) continue;
    fetched.push(item.id);
    if (!isNew(item.id)) continue;
    if (message) messages[message.id] = message;
    else if (turn) turns[turn.id] = turn;
  }
  const known = state.threads[id];
  const present = new Set(known?.ids);
  const touches = known !== undefined && (!first || page.next === '' || fetched.some((item) => present.has(item)));
  const newer = known?.ids.filter((item) => (state.seen[item] ?? -1) > asOf) ?? [];
  const oldest = page.next === '' ? undefined : itemOf({ messages, turns }, fetched.at(-1) ?? '');
  const isGone = (id: string) => !fetched.includes(id) && !newer.includes(id) && (!oldest || inThread(itemOf({ messages, turns }, id)!, oldest) > 0);
  const kept = first && known?.stale ? known.ids.filter((id) => !isGone(id)) : (known?.ids ?? []);
  const ids = [...new Set([...(touches ? kept : newer), ...fetched])];
  const thread: Thread = {
    ids: ordered(ids, { messages, turns }),
    next: first && touches && page.next !== '' ? known.next : page.next,
    stale: known && (!first || known.stale > asOf) ? known.stale : 0,
  };
  return { ...state, messages, turns, threads: { ...state.threads, [id]: thread } };
}

/** Takes one Message, the answer to an act that began at event `asOf`. */
export function takeMessage(state: DeskState, message: Message, asOf: number): DeskState {
  if ((state.seen[message.id] ?? -1) > asOf || !state.threads[message.conversation]) return state;
  return joined({ ...state, messages: { ...state.messages, [message.id]: message } }, message);
}

/** Takes one Turn, the answer to an act that began at event `asOf`. */
export function takeTurn(state: DeskState, turn: Turn, asOf: number): DeskState {
  if ((state.seen[turn.id] ?? -1) > asOf || !state.threads[turn.conversation]) return state;
  return joined({ ...state, turns: { ...state.turns, [turn.id]: turn } }, turn);
}

function joined(state: DeskState, item: Item): DeskState {
  const thread = state.threads[item.conversation]!;
  const ids = withItems(thread.ids, new Set([item.id]), state);
  return { ...state, threads: { ...state.threads, [item.conversation]: { ...thread, ids } } };
}

/** A thread's ids with these among them, in order. */
export function withItems(ids: string[], coming: ReadonlySet<string>, known: Known): string[] {
  return ordered([...new Set([...ids, ...coming])], known);
}

function ordered(ids: string[], known: Known): string[] {
  return ids.toSorted((a, b) => inThread(itemOf(known, a)!, itemOf(known, b)!));
}

/**
 * Keeps of a thread only its newest page, asked for at event `asOf`, and what the
 * stream told since: a thread that is open all day would fill the memory.
 */
export function shortened(state: DeskState, id: string, page: ThreadPage, asOf: number): DeskState {
  const known = state.threads[id];
  if (!known) return state;
  const fresh = takeThread(forgetThread(state, id), id, page, asOf, true);
  const newer = known.ids.filter((item) => (state.seen[item] ?? -1) > asOf);
  const pick = <T>(from: Record<string, T>) => Object.fromEntries(newer.filter((item) => from[item]).map((item) => [item, from[item]!]));
  const next = {
    ...fresh,
    messages: { ...fresh.messages, ...pick(state.messages) },
    turns: { ...fresh.turns, ...pick(state.turns) },
    seen: { ...fresh.seen, ...pick(state.seen) },
  };
  const stale = known.stale > asOf ? known.stale : 0;
  const ids = withItems(fresh.threads[id]!.ids, new Set(newer), next);
  return { ...next, threads: { ...next.threads, [id]: { ...fresh.threads[id]!, ids, stale } } };
}

/** Forgets a thread: its Messages and Turns leave the memory with it. */
export function forgetThread(state: DeskState, id: string): DeskState {
  const thread = state.threads[id];
  if (!thread) return state;
  const messages = { ...state.messages };
  const turns = { ...state.turns };
  const seen = { ...state.seen };
  for (const item of thread.ids) {
    delete messages[item];
    delete turns[item];
    delete seen[item];
  }
  const threads = { ...state.threads };
  delete threads[id];
  return { ...state, messages, turns, seen, threads };
}

export function addPending(state: DeskState, id: string, pending: Pending): DeskState {
  const others = (state.pending[id] ?? []).filter((p) => p.clientId !== pending.clientId);
  return { ...state, pending: { ...state.pending, [id]: [...others, pending] } };
}

export function dropPending(state: DeskState, id: string, clientId: string): DeskState {
  const pending = (state.pending[id] ?? []).filter((p) => p.clientId !== clientId);
  return { ...state, pending: { ...state.pending, [id]: pending } };
}

/**
 * The event about our own Message or Note may come before the answer that names it.
 * What waits for that answer is then the same and must not be shown beside it: this
 * tells which one it is.
 */
export function announced(state: Pick<DeskState, 'me' | 'messages' | 'turns' | 'pending'>, item: Message | Turn): Pending | undefined {
  const kind = kindOfOurs(item, state.me.agent.id);
  if (!kind || itemOf(state, item.id)) return undefined;
  return state.pending[item.conversation]?.find((p) => p.kind === kind && p.state === 'sending' && p.text === item.text);
}

function kindOfOurs(item: Message | Turn, me: string): Pending['kind'] | null {
  if ('direction' in item) return item.direction === 'out' && !isAutomatic(item) && item.author?.id === me ? 'reply' : null;
  return item.kind === 'note' && item.by?.id === me ? 'note' : null;
}
