import { asProblem } from '../api/problem';
import type { Preferences } from '../api/types';
import type { Ground } from './ground';

/** How somebody works who chose nothing. */
export const defaults: Preferences = {
  language: '',
  theme: 'system',
  density: 'comfortable',
  send_key: 'enter',
  shortcuts: true,
  keys: {},
  sound: false,
  notifications: false,
  announce: true,
  panel: { order: [], collapsed: [] },
};

/**
 * The agent's preferences. A change shows at once and is saved whole; of several that
 * come while one is saved, the last state is saved next.
 */
export class Choosing {
  #ground: Ground;
  #saving = false;
  #dirty = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get now(): Preferences {
    return this.#ground.data?.me.preferences ?? defaults;
  }

  /** Whether what is shown is newer than what the server has. */
  get unsaved(): boolean {
    return this.#saving || this.#dirty;
  }

  /** Resolves when everything is saved; throws the Problem, with the change taken back. */
  async set(change: Partial<Preferences>): Promise<void> {
    const before = this.now;
    this.#show({ ...before, ...change });
    this.#dirty = true;
    if (this.#saving) return;
    this.#saving = true;
    try {
      while (this.#dirty) {
        this.#dirty = false;
        await this.#ground.api.setPreferences(this.now);
      }
    } catch (error) {
      this.#dirty = false;
      const problem = asProblem(error);
      if (this.#ground.ended(problem)) return;
      this.#show(before);
      throw problem;
    } finally {
      this.#saving = false;
    }
  }

  #show(preferences: Preferences) {
    const { data } = this.#ground;
    if (data) this.#ground.data = { ...data, me: { ...data.me, preferences } };
  }
}
