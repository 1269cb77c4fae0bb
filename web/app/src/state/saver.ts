export type Saving = 'saved' | 'waiting' | 'failed';

export type SaverOptions = {
  /** Pause after the last change before it is saved, in milliseconds. */
  wait: number;
  /** Pause before a save that failed is tried again; it doubles up to a minute. */
  again: number;
  state?: (state: Saving) => void;
};

const longestPause = 60_000;

/**
 * Saves the newest of many versions: a while after the last change, one at a time, and
 * again until it succeeds.
 */
export class Saver<T> {
  #save: (value: T) => Promise<void>;
  #options: SaverOptions;
  #wanted: { value: T } | null = null;
  #leaving: { value: T } | null = null;
  #busy: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #held = false;

  constructor(save: (value: T) => Promise<void>, options: SaverOptions) {
    this.#save = save;
    this.#options = options;
  }

  want(value: T) {
    this.#wanted = { value };
    this.#options.state?.('waiting');
    if (this.#failures === 0 || this.#held) this.#later(this.#options.wait);
    this.#held = false;
  }

  /** Saves now what waits to be saved. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#busy) await this.#busy;
    if (!this.#wanted || this.#held) return;
    const { value } = this.#wanted;
    this.#leaving = this.#wanted;
    this.#wanted = null;
    this.#busy = this.#save(value).then(
      () => this.#saved(),
      () => this.#failed(value),
    );
    await this.#busy;
  }

  /** What waits is about to be something else: it is not saved until that is known. */
  hold() {
    clearTimeout(this.#timer);
    this.#held = true;
  }

  /** What is not saved yet, for one last attempt elsewhere; null if all is. */
  unsaved(): { value: T } | null {
    return this.#wanted ?? this.#leaving;
  }

  /** Gives up whatever waits. */
  stop() {
    clearTimeout(this.#timer);
    this.#wanted = null;
  }

  #saved() {
    this.#busy = this.#leaving = null;
    this.#failures = 0;
    if (!this.#wanted) this.#options.state?.('saved');
  }

  #failed(value: T) {
    this.#busy = this.#leaving = null;
    this.#wanted ??= { value };
    this.#options.state?.('failed');
    this.#later(Math.min(longestPause, this.#options.again * 2 ** this.#failures));
    this.#failures += 1;
  }

  #later(pause: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pause);
  }
}
