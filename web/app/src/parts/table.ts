/** One column. `head` is what a row is called by; numbers and times stand at the end. */
export type Column = { id: string; label: string; align?: 'end'; head?: boolean; sorts?: boolean; hideLabel?: boolean };

export type Order = { column: string; down: boolean };

/** The order after a click on a column's head: up first, then down. */
export function nextOrder(order: Order | undefined, column: string): Order {
  return { column, down: order?.column === column ? !order.down : false };
}
