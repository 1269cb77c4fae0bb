import type { Account, Controller, InboxSettings, Role } from './state/nouns';

/** Whether nobody could reach the settings any more without this one. */
export function isLastAdmin(agent: Account, everybody: Account[]): boolean {
  const admins = everybody.filter(({ role, state }) => role === 'admin' && state === 'active');
  return admins.length === 1 && admins[0]!.id === agent.id;
}

/** A Controller with its Inboxes, as memberships are chosen. */
export type Served = { controller: Controller; inboxes: InboxSettings[] };

export function servedBy(controllers: Controller[], inboxes: InboxSettings[]): Served[] {
  return controllers.map((controller) => ({
    controller,
    inboxes: inboxes.filter((inbox) => inbox.controller === controller.id),
  }));
}

/** Memberships as they are kept: nobody reads for data protection in a single Inbox. */
export function membershipsOf<T extends { role: Role; controllers: string[]; inboxes: string[] }>(values: T): T {
  return values.role === 'dpo' ? { ...values, inboxes: [] } : values;
}

/** Puts an id into a list or takes it out. */
export function toggled(list: string[], id: string, on: boolean): string[] {
  return on ? [...new Set([...list, id])] : list.filter((other) => other !== id);
}
