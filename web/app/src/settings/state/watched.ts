import type { Api } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';

/**
 * The same calls, told to whoever watches over the session when one fails: some who
 * see the settings follow no stream that would say that it has ended.
 */
export function watched(api: Api, failed: (problem: Problem) => unknown): Api {
  const watch =
    (call: (...given: unknown[]) => Promise<unknown>) =>
    async (...given: unknown[]) => {
      try {
        return await call(...given);
      } catch (error) {
        const problem = asProblem(error);
        failed(problem);
        throw problem;
      }
    };
  const calls = Object.entries(api) as [string, (...given: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(calls.map(([name, call]) => [name, watch(call)])) as unknown as Api;
}
