/** Items with the same group together, groups in the order of their first item. */
export function grouped<Item extends { group?: string }>(items: Item[]): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = item.group ?? '';
    const members = groups.get(name);
    if (members) members.push(item);
    else groups.set(name, [item]);
  }
  return [...groups];
}
