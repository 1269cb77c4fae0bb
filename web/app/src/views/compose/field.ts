import type { Field, Style } from '../../state/wording';

const styles: Record<string, Style> = { b: 'bold', i: 'italic' };
// The digits of the main block, by their place: a German keyboard has "/" on 7.
const shifted: Record<string, Style> = {
  KeyX: 'strike',
  Digit7: 'numbers',
  Digit8: 'bullets',
  Digit9: 'quote',
};

/** What a key means in the field: sending, a style, or nothing of ours. */
export function editKey(event: KeyboardEvent, sendKey: 'enter' | 'ctrl_enter'): 'send' | Style | null {
  if (event.isComposing || event.altKey) return null;
  const mod = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter') {
    if (event.shiftKey) return null;
    return mod || sendKey === 'enter' ? 'send' : null;
  }
  if (!mod) return null;
  return (event.shiftKey ? shifted[event.code] : styles[event.key.toLowerCase()]) ?? null;
}

/** Puts a changed text into a field the way typing does, so that the browser can take it back. */
export function replaced(area: HTMLTextAreaElement, next: Field): void {
  area.focus();
  area.setSelectionRange(0, area.value.length);
  // Deprecated and without a successor: nothing else keeps the field's own undo.
  const typed = next.text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, next.text);
  if (!typed) {
    area.value = next.text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(next.start, next.end);
}
