import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseCursor } from '../src/live/cursor';
import { frameReader } from '../src/live/frames';
import { createStream } from '../src/live/stream';
import { serve } from './serve';

describe('frames', () => {
  test('are read across pieces and all line endings', () => {
    const read = frameReader();
    expect(read('id: f.1\r')).toEqual([]);
    expect(read('\nevent: change\r\ndata: {"a":')).toEqual([]);
    expect(read('1}\r\n\r\n: heartbeat\n\n')).toEqual([{ id: 'f.1', event: 'change', data: '{"a":1}' }]);
    expect(read('data: x\ndata: y\n\n')).toEqual([{ id: 'f.1', event: 'message', data: 'x\ny' }]);
    expect(read('id: f.2\n\n')).toEqual([{ id: 'f.2', event: 'message', data: '' }]);
  });

  test('cursors', () => {
    expect(parseCursor('abc.12')).toEqual({ feed: 'abc', n: 12 });
    for (const bad of ['', '12', '.1', 'abc.', 'abc.x', 'abc.-1', 'abc.1.5']) expect(parseCursor(bad), bad).toBeNull();
  });
});

describe('the stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function follow(server: ReturnType<typeof serve>) {
    const heard: string[] = [];
    const stream = createStream(
      {
        changes: (events) => heard.push(...events.map(({ change, n }) => `${change.kind} ${n}`)),
        reload: () => heard.push('reload'),
        liveness: (state) => heard.push(state),
        unauthorized: () => heard.push('unauthorized'),
      },
      { url: '/api/v1/events', fetch: server.fetch, random: () => 1 },
    );
    stream.start('f.7');
    return { stream, heard };
  }

  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('starts at the cursor, tells changes, goes live', async () => {
    const server = serve();
    const { heard, stream } = follow(server);
    await settle();
    expect(server.calls[0]!.cursor).toBe('f.7');
    server.calls[0]!.write('id: f.8\nevent: change\ndata: {"kind":"message"}\n\nid: f.9\nevent: live\ndata: {}\n\n');
    await settle();
    expect(heard).toEqual(['catching_up', 'message 8', 'live']);
    expect(stream.cursor()).toBe('f.9');
    stream.stop();
  });

  test('comes back where it stopped, and calls itself offline only when that fails', async () => {
    const server = serve();
    const { heard, stream } = follow(server);
    await settle();
    server.calls[0]!.write('id: f.8\nevent: live\ndata:\n\n');
    await settle();
    server.reach(false);
    server.calls[0]!.cut();
    await settle();
    expect(heard.at(-1)).toBe('catching_up');
    await vi.advanceTimersByTimeAsync(500);
    expect(heard.at(-1)).toBe('offline');
    server.reach(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.calls[1]!.cursor).toBe('f.8');
    server.calls[1]!.write('event: live\ndata:\n\n');
    await settle();
    expect(heard.at(-1)).toBe('live');
    stream.stop();
  });

  test('waits longer from time to time, never longer than half a minute', async () => {
    const server = serve();
    server.answer(503);
    const { stream } = follow(server);
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000);
    expect(server.calls.length).toBe(4);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(server.calls.length).toBeLessThan(130);
    expect(server.calls.length).toBeGreaterThan(110);
    stream.stop();
  });

  test('silence is a dead line', async () => {
    const server = serve();
    const { heard, stream } = follow(server);
    await settle();
    server.calls[0]!.write('event: live\ndata:\n\n');
    await vi.advanceTimersByTimeAsync(30_000);
    server.calls[0]!.write(': still here\n\n');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(heard.at(-1)).toBe('live');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(heard).toContain('catching_up');
    expect(server.calls.length).toBe(2);
    stream.stop();
  });

  test('reload and an ended session end the stream', async () => {
    const server = serve();
    const { heard } = follow(server);
    await settle();
    server.calls[0]!.write('event: reload\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(heard).toEqual(['catching_up', 'reload']);
    expect(server.calls.length).toBe(1);

    server.answer(401);
    const second = follow(server);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(second.heard).toEqual(['catching_up', 'unauthorized']);
  });

  test('a laptop that slept finds its line dead at once', async () => {
    const server = serve();
    const { stream } = follow(server);
    await settle();
    server.calls[0]!.write('event: live\ndata:\n\n');
    await settle();
    vi.setSystemTime(Date.now() + 3_600_000);
    stream.wake();
    await settle();
    expect(server.calls.length).toBe(2);
    stream.stop();
  });

  test('wakes without waiting when the network is back', async () => {
    const server = serve();
    server.reach(false);
    const { stream } = follow(server);
    await vi.advanceTimersByTimeAsync(20_000);
    server.reach(true);
    stream.wake();
    await settle();
    expect(server.calls.length).toBe(1);
    stream.stop();
  });
});
