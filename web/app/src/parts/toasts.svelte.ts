/** What a toast says, and what takes it back. */
export type Toast = {
  id: number;
  text: string;
  tone: 'plain' | 'red';
  undo: (() => void) | undefined;
  /** Seconds until it goes by itself. */
  seconds: number;
};

/** Time that can stand still. `now` gives milliseconds. */
export class Countdown {
  #left: number;
  #since: number | undefined;

  constructor(ms: number, private readonly now: () => number) {
    this.#left = ms;
  }

  get left(): number {
    return this.#since === undefined ? this.#left : Math.max(0, this.#left - (this.now() - this.#since));
  }

  run() {
    this.#since ??= this.now();
  }

  pause() {
    this.#left = this.left;
    this.#since = undefined;
  }
}

type Options = { undo?: () => void; tone?: Toast['tone']; seconds?: number };

/**
 * The short notices after an act, with its undo. At most three stand there; a newer
 * one sends the oldest away. Whoever points at them or has the focus in them stops
 * the time of all.
 */
export class Toasts {
  list = $state<Toast[]>([]);
  held = $state(false);
  #clocks = new Map<number, { countdown: Countdown; timer: ReturnType<typeof setTimeout> | undefined }>();
  #last = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Shows a sentence; gives its id, so that it can be taken away. */
  show(text: string, { undo, tone = 'plain', seconds = 10 }: Options = {}): number {
    const id = ++this.#last;
    this.list.push({ id, text, tone, undo, seconds });
    this.#clocks.set(id, { countdown: new Countdown(seconds * 1000, this.now), timer: undefined });
    while (this.list.length > 3) this.dismiss(this.list[0]!.id);
    if (!this.held) this.#run(id);
    return id;
  }

  dismiss(id: number) {
    clearTimeout(this.#clocks.get(id)?.timer);
    this.#clocks.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
    if (this.list.length === 0) this.held = false;
  }

  /** Takes all away: who they were for is not there any more. */
  clear() {
    for (const { timer } of this.#clocks.values()) clearTimeout(timer);
    this.#clocks.clear();
    this.list = [];
    this.held = false;
  }

  /** Takes an act back; without an id the newest that can be. Tells whether there was one. */
  undo(id?: number): boolean {
    const toast = this.list.findLast((one) => one.undo && (id === undefined || one.id === id));
    if (!toast) return false;
    this.dismiss(toast.id);
    toast.undo?.();
    return true;
  }

  hold() {
    if (this.held) return;
    this.held = true;
    for (const clock of this.#clocks.values()) {
      clearTimeout(clock.timer);
      clock.countdown.pause();
    }
  }

  release() {
    if (!this.held) return;
    this.held = false;
    for (const id of this.#clocks.keys()) this.#run(id);
  }

  #run(id: number) {
    const clock = this.#clocks.get(id);
    if (!clock) return;
    clock.countdown.run();
    clock.timer = setTimeout(() => this.dismiss(id), clock.countdown.left);
  }
}

/** The toasts of this page. */
export const toasts = new Toasts();
