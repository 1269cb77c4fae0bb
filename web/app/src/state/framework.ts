import type { FrameworkHeld } from '../api/types';

/** What becomes of sending while the Data Privacy Framework is held invalid: once for each choice. */
export type Held = { policy: FrameworkHeld['policy']; names: string[]; since: string };

// What stops the most is told first.
const order: readonly FrameworkHeld['policy'][] = ['block', 'fallback_open', 'fallback', 'warn'];

/** Controllers that chose the same are told of together, with the day of the first. */
export function heldBy(framework: readonly FrameworkHeld[]): Held[] {
  return order.flatMap((policy) => {
    const same = framework.filter((one) => one.policy === policy);
    if (same.length === 0) return [];
    const since = same.map((one) => one.since).sort((a, b) => Date.parse(a) - Date.parse(b))[0]!;
    return [{ policy, names: same.map(({ controller }) => controller.name), since }];
  });
}
