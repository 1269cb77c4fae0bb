const key = 'botschaft.leaving';
const firstPause = 1000;
const longestPause = 15_000;
// An answer that takes longer is told of.
const patience = 1000;

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Ends the session with the server, however long that takes. That it is owed is kept by
 * the browser: whoever starts the page anew must not find the session open.
 */
export class Leaving {
  /** Whether the server could not be told so far. */
  late = $state(false);
  #close: () => Promise<boolean>;
  #kept: () => Kept;
  #owed = false; // where the browser keeps nothing
  #busy: Promise<void> | null = null;
  #go: (() => void) | null = null;

  /** `close` tells the server, and whether it knows now. */
  constructor(close: () => Promise<boolean>, kept: () => Kept = () => localStorage) {
    this.#close = close;
    this.#kept = kept;
  }

  get owed(): boolean {
    try {
      return this.#kept().getItem(key) !== null;
    } catch {
      return this.#owed;
    }
  }

  begin() {
    this.#owed = true;
    this.#keep((kept) => kept.setItem(key, '1'));
  }

  /** The server knows, or there is another session. */
  done() {
    this.#owed = false;
    this.#keep((kept) => kept.removeItem(key));
  }

  /** Resolves when the server knows, from here or from another tab; begins after a pause. */
  settle(pause = 0): Promise<void> {
    this.#busy ??= this.#settle(pause).finally(() => {
      this.#busy = null;
      this.late = false;
    });
    return this.#busy;
  }

  /** Something has changed: there is no reason to wait. */
  hurry() {
    this.#go?.();
  }

  async #settle(pause: number): Promise<void> {
    if (pause > 0) await this.#rest(pause);
    for (let next = firstPause; this.owed; next = Math.min(longestPause, next * 2)) {
      const slow = setTimeout(() => (this.late = true), patience);
      const knows = await this.#close();
      clearTimeout(slow);
      if (knows) return this.done();
      this.late = true;
      await this.#rest(next);
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((go) => {
      this.#go = go;
      setTimeout(go, ms);
    });
  }

  #keep(how: (kept: Kept) => void) {
    try {
      how(this.#kept());
    } catch {
      // A browser that keeps nothing tells the server as long as this page is open.
    }
  }
}
