import type { Filter } from './desk';
import { formatRoute, parseRoute, type DeskRoute, type Route } from './route';

/** The address bar as state: a few routes need no routing library. */
class Place {
  /** Where the agent is. */
  at = $state.raw<Route>({ screen: 'invitation' });
  /** The desk: where the agent is in it, or was when another screen was opened. */
  route = $state.raw<DeskRoute>({ screen: 'desk', conversation: '', filter: { view: 'all', inbox: '' } });

  /** Whether the side panel lies over the thread, where there is no room beside it: a step of its own in the history. */
  panel = $state(false);

  #keeper: ((step: () => void) => boolean) | undefined;

  constructor() {
    if (typeof window === 'undefined') return;
    const read = () => parseRoute(window.location.pathname, window.location.search);
    this.#take(read());
    this.panel = isPanel(window.history.state);
    window.addEventListener('popstate', () => {
      this.panel = isPanel(window.history.state);
      this.#back(read());
    });
  }

  /**
   * Asks before every step that leaves where the agent is: a keeper that answers true
   * has the step, and takes it later or never. The answer ends the keeping.
   */
  keep(keeper: (step: () => void) => boolean): () => void {
    this.#keeper = keeper;
    return () => {
      if (this.#keeper === keeper) this.#keeper = undefined;
    };
  }

  /** Goes there; `replace` leaves no step back. */
  go(route: Route, replace = false) {
    if (formatRoute(route) === formatRoute(this.at) || !this.#keeper?.(() => this.#step(route, replace))) this.#step(route, replace);
  }

  #step(route: Route, replace: boolean) {
    const url = formatRoute(route);
    if (url !== window.location.pathname + window.location.search) {
      if (replace) window.history.replaceState(null, '', url);
      else window.history.pushState(null, '', url);
      this.panel = false;
    }
    this.#take(route);
  }

  openPanel() {
    if (this.panel) return;
    window.history.pushState({ panel: true }, '');
    this.panel = true;
  }

  closePanel() {
    if (!this.panel) return;
    this.panel = false;
    if (isPanel(window.history.state)) window.history.back();
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

  // The browser has gone already: who is kept is brought back.
  #back(route: Route) {
    if (formatRoute(route) === formatRoute(this.at)) return;
    if (this.#keeper?.(() => this.#step(route, false))) window.history.pushState(null, '', formatRoute(this.at));
    else this.#take(route);
  }

  #take(route: Route) {
    this.at = route;
    if (route.screen === 'desk') this.route = route;
  }
}

function isPanel(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'panel' in state;
}

export const place = new Place();
