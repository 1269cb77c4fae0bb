/** Knows whether something on the screen is not saved, and holds back who leaves. */
class Unsaved {
  /** What waits for a decision: the step that was held back. */
  waiting = $state.raw<(() => void) | undefined>();
  #forms = new Set<() => boolean>();

  /** Watches a form while it is on the screen; the answer ends that. */
  watch(dirty: () => boolean): () => void {
    this.#forms.add(dirty);
    return () => this.#forms.delete(dirty);
  }

  get any(): boolean {
    return [...this.#forms].some((dirty) => dirty());
  }

  /** Holds a step back while something is unsaved; tells whether it did. */
  hold(step: () => void): boolean {
    if (!this.any) return false;
    this.waiting = step;
    return true;
  }

  stay(): void {
    this.waiting = undefined;
  }

  /** Lets what was entered go, and takes the step. */
  leave(): void {
    const step = this.waiting;
    this.waiting = undefined;
    this.#forms.clear();
    step?.();
  }
}

export const unsaved = new Unsaved();
