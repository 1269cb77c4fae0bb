import { dayEnd, dayStart } from './dates';
import type { AuditQuery, RefusalQuery } from './state/nouns';

/** What the audit log is narrowed to, as the page's address keeps it. */
export type Filter = { act: string; agent: string; subject: string; from: string; to: string };
/** The same for what the gate refused. */
export type RefusalFilter = { reason: string; inbox: string; from: string; to: string };

function filterOf<Name extends string>(...names: Name[]) {
  type Narrow = Record<Name, string>;
  return {
    parse: (query: string): Narrow => {
      const given = new URLSearchParams(query);
      return Object.fromEntries(names.map((name) => [name, given.get(name) ?? ''])) as Narrow;
    },
    format: (filter: Narrow): string => {
      const query = new URLSearchParams();
      for (const name of names) if (filter[name]) query.set(name, filter[name]);
      return query.toString();
    },
    isNarrow: (filter: Narrow): boolean => names.some((name) => filter[name] !== ''),
  };
}

export const { parse: parseFilter, format: formatFilter, isNarrow } = filterOf('act', 'agent', 'subject', 'from', 'to');
export const refusals = filterOf('reason', 'inbox', 'from', 'to');
export const tasks = filterOf('show');

/** Whether the days are in order, as far as they are given. */
export const inOrder = ({ from, to }: { from: string; to: string }): boolean => !from || !to || from <= to;

// Days become moments of the house's clock; what is empty is not asked.
function asked<T extends { from: string; to: string }>(filter: T, zone: string): Partial<T> {
  const moment = (at: number) => (Number.isNaN(at) ? '' : new Date(at).toISOString());
  const { from, to } = filter;
  const all = { ...filter, from: from && moment(dayStart(from, zone)), to: to && moment(dayEnd(to, zone)) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as Partial<T>;
}

/** The filter as it is asked of the server. */
export const auditQuery = (filter: Filter, zone: string): AuditQuery => asked(filter, zone);
export const refusalQuery = (filter: RefusalFilter, zone: string): RefusalQuery => asked(filter, zone);
