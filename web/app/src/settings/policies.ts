import type { Policies, Policy } from './state/nouns';

/** The choices that something in this version depends on; the rest is kept for what comes. */
export const inForce: ReadonlySet<string> = new Set([
  'outbound',
  'dpf_invalid',
  'notice_repeat',
  'tone',
  'quiet_hours',
  'media',
  'voice',
  'bot',
  'public_sector',
  'audit_access',
  'single_admin',
  'approval_expiry',
  'approval_wait',
]);

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
    { id: 'now', policies: known.filter(({ key }) => inForce.has(key)) },
    { id: 'later', policies: known.filter(({ key }) => !inForce.has(key)) },
  ] as const;
