/** The cards of the side panel, in the order they have until somebody moves them. */
export const cards = ['who', 'why', 'tasks', 'matters', 'notes', 'language'] as const;
export type CardName = (typeof cards)[number];

/** All cards in the order that was kept. New ones stand at the end, unknown ones are left out. */
export function inKeptOrder(kept: readonly string[]): CardName[] {
  const known = kept.filter((name): name is CardName => (cards as readonly string[]).includes(name));
  return [...new Set([...known, ...cards])];
}

/** The order with one card moved up (-1) or down (1). */
export function moved(order: readonly CardName[], name: CardName, by: -1 | 1): CardName[] {
  const at = order.indexOf(name);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return [...order];
  const next = order.filter((other) => other !== name);
  return [...next.slice(0, to), name, ...next.slice(to)];
}
