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

test('ten thousand rows are compared within a moment', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `row ${i}`);
  const from = performance.now();
  expect(held(ids, ['new', ...ids.slice(5000), ...ids.slice(0, 5000)]).ids).toHaveLength(10_000);
  expect(performance.now() - from).toBeLessThan(100);
});
