import type { Conversation, Named } from '../api/types';

/** What an Agent does with a Conversation. */
export type Act =
  | { kind: 'assign'; agent: Named }
  | { kind: 'release' }
  | { kind: 'transfer'; agent: Named; note: string }
  | { kind: 'close'; reason: string }
  | { kind: 'reopen' }
  | { kind: 'snooze'; until: string | null }
  | { kind: 'wake' };

/**
 * What a Conversation will be once the server agrees, to be shown at once. What else
 * the server may make of it comes with its answer.
 */
export function foresee(conversation: Conversation, act: Act, me: Named, at: string): Conversation {
  switch (act.kind) {
    case 'assign':
    case 'transfer':
      return { ...conversation, assignee: act.agent };
    case 'release':
      return { ...conversation, assignee: null };
    case 'close':
      return { ...conversation, closed_at: at, closure: { at, by: me, reason: act.reason }, snooze: null };
    case 'reopen':
      return { ...conversation, closed_at: null, closure: null };
    case 'snooze':
      return { ...conversation, snooze: { at, by: me, until: act.until } };
    case 'wake':
      return { ...conversation, snooze: null };
  }
}

/**
 * What a Conversation is once an act that was shown has failed: what the act changed is as
 * before, and what changed beside it stays. If the server told of the whole Conversation
 * meanwhile, that is what it is.
 */
export function withdrawn(now: Conversation, before: Conversation, shown: Conversation): Conversation {
  // Whatever is changed here keeps this part as it is; the server's word brings another.
  if (now.inbox !== shown.inbox) return now;
  const changed = Object.entries(before).filter(([name, value]) => shown[name as keyof Conversation] !== value);
  return { ...now, ...Object.fromEntries(changed) };
}

/** The acts that take an act back, given what the Conversation was before it; none if it changed nothing. */
export function inverse(before: Conversation, act: Act, now: number): Act[] {
  const owner: Act = before.assignee ? { kind: 'assign', agent: before.assignee } : { kind: 'release' };
  const rest = before.snooze ? resting(before.snooze.until ?? null, now) : [];
  switch (act.kind) {
    case 'assign':
    case 'transfer':
      return before.assignee?.id === act.agent.id ? [] : [owner];
    case 'release':
      return before.assignee ? [owner] : [];
    case 'close':
      return before.closed_at ? [] : [{ kind: 'reopen' }, ...rest];
    case 'reopen':
      return before.closed_at ? [{ kind: 'close', reason: before.closure?.reason ?? '' }] : [];
    case 'snooze':
      return rest.length > 0 ? rest : [{ kind: 'wake' }];
    case 'wake':
      return rest;
  }
}

function resting(until: string | null, now: number): Act[] {
  return until === null || Date.parse(until) > now ? [{ kind: 'snooze', until }] : [];
}

/** Whether a Conversation still is what an act made of it, as far as the act went. */
export function stillHolds(now: Conversation, act: Act): boolean {
  switch (act.kind) {
    case 'assign':
    case 'transfer':
      return now.assignee?.id === act.agent.id;
    case 'release':
      return !now.assignee;
    case 'close':
      return Boolean(now.closed_at);
    case 'reopen':
      return !now.closed_at;
    case 'snooze':
      return Boolean(now.snooze);
    case 'wake':
      return !now.snooze;
  }
}
