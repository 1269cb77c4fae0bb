import { describe, expect, test } from 'vitest';
import { checkPicked, fieldTime, laterTimes, pickedTime } from '../src/state/snooze';
import { wallAt, whenWall } from '../src/state/zone';

const berlin = 'Europe/Berlin';
const utc = (text: string) => Date.parse(`${text}Z`);
const offered = (text: string, zone = berlin) =>
  Object.fromEntries(laterTimes(utc(text), zone).map(({ name, at }) => [name, fieldTime(at, zone)]));

describe('what is offered', () => {
  test('on a Wednesday morning', () => {
    expect(offered('2026-11-25T09:30')).toEqual({
      hour: '2026-11-25T11:30',
      afternoon: '2026-11-25T15:00',
      tomorrow: '2026-11-26T08:00',
      monday: '2026-11-30T08:00',
    });
  });

  test('late, the afternoon is over; on Sunday, tomorrow is Monday', () => {
    expect(Object.keys(offered('2026-11-25T13:30'))).toEqual(['hour', 'tomorrow', 'monday']);
    expect(Object.keys(offered('2026-11-29T16:00'))).toEqual(['hour', 'tomorrow']);
  });

  test('the day is the house’s, not the browser’s', () => {
    expect(offered('2026-11-25T23:30').tomorrow).toBe('2026-11-27T08:00');
    expect(offered('2026-11-25T23:30', 'UTC').tomorrow).toBe('2026-11-26T08:00');
  });

  test('eight o’clock stays eight o’clock when the clocks change', () => {
    expect(offered('2026-10-24T10:00').tomorrow).toBe('2026-10-25T08:00');
    expect(offered('2026-03-28T10:00').tomorrow).toBe('2026-03-29T08:00');
    expect(offered('2026-12-31T10:00').tomorrow).toBe('2027-01-01T08:00');
  });
});

describe('the clock of a zone', () => {
  test('there and back', () => {
    for (const text of ['2026-01-31T23:59', '2026-03-29T00:30', '2026-07-01T12:00', '2026-10-25T03:30']) {
      const at = utc(text);
      expect(whenWall(wallAt(at, berlin), berlin)).toBe(at);
    }
  });

  test('the hour that is skipped, and the one that comes twice', () => {
    expect(pickedTime('2026-03-29T02:30', berlin)).toBe(utc('2026-03-29T01:30'));
    expect(pickedTime('2026-10-25T02:30', berlin)).toBe(utc('2026-10-25T00:30'));
  });
});

test('a picked time must lie ahead, by a year at most', () => {
  const now = utc('2026-11-25T09:30');
  expect(checkPicked('2026-11-25T10:31', berlin, now)).toEqual({ at: utc('2026-11-25T09:31'), fault: '' });
  expect(checkPicked('2026-11-25T10:30', berlin, now).fault).toBe('past');
  expect(checkPicked('2027-11-26T10:30', berlin, now).fault).toBe('far');
  expect(checkPicked('', berlin, now).fault).toBe('missing');
});
