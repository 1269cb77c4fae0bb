import type { Message } from '../state/nouns';
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

/** The name of what a Message is made of; a recording made in WhatsApp is called so. */
export function kindName(kind: string, voice = false): string {
  if (kind === 'audio' && voice) return t('kind.voice');
  const known = named.find((name) => name === kind);
  return t(`kind.${known ?? 'unsupported'}`);
}

const changes = new Set(['reaction', 'edit', 'revoke']);

/** Whether a Message is no word of its own, but is seen at the one that it changes. */
export function changesAnother({ kind, about }: Pick<Message, 'kind' | 'about'>): boolean {
  return about !== null && changes.has(kind);
}

const files = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** Whether a Message of this kind has a file. */
export function hasFile(kind: string): boolean {
  return files.has(kind);
}
