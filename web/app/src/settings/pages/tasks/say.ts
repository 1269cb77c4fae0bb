import type { Task } from '../../state/nouns';
import { count } from '../../../words/format';
import { t } from '../../../words/t';
import { sayDuty } from '../register/say';

/** What is to be done, in words. */
export function sayWhat({ kind, about }: Task): string {
  if (kind === 'third_person' || kind === 'doubt' || kind === 'invalid') return t(`tasks.${kind}`);
  if (kind === 'failed') return t('tasks.undelivered');
  if (kind === 'paused') return t('tasks.stopped');
  if (kind === 'alert') return t('tasks.alert');
  const { name = '', missing = [], title = '' } = about[0] ?? {};
  return sayDuty({ kind, name, missing, title });
}

/** Whom a Task about a Conversation concerns, as far as it is known outside of it. */
export function sayWhom({ kind, role, note, inbox }: Task): string {
  if (kind === 'paused' || kind === 'alert') return inbox?.name ?? '';
  if (kind === 'failed') return t('tasks.recipient');
  if (kind !== 'third_person') return t('tasks.writer');
  return [role && t(`tasks.role.${role}`), note].filter(Boolean).join(': ');
}

/** How far the day is on which something is due, from so many days before it. */
export function sayDistance(days: number): string {
  if (days < -1) return t('tasks.late', { days: count(-days) });
  if (days === -1) return t('tasks.late.one');
  if (days === 0) return t('tasks.due.today');
  return days === 1 ? t('tasks.left.one') : t('tasks.left', { days: count(days) });
}
