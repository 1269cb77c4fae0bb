import { known, type CommandId, type Known } from '../commands/known';

/** A command with the key it has now, and whether somebody chose that key. */
export type Bound = { id: CommandId; key: string; own: boolean };

export const commands = Object.keys(known) as CommandId[];

/** The key that a command has unless somebody chose another. */
export const keyOf = (id: CommandId): string => (known[id] as Known).key ?? '';

export function bindings(chosen: Record<string, string>): Bound[] {
  return commands.map((id) => ({ id, key: chosen[id] ?? keyOf(id), own: id in chosen }));
}

/**
 * The command that stands in the way of a key: another one has it, or begins or goes
 * on with it ("g" and "g m").
 */
export function conflict(id: CommandId, key: string, chosen: Record<string, string>): CommandId | undefined {
  return bindings(chosen).find((other) => other.id !== id && other.key !== '' && clash(other.key, key))?.id;
}

function clash(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** Chosen keys after a choice; what a command has anyway is no choice. */
export function choose(id: CommandId, key: string, chosen: Record<string, string>): Record<string, string> {
  const { [id]: _, ...rest } = chosen;
  return key === keyOf(id) ? rest : { ...rest, [id]: key };
}

type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; isComposing: boolean };

// What moves, types or leaves in every browser stays what it is.
const reserved = new Set(['Tab', 'Enter', ' ', 'Backspace', 'Delete', 'Home', 'End', 'PageUp', 'PageDown']);

/**
 * What was pressed, as a shortcut is written: undefined for what is none by itself,
 * such as Shift; null for what is reserved. Ctrl, Alt and AltGr belong to the browser
 * and the layout: on a German keyboard AltGr types @ and the brackets.
 */
export function pressed(event: Pressed): string | null | undefined {
  const { key } = event;
  if (event.isComposing || ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified'].includes(key)) return undefined;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (reserved.has(key) || key.startsWith('Arrow') || /^F\d+$/.test(key)) return null;
  return key.length === 1 ? key.toLowerCase() : key;
}
