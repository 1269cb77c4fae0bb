import type { Details, Message } from './nouns';

type File = NonNullable<Details['file']>;

/** Where the file of a Message is read; each reading asks anew who reads. */
export const place = ({ id }: Pick<Message, 'id'>): string => `/api/v1/messages/${id}/file`;

/** Where the small picture of a picture is read. */
export const thumbnail = (message: Pick<Message, 'id'>): string => `${place(message)}/thumbnail`;

/** Whether it is being fetched, and nothing went wrong yet. */
export const isAsked = (file: File): boolean => file.state === 'waiting' && file.why === '';

/** Whether there is no way to have it any more. */
export const isLost = (file: File, now: number): boolean => file.ask_until === null || Date.parse(file.ask_until) <= now;

const short: Record<string, string> = {
  'image/jpeg': 'JPEG',
  'image/svg+xml': 'SVG',
  'audio/mpeg': 'MP3',
  'audio/mp4': 'M4A',
  'text/plain': 'TXT',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'application/msword': 'DOC',
  'application/vnd.ms-excel': 'XLS',
  'application/vnd.ms-powerpoint': 'PPT',
};

/** What stands in it, in the few letters that people know it by; empty if nobody would. */
export function kindOf(file: Pick<File, 'is'>): string {
  const ending = file.is.slice(file.is.indexOf('/') + 1);
  return short[file.is] ?? (/^[a-z0-9]{2,5}$/.test(ending) ? ending.toUpperCase() : '');
}
