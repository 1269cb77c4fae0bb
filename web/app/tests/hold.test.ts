import { expect, test } from 'vitest';
import { held } from '../src/state/hold';

const of = (shown: string, current: string) => {
  const { ids, waiting } = held([...shown], [...current]);
  return `${ids.join('')} ${waiting}`;
};

test.each([
  ['nothing happened', 'abcd', 'abcd', 'abcd 0'],
  ['one came', 'abcd', 'xabcd', 'abcd 1'],
  ['one rose', 'abcd', 'cabd', 'abcd 1'],
  ['one came and two rose', 'abcd', 'xdbac', 'abcd 3'],
  ['the last rose', 'abc', 'cab', 'abc 1'],
  ['one left', 'abcd', 'acd', 'acd 0'],
  ['one left and one came', 'abcd', 'xacd', 'acd 1'],
  ['more was loaded', 'ab', 'abcd', 'abcd 0'],
  ['more was loaded and one came', 'ab', 'xabcd', 'abcd 1'],
  ['one sank', 'abcd', 'bcda', 'abcd 0'],
  ['one sank behind what was loaded', 'abcd', 'bcdxya', 'abcdxy 0'],
  ['one sank and one came', 'abcd', 'xbcda', 'abcd 1'],
  ['all are others', 'ab', 'xy', 'xy 0'],
  ['the list was empty', '', 'ab', 'ab 0'],
])('%s', (_, shown, current, want) => {
  expect(of(shown, current)).toBe(want);
});

test('a long list costs in proportion to its length', () => {
  // Time of the processor and the best of several tries: the machine may be busy.
  const once = (rows: number) => {
    const ids = Array.from({ length: rows }, (_, i) => `row ${i}`);
    const turned = ['new', ...ids.slice(rows / 2), ...ids.slice(0, rows / 2)];
    const before = process.cpuUsage();
    expect(held(ids, turned).ids).toHaveLength(rows);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const best = (rows: number) => Math.min(...Array.from({ length: 5 }, () => once(rows)));
  // Sixteen times the rows: about 20 with a search by halving, 256 if it is quadratic.
  expect(best(64_000) / best(4000)).toBeLessThan(100);
});
