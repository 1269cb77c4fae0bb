const patience = 600; // ms between two letters of one word

/**
 * Finds by the letters somebody types. The same letter again goes to the next that
 * begins with it, as in every menu. Times are given in milliseconds.
 */
export class Typeahead {
  #typed = '';
  #at = -Infinity;

  /** The place of what is meant among the labels, or -1. `from` is where the focus is. */
  find(labels: string[], letter: string, from: number, now: number): number {
    this.#typed = now - this.#at > patience ? letter : this.#typed + letter;
    this.#at = now;
    const repeated = [...this.#typed].every((one) => one === letter);
    const wanted = repeated ? letter : this.#typed;
    const first = repeated ? from + 1 : Math.max(from, 0);
    for (let step = 0; step < labels.length; step++) {
      const at = (first + step) % labels.length;
      if (begins(labels[at]!, wanted)) return at;
    }
    return -1;
  }
}

function begins(label: string, letters: string): boolean {
  return label.toLocaleLowerCase().startsWith(letters.toLocaleLowerCase());
}

/** The next place for an arrow, Home or End in a ring of so many, or -1 for another key. */
export function step(key: string, at: number, count: number, axis: 'row' | 'column'): number {
  const [back, on] = axis === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  if (count === 0) return -1;
  if (key === on) return (at + 1) % count;
  if (key === back) return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return -1;
}
