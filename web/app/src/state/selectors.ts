import type { Conversation, View } from '../api/types';
import type { DeskState } from './desk';

/** How many Conversations stand in a view, null while nobody knows. */
export function countOf(state: DeskState, view: View, inbox: string): number | null {
  if (!state.counts) return null;
  return state.counts.items.filter((item) => !inbox || item.inbox === inbox).reduce((sum, item) => sum + item[view], 0);
}

export type WindowPhase = 'open' | 'closing' | 'closed' | 'never';

const windowLength = 24 * 3_600_000;
const closingBelow = 2 * 3_600_000;

/** How the Window stands now: its phase, what is left, and the share of 24 hours. */
export function windowAt(conversation: Conversation, now: number): { phase: WindowPhase; left: number; share: number } {
  const { until } = conversation.window;
  if (!until) return { phase: 'never', left: 0, share: 0 };
  const left = Math.max(0, Date.parse(until) - now);
  if (left === 0) return { phase: 'closed', left, share: 0 };
  return { phase: left < closingBelow ? 'closing' : 'open', left, share: Math.min(1, left / windowLength) };
}

/** Whether the Contact waits for an answer. */
export function awaitsAnswer(conversation: Conversation): boolean {
  return Boolean(conversation.waiting_since) && !conversation.closed_at;
}

/** Whether the Contact wrote something that the agent has not read. */
export function isUnread(conversation: Conversation): boolean {
  return conversation.received > conversation.read_to;
}
