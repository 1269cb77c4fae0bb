const pause = 60_000; // ms

/** Whether a page that lost a part of itself may start anew: not again and again. */
export function mayReload(last: number, now: number): boolean {
  return now - last > pause;
}
