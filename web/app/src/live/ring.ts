import { parseCursor } from './cursor';
import type { Numbered } from './stream';

/**
 * Whether a change is news behind number `n`. What tells how things stand carries the
 * number of the change before it.
 */
export function isAfter(event: Numbered, n: number): boolean {
  const { kind } = event.change;
  return event.n > n || (event.n === n && (kind === 'counts' || kind === 'access'));
}

/**
 * The newest changes with their numbers, so that another tab can continue from where
 * its list was loaded.
 */
export class Ring {
  #items: Numbered[] = [];
  #feed = '';
  #floor = 0;

  constructor(private readonly size: number) {}

  /** Begins anew: nothing before this cursor is known. */
  begin(cursor: string) {
    const at = parseCursor(cursor);
    this.#items = [];
    this.#feed = at?.feed ?? '';
    this.#floor = at?.n ?? 0;
  }

  push(events: readonly Numbered[]) {
    this.#items.push(...events);
    const over = this.#items.length - this.size;
    // Dropped in lumps: a shift per event would move the whole array each time.
    if (over < this.size / 4) return;
    this.#floor = this.#items[over - 1]!.n;
    this.#items = this.#items.slice(over);
  }

  /** What came after a cursor, or null if the ring does not reach back to it. */
  since(cursor: string): Numbered[] | null {
    const at = parseCursor(cursor);
    if (!at || at.feed !== this.#feed || at.n < this.#floor) return null;
    return this.#items.filter((event) => isAfter(event, at.n));
  }
}
