import { wallAt, whenWall } from './zone';

/** A time to put a Conversation off to, by the name of its reason. */
export type Later = { name: 'hour' | 'afternoon' | 'tomorrow' | 'monday'; at: number };

const hour = 3_600_000;
const morning = 8;
const afternoon = 15;
export const longestSnooze = 365 * 24 * hour;

/** The times that are worth offering now, by the clock of the house, soonest first. */
export function laterTimes(now: number, zone: string): Later[] {
  const today = wallAt(now, zone);
  const on = (days: number, hours: number) => whenWall({ ...today, day: today.day + days, hour: hours, minute: 0 }, zone);
  const toMonday = (8 - today.weekday) % 7 || 7;
  const times: Later[] = [{ name: 'hour', at: now + hour }];
  // An afternoon that begins within the hour is no other choice.
  if (on(0, afternoon) > now + hour) times.push({ name: 'afternoon', at: on(0, afternoon) });
  times.push({ name: 'tomorrow', at: on(1, morning) });
  if (toMonday > 1) times.push({ name: 'monday', at: on(toMonday, morning) });
  return times;
}

/** Reads what a field for date and time holds ("2026-11-23T08:00") by the clock of the house; null if it is no time. */
export function pickedTime(value: string, zone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value);
  if (!match) return null;
  const [year, month, day, hours, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return whenWall({ year, month, day, hour: hours, minute }, zone);
}

/** A time as a field for date and time wants it, by the clock of the house. */
export function fieldTime(at: number, zone: string): string {
  const { year, month, day, hour: hours, minute } = wallAt(at, zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${two(minute)}`;
}

export type Picked = { at: number; fault: '' } | { at: null; fault: 'missing' | 'past' | 'far' };

/** Whether a picked time can be taken: it must lie ahead, by a year at most. */
export function checkPicked(value: string, zone: string, now: number): Picked {
  const at = pickedTime(value, zone);
  if (at === null) return { at, fault: 'missing' };
  if (at <= now) return { at: null, fault: 'past' };
  return at - now > longestSnooze ? { at: null, fault: 'far' } : { at, fault: '' };
}
