import { asProblem } from '../api/problem';
import type { Ground } from './ground';

/** How much is to be done by whoever is here. */
export class TaskCount {
  /** As it was last told; nothing while it is not known. */
  now = $state.raw<{ open: number; overdue: number; failed: number } | undefined>();
  #asked = 0;

  constructor(private readonly ground: Pick<Ground, 'api' | 'data' | 'ended'>) {}

  /** How much should have been done by now; 0 while nobody knows. */
  get overdue(): number {
    return this.now?.overdue ?? 0;
  }

  /** How many Messages of whoever is here did not arrive, and wait for their decision. */
  get failed(): number {
    return this.now?.failed ?? 0;
  }

  /** Asks anew, if anybody is here. A count that cannot be had is not shown. */
  async load(): Promise<void> {
    if (!this.ground.data) return this.leave();
    const mine = ++this.#asked;
    try {
      const count = await this.ground.api.taskCount();
      if (mine === this.#asked) this.now = count;
    } catch (error) {
      if (!this.ground.ended(asProblem(error)) && mine === this.#asked) this.now = undefined;
    }
  }

  leave(): void {
    this.#asked += 1;
    this.now = undefined;
  }
}
