import type { Api } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { Me } from '../api/types';
import { parseCursor } from '../live/cursor';
import { createFeed, type Feed, type FeedOptions } from '../live/feed';
import type { Liveness } from '../live/stream';
import { applyAll, type DeskEvent } from './apply';
import { clock } from './clock.svelte';
import { Company } from './company';
import { emptyDesk, type DeskState, type Filter } from './desk';
import type { Ground } from './ground';
import { Inflow } from './inflow';
import { keepOpen, prune, takeConversation, takeList } from './lists';
import { News } from './news';
import { sortOf } from './order';
import { Panel } from './panel.svelte';
import { Permits } from './permits';
import { Choosing } from './preferences';
import { reach } from './reach';
import { Reading } from './reading';
import { Sending } from './sending';
import { forgetThread, shortened, takeThread } from './threads';
import { Work } from './work.svelte';
import { Writing } from './writing.svelte';

export type Session = 'unknown' | 'out' | 'in' | 'unreachable';
export type Loading = 'idle' | 'loading' | 'failed';

const pageSize = 40;
const nextPages = 100; // whoever scrolls wants more
const messagePage = 50;
const mostOnPage = 200;
// Threads kept ready beside the open one; the rest leave the memory.
const keptThreads = 8;
const pruneAfter = 2000;
const manyRows = 1000;

/** The state of the desk, and the acts that change it. */
export class Desk implements Ground {
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
  /** Whether nobody would miss what stands further down in the list; its view says so. */
  onlyTop = true;

  /** For the other parts of the state; views do not call it. */
  readonly api: Api;
  readonly permits: Permits;
  readonly sending: Sending;
  readonly writing: Writing;
  readonly work: Work;
  readonly company: Company;
  readonly reading: Reading;
  readonly panel: Panel;
  readonly preferences: Choosing;
  readonly news = new News();

  #feed: Feed;
  #inflow = new Inflow((events) => this.#take(events));
  #filter: Filter = { view: 'all', inbox: '' };
  #recent: string[] = [];
  #freshening = false;
  #shortening = false;
  #asked = 0; // the event of the list that is on its way, 0 if none is
  #sincePruned = 0;
  #countedAt = 0;

  constructor(api: Api, options: Omit<FeedOptions, 'url'> = {}) {
    this.api = api;
    this.permits = new Permits(this);
    this.sending = new Sending(this, (id) => void this.permits.ask(id));
    this.writing = new Writing(this, this.sending);
    this.work = new Work(this);
    this.company = new Company(this);
    this.reading = new Reading(this);
    this.panel = new Panel(this);
    this.preferences = new Choosing(this);
    this.#feed = createFeed(
      {
        changes: (events) => this.#inflow.push(events),
        reload: () => void this.#reload(),
        liveness: (state) => this.#alive(state),
        unauthorized: () => this.#leave(),
        entered: () => void this.#reload(),
      },
      { ...options, url: '/api/v1/events' },
    );
  }

  // ------------------------------------------------------------ session

  async login(email: string, password: string, filter: Filter): Promise<void> {
    await this.api.openSession(email, password);
    await this.load(filter);
  }

  async logout(): Promise<void> {
    this.#feed.end();
    await this.api.closeSession().catch(() => undefined);
    this.#leave();
  }

  /** Loads everything and follows the stream from there. */
  async load(filter: Filter): Promise<void> {
    this.#filter = filter;
    this.#feed.stop();
    this.#inflow.clear();
    this.listState = 'loading';
    this.listProblem = null;
    try {
      const wanted = this.api.conversations(this.#query(filter));
      wanted.catch(() => undefined); // asked at the same time; looked at when it is known who asks
      const me = await this.api.me();
      if (me.agent.role === 'dpo') return this.#enter(me);
      const page = await wanted;
      const asOf = parseCursor(page.as_of);
      const sameFeed = asOf?.feed === parseCursor(this.#feed.cursor())?.feed;
      this.#enter(me, sameFeed);
      this.data = takeList(this.data!, filter, page, asOf?.n ?? 0, true);
      this.#feed.start(page.as_of, me.session?.id ?? me.agent.id);
      void this.#count();
      if (this.open) await this.show(this.open);
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem)) return;
      this.listProblem = problem;
      this.listState = 'failed';
      if (this.session === 'unknown') this.session = 'unreachable';
    }
  }

  // What was typed and what is read stays, unless somebody else sits there now, or the
  // server is another one.
  #enter(me: Me, sameFeed = false) {
    const before = this.data?.me.agent.id === me.agent.id ? this.data : null;
    if (!before) this.#forget();
    const fresh = { ...emptyDesk(me), pending: before?.pending ?? {}, counts: before?.counts ?? null };
    this.data = before && sameFeed ? keepOpen(fresh, before, this.open) : fresh;
    this.#recent = [];
    this.#countedAt = 0;
    this.session = 'in';
    this.listState = 'idle';
  }

  async #count(): Promise<void> {
    const counts = await this.api.counts().catch((error: unknown) => void this.ended(asProblem(error)));
    if (!counts || !this.data || (parseCursor(counts.as_of)?.n ?? 0) < this.#countedAt) return;
    this.data = { ...this.data, counts: { items: counts.items, unread: counts.unread } };
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
    this.#feed.wake();
  }

  lost() {
    this.#feed.lost();
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
    this.#asked = this.asOf();
    try {
      const page = await this.api.conversations(this.#query(filter, cursor));
      if (filter !== this.#filter || !this.data) return;
      this.#asked = 0;
      this.data = takeList(this.data, filter, page, parseCursor(page.as_of)?.n ?? this.asOf(), cursor === '');
      this.listState = 'idle';
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || filter !== this.#filter) return;
      this.#asked = 0;
      this.listProblem = problem;
      this.listState = 'failed';
    }
  }

  #query({ view, inbox }: Filter, cursor = '') {
    return { view, sort: sortOf(view), limit: cursor ? nextPages : pageSize, ...(inbox && { inbox }), ...(cursor && { cursor }) };
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
    void this.permits.ask(id);
    const asOf = this.asOf();
    try {
      const [conversation, page] = await Promise.all([
        this.#current(id) ?? this.api.conversation(id),
        this.api.thread(id, { limit: this.#first(id) }),
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

  // A Conversation is kept current by the list that brought it and by the stream.
  #current(id: string) {
    const isCurrent = this.data?.list?.ids.includes(id) || this.data?.seen[id] !== undefined;
    return isCurrent ? this.data?.conversations[id] : undefined;
  }

  async refresh(id: string): Promise<void> {
    if (this.open === id) await this.show(id);
  }

  /** Keeps of a long thread only its end. */
  async shorten(id: string): Promise<void> {
    if (this.#shortening) return;
    this.#shortening = true;
    const asOf = this.asOf();
    const page = await this.api.thread(id, { limit: messagePage }).catch((error: unknown) => void this.ended(asProblem(error)));
    if (page && this.data && this.olderState !== 'loading') this.data = shortened(this.data, id, page, asOf);
    this.#shortening = false;
  }

  // The first page reaches up to what is unread, and somewhat above it.
  #first(id: string): number {
    const conversation = this.data?.conversations[id];
    const unread = conversation ? conversation.received - conversation.read_to : 0;
    return Math.min(mostOnPage, Math.max(messagePage, unread + 20));
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

  /** Asks soon whether the open Conversation may be written to. */
  recheck() {
    this.permits.soon(() => this.open);
  }

  // ------------------------------------------------------------ stream

  #take(events: DeskEvent[]) {
    if (!this.data) return;
    this.data = applyAll(this.data, events);
    this.#countedAt = events.findLast(({ change }) => change.kind === 'counts')?.n ?? this.#countedAt;
    this.#prune(events);
    // One of ten tabs rings, and none for what was missed.
    this.news.tell(events, this.data.me.agent.id, this.liveness === 'live' && this.#feed.leads());
    clock.refresh();
    if (events.some(({ change }) => change.kind === 'access')) void this.#access();
    if (!this.open) return;
    if (events.some(({ change }) => change.conversation?.id === this.open || change.kind === 'inbox')) this.recheck();
    void this.#freshen();
  }

  // Events tell of what nobody looks at, and lengthen threads kept ready. Both go now and then.
  #prune(events: DeskEvent[]) {
    this.#sincePruned += events.length;
    if (this.#sincePruned < pruneAfter || !this.data) return;
    this.#sincePruned = 0;
    for (const [id, { ids }] of Object.entries(this.data.threads)) {
      if (id !== this.open && ids.length > mostOnPage) this.data = forgetThread(this.data, id);
    }
    this.data = prune(this.data, this.#asked || events.at(-1)!.n);
    // What is new comes to the top, and a list would grow all day: it begins anew.
    const long = (this.data.list?.ids.length ?? 0) > manyRows;
    if (long && this.onlyTop && this.listState === 'idle') void this.#page(this.#filter, '');
  }

  // What the agent may see or be has changed. What is listed may have, too.
  async #access(): Promise<void> {
    try {
      const me = await this.api.me();
      const before = this.data?.me;
      if (!before || !this.data) return;
      // A choice that is on its way to the server is newer than its answer.
      this.data = { ...this.data, me: { ...me, preferences: (this.preferences.unsaved ? before : me).preferences } };
      if (reach(me) !== reach(before)) await this.load(this.#filter);
    } catch (error) {
      this.ended(asProblem(error));
    }
  }

  // Fetches a stale thread again until it is not, one answer at a time.
  async #freshen(): Promise<void> {
    if (this.#freshening) return;
    this.#freshening = true;
    while (this.data?.threads[this.open]?.stale && (await this.show(this.open)));
    this.#freshening = false;
  }

  #alive(state: Liveness) {
    if (state === 'live') this.#inflow.flush();
    if (state === 'live' || this.liveness === 'live') this.liveSince = Date.now();
    this.liveness = state;
    if (state !== 'live') return;
    this.reading.again();
    void this.#freshen();
  }

  /** The number of the newest event taken: what is asked for now includes it. */
  asOf(): number {
    this.#inflow.flush();
    return parseCursor(this.#feed.cursor())?.n ?? 0;
  }

  /** Whether a problem ended the session; then nothing is left of it. */
  ended(problem: Problem): boolean {
    if (problem.status !== 401) return false;
    this.#leave();
    return true;
  }

  #forget() {
    for (const part of [this.permits, this.writing, this.work, this.company, this.reading, this.panel]) part.leave();
  }

  // Nothing of what was read stays in the memory of a page nobody is logged in to.
  #leave() {
    this.#feed.stop();
    this.#inflow.clear();
    this.data = null;
    this.#forget();
    this.#recent = [];
    this.listState = 'idle';
    this.session = 'out';
  }
}
