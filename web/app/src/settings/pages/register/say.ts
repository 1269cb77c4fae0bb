import { keyOf } from '../../diff';
import { sayMissing } from '../../recipient';
import type { Duty } from '../../state/nouns';
import { t } from '../../../words/t';

const say = (name: string, otherwise: string) => {
  const key = keyOf(name);
  return key ? t(key) : otherwise;
};

export const sayRole = (role: string) => say(`recipient.role.${role}`, role);
export const sayData = (data: string) => say(`recipient.data.${data}`, data);
export const sayMechanism = (mechanism = '') => say(`recipient.mechanism.${mechanism || 'none'}`, mechanism);

/** What a Controller has not said of itself, in words. */
export function sayFacts(missing: readonly string[]): string[] {
  const word = (path: string) => {
    if (path.startsWith('purposes.balancing')) return t('missing.purposes_balancing');
    if (path === 'purposes.basis') return t('missing.purposes_basis');
    if (path === 'purposes.interest') return t('missing.purposes_interest');
    if (path === 'dpo.name') return t('controllers.dpo');
    return say(`controllers.${path}`, path);
  };
  return [...new Set(missing.map(word))];
}

/** What somebody must do, in words. */
export function sayDuty(duty: Pick<Duty, 'kind' | 'name' | 'missing' | 'title'>): string {
  if (duty.kind !== 'complete') return t(`duty.${duty.kind}`, { title: duty.title });
  const facts = duty.name ? sayMissing(duty.missing, t) : sayFacts(duty.missing);
  return t('register.missing', { facts: facts.join(', ') });
}
