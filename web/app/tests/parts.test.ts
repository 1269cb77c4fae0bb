import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describedBy } from '../src/parts/field';
import { grouped } from '../src/parts/group';
import { keyCaps, keyText } from '../src/parts/keys';
import { placement } from '../src/parts/placement';
import { nextOrder } from '../src/parts/table';
import { Countdown, Toasts } from '../src/parts/toasts.svelte';
import { step, Typeahead } from '../src/parts/typeahead';

test('what describes a control is listed, and nothing when nothing does', () => {
  expect(describedBy('a', false, undefined, 'b')).toBe('a b');
  expect(describedBy('', undefined)).toBeUndefined();
});

test('groups keep the order of their first item', () => {
  const items = [{ id: 1, group: 'b' }, { id: 2 }, { id: 3, group: 'b' }];
  expect(grouped(items).map(([name, members]) => [name, members.map(({ id }) => id)])).toEqual([
    ['b', [1, 3]],
    ['', [2]],
  ]);
});

test('shortcuts are said as the keys are labelled', () => {
  expect(keyCaps('mod+k', false)).toEqual([['Strg', 'K']]);
  expect(keyCaps('mod+k', true)).toEqual([['⌘', 'K']]);
  expect(keyCaps('mod++', false)).toEqual([['Strg', '+']]);
  expect(keyText('g i', false)).toBe('G dann I');
  expect(keyText('shift+ArrowDown', false)).toBe('Umschalt + ↓');
});

describe('placement', () => {
  const view = { width: 400, height: 300 };
  const size = { width: 100, height: 80 };

  test('below, when there is room', () => {
    const anchor = { left: 20, top: 20, right: 60, bottom: 50 };
    expect(placement(anchor, size, view)).toEqual({ left: 20, top: 54 });
  });
  test('above, when there is none below', () => {
    const anchor = { left: 20, top: 250, right: 60, bottom: 280 };
    expect(placement(anchor, size, view)).toEqual({ left: 20, top: 166 });
  });
  test('never outside of the view', () => {
    const anchor = { left: 380, top: 20, right: 400, bottom: 50 };
    expect(placement(anchor, size, view).left).toBe(296);
    expect(placement({ ...anchor, left: 0, right: 20 }, size, view, 'below', 'end').left).toBe(4);
    expect(placement(anchor, { width: 900, height: 900 }, view)).toEqual({ left: 4, top: 4 });
  });
});

describe('typeahead', () => {
  const labels = ['Anna', 'Ben', 'Bert', 'Clara'];

  test('finds by the word that is typed', () => {
    const typed = new Typeahead();
    expect(typed.find(labels, 'b', 0, 0)).toBe(1);
    expect(typed.find(labels, 'e', 1, 100)).toBe(1);
    expect(typed.find(labels, 'r', 1, 200)).toBe(2);
  });
  test('goes round with the same letter, and starts anew after a pause', () => {
    const typed = new Typeahead();
    expect(typed.find(labels, 'b', 0, 0)).toBe(1);
    expect(typed.find(labels, 'B', 1, 2000)).toBe(2);
    expect(typed.find(labels, 'b', 2, 4000)).toBe(1);
    expect(typed.find(labels, 'x', 2, 6000)).toBe(-1);
  });
});

test('arrows go round, Home and End to the ends', () => {
  expect(step('ArrowDown', 2, 3, 'column')).toBe(0);
  expect(step('ArrowUp', 0, 3, 'column')).toBe(2);
  expect(step('ArrowRight', 0, 3, 'column')).toBe(-1);
  expect(step('ArrowRight', 0, 3, 'row')).toBe(1);
  expect(step('End', 0, 3, 'row')).toBe(2);
  expect(step('Home', 2, 0, 'row')).toBe(-1);
});

test('a column is sorted up first, then down', () => {
  const up = nextOrder(undefined, 'at');
  expect(up).toEqual({ column: 'at', down: false });
  expect(nextOrder(up, 'at')).toEqual({ column: 'at', down: true });
  expect(nextOrder(up, 'name')).toEqual({ column: 'name', down: false });
});

test('a countdown that is paused stands still', () => {
  let now = 0;
  const countdown = new Countdown(1000, () => now);
  now = 500;
  expect(countdown.left).toBe(1000);
  countdown.run();
  now = 900;
  countdown.pause();
  now = 5000;
  expect(countdown.left).toBe(600);
  countdown.run();
  now = 9000;
  expect(countdown.left).toBe(0);
});

describe('toasts', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('go by themselves, unless somebody is at them', () => {
    const toasts = new Toasts(Date.now);
    toasts.show('closed', { seconds: 10 });
    vi.advanceTimersByTime(9_000);
    toasts.hold();
    vi.advanceTimersByTime(60_000);
    expect(toasts.list).toHaveLength(1);
    toasts.release();
    vi.advanceTimersByTime(900);
    expect(toasts.list).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(toasts.list).toHaveLength(0);
  });

  test('undo takes back the newest that can be, once', () => {
    const undone: string[] = [];
    const toasts = new Toasts(Date.now);
    toasts.show('first', { undo: () => undone.push('first') });
    toasts.show('second', { undo: () => undone.push('second') });
    toasts.show('nothing to undo');
    expect(toasts.undo()).toBe(true);
    expect(toasts.undo()).toBe(true);
    expect(toasts.undo()).toBe(false);
    expect(undone).toEqual(['second', 'first']);
  });

  test('stand three at a time', () => {
    const toasts = new Toasts(Date.now);
    for (const text of ['a', 'b', 'c', 'd']) toasts.show(text);
    expect(toasts.list.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
  });

  test('all are gone at once, and nobody holds back those who come', () => {
    const toasts = new Toasts(Date.now);
    toasts.show('a', { undo: () => expect.unreachable() });
    toasts.hold();
    toasts.clear();
    expect(toasts.undo()).toBe(false);
    toasts.show('b', { seconds: 1 });
    vi.advanceTimersByTime(1_100);
    expect(toasts.list).toHaveLength(0);
  });

  test('the last one that goes holds nobody back', () => {
    const toasts = new Toasts(Date.now);
    const id = toasts.show('a');
    toasts.hold();
    toasts.dismiss(id);
    toasts.show('b', { seconds: 1 });
    vi.advanceTimersByTime(1_100);
    expect(toasts.list).toHaveLength(0);
  });
});
