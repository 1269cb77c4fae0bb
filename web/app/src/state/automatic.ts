import type { Message } from '../api/types';

/** Whether nobody wrote a Message: a Notice, or an answer of the house by itself. It is no colleague's reply. */
export function isAutomatic({ origin }: Pick<Message, 'origin'>): boolean {
  return origin === 'notice' || origin === 'system';
}
