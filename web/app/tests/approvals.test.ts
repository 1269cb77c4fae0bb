import { describe, expect, test } from 'vitest';
import type { Api } from '../src/api/client';
import { Problem } from '../src/api/problem';
import { Approvals } from '../src/state/approvals.svelte';
import type { DeskEvent } from '../src/state/apply';

/** A desk of somebody in a role, whose server answers with so many that wait for them. */
function deskOf(role: string) {
  let answer: () => Promise<unknown> = async () => ({ items: [] });
  const asked = { times: 0 };
  const api = { approvals: () => ((asked.times += 1), answer()) } as unknown as Api;
  const data = { me: { agent: { role } } } as never;
  const approvals = new Approvals({ api, data, ended: (problem) => problem.status === 401 });
  const waits = (count: number) => (answer = async () => ({ items: [{ may_grant: false }, ...Array(count).fill({ may_grant: true })] }));
  return { approvals, asked, waits, fails: (problem: Problem) => (answer = () => Promise.reject(problem)) };
}

const told = (kind: string) => [{ n: 1, change: { kind } }] as unknown as DeskEvent[];
const settled = () => new Promise((done) => setTimeout(done));

describe('what waits for a second person', () => {
  test('is asked for by those who have a say, and when the stream says so', async () => {
    const { approvals, asked, waits } = deskOf('admin');
    waits(2);
    await approvals.load();
    expect(approvals.waiting).toBe(2);
    waits(1);
    approvals.take(told('message'));
    await settled();
    expect([asked.times, approvals.waiting]).toEqual([1, 2]);
    approvals.take(told('approval'));
    await settled();
    expect([asked.times, approvals.waiting]).toEqual([2, 1]);
  });
  test('is nothing for an agent', async () => {
    const { approvals, asked } = deskOf('agent');
    await approvals.load();
    expect([asked.times, approvals.waiting]).toEqual([0, 0]);
  });
  test('stays as it was while it cannot be asked for, and goes with the session', async () => {
    const { approvals, waits, fails } = deskOf('dpo');
    waits(1);
    await approvals.load();
    fails(new Problem(503, 'unavailable'));
    await approvals.load();
    expect([approvals.waiting, approvals.problem?.code]).toEqual([1, 'unavailable']);
    approvals.leave();
    expect(approvals.waiting).toBe(0);
  });
});
