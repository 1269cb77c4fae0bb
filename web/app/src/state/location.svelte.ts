import type { Filter } from './desk';
import { formatRoute, parseRoute, type Route } from './route';

/** The address bar as state: two routes need no routing library. */
class Place {
  route = $state.raw<Route>({ conversation: '', filter: { view: 'all', inbox: '' } });

  constructor() {
    if (typeof window === 'undefined') return;
    const read = () => (this.route = parseRoute(window.location.pathname, window.location.search));
    read();
    window.addEventListener('popstate', read);
  }

  open(conversation: string) {
    this.#go({ ...this.route, conversation });
  }

  filter(filter: Filter) {
    this.#go({ ...this.route, filter });
  }

  href(conversation: string): string {
    return formatRoute({ ...this.route, conversation });
  }

  hrefOf(filter: Filter): string {
    return formatRoute({ ...this.route, filter });
  }

  #go(route: Route) {
    const url = formatRoute(route);
    if (url !== window.location.pathname + window.location.search) window.history.pushState(null, '', url);
    this.route = route;
  }
}

export const place = new Place();
