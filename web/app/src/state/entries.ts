import type { Message, Turn } from '../api/types';
import type { DeskState, Pending } from './desk';
import { standsAt } from './threads';

/** What stands in a thread, top to bottom. */
export type Entry =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string; at: number }
  | { kind: 'message'; key: string; at: number; message: Message; startsGroup: boolean }
  | { kind: 'note'; key: string; at: number; note: Turn }
  | { kind: 'turn'; key: string; at: number; turn: Turn }
  | { kind: 'pending'; key: string; at: number; pending: Pending };

/**
 * What the thread shows: from this item on, or the last so many where there is none, and
 * the line above what came in after a position.
 */
export type Shown = { from: string; most: number; newAfter: number | null };

type Said = Pick<DeskState, 'threads' | 'messages' | 'turns' | 'pending'>;

// Messages of one side this close together are read as one utterance.
const groupGap = 5 * 60_000;

/** The end of a thread with its day rules. `dayOf` names the day of a time in the house's zone. */
export function entries(state: Said, id: string, dayOf: (at: number) => string, shown: Shown): Entry[] {
  const lines = new Lines(dayOf, shown.newAfter);
  const ids = state.threads[id]?.ids ?? [];
  for (const item of ids.slice(firstOf(ids, shown))) {
    const message = state.messages[item];
    const turn = state.turns[item];
    if (message) lines.message(message);
    else if (turn) lines.turn(turn);
  }
  for (const pending of state.pending[id] ?? []) lines.pending(pending);
  return lines.out;
}

/**
 * Of what a thread shows, what is drawn first: so many from the line "New" on and some
 * above it, and so many at the end where there is no such line.
 */
export function around<Row extends { kind: string }>(all: Row[], reach: number): Row[] {
  const line = all.findIndex(({ kind }) => kind === 'new');
  const last = line < 0 ? all.length : Math.min(all.length, line + reach);
  const first = line < 0 ? last - reach : Math.min(line - Math.ceil(reach / 4), last - reach);
  return all.slice(Math.max(0, first), last);
}

/** The index of the first item that is shown. */
export function firstOf(ids: string[], { from, most }: Pick<Shown, 'from' | 'most'>): number {
  const at = from ? ids.indexOf(from) : -1;
  return at < 0 ? Math.max(0, ids.length - most) : at;
}

/** How many items of a thread must be shown so that all after a position stand in it, with some above. */
export function mustShow(state: DeskState, id: string, newAfter: number, above: number): number {
  const ids = state.threads[id]?.ids ?? [];
  const first = ids.findIndex((item) => isNew(state.messages[item], newAfter));
  return first < 0 ? above : ids.length - first + above;
}

function isNew(message: Message | undefined, after: number): boolean {
  return message !== undefined && message.direction === 'in' && message.position > after;
}

class Lines {
  out: Entry[] = [];
  #day = '';
  #before: Message | null = null;
  #ruled = false;
  #dayOf: (at: number) => string;
  #newAfter: number | null;

  constructor(dayOf: (at: number) => string, newAfter: number | null) {
    this.#dayOf = dayOf;
    this.#newAfter = newAfter;
  }

  message(message: Message) {
    const at = standsAt(message);
    this.#rule(at);
    if (!this.#ruled && this.#newAfter !== null && isNew(message, this.#newAfter)) {
      this.#ruled = true;
      this.#before = null;
      this.out.push({ kind: 'new', key: 'new', at });
    }
    const startsGroup = !follows(this.#before, message, at);
    this.out.push({ kind: 'message', key: message.id, at, message, startsGroup });
    this.#before = message;
  }

  turn(turn: Turn) {
    const at = standsAt(turn);
    this.#rule(at);
    this.#before = null;
    this.out.push(turn.kind === 'note' ? { kind: 'note', key: turn.id, at, note: turn } : { kind: 'turn', key: turn.id, at, turn });
  }

  pending(pending: Pending) {
    const at = Date.parse(pending.at);
    this.#rule(at);
    this.out.push({ kind: 'pending', key: pending.clientId, at, pending });
  }

  #rule(at: number) {
    const day = this.#dayOf(at);
    if (day === this.#day) return;
    this.#day = day;
    this.#before = null;
    this.out.push({ kind: 'day', key: `day ${day}`, at });
  }
}

function follows(before: Message | null, message: Message, at: number): boolean {
  return (
    before !== null &&
    before.direction === message.direction &&
    before.author?.id === message.author?.id &&
    before.origin === message.origin &&
    at - standsAt(before) < groupGap
  );
}
