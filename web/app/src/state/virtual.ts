/** What of a long list is put on the page: rows, and gaps in the place of the others. */
export type Segment = { kind: 'row'; key: string; id: string; index: number } | { kind: 'gap'; key: string; rows: number };

/** Rows from `first` up to but not including `last`. */
export type Range = { first: number; last: number };

// The range moves in steps, so that most of a scrolling changes nothing on the page.
const step = 4;
const beyond = 8;

/** The rows of equal height that a box shows, and some above and below. */
export function rangeOf(top: number, height: number, row: number, count: number): Range {
  const at = row > 0 ? Math.floor(Math.max(0, top) / row / step) * step : 0;
  const shown = row > 0 ? Math.ceil(height / row) + step : step;
  const last = Math.min(count, at + shown + beyond);
  return { first: Math.max(0, Math.min(at - beyond, last - shown)), last };
}

/**
 * The list as segments. One row is always there, wherever the box is scrolled: the one
 * that has the focus, or that Tab reaches.
 */
export function segments(ids: readonly string[], { first, last }: Range, pinned: number): Segment[] {
  const out: Segment[] = [];
  const gap = (key: string, from: number, to: number) => {
    if (to > from) out.push({ kind: 'gap', key, rows: to - from });
  };
  const row = (index: number) => out.push({ kind: 'row', key: ids[index]!, id: ids[index]!, index });
  const above = pinned >= 0 && pinned < first;
  const below = pinned >= last && pinned < ids.length;
  if (above) {
    gap('gap 0', 0, pinned);
    row(pinned);
  }
  gap('gap 1', above ? pinned + 1 : 0, first);
  for (let index = first; index < last; index++) row(index);
  gap('gap 2', last, below ? pinned : ids.length);
  if (below) {
    row(pinned);
    gap('gap 3', pinned + 1, ids.length);
  }
  return out;
}

/** Where the box must be scrolled to so that a row is whole in it; the same place if it is. */
export function scrolledTo(index: number, top: number, height: number, row: number): number {
  if (index * row < top) return index * row;
  return Math.max(top, (index + 1) * row - height);
}
