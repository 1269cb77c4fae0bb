import type { Problem } from '../state/nouns';

/** What somebody asks for, one at a time: whether it is under way, and why it was not done. */
export class Attempt {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Does it, unless something is under way already. */
  async make(act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = error as Problem;
    }
    this.busy = false;
  }
}
