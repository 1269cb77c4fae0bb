import type { Change } from '../api/types';
import { parseCursor } from './cursor';
import { frameReader, type Frame } from './frames';

export type Liveness = 'live' | 'catching_up' | 'offline';

/** A committed change with its number. */
export type Numbered = { n: number; change: Change };

export type Listener = {
  /** What one piece of the stream told, in order, and the cursor behind it. */
  changes(events: Numbered[], cursor: string): void;
  /** The server cannot continue from our cursor, or not for this agent: load everything anew. */
  reload(): void;
  liveness(state: Liveness): void;
  /** The session is over. */
  unauthorized(): void;
};

export type StreamOptions = {
  url: string;
  fetch?: typeof fetch;
  language?: () => string;
  /** Silence after which the line counts as dead; the server speaks every 15 s. */
  silence?: number;
  random?: () => number;
};

const firstWait = 500;
const longestWait = 30_000;
// A short break is no news for the person: it stays "catching up" this long.
const offlineAfter = 2;

/**
 * Follows the event stream from a cursor and comes back by itself.
 *
 * It reads the stream by fetch and not by EventSource, because EventSource cannot
 * send the first Last-Event-ID, hides the status (so an ended session looks like a
 * lost network) and hides the heartbeats (so a dead line looks like a quiet one).
 */
export function createStream(listener: Listener, options: StreamOptions) {
  const get = options.fetch ?? fetch.bind(globalThis);
  const silence = options.silence ?? 40_000;
  const random = options.random ?? Math.random;
  let cursor = '';
  let failures = 0;
  let running = false;
  let heard = 0;
  let abort = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;

  async function connect() {
    const mine = new AbortController();
    abort = mine;
    listen(mine);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream', 'Last-Event-ID': cursor };
      if (options.language) headers['Accept-Language'] = options.language();
      const response = await get(options.url, { headers, signal: mine.signal, cache: 'no-store' });
      if (mine !== abort) return;
      if (response.status === 401) return end(() => listener.unauthorized());
      // Whoever may not listen any more has become somebody else: to be asked anew.
      if (response.status === 403) return end(() => listener.reload());
      if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
      await read(response.body, mine);
    } catch {
      // Every way to lose the line is mended the same way: below.
    }
    if (mine === abort && running) retry();
  }

  async function read(body: ReadableStream<Uint8Array>, mine: AbortController) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const frames = frameReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || mine !== abort) return;
      heard = Date.now();
      take(frames(decoder.decode(value, { stream: true })));
      if (mine !== abort) return;
    }
  }

  // Changes are told together; what is no change is told after those before it.
  function take(frames: Frame[]) {
    const events: Numbered[] = [];
    const tell = () => {
      if (events.length > 0) listener.changes(events.splice(0), cursor);
    };
    for (const frame of frames) {
      if (frame.event === 'reload') {
        tell();
        return end(() => listener.reload());
      }
      const at = parseCursor(frame.id);
      if (at) cursor = frame.id;
      if (frame.event === 'change' && at) {
        const change = parsed(frame.data);
        // A change that was not understood leaves a state nobody should trust.
        if (!change) return end(() => listener.reload());
        events.push({ n: at.n, change });
      }
      if (frame.event === 'live') {
        tell();
        listener.changes([], cursor);
        failures = 0;
        listener.liveness('live');
      }
    }
    tell();
  }

  function retry() {
    quiet();
    failures += 1;
    listener.liveness(failures >= offlineAfter ? 'offline' : 'catching_up');
    const wait = Math.min(longestWait, firstWait * 2 ** (failures - 1));
    pause = setTimeout(connect, wait * (0.5 + random() / 2));
  }

  // Looks at the clock on the wall: a timer alone stands still while a laptop sleeps.
  function listen(mine: AbortController) {
    quiet();
    heard = Date.now();
    watch = setInterval(() => Date.now() - heard > silence && mine.abort(), silence / 10);
  }

  function quiet() {
    clearTimeout(pause);
    clearInterval(watch);
  }

  function anew() {
    const mine = abort;
    abort = new AbortController();
    mine.abort();
    quiet();
  }

  function end(then: () => void) {
    stop();
    then();
  }

  function stop() {
    running = false;
    anew();
  }

  return {
    start(from: string) {
      stop();
      cursor = from;
      failures = 0;
      running = true;
      listener.liveness('catching_up');
      void connect();
    },
    stop,
    /** The network is back or the page is looked at again: do not wait out the pause. */
    wake() {
      if (!running || (failures === 0 && Date.now() - heard <= silence)) return;
      anew();
      void connect();
    },
    /** The network went away: say so at once. */
    lost() {
      if (!running) return;
      failures = Math.max(failures, offlineAfter);
      listener.liveness('offline');
      abort.abort();
    },
    cursor: () => cursor,
  };
}

function parsed(data: string): Change | null {
  try {
    return JSON.parse(data) as Change;
  } catch {
    return null;
  }
}

export type Stream = ReturnType<typeof createStream>;
