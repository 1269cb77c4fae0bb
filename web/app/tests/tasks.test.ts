import { describe, expect, test } from 'vitest';
import { monthAfter, urgencyOf } from '../src/state/tasks';

describe('until when', () => {
  const zone = 'Europe/Berlin';
  // Half past midnight of the first in Germany.
  const now = Date.parse('2026-11-30T23:30:00Z');

  test('a day is the house’s, and on the day itself there is still time', () => {
    for (const [due, urgency] of [
      ['2026-11-30', 'overdue'],
      ['2026-12-01', 'today'],
      ['2026-12-04', 'soon'],
      ['2026-12-05', 'later'],
    ]) {
      expect(urgencyOf({ due: due! }, now, zone)).toBe(urgency);
    }
  });

  test('a month ends on the day with the same number, or the last one', () => {
    const after = (at: string, external_at = at) => monthAfter({ at, external_at }, zone);
    expect(after('2026-11-25T12:00:00Z')).toBe('2026-12-25');
    expect(after('2026-01-31T12:00:00Z')).toBe('2026-02-28');
    expect(after('2026-12-31T12:00:00Z')).toBe('2027-01-31');
    expect(after('2026-11-30T23:30:00Z')).toBe('2027-01-01');
    expect(after('2026-11-25T12:00:00Z', '2026-11-24T12:00:00Z')).toBe('2026-12-24');
  });
});
