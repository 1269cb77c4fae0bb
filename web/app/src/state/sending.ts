import { asProblem } from '../api/problem';
import type { Composition, Message } from '../api/types';
import type { Pending } from './desk';
import type { Ground } from './ground';
import { addPending, dropPending, takeMessage, takeTurn } from './threads';

/**
 * What became of words: `sent` · `kept` in the thread with the reason · `collided`: a
 * colleague's answer came first, and nothing was sent.
 */
export type Fate = 'sent' | 'kept' | 'collided';

/** Sends Messages and Notes: shown at once, confirmed by the answer or the stream. */
export class Sending {
  #ground: Ground;
  /** Told when the gate refused, so that its preview is asked for again. */
  #refused: (id: string) => void;

  constructor(ground: Ground, refused: (id: string) => void) {
    this.#ground = ground;
    this.#refused = refused;
  }

  /** `after` is the position up to which the author has read; null sends regardless. */
  async say(id: string, kind: Pending['kind'], text: string, after: number | null = null, about: string | null = null): Promise<Fate> {
    const at = new Date().toISOString();
    return this.#send(id, { kind, clientId: crypto.randomUUID(), text, at, after, about, state: 'sending', code: '', reasons: [] });
  }

  /**
   * Sends the same again, if still nobody else answered. The same client_id: the server
   * knows whether it had it, and then it stays as it was.
   */
  async again(id: string, pending: Pending): Promise<Fate> {
    return this.#send(id, { ...pending, state: 'sending', code: '', reasons: [] });
  }

  /**
   * Sends what is more than text. The same `clientId` sends it once, however often it is asked
   * for; `after` as of say. Throws the Problem, for the form in which it was composed.
   */
  async compose(id: string, clientId: string, content: Composition, after: number | null): Promise<void> {
    try {
      await this.#settle(this.#ground.api.composeMore(id, clientId, content, after));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'refused') this.#refused(id);
      throw problem;
    }
  }

  discard(id: string, pending: Pending) {
    const { data } = this.#ground;
    if (data) this.#ground.data = dropPending(data, id, pending.clientId);
  }

  async #send(id: string, pending: Pending): Promise<Fate> {
    const ground = this.#ground;
    if (!ground.data) return 'kept';
    const asOf = ground.asOf();
    ground.data = addPending(ground.data, id, pending);
    try {
      if (pending.kind === 'note') {
        const turn = await ground.api.note(id, pending.clientId, pending.text);
        if (ground.data) ground.data = takeTurn(dropPending(ground.data, id, pending.clientId), turn, asOf);
      } else {
        const message = await ground.api.compose(id, pending.clientId, pending.text, pending.after, pending.about);
        if (ground.data) ground.data = takeMessage(dropPending(ground.data, id, pending.clientId), message, asOf);
      }
      return 'sent';
    } catch (error) {
      return this.#unsent(id, pending, error);
    }
  }

  #unsent(id: string, pending: Pending, error: unknown): Fate {
    const ground = this.#ground;
    const problem = asProblem(error);
    if (ground.ended(problem) || !ground.data) return 'kept';
    if (problem.code === 'conflict' && problem.field === 'after') {
      ground.data = dropPending(ground.data, id, pending.clientId);
      return 'collided';
    }
    const state = problem.code === 'refused' ? 'refused' : 'unsent';
    ground.data = addPending(ground.data, id, { ...pending, state, code: problem.code, reasons: problem.reasons });
    if (state === 'refused') this.#refused(id);
    return 'kept';
  }

  /** Puts an emoji on a Message, or takes it back with none. Throws the Problem for its place. */
  react(message: Message, emoji: string): Promise<void> {
    return this.#settle(this.#ground.api.react(message.conversation, crypto.randomUUID(), message.id, emoji));
  }

  /** Repeats a Message that failed or is in doubt. Throws the Problem for its place. */
  repeat(message: Message): Promise<void> {
    return this.#settle(this.#ground.api.attempt(message.id, message.status === 'in_doubt'));
  }

  /** Lets a Message in doubt rest: it counts as failed. Throws the Problem for its place. */
  abandon(message: Message): Promise<void> {
    return this.#settle(this.#ground.api.abandon(message.id));
  }

  /** Has the file of a Message fetched now; the stream tells what came of it. */
  async fetchFile(message: Message): Promise<void> {
    try {
      await this.#ground.api.fetchFile(message.id);
    } catch (error) {
      const problem = asProblem(error);
      if (!this.#ground.ended(problem)) throw problem;
    }
  }

  async #settle(call: Promise<Message>): Promise<void> {
    const asOf = this.#ground.asOf();
    try {
      const next = await call;
      if (this.#ground.data) this.#ground.data = takeMessage(this.#ground.data, next, asOf);
    } catch (error) {
      const problem = asProblem(error);
      if (!this.#ground.ended(problem)) throw problem;
    }
  }
}
