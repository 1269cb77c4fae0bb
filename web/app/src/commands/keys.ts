import { known, type CommandId, type Known } from './known';

/** The keys an Agent gave commands, by command; "" takes a command its key. */
export type Chosen = Readonly<Record<string, string>>;

export const commandIds = Object.keys(known) as CommandId[];

/** The key of a command: the chosen one, else its own, else "". */
export function keyOf(id: CommandId, chosen: Chosen): string {
  return chosen[id] ?? (known[id] as Known).key ?? '';
}

/**
 * Commands that get in each other's way, by command: they have the same key, or one
 * begins with the key of the other, which then could never be finished.
 */
export function conflicts(chosen: Chosen): Map<CommandId, CommandId[]> {
  const keyed = commandIds.map((id) => ({ id, key: keyOf(id, chosen) })).filter(({ key }) => key !== '');
  const found = new Map<CommandId, CommandId[]>();
  for (const { id, key } of keyed) {
    const others = keyed.filter((other) => other.id !== id && collide(key, other.key)).map((other) => other.id);
    if (others.length > 0) found.set(id, others);
  }
  return found;
}

function collide(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'> & {
  getModifierState(key: string): boolean;
};

/**
 * The key that was pressed as a command may have it, or null if it may have none: a
 * character as it is printed, wherever the keyboard has it. Keys with Ctrl, ⌘, Alt or
 * AltGr belong to the browser and to the keyboard's own characters, and those that
 * move, write or leave have their meaning already.
 */
export function pressed(event: Pressed): string | null {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.getModifierState('AltGraph')) return null;
  if (event.key === ' ' || [...event.key].length !== 1) return null;
  const lower = event.key.toLowerCase();
  // Shift makes signs such as "?" and is part of them; a letter with Shift is another key.
  return event.shiftKey && lower !== event.key.toUpperCase() ? `shift+${lower}` : lower;
}

/** Ctrl-K or ⌘-K, which always open the palette. */
export const paletteKey = 'mod+k';

export function opensPalette(event: Pressed): boolean {
  return (event.ctrlKey !== event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
}

/** How long the second key of two may take. */
export const patience = 1500;

/** Reads keys one after the other and says which command they make. */
export class Reader {
  #first = '';
  #at = -Infinity;

  /** The command, or null; `now` in milliseconds. */
  read(key: string, chosen: Chosen, now: number, can: (id: CommandId) => boolean): CommandId | null {
    const sequence = this.#first && now - this.#at < patience ? `${this.#first} ${key}` : key;
    const began = sequence !== key;
    this.#first = '';
    const found = commandIds.filter((id) => keyOf(id, chosen) === sequence);
    if (found.length > 0) return found.find(can) ?? null;
    if (!began && commandIds.some((id) => keyOf(id, chosen).startsWith(`${key} `))) {
      this.#first = key;
      this.#at = now;
    }
    return null;
  }
}
