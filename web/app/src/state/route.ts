import type { View } from '../api/types';
import type { Filter } from './desk';

/** Where the agent is: a list, and perhaps an open Conversation. */
export type Route = { conversation: string; filter: Filter };

const views: readonly View[] = ['mine', 'unassigned', 'all', 'closed'];
export const firstView: View = 'all';

export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const view = views.find((v) => v === query.get('view')) ?? firstView;
  const match = /^\/conversations\/([0-9a-zA-Z-]+)\/?$/.exec(path);
  return { conversation: match?.[1] ?? '', filter: { view, inbox: query.get('inbox') ?? '' } };
}

export function formatRoute({ conversation, filter }: Route): string {
  const query = new URLSearchParams();
  if (filter.view !== firstView) query.set('view', filter.view);
  if (filter.inbox) query.set('inbox', filter.inbox);
  const search = query.toString();
  return (conversation ? `/conversations/${conversation}` : '/') + (search ? `?${search}` : '');
}
