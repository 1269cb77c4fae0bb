import { asProblem } from '../api/problem';
import type { Ground } from './ground';

/** Up to where the agent has read. */
export class Reading {
  #ground: Ground;
  // Marked as unread on purpose: it stays so until it is opened again.
  #kept = '';
  #asking = new Map<string, number>();
  #missed = new Map<string, number>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** A Conversation is opened. */
  open(id: string) {
    if (this.#kept === id) this.#kept = '';
  }

  /** The end of a thread is in sight. */
  seen(id: string) {
    const conversation = this.#ground.data?.conversations[id];
    if (!conversation || this.#kept === id || conversation.received <= conversation.read_to) return;
    void this.set(id, conversation.position);
  }

  /** Marks as unread: the newest Message of the Contact counts as not read. */
  async unread(id: string): Promise<boolean> {
    const conversation = this.#ground.data?.conversations[id];
    if (!conversation || conversation.received === 0) return false;
    this.#kept = id;
    return this.set(id, conversation.received - 1);
  }

  leave() {
    this.#kept = '';
    this.#asking.clear();
    this.#missed.clear();
  }

  /** Sets up to where it is read. Tells whether the server knows. */
  async set(id: string, position: number): Promise<boolean> {
    if (this.#asking.get(id) === position) return true;
    this.#asking.set(id, position);
    this.#show(id, position);
    try {
      await this.#ground.api.setReading(id, position);
      this.#missed.delete(id);
      return true;
    } catch (error) {
      if (!this.#ground.ended(asProblem(error))) this.#missed.set(id, position);
      return false;
    } finally {
      this.#asking.delete(id);
    }
  }

  /** The server can be reached again: it is told what it missed. */
  again() {
    for (const [id, position] of this.#missed) void this.set(id, position);
  }

  #show(id: string, position: number) {
    const { data } = this.#ground;
    const conversation = data?.conversations[id];
    if (!data || !conversation) return;
    this.#ground.data = { ...data, conversations: { ...data.conversations, [id]: { ...conversation, read_to: position } } };
  }
}
