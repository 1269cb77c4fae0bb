/** A place in the feed of events: `feed.n`. A restore of the server starts a new feed. */
export type Cursor = { feed: string; n: number };

export function parseCursor(text: string): Cursor | null {
  const dot = text.indexOf('.');
  const n = Number(text.slice(dot + 1));
  if (dot < 1 || dot === text.length - 1 || !Number.isSafeInteger(n) || n < 0) return null;
  return { feed: text.slice(0, dot), n };
}
