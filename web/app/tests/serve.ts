import { vi } from 'vitest';

/** A server of event streams whose lines are written and cut by hand. */
export function serve() {
  const calls: { cursor: string; write(text: string): void; cut(): void }[] = [];
  let status = 200;
  let reachable = true;
  const fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
    if (!reachable) throw new TypeError('no network');
    const encoder = new TextEncoder();
    let line!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (line = controller) });
    init?.signal?.addEventListener('abort', () => {
      try {
        line.error(new DOMException('aborted', 'AbortError'));
      } catch {
        // cut before
      }
    });
    calls.push({
      cursor: new Headers(init?.headers).get('Last-Event-ID') ?? '',
      write: (text) => line.enqueue(encoder.encode(text)),
      cut: () => line.close(),
    });
    return new Response(status === 200 ? body : null, { status });
  });
  return {
    calls,
    fetch: fetch as unknown as typeof globalThis.fetch,
    answer: (next: number) => (status = next),
    reach: (next: boolean) => (reachable = next),
  };
}
