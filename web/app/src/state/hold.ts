/** What a list shows while its order is held, and how many rows wait to rise. */
export type Held = { ids: string[]; waiting: number };

/**
 * Keeps the order of a list under a pointer or the keyboard: a row that jumps away is a
 * row clicked by mistake. Rows that left the list leave, rows loaded at its end are
 * added; those that came in or rose wait and are counted, and those that sank wait too.
 */
export function held(shown: string[], current: string[]): Held {
  if (shown === current) return { ids: shown, waiting: 0 };
  const before = new Map(shown.map((id, at) => [id, at]));
  const stood = standing(current.map((id) => before.get(id) ?? -1));
  if (stood.size === 0) return { ids: current, waiting: 0 };
  const present = new Set(current);
  const kept = shown.filter((id) => present.has(id));
  const end = [...stood].at(-1)! + 1;
  return {
    ids: [...kept, ...current.slice(end).filter((id) => !before.has(id))],
    waiting: current.slice(0, end).filter((_, at) => !stood.has(at)).length,
  };
}

/**
 * Which places of a list kept their order: the longest sequence of them whose former
 * places rise. A place that was none before is -1.
 */
function standing(former: number[]): Set<number> {
  const ends: number[] = []; // by length, where the sequence with the smallest end ends
  const back = new Array<number>(former.length).fill(-1);
  former.forEach((was, at) => {
    if (was < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (former[ends[middle]!]! < was) low = middle + 1;
      else high = middle;
    }
    if (low > 0) back[at] = ends[low - 1]!;
    ends[low] = at;
  });
  const out: number[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = back[at]!) out.push(at);
  return new Set(out.reverse());
}
