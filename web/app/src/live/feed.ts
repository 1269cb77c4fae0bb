import { parseCursor } from './cursor';
import { isAfter, Ring } from './ring';
import { createStream, type Listener as StreamListener, type Liveness, type Numbered, type StreamOptions } from './stream';

export type Listener = Omit<StreamListener, 'changes'> & {
  changes(events: Numbered[]): void;
  /** Somebody logged in, in another tab of this browser. */
  entered(): void;
};

type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>;
type Locks = { request(name: string, options: LockOptions, callback: () => Promise<void> | undefined): Promise<unknown> };
/** How the tabs of one browser find each other. */
export type Together = { locks: Locks; channel: Channel };

export type FeedOptions = StreamOptions & { together?: Together | null };

// What tabs say to each other. It holds what the stream told, and is kept nowhere.
type Word = { who: string } & (
  | { kind: 'events'; before: string; after: string; events: Numbered[] }
  | { kind: 'liveness'; liveness: Liveness }
  | { kind: 'join'; tab: string; cursor: string }
  | { kind: 'joined'; tab: string; cursor: string; liveness: Liveness; events: Numbered[] | null }
  | { kind: 'leads' | 'reload' | 'ended' | 'entered' }
);

const name = 'botschaft.events';
const ringSize = 1024;
/** An unanswered question is asked again after this, and three are enough. */
const patience = 2000;
const tries = 3;
/** After so much silence a tab asks whether anybody still leads. */
const quiet = 30_000;
/** A tab that cannot continue loads anew; if that soon happens again, it leads itself. */
const soon = 10_000;

/**
 * One event stream for all tabs of a browser. The tab that holds the lock reads the
 * stream and tells the others; each of them continues from the cursor its own list was
 * loaded at. When the leading tab closes, the lock passes on, and the next one
 * continues the stream from where it stands. Without locks every tab has its own.
 */
export function createFeed(listener: Listener, options: FeedOptions) {
  const together = options.together === undefined ? ofBrowser() : options.together;
  const tab = crypto.randomUUID();
  const ring = new Ring(ringSize);
  let who = '';
  let cursor = '';
  let liveness: Liveness = 'catching_up';
  let running = false;
  let leading = false;
  let joined = false;
  let asked = 0;
  let uncovered = -soon;
  let waiting: AbortController | null = null;
  let letGo: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stream = createStream(
    {
      changes(events, after) {
        const before = cursor;
        take(events, after);
        tell({ kind: 'events', before, after, events });
      },
      liveness(state) {
        alive(state);
        tell({ kind: 'liveness', liveness: state });
      },
      reload: () => over('reload'),
      unauthorized: () => over('ended'),
    },
    options,
  );
  if (together) together.channel.onmessage = ({ data }: { data: Word }) => hear(data);

  function take(events: Numbered[], after: string) {
    cursor = after;
    ring.push(events);
    if (events.length > 0) listener.changes(events);
  }

  function alive(state: Liveness) {
    liveness = state;
    listener.liveness(state);
  }

  function tell(word: Word extends infer W ? (W extends Word ? Omit<W, 'who'> : never) : never) {
    together?.channel.postMessage({ ...word, who });
  }

  // ------------------------------------------------------------ leading

  /** Stands in line for the stream, or takes it from a tab that does not answer. */
  function queue(steal: boolean) {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    const held = () => {
      if (waiting !== mine) return undefined;
      lead();
      return new Promise<void>((release) => (letGo = release));
    };
    together!.locks.request(name, steal ? { steal } : { signal: mine.signal }, held).catch(() => {
      // Given up, which changes nothing here, or taken by another tab.
      if (waiting === mine && running) follow();
    });
  }

  function lead() {
    leading = true;
    asked = 0;
    clearTimeout(timer);
    tell({ kind: 'leads' });
    stream.start(cursor);
  }

  function follow() {
    leading = false;
    stream.stop();
    queue(false);
    join();
  }

  // ------------------------------------------------------------ following

  /** Asks whoever leads to continue from here; nobody's answer makes this tab lead. */
  function join() {
    joined = false;
    asked += 1;
    clearTimeout(timer);
    if (asked > tries) {
      asked = 0;
      return queue(true);
    }
    tell({ kind: 'join', tab, cursor });
    timer = setTimeout(join, patience);
  }

  function rest() {
    clearTimeout(timer);
    timer = setTimeout(join, quiet);
  }

  function hear(word: Word) {
    if (word.kind === 'entered' && word.who !== who) return listener.entered();
    if (!running || word.who !== who) return;
    if (word.kind === 'ended' || word.kind === 'reload') return over(word.kind, false);
    if (word.kind === 'join') return leading ? answer(word.tab, word.cursor) : undefined;
    if (leading) return;
    if (word.kind === 'leads') return join();
    if (word.kind === 'joined') return word.tab === tab && !joined ? admitted(word) : undefined;
    if (!joined) return;
    rest();
    if (word.kind === 'liveness') return alive(word.liveness);
    if (word.kind === 'events') follows(word);
  }

  function answer(to: string, from: string) {
    stream.wake();
    tell({ kind: 'joined', tab: to, cursor, liveness, events: ring.since(from) });
  }

  function admitted(word: Extract<Word, { kind: 'joined' }>) {
    asked = 0;
    if (!word.events) return uncover();
    joined = true;
    rest();
    take(word.events, later(cursor, word.cursor));
    alive(word.liveness);
  }

  function follows({ before, after, events }: Extract<Word, { kind: 'events' }>) {
    const at = parseCursor(cursor);
    const from = parseCursor(before);
    // A tab that was frozen may have missed a word.
    if (!at || !from || from.feed !== at.feed || from.n > at.n) return join();
    take(events.filter((event) => isAfter(event, at.n)), later(cursor, after));
  }

  function uncover() {
    clearTimeout(timer);
    const now = Date.now();
    if (now - uncovered < soon) return queue(true);
    uncovered = now;
    stop();
    listener.reload();
  }

  // ------------------------------------------------------------ ends

  function over(kind: 'reload' | 'ended', pass = true) {
    if (pass) tell({ kind });
    stop();
    if (kind === 'reload') return listener.reload();
    who = '';
    listener.unauthorized();
  }

  function stop() {
    running = false;
    leading = false;
    joined = false;
    asked = 0;
    clearTimeout(timer);
    ring.begin(''); // texts stay in no memory that nobody looks after
    stream.stop();
    waiting?.abort();
    waiting = null;
    letGo?.();
    letGo = null;
  }

  return {
    /** Follows from a cursor, for a session: tabs of another one are not listened to. */
    start(from: string, session: string) {
      stop();
      const isNew = who !== session;
      who = session;
      cursor = from;
      ring.begin(from);
      running = true;
      alive('catching_up');
      if (!together) return lead();
      if (isNew) tell({ kind: 'entered' });
      queue(false);
      join();
    },
    stop,
    /** The session was ended here, and with it in every tab. */
    end() {
      tell({ kind: 'ended' });
      stop();
      who = '';
    },
    /** The network is back or the page is looked at again. */
    wake() {
      if (leading) stream.wake();
      else if (running) join();
    },
    /** The network went away. */
    lost() {
      if (leading) stream.lost();
      else if (running) alive('offline');
    },
    cursor: () => cursor,
    leads: () => leading,
    /** Whether it follows, if perhaps from a distance. */
    runs: () => running,
  };
}

function later(a: string, b: string): string {
  const [x, y] = [parseCursor(a), parseCursor(b)];
  return x && y && x.feed === y.feed && x.n > y.n ? a : b;
}

function ofBrowser(): Together | null {
  // Locks are given to secure pages alone; a page without them is on its own.
  if (typeof navigator === 'undefined' || !navigator.locks || typeof BroadcastChannel === 'undefined') return null;
  return { locks: navigator.locks as unknown as Locks, channel: new BroadcastChannel(name) };
}

export type Feed = ReturnType<typeof createFeed>;
