import { asProblem, type Problem } from '../api/problem';
import type { Conversation, Named } from '../api/types';
import { foresee, inverse, stillHolds, withdrawn, type Act } from './acts';
import { clock } from './clock.svelte';
import type { Ground } from './ground';
import { takeConversation } from './lists';

/** An act that was done, and how to take it back. */
export type Done = { ok: true; act: Act; before: Conversation; undo: Act[] };
/** An act that was not done. `overtaken`: somebody else came first, and `now` is what they made of it. */
export type Failed = { ok: false; act: Act; overtaken: boolean; now: Conversation | null; problem: Problem | null };

/** What Agents do with a Conversation: shown at once, taken back when the server says no. */
export class Work {
  #ground: Ground;
  #colleagues = new Map<string, Promise<Named[]>>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get me(): Named {
    const { id = '', name = '' } = this.#ground.data?.me.agent ?? {};
    return { id, name };
  }

  /** `was`: do it only if it is assigned to this agent ("" nobody) until now. */
  async act(id: string, act: Act, was?: string): Promise<Done | Failed> {
    const before = this.#ground.data?.conversations[id];
    if (!before) return { ok: false, act, overtaken: false, now: null, problem: null };
    const asOf = this.#ground.asOf();
    const shown = foresee(before, act, this.me, new Date(clock.now).toISOString());
    this.#take(shown, Infinity);
    try {
      this.#take(await this.#ask(id, act, was), asOf);
      return { ok: true, act, before, undo: inverse(before, act, clock.now) };
    } catch (error) {
      return this.#failed(id, act, before, shown, asProblem(error));
    }
  }

  /** Takes an act back, unless somebody changed meanwhile what it did. */
  async undo(done: Done): Promise<Done | Failed> {
    const id = done.before.id;
    const current = this.#ground.data?.conversations[id];
    const [first, ...rest] = done.undo;
    if (!current || !first) return { ok: false, act: done.act, overtaken: false, now: null, problem: null };
    if (!stillHolds(current, done.act)) return { ok: false, act: first, overtaken: true, now: current, problem: null };
    let result = await this.act(id, first, current.assignee?.id ?? '');
    for (const act of rest) if (result.ok) result = await this.act(id, act);
    return result;
  }

  /** Who may be assigned in an Inbox, by name. */
  colleagues(inbox: string): Promise<Named[]> {
    let asked = this.#colleagues.get(inbox);
    if (!asked) {
      asked = this.#ground.api.assignable(inbox).then(({ items }) => items.toSorted((a, b) => a.name.localeCompare(b.name)));
      this.#colleagues.set(inbox, asked);
      // People come and go: the next question is answered anew.
      const forget = () => this.#colleagues.delete(inbox);
      asked.then(() => setTimeout(forget, 60_000), forget);
    }
    return asked;
  }

  /** The Conversation below this one in the list, else the one above it; "" if it is alone. */
  after(id: string): string {
    const ids = this.#ground.data?.list?.ids ?? [];
    const at = ids.indexOf(id);
    return at < 0 ? '' : (ids[at + 1] ?? ids[at - 1] ?? '');
  }

  leave() {
    this.#colleagues.clear();
  }

  #ask(id: string, act: Act, was?: string): Promise<Conversation> {
    const { api } = this.#ground;
    switch (act.kind) {
      case 'assign':
        return api.assign(id, act.agent.id, was);
      case 'release':
        return api.release(id);
      case 'transfer':
        return api.transfer(id, act.agent.id, act.note);
      case 'close':
        return api.close(id, act.reason);
      case 'reopen':
        return api.reopen(id);
      case 'snooze':
        return api.snooze(id, act.until);
      case 'wake':
        return api.wake(id);
    }
  }

  async #failed(id: string, act: Act, before: Conversation, shown: Conversation, problem: Problem): Promise<Failed> {
    const ground = this.#ground;
    const none = { ok: false, act, overtaken: false, now: null, problem } as const;
    if (ground.ended(problem)) return none;
    const current = ground.data?.conversations[id];
    if (current) this.#take(withdrawn(current, before, shown), Infinity);
    if (problem.status !== 409) return none;
    const asOf = ground.asOf();
    const now = await ground.api.conversation(id).catch(() => null);
    if (now) this.#take(now, asOf);
    return { ...none, overtaken: true, now };
  }

  #take(conversation: Conversation, asOf: number) {
    const { data } = this.#ground;
    if (data) this.#ground.data = takeConversation(data, conversation, asOf);
  }
}
