import { createSubscriber } from 'svelte/reactivity';

/**
 * How much room the page has, measured in its own letters: who reads at 200 % has half
 * of it. The stylesheets ask the same with @container app (max-width: …rem).
 */
class Room {
  #subscribe = createSubscriber((update) => {
    // The probe is one letter wide, so it also tells when the letters grow.
    const probe = document.createElement('div');
    probe.className = 'probe';
    document.body.append(probe);
    const watch = new ResizeObserver(update);
    watch.observe(probe);
    watch.observe(document.documentElement);
    return () => {
      watch.disconnect();
      probe.remove();
    };
  });

  /** Whether the page is at most so many rem wide. */
  atMost(rem: number): boolean {
    this.#subscribe();
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return document.documentElement.clientWidth <= rem * letter;
  }

  /** One screen at a time. */
  get phone(): boolean {
    return this.atMost(45);
  }

  /** No room beside the thread. */
  get narrow(): boolean {
    return this.atMost(68.75);
  }
}

export const room = new Room();
