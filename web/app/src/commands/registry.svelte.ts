import { untrack } from 'svelte';
import type { CommandId } from './known';

type Doing = { run: () => void; when: () => boolean };

/** What each command does now. The newest registration wins while it lasts. */
class Registry {
  #doings = $state.raw<ReadonlyMap<CommandId, Doing[]>>(new Map());

  add(id: CommandId, doing: Doing): () => void {
    this.#change(id, (doings) => [...doings, doing]);
    return () => this.#change(id, (doings) => doings.filter((other) => other !== doing));
  }

  /** Whether the command can be given now. */
  can(id: CommandId): boolean {
    return this.#doings.get(id)?.at(-1)?.when() ?? false;
  }

  /** Gives the command, if that is possible now. */
  run(id: CommandId): boolean {
    if (!this.can(id)) return false;
    this.#doings.get(id)!.at(-1)!.run();
    return true;
  }

  #change(id: CommandId, change: (doings: Doing[]) => Doing[]) {
    // An effect that registers must not run again because something was registered.
    const now = untrack(() => this.#doings);
    this.#doings = new Map(now).set(id, change(now.get(id) ?? []));
  }
}

export const registry = new Registry();

/**
 * Says what a command does while a component is there; the answer takes it back:
 * `$effect(() => registerCommand('reply', () => composer.focus()))`.
 */
export function registerCommand(id: CommandId, run: () => void, when: () => boolean = () => true): () => void {
  return registry.add(id, { run, when });
}
