import type { Task } from './state/nouns';

/** Which Tasks a list shows: the open ones, those that are overdue, or what was done lately as well. */
export type Show = 'open' | 'overdue' | 'all';

/** What the page's address asks for; whatever it does not know is the open ones. */
export const showOf = (text: string): Show => (text === 'overdue' || text === 'all' ? text : 'open');

/** What of an answer of the server is shown: it tells of what was done behind what is open. */
export const shownOf = (items: readonly Task[], show: Show): Task[] => (show === 'all' ? [...items] : items.filter(({ done }) => !done));

/** What tells Tasks apart; those that the register or an Inbox makes have no id. */
export function keyOfTask({ id, kind, controller, inbox, alert, about }: Pick<Task, 'id' | 'kind' | 'controller' | 'inbox' | 'alert' | 'about'>): string {
  return id || [kind, controller.id, inbox?.id ?? '', alert?.id ?? '', ...about.map((subject) => `${subject.id} ${subject.title}`)].join(' ');
}

/** Each Task once, as it was told last: one that ends between two pages stands on both. */
export function onceEach(items: readonly Task[]): Task[] {
  const last = new Map(items.map((task) => [keyOfTask(task), task]));
  return items.filter((task) => last.get(keyOfTask(task)) === task);
}
