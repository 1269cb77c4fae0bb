import type { Notices } from './state/nouns';

export type NoticeState = 'none' | 'stale' | 'used';

/** How an Inbox's Notice stands: one language that says something else is enough. */
export function stateOf({ drafts }: Pick<Notices, 'drafts'>): NoticeState {
  if (drafts.length === 0 || drafts.some(({ in_use }) => in_use === 0)) return 'none';
  return drafts.some(({ stale }) => stale) ? 'stale' : 'used';
}

/** The version in use; 0 if there is none. */
export const versionOf = ({ drafts }: Pick<Notices, 'drafts'>): number => Math.max(0, ...drafts.map(({ in_use }) => in_use));

/** The numbers of all versions, the newest first: each stands in several languages. */
export const versionsOf = ({ used }: Pick<Notices, 'used'>): number[] => [...new Set(used.map(({ version }) => version))].sort((a, b) => b - a);
