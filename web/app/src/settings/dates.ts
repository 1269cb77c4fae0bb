const hour = 3_600_000;

/**
 * The moment a day of the house begins, in milliseconds; `date` is written as
 * 2026-03-29, `zone` is a name such as Europe/Berlin. NaN if it is no date.
 */
export function dayStart(date: string, zone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(utc)) return NaN;
  // The offset is that of the moment looked for, which a first guess may miss where
  // the clocks change; from the second on it is right.
  const first = utc - offset(utc, zone);
  return utc - offset(first, zone);
}

/** The moment the day after begins: until then, and not longer. */
export function dayEnd(date: string, zone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(utc)) return NaN;
  return dayStart(new Date(utc + 24 * hour).toISOString().slice(0, 10), zone);
}

// By how much the clocks of a zone are ahead of UTC at a moment.
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(at / 1000) * 1000;
}
