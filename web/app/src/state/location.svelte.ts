import type { Filter } from './desk';
import { formatRoute, parseRoute, type DeskRoute, type Route } from './route';

/** The address bar as state: a few routes need no routing library. */
class Place {
  /** Where the agent is. */
  at = $state.raw<Route>({ screen: 'invitation' });
  /** The desk: where the agent is in it, or was when another screen was opened. */
  route = $state.raw<DeskRoute>({ screen: 'desk', conversation: '', filter: { view: 'all', inbox: '' } });

  constructor() {
    if (typeof window === 'undefined') return;
    const read = () => this.#take(parseRoute(window.location.pathname, window.location.search));
    read();
    window.addEventListener('popstate', read);
  }

  /** Goes there; `replace` leaves no step back. */
  go(route: Route, replace = false) {
    const url = formatRoute(route);
    if (url !== window.location.pathname + window.location.search) {
      if (replace) window.history.replaceState(null, '', url);
      else window.history.pushState(null, '', url);
    }
    this.#take(route);
  }

  open(conversation: string) {
    this.go({ ...this.route, conversation });
  }

  filter(filter: Filter) {
    this.go({ ...this.route, filter });
  }

  /** Goes to a page of the settings; "" is the first. */
  settings(page: string, query = '') {
    this.go({ screen: 'settings', page, query });
  }

  href(conversation: string): string {
    return formatRoute({ ...this.route, conversation });
  }

  hrefOf(filter: Filter): string {
    return formatRoute({ ...this.route, filter });
  }

  hrefOfSettings(page: string, query = ''): string {
    return formatRoute({ screen: 'settings', page, query });
  }

  #take(route: Route) {
    this.at = route;
    if (route.screen === 'desk') this.route = route;
  }
}

export const place = new Place();
