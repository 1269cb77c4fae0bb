import { describe, expect, test } from 'vitest';
import { rangeOf, scrolledTo, segments } from '../src/state/virtual';

const ids = (count: number) => Array.from({ length: count }, (_, i) => String(i));
const said = (list: ReturnType<typeof segments>) => list.map((s) => (s.kind === 'row' ? s.id : `[${s.rows}]`)).join(' ');

describe('the range', () => {
  test('covers what is seen, wherever the box is scrolled, and stays small', () => {
    const [row, height, count] = [56, 700, 10_000];
    for (let top = 0; top <= row * count - height; top += 331) {
      const { first, last } = rangeOf(top, height, row, count);
      expect(first * row).toBeLessThanOrEqual(top);
      expect(last * row).toBeGreaterThanOrEqual(Math.min(top + height, row * count));
      expect(last - first).toBeLessThanOrEqual(36);
    }
  });

  test('of a short list is the list', () => {
    expect(rangeOf(0, 700, 56, 5)).toEqual({ first: 0, last: 5 });
    expect(rangeOf(0, 700, 56, 0)).toEqual({ first: 0, last: 0 });
  });

  test('stands at the end when the list has become shorter', () => {
    const { first, last } = rangeOf(50_000, 700, 56, 20);
    expect(last).toBe(20);
    expect(first).toBeLessThanOrEqual(20 - 700 / 56);
  });

  test('knows little before the row was measured', () => {
    expect(rangeOf(0, 0, 0, 1000).last).toBeLessThan(20);
  });
});

describe('segments', () => {
  test('are rows with gaps around, as high as the list', () => {
    expect(said(segments(ids(10), { first: 3, last: 6 }, -1))).toBe('[3] 3 4 5 [4]');
    expect(said(segments(ids(10), { first: 0, last: 10 }, 4))).toBe('0 1 2 3 4 5 6 7 8 9');
    expect(said(segments([], { first: 0, last: 0 }, -1))).toBe('');
  });

  test('keep the row with the focus', () => {
    expect(said(segments(ids(10), { first: 4, last: 6 }, 1))).toBe('[1] 1 [2] 4 5 [4]');
    expect(said(segments(ids(10), { first: 4, last: 6 }, 0))).toBe('0 [3] 4 5 [4]');
    expect(said(segments(ids(10), { first: 4, last: 6 }, 3))).toBe('[3] 3 4 5 [4]');
    expect(said(segments(ids(10), { first: 4, last: 6 }, 8))).toBe('[4] 4 5 [2] 8 [1]');
    expect(said(segments(ids(10), { first: 4, last: 6 }, 9))).toBe('[4] 4 5 [3] 9');
  });
});

test('a row is scrolled into the box by the shortest way', () => {
  expect(scrolledTo(5, 0, 560, 56)).toBe(0);
  expect(scrolledTo(10, 0, 560, 56)).toBe(56);
  expect(scrolledTo(2, 300, 560, 56)).toBe(112);
});
