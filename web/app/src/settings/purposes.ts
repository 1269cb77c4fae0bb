import type { Balancing, Facts, Purpose } from './state/nouns';

type Words = { de: string; en: string };
/** A Purpose while somebody fills it in: whatever may be missing is there and empty. */
export type PurposeForm = { name: string; basis: string; name_en: string; interest: Words; balancing: Balancing; period: Words; parties: boolean };
export type FactsValues = Omit<Facts, 'purposes'> & { purposes: PurposeForm[] };

/** What a legitimate interest is balanced by, in the order of the form. */
export const balancing = ['necessity', 'balance', 'safeguards', 'objection', 'approved_by', 'approved_at'] as const;

/** The legal basis that is nobody's but the one's who gave it. */
export const consentBasis = '6(1)(a)';

/** The legal basis that wants it. */
export const interestBasis = '6(1)(f)';

export function purposeForm(purpose: Partial<Purpose> = {}): PurposeForm {
  const words = (pair: Purpose['interest']): Words => ({ de: pair?.de ?? '', en: pair?.en ?? '' });
  return {
    name: purpose.name ?? '',
    basis: purpose.basis ?? '',
    name_en: purpose.name_en ?? '',
    interest: words(purpose.interest),
    balancing: Object.fromEntries(balancing.map((name) => [name, purpose.balancing?.[name] ?? ''])) as Balancing,
    period: words(purpose.period),
    parties: purpose.parties ?? false,
  };
}

export const valuesOf = (facts: Facts): FactsValues => ({ ...structuredClone(facts), purposes: facts.purposes.map(purposeForm) });

/** What was filled in, as the server takes it. What a basis does not ask for is kept if somebody wrote it. */
export function factsOfValues({ purposes, ...facts }: FactsValues): Facts {
  const words = ({ de, en }: Words) => ({ ...(de.trim() && { de: de.trim() }), ...(en.trim() && { en: en.trim() }) });
  return {
    ...facts,
    purposes: purposes.map((purpose) => {
      const [interest, period] = [words(purpose.interest), words(purpose.period)];
      const weighed = Object.fromEntries(balancing.map((name) => [name, purpose.balancing[name].trim()])) as Balancing;
      return {
        name: purpose.name,
        basis: purpose.basis,
        ...(purpose.name_en.trim() && { name_en: purpose.name_en.trim() }),
        ...(Object.keys(interest).length > 0 && { interest }),
        ...(Object.values(weighed).some(Boolean) && { balancing: weighed }),
        ...(Object.keys(period).length > 0 && { period }),
        ...(purpose.parties && { parties: true }),
      };
    }),
  };
}

/** What a Purpose lacks to be used: nothing stands on a legitimate interest that nobody balanced. */
export function lacking(purpose: Purpose): ('interest' | (typeof balancing)[number])[] {
  if (purpose.basis !== interestBasis) return [];
  const interest = purpose.interest?.de?.trim() || purpose.interest?.en?.trim() ? [] : (['interest'] as const);
  return [...interest, ...balancing.filter((name) => !purpose.balancing?.[name]?.trim())];
}
