import { t } from '../words/t';

const named = [
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'interactive',
  'button',
  'order',
  'system',
  'edit',
  'revoke',
] as const;

/** The name of what a Message is made of. */
export function kindName(kind: string): string {
  const known = named.find((name) => name === kind);
  return t(`kind.${known ?? 'unsupported'}`);
}

const unshown = new Set(['image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'order']);

/** Whether all that a Message of this kind says is in its text. */
export function isShown(kind: string): boolean {
  return !unshown.has(kind);
}
