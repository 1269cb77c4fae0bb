import { t } from '../words/t';
import type { Destination } from './state/nouns';

/** What one is told apart by. */
export const keyOf = ({ host, port, purpose, company }: Destination): string => `${host}:${port} ${purpose} ${company}`;

/** What a way is for, in the reader's language; one that has no words yet by the house's own. */
export function purposeOf({ purpose }: Destination): string {
  if (purpose === 'WhatsApp messages') return t('destinations.whatsapp');
  return purpose === 'proxy' ? t('destinations.proxy') : purpose;
}

/** Who carries what goes there, by the registers of those who send. */
export const carriers = ({ senders }: Destination): string[] => [...new Set(senders.flatMap(({ recipients }) => recipients))];

/** Whether somebody sends there whose register knows of nobody that carries it. */
export const isUnknown = ({ company, senders }: Destination): boolean => company !== '' && senders.some(({ recipients }) => recipients.length === 0);
