import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFeed, type Together } from '../src/live/feed';
import { Ring } from '../src/live/ring';
import { serve } from './serve';

/** A browser with the locks and channels that its tabs share. */
function browser() {
  type Request = { grant: () => Promise<void> | undefined; give: () => void; fail: (error: Error) => void };
  let held: Request | null = null;
  let line: Request[] = [];
  const ends = new Set<{ onmessage: unknown }>();

  function next() {
    if (held || line.length === 0) return;
    const mine = (held = line.shift()!);
    void Promise.resolve(mine.grant()).then(() => {
      mine.give();
      if (held !== mine) return;
      held = null;
      next();
    });
  }

  const locks = {
    request: (_: string, options: { steal?: boolean; signal?: AbortSignal }, grant: Request['grant']) =>
      new Promise<void>((give, fail) => {
        const mine: Request = { grant, give, fail };
        options.signal?.addEventListener('abort', () => {
          if (held === mine) return;
          line = line.filter((other) => other !== mine);
          fail(new DOMException('given up', 'AbortError'));
        });
        if (options.steal) {
          held?.fail(new DOMException('stolen', 'AbortError'));
          held = null;
          line.unshift(mine);
        } else line.push(mine);
        queueMicrotask(next);
      }),
  };

  function tab(frozen: () => boolean = () => false): Together {
    const end: { onmessage: ((event: MessageEvent) => void) | null; postMessage(data: unknown): void } = {
      onmessage: null,
      postMessage(data) {
        if (frozen()) return;
        const copy = structuredClone(data);
        for (const other of ends) {
          if (other === end) continue;
          queueMicrotask(() => (other as typeof end).onmessage?.({ data: copy } as MessageEvent));
        }
      },
    };
    ends.add(end);
    return { locks: locks as unknown as Together['locks'], channel: end as unknown as Together['channel'] };
  }

  return { tab, deaf: (together: Together) => ends.delete(together.channel as never) };
}

describe('one stream for all tabs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(0);

  function open(server: ReturnType<typeof serve>, together: Together | null, from = 'f.7', session = 's') {
    const heard: string[] = [];
    const feed = createFeed(
      {
        changes: (events) => heard.push(...events.map(({ n, change }) => (change.kind === 'message' ? String(n) : `${change.kind} ${n}`))),
        reload: () => heard.push('reload'),
        liveness: (state) => heard.push(state),
        unauthorized: () => heard.push('unauthorized'),
        entered: () => heard.push('entered'),
      },
      { url: '/api/v1/events', fetch: server.fetch, random: () => 1, together },
    );
    feed.start(from, session);
    return { feed, heard, numbers: () => heard.filter((word) => /^\d+$/.test(word)).join(' ') };
  }

  const event = (n: number) => `id: f.${n}\nevent: change\ndata: {"kind":"message"}\n\n`;
  const live = (n: number) => `id: f.${n}\nevent: live\ndata: {}\n\n`;

  test('ten tabs make one request, and each hears everything once from its own place', async () => {
    const server = serve();
    const { tab } = browser();
    const first = open(server, tab());
    await settle();
    server.calls[0]!.write(event(8) + event(9) + live(9));
    await settle();
    const others = Array.from({ length: 9 }, (_, i) => open(server, tab(), i % 2 ? 'f.8' : 'f.9'));
    await settle();
    server.calls[0]!.write(event(10));
    await settle();
    expect(server.calls.length).toBe(1);
    expect(first.numbers()).toBe('8 9 10');
    expect(first.feed.leads()).toBe(true);
    for (const [i, other] of others.entries()) {
      expect(other.numbers()).toBe(i % 2 ? '9 10' : '10');
      expect(other.heard).toContain('live');
      expect(other.feed.leads()).toBe(false);
    }
  });

  test('a tab whose list is newer than the stream skips what the list has', async () => {
    const server = serve();
    const { tab } = browser();
    open(server, tab());
    const newer = open(server, tab(), 'f.9');
    await settle();
    server.calls[0]!.write(event(8) + event(9) + event(10));
    await settle();
    expect(newer.numbers()).toBe('10');
  });

  test('when the leading tab closes, the next continues where the stream stood', async () => {
    const server = serve();
    const { tab } = browser();
    const first = open(server, tab());
    const second = open(server, tab());
    const third = open(server, tab());
    await settle();
    server.calls[0]!.write(event(8) + live(8));
    await settle();
    first.feed.stop();
    await settle();
    expect(server.calls.map(({ cursor }) => cursor)).toEqual(['f.7', 'f.8']);
    server.calls[1]!.write(event(9) + live(9));
    await settle();
    expect(second.feed.leads()).toBe(true);
    for (const { numbers, heard } of [second, third]) {
      expect(numbers()).toBe('8 9');
      expect(heard.at(-1)).toBe('live');
      expect(heard).not.toContain('reload');
    }
  });

  test('a tab that the leader cannot serve loads anew, and then leads itself', async () => {
    const server = serve();
    const { tab } = browser();
    open(server, tab(), 'f.50');
    await settle();
    const old = open(server, tab(), 'f.7');
    await settle();
    expect(old.heard.at(-1)).toBe('reload');
    old.feed.start('g.3', 's');
    await settle();
    expect(old.feed.leads()).toBe(true);
    expect(server.calls.at(-1)!.cursor).toBe('g.3');
  });

  test('a tab that missed words asks for them', async () => {
    const server = serve();
    const { tab, deaf } = browser();
    open(server, tab());
    const together = tab();
    const sleepy = open(server, together);
    await settle();
    const { onmessage } = together.channel;
    together.channel.onmessage = null;
    server.calls[0]!.write(event(8));
    await settle();
    together.channel.onmessage = onmessage;
    server.calls[0]!.write(event(9));
    await settle();
    expect(sleepy.numbers()).toBe('8 9');
    deaf(together);
  });

  test('counts carry the number of the change before them, and reach every tab', async () => {
    const server = serve();
    const { tab } = browser();
    const tabs = [open(server, tab()), open(server, tab())];
    await settle();
    server.calls[0]!.write(event(8));
    await settle();
    server.calls[0]!.write('id: f.8\nevent: change\ndata: {"kind":"counts"}\n\n');
    await settle();
    for (const { heard } of tabs) expect(heard.slice(-2)).toEqual(['8', 'counts 8']);
  });

  test('whoever may not listen any more loads anew, in every tab', async () => {
    const server = serve();
    const { tab } = browser();
    const tabs = [open(server, tab()), open(server, tab())];
    await settle();
    server.answer(403);
    server.calls[0]!.cut();
    await vi.advanceTimersByTimeAsync(500);
    for (const { heard, feed } of tabs) {
      expect(heard.at(-1)).toBe('reload');
      expect(feed.runs()).toBe(false);
    }
    const { length } = server.calls;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.calls.length).toBe(length);
  });

  test('nothing that was told stays behind when nobody follows', async () => {
    const server = serve();
    const begin = vi.spyOn(Ring.prototype, 'begin');
    const one = open(server, null);
    await settle();
    server.calls[0]!.write(event(8));
    await settle();
    const ring = begin.mock.contexts.at(-1) as Ring;
    begin.mockRestore();
    expect(ring.since('f.7')?.length).toBe(1);
    one.feed.stop();
    expect(ring.since('f.7')).toBeNull();
  });

  test('a leader that does not answer loses the stream', async () => {
    const server = serve();
    const { tab, deaf } = browser();
    let frozen = false;
    const together = tab(() => frozen);
    open(server, together);
    const second = open(server, tab());
    await settle();
    server.calls[0]!.write(event(8) + live(8));
    await settle();
    frozen = true;
    deaf(together);
    await vi.advanceTimersByTimeAsync(30_000 + 3 * 2000 - 1);
    expect(second.feed.leads()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(second.feed.leads()).toBe(true);
    expect(server.calls.at(-1)!.cursor).toBe('f.8');
  });

  test('an ended session ends in every tab, a reload reaches every tab', async () => {
    const server = serve();
    const { tab } = browser();
    const tabs = [open(server, tab()), open(server, tab())];
    await settle();
    server.answer(401);
    server.calls[0]!.cut();
    await vi.advanceTimersByTimeAsync(500);
    for (const { heard } of tabs) expect(heard.at(-1)).toBe('unauthorized');
    server.answer(200);
    for (const { feed } of tabs) feed.start('f.9', 's2');
    await settle();
    server.calls.at(-1)!.write('event: reload\ndata: {}\n\n');
    await settle();
    for (const { heard } of tabs) expect(heard.at(-1)).toBe('reload');
  });

  test('whoever logs out or in does so in every tab', async () => {
    const server = serve();
    const { tab } = browser();
    const [a, b] = [open(server, tab()), open(server, tab())];
    await settle();
    a.feed.end();
    await settle();
    expect(b.heard.at(-1)).toBe('unauthorized');
    a.feed.start('f.9', 'other');
    await settle();
    expect(b.heard.at(-1)).toBe('entered');
  });

  test('without locks each tab has its own stream', async () => {
    const server = serve();
    open(server, null);
    open(server, null);
    await settle();
    expect(server.calls.length).toBe(2);
  });
});

test('the ring stays bounded and knows how far back it reaches', () => {
  const ring = new Ring(4);
  ring.begin('f.10');
  for (let n = 11; n <= 30; n++) ring.push([{ n, change: { kind: 'message' } }]);
  expect(ring.since('f.28')?.map(({ n }) => n)).toEqual([29, 30]);
  expect(ring.since('f.30')).toEqual([]);
  expect(ring.since('f.20')).toBeNull();
  expect(ring.since('g.29')).toBeNull();
  ring.push([{ n: 30, change: { kind: 'counts' } }]);
  expect(ring.since('f.30')?.map(({ change }) => change.kind)).toEqual(['counts']);
});
