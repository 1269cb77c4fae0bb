import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Saver, type Saving } from '../src/state/saver';

let saved: string[];
let states: Saving[];
let fail: boolean;
let saver: Saver<string>;

beforeEach(() => {
  vi.useFakeTimers();
  saved = [];
  states = [];
  fail = false;
  const save = async (value: string) => {
    await new Promise((done) => setTimeout(done, 100));
    if (fail) throw new Error('unreachable');
    saved.push(value);
  };
  saver = new Saver(save, { wait: 700, again: 5000, state: (state) => states.push(state) });
});

afterEach(() => vi.useRealTimers());

test('only the last of many changes is saved, a while after it', async () => {
  for (const value of ['a', 'ab', 'abc']) {
    saver.want(value);
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(saved).toEqual(['abc']);
  expect(states.at(-1)).toBe('saved');
});

test('what changes while it is saved is saved after it, never before', async () => {
  saver.want('a');
  void saver.flush();
  saver.want('b');
  expect(states.at(-1)).toBe('waiting');
  void saver.flush();
  await vi.advanceTimersByTimeAsync(1000);
  expect(saved).toEqual(['a', 'b']);
  expect(states.at(-1)).toBe('saved');
});

test('what failed is tried again until it succeeds, in its newest version', async () => {
  fail = true;
  saver.want('a');
  await vi.advanceTimersByTimeAsync(900);
  expect(states.at(-1)).toBe('failed');
  saver.want('ab');
  expect(saver.unsaved()).toEqual({ value: 'ab' });
  fail = false;
  await vi.advanceTimersByTimeAsync(5200);
  expect(saved).toEqual(['ab']);
  expect(saver.unsaved()).toBeNull();
});

test('flush does not wait', async () => {
  saver.want('a');
  const flushed = saver.flush();
  await vi.advanceTimersByTimeAsync(100);
  await flushed;
  expect(saved).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(5000);
  expect(saved).toEqual(['a']);
});

test('what is held waits for what comes next, even after a failure', async () => {
  fail = true;
  saver.want('a');
  await vi.advanceTimersByTimeAsync(900);
  fail = false;
  saver.hold();
  await vi.advanceTimersByTimeAsync(60_000);
  await saver.flush();
  expect(saved).toEqual([]);
  expect(saver.unsaved()).toEqual({ value: 'a' });
  saver.want('b');
  await vi.advanceTimersByTimeAsync(900);
  expect(saved).toEqual(['b']);
});
