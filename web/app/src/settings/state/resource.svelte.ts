import { asProblem, type Problem } from '../../api/problem';

/** Something asked of the server: what came, or why nothing did. */
export class Resource<T> {
  value = $state.raw<T | undefined>();
  problem = $state.raw<Problem | undefined>();
  busy = $state(false);

  #ask: () => Promise<T>;
  #asked = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Asks; what was there stays until the answer comes. A later question wins. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    this.busy = true;
    this.problem = undefined;
    try {
      const value = await this.#ask();
      if (mine === this.#asked) this.value = value;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    }
    if (mine === this.#asked) this.busy = false;
  }

  /** Asks if nobody has yet. */
  want(): void {
    if (this.value === undefined && !this.busy) void this.load();
  }
}
