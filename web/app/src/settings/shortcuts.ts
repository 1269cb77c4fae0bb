import { commandIds, conflicts, keyOf, type Chosen } from '../commands/keys';
import { known, type CommandId, type Group } from '../commands/known';

/** A command with the key it has now, and whether somebody chose that key. */
export type Bound = { id: CommandId; key: string; own: boolean };

export const groups: readonly Group[] = ['list', 'work', 'go', 'app'];

export function bindings(group: Group, chosen: Chosen): Bound[] {
  return commandIds
    .filter((id) => known[id].group === group)
    .map((id) => ({ id, key: keyOf(id, chosen), own: id in chosen }));
}

/** The command that a key would get in the way of. */
export function inTheWay(id: CommandId, key: string, chosen: Chosen): CommandId | undefined {
  return conflicts({ ...chosen, [id]: key }).get(id)?.[0];
}

/** Chosen keys after a choice; what a command has anyway is no choice. */
export function choose(id: CommandId, key: string, chosen: Chosen): Record<string, string> {
  const { [id]: _, ...rest } = chosen;
  return key === keyOf(id, {}) ? rest : { ...rest, [id]: key };
}

/** Keys that only change what another key means. */
export const modifiers: readonly string[] = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified'];
