import type { Person, Presence } from '../api/types';
import type { Ground } from './ground';

const beat = 25_000;
// Whoever pauses this long reads again, for their colleagues.
const writes = 8000;

/** Who else is in the open Conversation, and telling them that the agent is. */
export class Company {
  #ground: Ground;
  #open = '';
  #told: Presence = 'gone';
  #answers = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Enters a Conversation; returns how to leave it. */
  enter(id: string): () => void {
    this.#open = id;
    this.#told = 'gone';
    this.#tell('viewing');
    void this.#look(id);
    this.#timer = setInterval(() => this.#tell(this.#told), beat);
    return () => this.leave();
  }

  /** The text changed: the agent writes, an answer or a Note, until it stays the same for a while. */
  writing(answers: boolean) {
    if (!this.#open) return;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#tell('viewing'), writes);
    if (this.#told === 'writing' && this.#answers === answers) return;
    this.#answers = answers;
    this.#tell('writing');
  }

  /** What was written is sent or given up. */
  wrote() {
    clearTimeout(this.#pause);
    if (this.#open && this.#told === 'writing') this.#tell('viewing');
  }

  leave() {
    clearInterval(this.#timer);
    clearTimeout(this.#pause);
    const id = this.#open;
    this.#open = '';
    if (id && this.#ground.data) void this.#ground.api.setPresence(id, 'gone', false, true).catch(() => undefined);
  }

  /** Who else is there at a time, writers first. */
  others(id: string, now: number): Person[] {
    const people = this.#ground.data?.presence[id] ?? [];
    return people
      .filter((person) => person.state !== 'gone' && Date.parse(person.until) > now)
      .toSorted((a, b) => Number(b.state === 'writing') - Number(a.state === 'writing') || a.name.localeCompare(b.name));
  }

  #tell(state: Presence) {
    if (!this.#open) return;
    this.#told = state;
    // Nobody's work depends on it: the next beat tells again.
    void this.#ground.api.setPresence(this.#open, state, state === 'writing' && this.#answers).catch(() => undefined);
  }

  async #look(id: string): Promise<void> {
    try {
      const asOf = this.#ground.asOf();
      const { people } = await this.#ground.api.presence(id);
      const { data } = this.#ground;
      if (!data || this.#open !== id || this.#ground.asOf() > asOf) return;
      const others = people.filter((person) => person.id !== data.me.agent.id);
      this.#ground.data = { ...data, presence: { ...data.presence, [id]: others } };
    } catch {
      // The stream tells of the next change.
    }
  }
}
