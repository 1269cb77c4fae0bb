import type { Conversation, Sort, View } from '../api/types';
import type { Filter, Mark } from './desk';

/** Whether a Conversation stands in a list: the same rule as the server's. */
export function belongs(conversation: Conversation, filter: Filter, me: string): boolean {
  if (filter.inbox && conversation.inbox.id !== filter.inbox) return false;
  if (filter.view === 'closed') return Boolean(conversation.closed_at);
  if (conversation.closed_at) return false;
  if (filter.view === 'all') return true;
  if (conversation.snooze) return false;
  return filter.view === 'mine' ? conversation.assignee?.id === me : !conversation.assignee;
}

/** Work is ordered by what ends first, the rest by what is new. */
export function sortOf(view: View): Sort {
  return view === 'mine' || view === 'unassigned' ? 'due' : 'newest';
}

const day = 24 * 3_600_000;
const answered = 2 ** 52;

/**
 * Where a Conversation stands in a list: the same rule as the server's. In the order
 * of work those whose Contact waits come first, by the end of their Window; then the
 * answered ones, newest first.
 */
export function rankOf(conversation: Conversation, sort: Sort): number {
  const last = Date.parse(conversation.last_at);
  if (sort === 'newest') return -last;
  if (!conversation.waiting_since) return answered - last;
  const { until } = conversation.window;
  return until ? Date.parse(until) - day : 0;
}

export function markOf(conversation: Conversation, sort: Sort): Mark {
  return { rank: rankOf(conversation, sort), id: conversation.id };
}

/** Of two places the one that comes first. Newest first also turns the ids round. */
export function inOrder(a: Mark, b: Mark, sort: Sort): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.id === b.id) return 0;
  return a.id < b.id === (sort === 'due') ? -1 : 1;
}
