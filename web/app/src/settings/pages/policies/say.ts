import { keyOf, policyWord } from '../../diff';
import { language } from '../../../words/language.svelte';
import { t } from '../../../words/t';
import type { Policy } from '../../state/nouns';

// A policy that is newer than this app stands here by its key.
const say = (key: ReturnType<typeof keyOf>, otherwise: string) => (key ? t(key) : otherwise);

export const sayPolicy = (policy: string) => say(keyOf(`policy.${policy}`), policy);
export const sayMeaning = (policy: Policy) => policy.means[language.current];
export const sayChoice = (policy: string, choice: string) => say(policyWord(policy, choice), choice);
