import { asProblem, type Problem } from '../api/problem';
import type { Ground } from './ground';
import { forgetConversation, takeConversation } from './lists';
import type { Permits } from './permits';
import { isClosed } from './reach';
import type { Loading } from './store.svelte';
import { forgetThread, shortened, takeThread } from './threads';

const page = 50;
/** No more is fetched of a thread at once, and no more is kept of one that nobody looks at. */
export const longThread = 200;
// Threads kept ready beside the open one; the rest leave the memory.
const kept = 8;

/** The Conversation that is open, and its thread. */
export class Opened {
  id = $state('');
  state = $state<Loading>('idle');
  problem = $state.raw<Problem | null>(null);
  olderState = $state<Loading>('idle');

  #ground: Ground & { readonly permits: Permits };
  #lost: (id: string) => void;
  #recent: string[] = [];
  #loading: { id: string; done: Promise<void> } | null = null;
  #freshening = false;
  #shortening = false;
  #round = 0;

  /** `lost` is told of a Conversation that is there no more, or not for this agent. */
  constructor(ground: Ground & { readonly permits: Permits }, lost: (id: string) => void) {
    this.#ground = ground;
    this.#lost = lost;
  }

  /** Another state has taken the place of the old: answers to earlier questions do not fit it. */
  begin() {
    this.#recent = [];
    this.#round += 1;
  }

  /** Opens a Conversation, or fetches the open one again. Tells whether that succeeded. */
  async show(id: string): Promise<boolean> {
    const ground = this.#ground;
    this.id = id;
    this.problem = null;
    this.state = 'idle';
    this.olderState = 'idle';
    if (!id || !ground.data) return false;
    this.#keep(id);
    const known = ground.data.threads[id];
    if (!known) this.state = 'loading';
    void ground.permits.ask(id);
    const asOf = ground.asOf();
    const round = this.#round;
    try {
      const [conversation, first] = await Promise.all([
        this.#current(id) ?? ground.api.conversation(id),
        ground.api.thread(id, { limit: this.#first(id) }),
      ]);
      if (!ground.data || round !== this.#round) return false;
      ground.data = takeThread(takeConversation(ground.data, conversation, asOf), id, first, asOf, true);
      if (this.id === id) this.state = 'idle';
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (!ground.ended(problem) && round === this.#round) this.#failed(id, problem);
      return false;
    }
  }

  // A thread that cannot be fetched again just now is shown as it was. One that is there
  // no more, or not for this agent, leaves the screen with all that belongs to it.
  #failed(id: string, problem: Problem) {
    const ground = this.#ground;
    if (isClosed(problem)) {
      if (ground.data) ground.data = forgetConversation(ground.data, id);
      this.#lost(id);
    } else if (ground.data?.threads[id]) return;
    if (this.id !== id) return;
    this.problem = problem;
    this.state = 'failed';
  }

  // A Conversation is kept current by the list that brought it and by the stream.
  #current(id: string) {
    const { data } = this.#ground;
    const isCurrent = data?.list?.ids.includes(id) || data?.seen[id] !== undefined;
    return isCurrent ? data?.conversations[id] : undefined;
  }

  // The first page reaches up to what is unread, and somewhat above it.
  #first(id: string): number {
    const conversation = this.#ground.data?.conversations[id];
    const unread = conversation ? conversation.received - conversation.read_to : 0;
    return Math.min(longThread, Math.max(page, unread + 20));
  }

  /** Keeps of a long thread only its end. */
  async shorten(id: string): Promise<void> {
    if (this.#shortening) return;
    this.#shortening = true;
    const ground = this.#ground;
    const asOf = ground.asOf();
    const round = this.#round;
    const end = await ground.api.thread(id, { limit: page }).catch((error: unknown) => void ground.ended(asProblem(error)));
    const fits = round === this.#round && this.olderState !== 'loading';
    if (end && ground.data && fits) ground.data = shortened(ground.data, id, end, asOf);
    this.#shortening = false;
  }

  /** Fetches the page above what is loaded; who asks while it comes waits for the same. */
  older(limit = page): Promise<void> {
    const next = this.#ground.data?.threads[this.id]?.next;
    if (!next) return Promise.resolve();
    if (this.olderState !== 'loading' || this.#loading?.id !== this.id) this.#loading = { id: this.id, done: this.#older(next, limit) };
    return this.#loading.done;
  }

  /**
   * Loads the open thread up to an item of it. Tells whether it is there; null if that could not
   * be learnt, or nobody looks any more.
   */
  async reach(item: string): Promise<boolean | null> {
    const { id } = this;
    for (;;) {
      const thread = this.#ground.data?.threads[id];
      if (!thread || this.id !== id) return null;
      if (thread.ids.includes(item)) return true;
      if (!thread.next) return false;
      await this.older(longThread);
      if (this.olderState === 'failed') return null;
    }
  }

  async #older(next: string, limit: number): Promise<void> {
    const ground = this.#ground;
    const { id } = this;
    this.olderState = 'loading';
    const asOf = ground.asOf();
    const round = this.#round;
    try {
      const more = await ground.api.thread(id, { limit, cursor: next });
      if (ground.data?.threads[id]?.next === next && round === this.#round) ground.data = takeThread(ground.data, id, more, asOf, false);
      if (this.id === id) this.olderState = 'idle';
    } catch (error) {
      if (!ground.ended(asProblem(error)) && this.id === id) this.olderState = 'failed';
    }
  }

  /** Fetches a stale thread again until it is not, one answer at a time. */
  async freshen(): Promise<void> {
    if (this.#freshening) return;
    this.#freshening = true;
    while (this.#ground.data?.threads[this.id]?.stale && (await this.show(this.id)));
    this.#freshening = false;
  }

  #keep(id: string) {
    const ground = this.#ground;
    this.#recent = [id, ...this.#recent.filter((other) => other !== id)];
    for (const old of this.#recent.splice(kept)) ground.data = ground.data && forgetThread(ground.data, old);
  }
}
