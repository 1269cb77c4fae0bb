import type { View } from '../api/types';
import type { Filter } from './desk';

/** The desk: a list, and perhaps an open Conversation. */
export type DeskRoute = { screen: 'desk'; conversation: string; filter: Filter };
/** The settings: one of their pages ("" is the first), and what it looks for. */
export type SettingsRoute = { screen: 'settings'; page: string; query: string };
/** Where whoever was invited chooses a password; the secret is in the fragment. */
export type InvitationRoute = { screen: 'invitation' };

/** Where the agent is. */
export type Route = DeskRoute | SettingsRoute | InvitationRoute;

const views: readonly View[] = ['mine', 'unassigned', 'all', 'closed'];
export const firstView: View = 'all';

export function parseRoute(path: string, search: string): Route {
  const settings = /^\/settings(?:\/(.*?))?\/?$/.exec(path);
  if (settings) return { screen: 'settings', page: settings[1] ?? '', query: search.replace(/^\?/, '') };
  if (/^\/invitation\/?$/.test(path)) return { screen: 'invitation' };
  const query = new URLSearchParams(search);
  const view = views.find((v) => v === query.get('view')) ?? firstView;
  const match = /^\/conversations\/([0-9a-zA-Z-]+)\/?$/.exec(path);
  return { screen: 'desk', conversation: match?.[1] ?? '', filter: { view, inbox: query.get('inbox') ?? '' } };
}

export function formatRoute(route: Route): string {
  if (route.screen === 'invitation') return '/invitation';
  if (route.screen === 'settings') {
    return `/settings${route.page ? `/${route.page}` : ''}${route.query ? `?${route.query}` : ''}`;
  }
  const { conversation, filter } = route;
  const query = new URLSearchParams();
  if (filter.view !== firstView) query.set('view', filter.view);
  if (filter.inbox) query.set('inbox', filter.inbox);
  const search = query.toString();
  return (conversation ? `/conversations/${conversation}` : '/') + (search ? `?${search}` : '');
}
