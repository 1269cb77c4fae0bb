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
  'template',
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

const aboveKinds: Record<string, string> = { picture: 'image', film: 'video' };

/** The name of what a file is; above something else it is told by how it is shown. */
export function fileKind({ kind }: Pick<Message, 'kind'>, { shows, voice }: { shows: string; voice: boolean }): string {
  return kindName(kind === 'template' || kind === 'interactive' ? (aboveKinds[shows] ?? 'document') : kind, voice);
}

/** What a Message is made of; of what we offer to choose, what that is. */
export function madeOf({ kind, details }: Pick<Message, 'kind' | 'details'>): string {
  const offer = details?.offer;
  if (offer?.list) return t('kind.list');
  if (offer?.link) return t('kind.link');
  if (offer?.form) return t('kind.form');
  if (offer?.asks) return t('kind.asks');
  return kindName(kind, details?.file?.voice);
}

const changes = new Set(['reaction', 'edit', 'revoke']);

/** Whether a Message is no word of its own, but is seen at the one that it changes. */
export function changesAnother({ kind, about }: Pick<Message, 'kind' | 'about'>): boolean {
  return about !== null && changes.has(kind);
}
