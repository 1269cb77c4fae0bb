import type { Change } from '../api/types';
import { parseCursor } from './cursor';
import { frameReader, type Frame } from './frames';

export type Liveness = 'live' | 'catching_up' | 'offline';

export type Listener = {
  /** A committed change with its number. */
  change(change: Change, n: number): void;
  /** The server cannot continue from our cursor: load everything anew. */
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
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function connect() {
    const mine = new AbortController();
    abort = mine;
    watch(mine);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream', 'Last-Event-ID': cursor };
      if (options.language) headers['Accept-Language'] = options.language();
      const response = await get(options.url, { headers, signal: mine.signal, cache: 'no-store' });
      if (mine !== abort) return;
      if (response.status === 401) return end(() => listener.unauthorized());
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
      watch(mine);
      for (const frame of frames(decoder.decode(value, { stream: true }))) {
        take(frame);
        if (mine !== abort) return;
      }
    }
  }

  function take(frame: Frame) {
    if (frame.event === 'reload') return end(() => listener.reload());
    const at = parseCursor(frame.id);
    if (at) cursor = frame.id;
    if (frame.event === 'change' && at) {
      try {
        listener.change(JSON.parse(frame.data) as Change, at.n);
      } catch {
        // A change that was not understood leaves a state nobody should trust.
        return end(() => listener.reload());
      }
    }
    if (frame.event === 'live') {
      failures = 0;
      listener.liveness('live');
    }
  }

  function retry() {
    clearTimeout(timer);
    failures += 1;
    listener.liveness(failures >= offlineAfter ? 'offline' : 'catching_up');
    const wait = Math.min(longestWait, firstWait * 2 ** (failures - 1));
    timer = setTimeout(connect, wait * (0.5 + random() / 2));
  }

  function watch(mine: AbortController) {
    clearTimeout(timer);
    timer = setTimeout(() => mine.abort(), silence);
  }

  function end(then: () => void) {
    stop();
    then();
  }

  function stop() {
    running = false;
    clearTimeout(timer);
    const mine = abort;
    abort = new AbortController();
    mine.abort();
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
      if (!running || failures === 0) return;
      const mine = abort;
      abort = new AbortController();
      mine.abort();
      clearTimeout(timer);
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

export type Stream = ReturnType<typeof createStream>;
