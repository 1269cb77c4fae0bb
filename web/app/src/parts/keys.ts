import { t } from '../words/t';

// Signs that everybody reads the same; the rest has words.
const signs: Record<string, string> = { arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→' };
const named = ['shift', 'enter', 'escape', 'space'] as const;

const mac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);

/**
 * The caps of a shortcut as people read them: "mod+shift+k" is Strg, Umschalt, K;
 * keys pressed one after the other are apart by a space, "g i". `mod` is ⌘ on a Mac.
 */
export function keyCaps(keys: string, onMac = mac): string[][] {
  return keys
    .split(' ')
    .map((chord) => chord.split(/\+(?=.)/))
    .map((chord) => chord.map((key) => cap(key, onMac)));
}

/** The same in one line, for a tooltip. */
export function keyText(keys: string, onMac = mac): string {
  return keyCaps(keys, onMac)
    .map((chord) => chord.join(' + '))
    .join(` ${t('parts.key.then')} `);
}

function cap(key: string, onMac: boolean): string {
  const name = key.toLowerCase();
  if (name === 'mod') return onMac ? '⌘' : t('parts.key.mod');
  if (name === 'alt') return onMac ? '⌥' : 'Alt';
  const word = named.find((known) => known === name);
  if (word) return t(`parts.key.${word}`);
  return signs[name] ?? (key.length === 1 ? key.toLocaleUpperCase() : key);
}
