import type { Api } from '../../api/client';
import type { Account, Controller, InboxSettings } from '../../api/house';
import type { Me, Preferences } from '../../api/types';
import type { Approvals } from '../../state/approvals.svelte';
import type { Desk } from '../../state/store.svelte';
import type { TaskCount } from '../../state/taskcount.svelte';
import { Resource } from './resource.svelte';
import { watched } from './watched';

/** What the pages of the settings share: the calls, who is here, and what the house has. */
export class Office {
  readonly api: Api;
  readonly controllers: Resource<Controller[]>;
  readonly inboxes: Resource<InboxSettings[]>;
  readonly agents: Resource<Account[]>;
  /** The Controller that the pages of data protection are about; "" is the first. */
  chosen = $state('');
  /** What waits for a second person; the stream keeps it fresh. */
  readonly approvals: Approvals;
  /** How much is to be done in all, and how much of it is overdue. */
  readonly taskCount: TaskCount;
  #desk: Desk;

  constructor(desk: Desk) {
    const api = watched(desk.api, (problem) => desk.ended(problem));
    this.#desk = desk;
    this.approvals = desk.approvals;
    this.taskCount = desk.taskCount;
    this.api = api;
    this.controllers = new Resource(async () => (await api.controllers()).items);
    this.inboxes = new Resource(async () => (await api.inboxes()).items);
    this.agents = new Resource(async () => (await api.agents()).items);
  }

  /** Who is here: whoever sees the settings is logged in. */
  get me(): Me {
    return this.#desk.data!.me;
  }

  /** Keeps changed preferences; they hold at once, here and elsewhere. */
  prefer(change: Partial<Preferences>): Promise<void> {
    return this.#desk.preferences.set(change);
  }

  /** How who is here wants to work. */
  get preferences(): Preferences {
    return this.#desk.preferences.now;
  }

  /** Whether who is here may change what the house is set to. */
  get mayChange(): boolean {
    return this.me.agent.role === 'admin';
  }

  /** The name of a thing of the house by its id, as far as it is known here. */
  nameOf = (id: string): string | undefined =>
    named(this.agents.value, id) ?? named(this.inboxes.value, id) ?? named(this.controllers.value, id);
}

function named(list: { id: string; name: string }[] | undefined, id: string): string | undefined {
  return list?.find((one) => one.id === id)?.name;
}
