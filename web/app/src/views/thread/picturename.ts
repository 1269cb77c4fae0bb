import type { Message } from '../../state/nouns';
import { t } from '../../words/t';
import { fileKind } from '../kinds';

/** What a picture or a film is called for those who do not see it: what it is, and from whom. */
export function pictureName(message: Message, contact: string): string {
  const file = message.details?.file;
  const kind = file ? fileKind(message, file) : '';
  return message.direction === 'out' ? t('file.picture.ours', { kind }) : t('file.picture', { kind, name: contact });
}
