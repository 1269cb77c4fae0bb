import type { Composition, Upload } from '../api/types';

/** Why a file is not brought in, or was not sent. */
export type Why = 'empty' | 'too_large' | 'unsupported' | 'unreachable' | 'refused' | 'overtaken' | 'gone' | 'above' | 'other';

const MB = 1 << 20;

/** What WhatsApp takes, by the type that the browser gives a file, and how large it may be. */
const taken: Record<string, number> = {
  'image/jpeg': 5 * MB,
  'image/png': 5 * MB,
  'image/webp': MB / 2,
  'audio/aac': 16 * MB,
  'audio/amr': 16 * MB,
  'audio/mpeg': 16 * MB,
  'audio/mp3': 16 * MB,
  'audio/mp4': 16 * MB,
  'audio/m4a': 16 * MB,
  'audio/x-m4a': 16 * MB,
  'audio/ogg': 16 * MB,
  'video/ogg': 16 * MB,
  'application/ogg': 16 * MB,
  'video/mp4': 16 * MB,
  'video/3gpp': 16 * MB,
  'text/plain': 100 * MB,
  'text/csv': 100 * MB,
  'application/pdf': 100 * MB,
  'application/msword': 100 * MB,
  'application/vnd.ms-excel': 100 * MB,
  'application/vnd.ms-powerpoint': 100 * MB,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 100 * MB,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 100 * MB,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 100 * MB,
};

/**
 * What is known of a file before it is brought in; the server looks at what stands in it. A file
 * whose type the browser does not know is the server's to judge.
 */
export function fault({ size, type }: Pick<File, 'size' | 'type'>): Why | null {
  if (size === 0) return 'empty';
  const most = type === '' ? 100 * MB : taken[type];
  if (most === undefined) return 'unsupported';
  return size > most ? 'too_large' : null;
}

/** What can stand above a template or an offer. Source: Meta, "Message templates: media headers". */
export const aboveTypes = ['image/jpeg', 'image/png', 'video/mp4', 'video/3gpp', 'application/pdf'];

/** The same of a file that shall stand there. */
export function faultAbove(file: Pick<File, 'size' | 'type'>): Why | null {
  if (file.type !== '' && !aboveTypes.includes(file.type)) return 'above';
  return fault(file) === 'too_large' ? 'above' : fault(file);
}

/** Whether words can stand below it. */
export const hasCaption = (kind: string): boolean => kind === 'image' || kind === 'video' || kind === 'document';

/** The kind that a file will probably have, until the server says. */
export function guess(type: string): Upload['kind'] {
  if (type === 'image/webp') return 'sticker';
  if (type === 'video/ogg' || type === 'application/ogg') return 'audio';
  const family = type.split('/')[0];
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document';
}

/** The Message that sends a file. */
export function contentOf({ id, kind }: Upload, name: string, caption: string, voice: boolean): Composition {
  const text = caption.trim();
  return {
    kind,
    [kind]: {
      file: id,
      ...(hasCaption(kind) && text !== '' && { caption: text }),
      ...(kind === 'document' && { filename: name }),
      ...(kind === 'audio' && voice && { voice }),
    },
  };
}
