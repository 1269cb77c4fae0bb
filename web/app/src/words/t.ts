import { catalogue, type Key } from './catalogue';
import { language, type Language } from './language.svelte';

export type Values = Record<string, string | number>;

/** The words for a key in the chosen language, with {names} filled in. */
export function t(key: Key, values: Values = {}): string {
  return say(key, language.current, values);
}

export function say(key: Key, tongue: Language, values: Values = {}): string {
  return catalogue[key][tongue].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
