const day = 24 * 3_600_000;

/** How long the server keeps what nobody has decided about, in days. */
const kept = 30;

/** Whole days left to decide about something that arrived then; never below zero. */
export function daysLeft(received: number, now: number): number {
  return Math.max(0, Math.floor((received + kept * day - now) / day));
}
