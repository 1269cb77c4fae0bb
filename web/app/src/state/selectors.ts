import type { Conversation, Message, Turn } from '../api/types';
import type { DeskState, Draft } from './desk';
import { standsAt } from './threads';

/** What stands in a thread, top to bottom. */
export type Entry =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'message'; key: string; at: number; message: Message; startsGroup: boolean }
  | { kind: 'turn'; key: string; at: number; turn: Turn }
  | { kind: 'draft'; key: string; at: number; draft: Draft };

// Messages of one side this close together are read as one utterance.
const groupGap = 5 * 60_000;

/** The thread with its day rules. `dayOf` names the day of a time in the house's zone. */
export function entries(state: DeskState, id: string, dayOf: (at: number) => string): Entry[] {
  const out: Entry[] = [];
  let day = '';
  let before: Message | null = null;
  const rule = (at: number) => {
    const today = dayOf(at);
    if (today === day) return;
    day = today;
    before = null;
    out.push({ kind: 'day', key: `day ${today}`, at });
  };
  for (const item of state.threads[id]?.ids ?? []) {
    const turn = state.turns[item];
    if (turn) {
      rule(standsAt(turn));
      out.push({ kind: 'turn', key: turn.id, at: standsAt(turn), turn });
      before = null;
      continue;
    }
    const message = state.messages[item]!;
    const at = standsAt(message);
    rule(at);
    out.push({ kind: 'message', key: message.id, at, message, startsGroup: !follows(before, message, at) });
    before = message;
  }
  for (const draft of state.drafts[id] ?? []) {
    const at = Date.parse(draft.at);
    rule(at);
    out.push({ kind: 'draft', key: draft.clientId, at, draft });
  }
  return out;
}

function follows(before: Message | null, message: Message, at: number): boolean {
  return (
    before !== null &&
    before.direction === message.direction &&
    before.author?.id === message.author?.id &&
    at - standsAt(before) < groupGap
  );
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
