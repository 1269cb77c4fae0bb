import { quietly } from './tooltip';

/**
 * Opens a <dialog> for as long as the attachment lives, and gives the focus back to
 * where it was: the browser does so on close(), but not for a dialog that is taken
 * out of the page while it is open.
 */
export function modal(dialog: HTMLDialogElement) {
  const before = document.activeElement;
  quietly(() => dialog.showModal());
  return () => {
    // The browser tells of it only later, when another dialog may stand open under the same name.
    dialog.addEventListener('close', (event) => event.stopImmediatePropagation(), { capture: true });
    quietly(() => dialog.open && dialog.close());
    // Only focus that was lost is brought back; whoever moved it on meant it.
    const lost = document.activeElement === document.body || dialog.contains(document.activeElement);
    if (lost && before instanceof HTMLElement && before.isConnected) quietly(() => before.focus());
  };
}

/** Whether a click on a dialog met what lies behind it. */
export function isOutside(event: MouseEvent): boolean {
  const dialog = event.currentTarget as HTMLElement;
  if (event.target !== dialog) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
