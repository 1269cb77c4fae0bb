import { asProblem, type Problem } from '../../api/problem';

/** One act on the server that needs no form: under way, done, or why not. */
export class Act {
  busy = $state(false);
  problem = $state.raw<Problem | undefined>();

  /** Does it; tells whether it succeeded. */
  async run(doing: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await doing();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
