const day = 24 * 3_600_000;
// Whoever looks in once a month sees it in time.
const soon = 30 * day;

export type Due = 'none' | 'overdue' | 'soon' | 'later';

/** How a day by which something must be looked at stands to today; both as 2026-11-23. On the day itself there is still time. */
export function dueOn(date: string, today: string): Due {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return 'none';
  const left = at - Date.parse(`${today}T00:00:00Z`);
  if (left < 0) return 'overdue';
  return left <= soon ? 'soon' : 'later';
}
