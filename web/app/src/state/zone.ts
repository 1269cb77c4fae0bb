/** A time as a clock on a wall shows it; month 1 to 12, weekday 0 (Sunday) to 6. */
export type Wall = { year: number; month: number; day: number; hour: number; minute: number; weekday: number };

const formats = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What the clocks of a zone show at a time. */
export function wallAt(at: number, zone: string): Wall {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (name: string) => Number(parts[name]);
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    weekday: weekdays.indexOf(parts.weekday ?? ''),
  };
}

/**
 * When the clocks of a zone show this. A day beyond the month is counted on. An hour
 * that is skipped in spring is the one after it; one that comes twice is the first.
 */
export function whenWall(wall: Omit<Wall, 'weekday'>, zone: string): number {
  const wanted = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const shown = (at: number) => {
    const { year, month, day, hour, minute } = wallAt(at, zone);
    return Date.UTC(year, month - 1, day, hour, minute);
  };
  // The offset of a zone before and after a change: one of the two leads there.
  const candidates = [wanted - 86_400_000, wanted + 86_400_000]
    .map((near) => wanted - (shown(near) - near))
    .sort((a, b) => a - b);
  return candidates.find((at) => shown(at) === wanted) ?? candidates.at(-1)!;
}

/** The day of the house's calendar at a moment, as 2026-11-23. */
export function calendarDay(at: number, zone: string): string {
  const { year, month, day } = wallAt(at, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
