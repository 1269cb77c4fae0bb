import { dayEnd, dayStart } from './dates';
import type { AuditQuery } from './state/nouns';

/** What the audit log is narrowed to, as the page's address keeps it. */
export type Filter = { act: string; agent: string; subject: string; from: string; to: string };

const names = ['act', 'agent', 'subject', 'from', 'to'] as const;

export function parseFilter(query: string): Filter {
  const given = new URLSearchParams(query);
  return Object.fromEntries(names.map((name) => [name, given.get(name) ?? ''])) as Filter;
}

export function formatFilter(filter: Filter): string {
  const query = new URLSearchParams();
  for (const name of names) if (filter[name]) query.set(name, filter[name]);
  return query.toString();
}

export const isNarrow = (filter: Filter): boolean => names.some((name) => filter[name] !== '');

/** Whether the days are in order, as far as they are given. */
export const inOrder = ({ from, to }: Filter): boolean => !from || !to || from <= to;

/** The filter as it is asked of the server: days become moments of the house's clock. */
export function auditQuery({ act, agent, subject, from, to }: Filter, zone: string): AuditQuery {
  const moment = (at: number) => (Number.isNaN(at) ? '' : new Date(at).toISOString());
  const all = {
    act,
    agent,
    subject,
    from: from && moment(dayStart(from, zone)),
    to: to && moment(dayEnd(to, zone)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
