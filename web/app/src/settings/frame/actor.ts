import type { ActorView } from '../state/nouns';
import { t } from '../../words/t';

/** Who acted, in words: a colleague by name, else what it was. */
export function sayActor(actor: ActorView): string {
  if (actor.name) return actor.name;
  if (actor.kind === 'system' || actor.kind === 'command' || actor.kind === 'agent') return t(`actor.${actor.kind}`);
  return actor.kind;
}
