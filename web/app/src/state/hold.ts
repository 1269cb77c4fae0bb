/** What a list shows while its order is held, and how many rows wait to rise. */
export type Held = { ids: string[]; waiting: number };

/**
 * Keeps the order of a list under a pointer or the keyboard: a row that jumps away is a
 * row clicked by mistake. Rows that left the list leave, rows loaded at its end are
 * added, and those that came in or rose at its head wait and are counted.
 */
export function held(shown: string[], current: string[]): Held {
  const present = new Set(current);
  const before = new Set(shown);
  const kept = shown.filter((id) => present.has(id));
  if (kept.length === 0) return { ids: current, waiting: 0 };
  const end = current.findLastIndex((id) => before.has(id)) + 1;
  return { ids: [...kept, ...current.slice(end)], waiting: risen(kept, current.slice(0, end)) };
}

// Rows only ever rise to the head. Read from the end, what is in its old order stayed;
// where that ends, the head begins.
function risen(kept: string[], current: string[]): number {
  let at = kept.length;
  for (let i = current.length - 1; i >= 0; i--) {
    const next = at > 0 ? kept.lastIndexOf(current[i]!, at - 1) : -1;
    if (next < 0) return i + 1;
    at = next;
  }
  return 0;
}
