import { asProblem } from '../api/problem';
import type { Ground } from './ground';

const pause = 300;

/**
 * Whether a Conversation may be written to. A preview only: without it the gate still
 * decides when the Message is sent.
 */
export class Permits {
  #ground: Ground;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async ask(id: string): Promise<void> {
    if (!id) return;
    const ground = this.#ground;
    try {
      const decision = await ground.api.permit(id);
      if (ground.data) ground.data = { ...ground.data, decisions: { ...ground.data.decisions, [id]: decision } };
    } catch (error) {
      ground.ended(asProblem(error));
    }
  }

  /** Asks soon, once for a burst of reasons. `id` tells of what, when the time has come. */
  soon(id: () => string) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(id()), pause);
  }

  leave() {
    clearTimeout(this.#timer);
  }
}
