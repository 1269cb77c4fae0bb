/** What the service worker does with a request. */
export type Way =
  | 'page' // ask the server; when it is not there, say so
  | 'kept' // a file whose name tells its content: from the cache first
  | 'leave'; // not ours: the browser goes its way, the worker sees nothing

/** Everything that may hold personal data is left alone: the API, streams, files. */
export function way(request: { method: string; mode: string; url: string }, origin: string): Way {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'leave';
  if (/^\/(api|hooks|healthz|readyz|metrics)(\/|$)/.test(url.pathname)) return 'leave';
  if (url.pathname.startsWith('/assets/')) return 'kept';
  return request.mode === 'navigate' ? 'page' : 'leave';
}

/** A proxy that answers for a server it cannot reach: during a restart, mostly. */
export const isOutOfReach = (status: number) => status >= 502 && status <= 504;

const prefix = 'botschaft-';

export const cacheName = (version: string) => prefix + version;

/**
 * The caches that have had their time. The one before ours stays: pages that are
 * still open were built from it and may ask for the rest of themselves. `names` come
 * in the order in which the caches were made.
 */
export function outdated(names: string[], version: string): string[] {
  const others = names.filter((name) => name.startsWith(prefix) && name !== cacheName(version));
  return others.slice(0, -1);
}
