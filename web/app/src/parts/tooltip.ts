import { place } from './placement';

// One tooltip exists at a time, and its element only while it is shown.
let shown: { anchor: HTMLElement; element: HTMLElement } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

let quiet = false; // the focus is put where nobody asked for it

const wait = 400; // ms under the pointer; the keyboard waits for nothing
const linger = 120; // ms to move from the anchor onto the tooltip

/**
 * Shows a text beside an element on hover and keyboard focus: {@attach tooltip(() => text)}.
 * It can be hovered itself, stays while either is, and Esc takes it away (WCAG 1.4.13).
 * It only repeats to the eye what the element already is called; names and
 * descriptions belong into the markup.
 */
export function tooltip(text: () => string) {
  return (anchor: HTMLElement) => {
    const enter = (event: PointerEvent) => {
      if (event.pointerType === 'mouse') later(() => show(anchor, text()), shown ? 0 : wait);
    };
    // Later, because a popover that closes gives the focus back while no other may open.
    const focus = () => !quiet && anchor.matches(':focus-visible') && later(() => show(anchor, text()), 0);
    const leave = () => later(hide, linger);
    const listeners = { pointerenter: enter, pointerleave: leave, focus, blur: hide, click: hide } as const;
    for (const [name, listener] of Object.entries(listeners)) anchor.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) anchor.removeEventListener(name, listener as EventListener);
      if (shown?.anchor === anchor) hide();
    };
  };
}

/**
 * Moves the focus for somebody, such as into a dialog that opens, without the tooltip of
 * what it meets: nobody asked for it, and it would take the first Esc.
 */
export function quietly(move: () => void) {
  quiet = true;
  try {
    move();
  } finally {
    quiet = false;
  }
}

function later(act: () => void, ms: number) {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
}

function show(anchor: HTMLElement, text: string) {
  hide();
  if (!text || !anchor.isConnected) return;
  const element = document.createElement('div');
  element.className = 'tooltip';
  element.popover = 'manual';
  element.setAttribute('aria-hidden', 'true'); // the anchor says the same
  element.textContent = text;
  element.addEventListener('pointerenter', () => clearTimeout(timer));
  element.addEventListener('pointerleave', () => later(hide, linger));
  // Outside of an open dialog everything is inert and could not be hovered.
  (anchor.closest('dialog') ?? document.body).append(element);
  element.showPopover();
  place(element, anchor, 'below', 'middle');
  document.addEventListener('keydown', escape, true);
  shown = { anchor, element };
}

function hide() {
  clearTimeout(timer);
  document.removeEventListener('keydown', escape, true);
  shown?.element.remove();
  shown = undefined;
}

// The first Esc takes the tooltip away and nothing else.
function escape(event: KeyboardEvent) {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  event.preventDefault();
  hide();
}
