import { asProblem, type Problem } from '../../api/problem';
import type { Page } from '../../api/house';

/** A list that is read page by page, the newest first. */
export class Older<T> {
  items = $state.raw<T[]>([]);
  next = $state('');
  problem = $state.raw<Problem | undefined>();
  busy = $state(false);
  /** Whether the first page came. */
  read = $state(false);

  #ask: (cursor: string) => Promise<Page<T>>;
  #asked = 0;
  #last = '';

  constructor(ask: (cursor: string) => Promise<Page<T>>) {
    this.#ask = ask;
  }

  /** Reads the first page anew. */
  async load(): Promise<void> {
    await this.#take('');
  }

  /** Reads on where the last page ended. */
  async older(): Promise<void> {
    if (!this.busy && this.next) await this.#take(this.next);
  }

  /** Asks again for what did not come. */
  async again(): Promise<void> {
    await this.#take(this.#last);
  }

  async #take(cursor: string): Promise<void> {
    this.#last = cursor;
    const mine = ++this.#asked;
    this.busy = true;
    this.problem = undefined;
    try {
      const page = await this.#ask(cursor);
      if (mine !== this.#asked) return;
      this.items = cursor ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
      this.read = true;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    }
    if (mine === this.#asked) this.busy = false;
  }
}
