import type { Api } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { ConversationList, Me } from '../api/types';
import { parseCursor } from '../live/cursor';
import { createFeed, type Feed, type FeedOptions } from '../live/feed';
import type { Liveness } from '../live/stream';
import { applyAll, type DeskEvent } from './apply';
import { Approvals } from './approvals.svelte';
import { Attaching } from './attaching.svelte';
import { clock } from './clock.svelte';
import { Company } from './company';
import { emptyDesk, type DeskState, type Filter } from './desk';
import type { Ground } from './ground';
import { Inflow } from './inflow';
import { Leaving } from './leaving.svelte';
import { keepOpen, prune, takeList } from './lists';
import { News } from './news';
import { longThread, Opened } from './opened.svelte';
import { sortOf } from './order';
import { Panel } from './panel.svelte';
import { Permits } from './permits';
import { Choosing } from './preferences';
import { isClosed, reach } from './reach';
import { Reading } from './reading';
import { Sending } from './sending';
import { TaskCount } from './taskcount.svelte';
import { forgetThread } from './threads';
import { Work } from './work.svelte';
import { Writing } from './writing.svelte';

export type Session = 'unknown' | 'out' | 'in' | 'leaving' | 'unreachable';
export type Loading = 'idle' | 'loading' | 'failed';

const pageSize = 40;
const nextPages = 100; // whoever scrolls wants more
const pruneAfter = 500;
const manyRows = 1000;
const firstPause = 1000;
const longestPause = 30_000;
// Who hears that another tab logs out leaves it to that tab to say so.
const othersFirst = 2000;

/** The state of the desk, and the acts that change it. */
export class Desk implements Ground {
  session = $state<Session>('unknown');
  data = $state.raw<DeskState | null>(null);
  liveness = $state<Liveness>('catching_up');
  liveSince = $state(0);
  listState = $state<Loading>('idle');
  listProblem = $state.raw<Problem | null>(null);
  /** Whether nobody would miss what stands further down in the list; its view says so. */
  onlyTop = true;

  /** For the other parts of the state; views do not call it. */
  readonly api: Api;
  readonly opened: Opened;
  readonly permits: Permits;
  readonly sending: Sending;
  readonly writing: Writing;
  readonly attaching: Attaching;
  readonly work: Work;
  readonly company: Company;
  readonly reading: Reading;
  readonly panel: Panel;
  readonly preferences: Choosing;
  readonly approvals: Approvals;
  readonly taskCount: TaskCount;
  readonly leaving: Leaving;
  readonly news = new News();

  #feed: Feed;
  #inflow = new Inflow((events) => this.#take(events));
  #filter: Filter = { view: 'all', inbox: '' };
  #asked = 0; // the event of the list that is on its way, 0 if none is
  #round = 0; // what was asked for in an earlier one is not taken any more
  #loaded = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #pause = 0; // before it is loaded once more, 0 after the stream was live
  #sincePruned = 0;
  #countedAt = 0;

  constructor(api: Api, options: Omit<FeedOptions, 'url'> = {}) {
    this.api = api;
    this.permits = new Permits(this);
    this.opened = new Opened(this, (id) => this.#lost(id));
    this.sending = new Sending(this, (id) => void this.permits.ask(id));
    this.writing = new Writing(this, this.sending);
    this.attaching = new Attaching(this, this.sending);
    this.work = new Work(this);
    this.company = new Company(this);
    this.reading = new Reading(this);
    this.panel = new Panel(this);
    this.preferences = new Choosing(this);
    this.approvals = new Approvals(this);
    this.taskCount = new TaskCount(this);
    this.leaving = new Leaving(() => isClosing(api));
    this.#feed = createFeed(
      {
        changes: (events) => this.#inflow.push(events),
        reload: () => this.#reload(),
        liveness: (state) => this.#alive(state),
        unauthorized: () => void (this.leaving.owed ? this.#away(othersFirst) : this.#leave()),
        entered: () => this.#reload(),
      },
      { ...options, url: '/api/v1/events' },
    );
  }

  // ------------------------------------------------------------ session

  async login(email: string, password: string, filter: Filter): Promise<void> {
    await this.api.openSession(email, password);
    this.leaving.done();
    await this.load(filter);
  }

  async logout(): Promise<void> {
    this.leaving.begin();
    this.#feed.end();
    await this.#away();
  }

  // Here it ends at once, and with the server as soon as that can be reached.
  async #away(pause = 0): Promise<void> {
    this.#leave('leaving');
    await this.leaving.settle(pause);
    if (this.session === 'leaving') this.session = 'out';
  }

  /**
   * Loads everything and follows the stream from there. Until the answers have come, what
   * is shown is followed on; if none come, it is tried again.
   */
  async load(filter: Filter): Promise<void> {
    if (this.leaving.owed) return this.#away();
    const round = ++this.#round;
    clearTimeout(this.#again);
    this.#filter = filter;
    this.#loaded = false;
    this.listState = 'loading';
    this.listProblem = null;
    try {
      const wanted = this.api.conversations(this.#query(filter));
      wanted.catch(() => undefined); // asked at the same time; looked at when it is known who asks
      const me = await this.api.me();
      if (round !== this.#round) return;
      if (me.agent.role === 'dpo') return this.#oversee(me);
      // Nothing that the agent may not see any more waits for an answer to go.
      if (this.data && reach(me) !== reach(this.data.me)) this.#enter(me, true);
      if (filter.inbox && !me.inboxes.some(({ id }) => id === filter.inbox)) return await this.load({ ...filter, inbox: '' });
      const page = await wanted;
      if (round === this.#round) await this.#follow(me, filter, page);
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || round !== this.#round) return;
      this.listProblem = problem;
      this.listState = 'failed';
      if (this.session === 'in') this.#later();
      else this.session = 'unreachable';
    }
  }

  async #follow(me: Me, filter: Filter, page: ConversationList): Promise<void> {
    const asOf = parseCursor(page.as_of);
    this.#inflow.clear(); // the stream tells it again
    this.#enter(me, asOf?.feed === parseCursor(this.#feed.cursor())?.feed);
    this.data = takeList(this.data!, filter, page, asOf?.n ?? 0, true);
    this.#arrived();
    this.#feed.start(page.as_of, me.session?.id ?? me.agent.id);
    void this.#count();
    if (this.opened.id) await this.opened.show(this.opened.id);
  }

  // Whoever oversees reads no Conversations and follows none.
  #oversee(me: Me) {
    this.#feed.stop();
    this.#inflow.clear();
    this.#enter(me, false);
    this.#arrived();
  }

  #arrived() {
    this.#loaded = true;
    this.#asked = 0;
    this.listState = 'idle';
  }

  // What was typed and what is read stays, unless somebody else sits there now, or the
  // server is another one.
  #enter(me: Me, sameFeed: boolean) {
    const before = this.data?.me.agent.id === me.agent.id && me.agent.role !== 'dpo' ? this.data : null;
    if (!before) this.#forget();
    // A choice that is on its way to the server is newer than its answer.
    const { preferences } = before && this.preferences.unsaved ? before.me : me;
    const counts = before && reach(before.me) === reach(me) ? before.counts : null;
    const fresh = { ...emptyDesk({ ...me, preferences }), pending: before?.pending ?? {}, counts };
    this.data = before && sameFeed ? keepOpen(fresh, before, this.opened.id) : fresh;
    this.opened.begin();
    this.#countedAt = 0;
    this.session = 'in';
    void this.approvals.load();
  }

  async #count(): Promise<void> {
    const counts = await this.api.counts().catch((error: unknown) => void this.ended(asProblem(error)));
    if (!counts || !this.data || (parseCursor(counts.as_of)?.n ?? 0) < this.#countedAt) return;
    this.data = { ...this.data, counts: { items: counts.items, unread: counts.unread } };
  }

  // It was asked for: at once, unless loading has led to nothing but loading.
  #reload() {
    if (this.#pause > 0) return this.#later();
    this.#pause = firstPause;
    this.#alive('catching_up');
    void this.load(this.#filter);
  }

  #later() {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.load(this.#filter), this.#pause || firstPause);
    this.#pause = Math.min(longestPause, this.#pause * 2 || firstPause);
    if (!this.#feed.runs()) this.#alive('offline');
  }

  wake() {
    clock.refresh();
    const owed = this.session === 'in' && !this.#loaded && this.listState === 'failed';
    if (owed || this.session === 'unreachable') void this.load(this.#filter);
    this.#feed.wake();
    this.leaving.hurry();
  }

  lost() {
    this.#feed.lost();
  }

  // ------------------------------------------------------------ list

  async list(filter: Filter): Promise<void> {
    const { view, inbox } = this.#filter;
    if (!this.data || (view === filter.view && inbox === filter.inbox && this.listState !== 'failed')) return;
    if (!this.#loaded) return this.load(filter);
    this.#round += 1;
    this.#filter = filter;
    this.data = { ...this.data, list: null };
    await this.#page(filter, '');
  }

  async more(): Promise<void> {
    if (!this.#loaded && this.listState === 'failed') return this.load(this.#filter);
    const next = this.data?.list?.next;
    if (next && this.listState !== 'loading') await this.#page(this.#filter, next);
  }

  async #page(filter: Filter, cursor: string): Promise<void> {
    const round = this.#round;
    this.listState = 'loading';
    this.listProblem = null;
    this.#asked = this.asOf();
    try {
      const page = await this.api.conversations(this.#query(filter, cursor));
      if (round !== this.#round || !this.data) return;
      this.#asked = 0;
      this.data = takeList(this.data, filter, page, parseCursor(page.as_of)?.n ?? this.asOf(), cursor === '');
      this.listState = 'idle';
    } catch (error) {
      const problem = asProblem(error);
      if (this.ended(problem) || round !== this.#round) return;
      this.#asked = 0;
      if (isClosed(problem)) return await this.load(filter);
      this.listProblem = problem;
      this.listState = 'failed';
    }
  }

  #query({ view, inbox }: Filter, cursor = '') {
    return { view, sort: sortOf(view), limit: cursor ? nextPages : pageSize, ...(inbox && { inbox }), ...(cursor && { cursor }) };
  }

  // ------------------------------------------------------------ what is open

  /** Asks soon whether the open Conversation may be written to. */
  recheck() {
    this.permits.soon(() => this.opened.id);
  }

  async refresh(id: string): Promise<void> {
    if (this.opened.id === id) await this.opened.show(id);
  }

  #lost(id: string) {
    this.writing.lose(id);
    this.attaching.lose(id);
    if (this.opened.id === id) this.panel.leave();
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
    this.approvals.take(events);
    if (events.some(({ change }) => change.kind === 'inbox' || change.message?.status === 'failed')) void this.taskCount.load();
    // An Inbox changes, too, when the register behind its gate does.
    if (events.some(({ change }) => change.kind === 'access' || change.kind === 'inbox')) void this.#access();
    const { id } = this.opened;
    if (!id) return;
    if (events.some(({ change }) => change.conversation?.id === id || change.kind === 'inbox')) this.recheck();
    void this.opened.freshen();
  }

  // Events tell of what nobody looks at, and lengthen threads kept ready. Both go now and then.
  #prune(events: DeskEvent[]) {
    this.#sincePruned += events.length;
    if (this.#sincePruned < pruneAfter || !this.data) return;
    this.#sincePruned = 0;
    for (const [id, { ids }] of Object.entries(this.data.threads)) {
      if (id !== this.opened.id && ids.length > longThread) this.data = forgetThread(this.data, id);
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
      if (reach(me) !== reach(before)) return await this.load(this.#filter);
      this.data = { ...this.data, me: { ...me, preferences: (this.preferences.unsaved ? before : me).preferences } };
    } catch (error) {
      if (!this.ended(asProblem(error))) this.#later();
    }
  }

  #alive(state: Liveness) {
    if (state === 'live') this.#inflow.flush();
    if (state === 'live' || this.liveness === 'live') this.liveSince = Date.now();
    this.liveness = state;
    if (state !== 'live') return;
    this.#pause = 0;
    this.reading.again();
    void this.opened.freshen();
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
    for (const part of [this.permits, this.writing, this.attaching, this.work, this.company, this.reading, this.panel, this.approvals, this.taskCount]) part.leave();
  }

  // Nothing of what was read stays in the memory of a page nobody is logged in to.
  #leave(session: Session = 'out') {
    this.#round += 1;
    this.#loaded = false;
    this.#pause = 0;
    clearTimeout(this.#again);
    this.#feed.stop();
    this.#inflow.clear();
    this.data = null;
    this.#forget();
    this.opened.begin();
    this.listState = 'idle';
    this.session = session;
  }
}

// Without a session there is none to close.
async function isClosing(api: Api): Promise<boolean> {
  return api.closeSession().then(
    () => true,
    (error: unknown) => asProblem(error).status === 401,
  );
}
