import { t } from '../../../words/t';

/** The roles with what they may, as a choice. */
export function roleChoices() {
  const roles = ['agent', 'admin', 'dpo'] as const;
  return roles.map((value) => ({ value, label: t(`role.${value}`), hint: t(`role.${value}.may`) }));
}
