import { known, type CommandId } from './known';
import { opensPalette, pressed, Reader, type Chosen } from './keys';
import { registry } from './registry.svelte';

export type Listening = {
  /** Whether single keys give commands; Ctrl-K always does. */
  shortcuts: () => boolean;
  keys: () => Chosen;
};

// Where keys are characters, or already mean something.
const taken =
  'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], ' +
  '[role=textbox], [role=menu], [role=listbox], [role=tree], [role=grid]';

/** Listens to the keys of the page and gives the commands they stand for. */
export function listen({ shortcuts, keys }: Listening): () => void {
  const reader = new Reader();

  function key(event: KeyboardEvent) {
    if (event.defaultPrevented || document.querySelector('dialog:modal')) return;
    if (opensPalette(event)) return give('palette', event);
    const target = event.target instanceof Element ? event.target : null;
    if (!shortcuts() || target?.closest(taken)) return;
    const one = pressed(event);
    const id = one && reader.read(one, keys(), event.timeStamp, (command) => registry.can(command));
    // A key that is held down goes on in a list, and does nothing twice elsewhere.
    if (id && (!event.repeat || known[id].group === 'list')) give(id, event);
  }

  function give(id: CommandId, event: KeyboardEvent) {
    if (registry.run(id)) event.preventDefault();
  }

  document.addEventListener('keydown', key);
  return () => document.removeEventListener('keydown', key);
}
