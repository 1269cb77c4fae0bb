import { asProblem, type Problem } from '../api/problem';
import type { Approval } from '../api/register';
import type { DeskEvent } from './apply';
import type { Ground } from './ground';

const deciding: readonly string[] = ['admin', 'dpo'];

/** What waits for a second person, for those who may have a say. */
export class Approvals {
  list = $state.raw<Approval[] | undefined>();
  problem = $state.raw<Problem | undefined>();
  #asked = 0;

  constructor(private readonly ground: Pick<Ground, 'api' | 'data' | 'ended'>) {}

  /** How many wait for a word of who is here. */
  get waiting(): number {
    return (this.list ?? []).filter(({ may_grant }) => may_grant).length;
  }

  /** Whether a second person has agreed that somebody reads what a colleague did. */
  mayRead(agent: string, by: string): boolean {
    return (this.list ?? []).some(
      ({ subject, state, requested_by }) => subject === `agent:${agent}` && state === 'granted' && requested_by.id === by,
    );
  }

  /** Asks anew, if who is here may have a say at all. */
  async load(): Promise<void> {
    if (!deciding.includes(this.ground.data?.me.agent.role ?? '')) return this.leave();
    const mine = ++this.#asked;
    this.problem = undefined;
    try {
      const { items } = await this.ground.api.approvals();
      if (mine === this.#asked) this.list = items;
    } catch (error) {
      const problem = asProblem(error);
      if (!this.ground.ended(problem) && mine === this.#asked) this.problem = problem;
    }
  }

  take(events: readonly DeskEvent[]): void {
    if (events.some(({ change }) => change.kind === 'approval')) void this.load();
  }

  leave(): void {
    this.#asked += 1;
    this.list = undefined;
    this.problem = undefined;
  }
}
