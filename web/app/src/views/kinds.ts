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
