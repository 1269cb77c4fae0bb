import type { Policies, Policy } from './state/nouns';

const aboutApprovals: ReadonlySet<string> = new Set(['audit_access', 'single_admin', 'approval_expiry', 'approval_wait']);

/** What was chosen for a policy. */
export const choiceOf = (policies: Policies, key: string): string => policies[key as keyof Policies] ?? '';

/** The policies that stand at something else than their default. */
export function departures(policies: Policies, known: readonly Policy[]): Policy[] {
  return known.filter(({ key, default: usual }) => choiceOf(policies, key) !== usual);
}

/** Whether a change needs a second person, by the rule of the server: what leaves its default, and any about approvals. */
export const needsApproval = (known: readonly Policy[], before: Policies, next: Policies): boolean =>
  known.some(({ key, default: usual }) => {
    const now = choiceOf(next, key);
    return now !== choiceOf(before, key) && (now !== usual || aboutApprovals.has(key));
  });

/** The policies in two parts: what is in effect, and what is kept for later. */
export const parted = (known: readonly Policy[]) =>
  [
    { id: 'now', policies: known.filter(({ in_effect }) => in_effect) },
    { id: 'later', policies: known.filter(({ in_effect }) => !in_effect) },
  ] as const;
