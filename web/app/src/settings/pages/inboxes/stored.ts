import { t } from '../../../words/t';

/** How many secrets of a kind are stored, which is all that may be known of them. */
export function sayStored(kept: number | boolean): string {
  if (!kept) return t('inboxes.secret.none');
  return kept === true ? t('inboxes.access_token.stored') : t('inboxes.app_secrets.stored', { count: kept });
}
