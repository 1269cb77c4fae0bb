import type { DeskEvent } from './apply';

// Often enough for the eye, seldom enough for the keys somebody presses meanwhile.
const pace = 50;
// Of a long catching-up no more is taken at once.
const most = 500;

type Schedule = {
  now(): number;
  /** Calls back with the next picture, or soon, where no pictures are drawn. */
  soon(run: () => void, wait: number): () => void;
};

/**
 * Gathers events and gives them on in batches: at most one in 50 ms, so that a flood
 * of messages costs a few pictures and not one for each.
 */
export class Inflow {
  #waiting: DeskEvent[] = [];
  #cancel: (() => void) | null = null;
  #last = 0;

  constructor(
    private readonly take: (events: DeskEvent[]) => void,
    private readonly schedule: Schedule = ofPage,
  ) {}

  push(events: DeskEvent[]) {
    this.#waiting.push(...events);
    this.#plan();
  }

  /** Gives on at once what waits. */
  flush() {
    this.#stop();
    while (this.#waiting.length > 0) this.take(this.#waiting.splice(0, most));
    this.#last = this.schedule.now();
  }

  clear() {
    this.#stop();
    this.#waiting = [];
  }

  #plan() {
    if (this.#cancel || this.#waiting.length === 0) return;
    const wait = Math.max(0, this.#last + pace - this.schedule.now());
    this.#cancel = this.schedule.soon(() => {
      this.#cancel = null;
      this.take(this.#waiting.splice(0, most));
      this.#last = this.schedule.now();
      this.#plan();
    }, wait);
  }

  #stop() {
    this.#cancel?.();
    this.#cancel = null;
  }
}

const ofPage: Schedule = {
  now: () => performance.now(),
  soon(run, wait) {
    if (wait === 0 && typeof requestAnimationFrame === 'function') {
      // A tab that nobody sees draws no pictures: the timer runs there.
      const frame = requestAnimationFrame(() => (clearTimeout(timer), run()));
      const timer = setTimeout(() => (cancelAnimationFrame(frame), run()), pace);
      return () => (cancelAnimationFrame(frame), clearTimeout(timer));
    }
    const timer = setTimeout(run, wait);
    return () => clearTimeout(timer);
  },
};
