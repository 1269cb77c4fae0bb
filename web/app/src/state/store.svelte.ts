import type { Api } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { Change, Message } from '../api/types';
import { parseCursor } from '../live/cursor';
import { createStream, type Liveness, type Stream, type StreamOptions } from '../live/stream';
import { apply } from './apply';
import { clock } from './clock.svelte';
import { emptyDesk, type DeskState, type Draft, type Filter } from './desk';
import { takeConversation, takeList } from './lists';
import { sortOf } from './order';
import { addDraft, dropDraft, forgetThread, takeMessage, takeThread } from './threads';

export type Session = 'unknown' | 'out' | 'in' | 'unreachable';
export type Loading = 'idle' | 'loading' | 'failed';

const pageSize = 40;
const messagePage = 50;
// Threads kept ready beside the open one; the rest leave the memory.
const keptThreads = 8;

/** The state of the desk, and the acts that change it. */
export class Desk {
  session = $state<Session>('unknown');
  data = $state.raw<DeskState | null>(null);
  liveness = $state<Liveness>('catching_up');
  liveSince = $state(0);
  listState = $state<Loading>('idle');
  listProblem = $state.raw<Problem | null>(null);
  threadState = $state<Loading>('idle');
  threadProblem = $state.raw<Problem | null>(null);
  olderState = $state<Loading>('idle');
  open = $state('');
  texts = $state<Record<string, string>>({});

  /** For the other parts of the state, such as work and writing; views do not call it. */
  readonly api: Api;

  #stream: Stream;
  #filter: Filter = { view: 'all', inbox: '' };
  #recent: string[] = [];
  #freshening = false;
  #permitTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, stream: Omit<StreamOptions, 'url'> = {}) {
    this.api = api;
    this.#stream = createStream(
      {
        change: (change, n) => this.#take(change, n),
        reload: () => void this.#reload(),
        liveness: (state) => this.#alive(state),
        unauthorized: () => this.#leave(),
      },
      { ...stream, url: '/api/v1/events' },
    );
  }

  // ------------------------------------------------------------ session

  async login(email: string, password: string, filter: Filter): Promise<void> {
    await this.api.openSession(email, password);
    await this.load(filter);
  }

  async logout(): Promise<void> {
    this.#stream.stop();
    await this.api.closeSession().catch(() => undefined);
    this.#leave();
  }

  /** Loads everything and follows the stream from there. */
  async load(filter: Filter): Promise<void> {
    this.#filter = filter;
    this.#stream.stop();
    this.listState = 'loading';
    this.listProblem = null;
    try {
      const me = await this.api.me();
      const page = await this.api.conversations(this.#query(filter));
      const drafts = this.data?.drafts ?? {};
      const asOf = parseCursor(page.as_of)?.n ?? 0;
      this.data = takeList({ ...emptyDesk(me), drafts }, filter, page, asOf, true);
      this.#recent = [];
      this.session = 'in';
      this.listState = 'idle';
      this.#stream.start(page.as_of);
      if (this.open) await this.show(this.open);
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem)) return;
      this.listProblem = problem;
      this.listState = 'failed';
      if (this.session === 'unknown') this.session = 'unreachable';
    }
  }

  // The server asked for it, perhaps while it starts anew: try until it answers.
  async #reload(wait = 1000): Promise<void> {
    await this.load(this.#filter);
    if (this.listState !== 'failed' || this.session !== 'in') return;
    this.#alive('offline');
    setTimeout(() => void this.#reload(Math.min(30_000, wait * 2)), wait);
  }

  wake() {
    clock.refresh();
    if (this.session === 'unreachable') void this.load(this.#filter);
    this.#stream.wake();
  }

  lost() {
    this.#stream.lost();
  }

  // ------------------------------------------------------------ list

  async list(filter: Filter): Promise<void> {
    const { view, inbox } = this.#filter;
    if (!this.data || (view === filter.view && inbox === filter.inbox && this.listState === 'idle')) return;
    this.#filter = filter;
    this.data = { ...this.data, list: null };
    await this.#page(filter, '');
  }

  async more(): Promise<void> {
    const next = this.data?.list?.next;
    if (next && this.listState !== 'loading') await this.#page(this.#filter, next);
  }

  async #page(filter: Filter, cursor: string): Promise<void> {
    this.listState = 'loading';
    this.listProblem = null;
    try {
      const page = await this.api.conversations(this.#query(filter, cursor));
      if (filter !== this.#filter || !this.data) return;
      this.data = takeList(this.data, filter, page, parseCursor(page.as_of)?.n ?? this.asOf(), cursor === '');
      this.listState = 'idle';
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || filter !== this.#filter) return;
      this.listProblem = problem;
      this.listState = 'failed';
    }
  }

  #query({ view, inbox }: Filter, cursor = '') {
    return { view, sort: sortOf(view), limit: pageSize, ...(inbox && { inbox }), ...(cursor && { cursor }) };
  }

  // ------------------------------------------------------------ thread

  /** Opens a Conversation, or fetches the open one again. Tells whether that succeeded. */
  async show(id: string): Promise<boolean> {
    this.open = id;
    this.threadProblem = null;
    this.threadState = 'idle';
    this.olderState = 'idle';
    if (!id || !this.data) return false;
    this.#keep(id);
    const known = this.data.threads[id];
    if (!known) this.threadState = 'loading';
    void this.#permit(id);
    const asOf = this.asOf();
    try {
      const [conversation, page] = await Promise.all([
        this.data.conversations[id] ?? this.api.conversation(id),
        this.api.thread(id, { limit: messagePage }),
      ]);
      if (!this.data) return false;
      this.data = takeThread(takeConversation(this.data, conversation, asOf), id, page, asOf, true);
      if (this.open === id) this.threadState = 'idle';
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || this.open !== id || known) return false;
      this.threadProblem = problem;
      this.threadState = 'failed';
      return false;
    }
  }

  async older(): Promise<void> {
    const id = this.open;
    const next = this.data?.threads[id]?.next;
    if (!next || this.olderState === 'loading') return;
    this.olderState = 'loading';
    const asOf = this.asOf();
    try {
      const page = await this.api.thread(id, { limit: messagePage, cursor: next });
      if (this.data?.threads[id]?.next === next) this.data = takeThread(this.data, id, page, asOf, false);
      if (this.open === id) this.olderState = 'idle';
    } catch (error) {
      if (!this.ended(asProblem(error)) && this.open === id) this.olderState = 'failed';
    }
  }

  #keep(id: string) {
    this.#recent = [id, ...this.#recent.filter((other) => other !== id)];
    for (const old of this.#recent.splice(keptThreads)) this.data = this.data && forgetThread(this.data, old);
  }

  // ------------------------------------------------------------ sending

  /** Shows the words at once and sends them; the answer or the stream confirms them. */
  async send(id: string, text: string): Promise<void> {
    await this.#compose(id, {
      clientId: crypto.randomUUID(),
      text,
      at: new Date().toISOString(),
      state: 'sending',
      code: '',
      reasons: [],
    });
  }

  /** Sends the same Draft again. The same client_id: the server knows whether it had it. */
  async resend(id: string, draft: Draft): Promise<void> {
    await this.#compose(id, { ...draft, state: 'sending', code: '', reasons: [] });
  }

  discard(id: string, draft: Draft) {
    if (this.data) this.data = dropDraft(this.data, id, draft.clientId);
  }

  async #compose(id: string, draft: Draft): Promise<void> {
    if (!this.data) return;
    const asOf = this.asOf();
    this.data = addDraft(this.data, id, draft);
    try {
      const message = await this.api.compose(id, draft.clientId, draft.text);
      this.data = takeMessage(dropDraft(this.data, id, draft.clientId), message, asOf);
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || !this.data) return;
      const state = problem.code === 'refused' ? 'refused' : 'unsent';
      this.data = addDraft(this.data, id, { ...draft, state, code: problem.code, reasons: problem.reasons });
      if (state === 'refused') void this.#permit(id);
    }
  }

  /** Repeats a Message that failed or is in doubt. Throws the Problem for its place. */
  async repeat(message: Message): Promise<void> {
    const asOf = this.asOf();
    try {
      const next = await this.api.attempt(message.id, message.status === 'in_doubt');
      if (this.data) this.data = takeMessage(this.data, next, asOf);
    } catch (error) {
      const problem = asProblem(error);
      if (!this.ended(problem)) throw problem;
    }
  }

  // ------------------------------------------------------------ permit

  /** Asks soon whether the open Conversation may be written to, once for a burst of reasons. */
  recheck() {
    clearTimeout(this.#permitTimer);
    this.#permitTimer = setTimeout(() => void this.#permit(this.open), 300);
  }

  async #permit(id: string): Promise<void> {
    if (!id) return;
    try {
      const decision = await this.api.permit(id);
      if (this.data) this.data = { ...this.data, decisions: { ...this.data.decisions, [id]: decision } };
    } catch (error) {
      // A preview only: without it the gate still decides when the Message is sent.
      this.ended(asProblem(error));
    }
  }

  // ------------------------------------------------------------ stream

  #take(change: Change, n: number) {
    if (!this.data) return;
    this.data = apply(this.data, { n, change });
    clock.refresh();
    if (!this.open) return;
    if (change.conversation?.id === this.open || change.kind === 'inbox') this.recheck();
    void this.#freshen();
  }

  // Fetches a stale thread again until it is not, one answer at a time.
  async #freshen(): Promise<void> {
    if (this.#freshening) return;
    this.#freshening = true;
    while (this.data?.threads[this.open]?.stale && (await this.show(this.open)));
    this.#freshening = false;
  }

  #alive(state: Liveness) {
    if (state === 'live' || this.liveness === 'live') this.liveSince = Date.now();
    this.liveness = state;
    if (state === 'live') void this.#freshen();
  }

  /** The number of the newest event taken: what is asked for now includes it. */
  asOf(): number {
    return parseCursor(this.#stream.cursor())?.n ?? 0;
  }

  /** Whether a Problem means that the session is over; then the desk is left. */
  ended(problem: Problem): boolean {
    if (problem.status !== 401) return false;
    this.#leave();
    return true;
  }

  // Nothing of what was read stays in the memory of a page nobody is logged in to.
  #leave() {
    this.#stream.stop();
    clearTimeout(this.#permitTimer);
    this.data = null;
    this.texts = {};
    this.#recent = [];
    this.listState = 'idle';
    this.session = 'out';
  }
}
