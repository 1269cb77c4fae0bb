import { expect, test } from 'vitest';
import { Inflow } from '../src/state/inflow';

/** A page whose pictures are drawn by hand. */
function page() {
  const waiting: { run: () => void; at: number }[] = [];
  let now = 0;
  return {
    now: () => now,
    soon(run: () => void, wait: number) {
      const one = { run, at: now + Math.max(wait, 16) };
      waiting.push(one);
      return () => void waiting.splice(waiting.indexOf(one), 1);
    },
    pass(ms: number) {
      for (const until = now + ms; now < until; now++) {
        for (const one of waiting.filter(({ at }) => at <= now)) {
          waiting.splice(waiting.indexOf(one), 1);
          one.run();
        }
      }
    },
  };
}

const events = (...numbers: number[]) => numbers.map((n) => ({ n, change: { kind: 'message' } }));

test('a flood costs a batch in 50 ms, and the order stays', () => {
  const taken: number[][] = [];
  const time = page();
  const inflow = new Inflow((batch) => taken.push(batch.map(({ n }) => n)), time);
  for (let n = 0; n < 200; n++) {
    inflow.push(events(n));
    time.pass(5);
  }
  time.pass(100);
  expect(taken.flat()).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(taken.length).toBeLessThanOrEqual(21);
  expect(taken.length).toBeGreaterThan(10);
});

test('what comes alone is taken with the next picture', () => {
  const taken: number[] = [];
  const time = page();
  const inflow = new Inflow((batch) => taken.push(...batch.map(({ n }) => n)), time);
  time.pass(1000);
  inflow.push(events(1));
  time.pass(20);
  expect(taken).toEqual([1]);
});

test('a long catching-up comes in portions, or at once when asked for', () => {
  const taken: number[] = [];
  const time = page();
  const inflow = new Inflow((batch) => taken.push(batch.length), time);
  inflow.push(events(...Array.from({ length: 1200 }, (_, n) => n)));
  time.pass(60);
  expect(taken).toEqual([500]);
  inflow.flush();
  expect(taken).toEqual([500, 500, 200]);
  time.pass(1000);
  expect(taken.length).toBe(3);
});

test('what was cleared does not come', () => {
  const taken: number[] = [];
  const time = page();
  const inflow = new Inflow((batch) => taken.push(batch.length), time);
  inflow.push(events(1));
  inflow.clear();
  time.pass(1000);
  inflow.flush();
  expect(taken).toEqual([]);
});
