import type { Recipient, Transfer } from './state/nouns';
import type { Key } from '../words/catalogue';
import { catalogue } from '../words/catalogue';

/** One field before and after, as the history gives it. */
export type Alteration = { field: string; before?: string[] | string | null; after?: string[] | string | null };

/** What Art. 28(3) GDPR asks of a contract, by its letters. */
export const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
export const roles = ['processor', 'sub_processor', 'controller', 'joint'] as const;
/** What its first sentence asks of it. */
export const ofProcessing = ['subject', 'duration', 'nature'] as const;
export const dataClasses = ['content', 'identity', 'metadata'] as const;
export const mechanisms = ['dpf', 'adequacy', 'clauses', 'rules', 'exception'] as const;

type Pair = { de: string; en: string };
export type TransferForm = { mechanism: string; module: string; checked: string; checked_by: string; source: string; assessment: string };
export type TermsForm = { title: string; version: string; url: string; digest: string; accepted_by: string; accepted_at: string; reviewed_at: string };
/** A Recipient while somebody fills it in: whatever may be missing is there and empty. */
export type RecipientForm = {
  name: string;
  address: string;
  country: string;
  service: Pair;
  roles: string[];
  for: string;
  data: string[];
  carries: string[];
  own_use: Pair;
  privacy_url: string;
  essence: Pair;
  review_by: string;
  transfer: TransferForm;
  fallback: TransferForm;
  processing: Record<(typeof ofProcessing)[number], string>;
  clauses: Record<(typeof letters)[number], string>;
  terms: TermsForm[];
};

export function formOf(facts: Partial<Recipient>): RecipientForm {
  const pair = (words: Recipient['own_use']): Pair => ({ de: words?.de ?? '', en: words?.en ?? '' });
  return {
    name: facts.name ?? '',
    address: facts.address ?? '',
    country: facts.country ?? '',
    service: pair(facts.service),
    roles: [...(facts.roles ?? [])],
    for: facts.for ?? '',
    data: [...(facts.data ?? [])],
    carries: [...(facts.carries ?? [])],
    own_use: pair(facts.own_use),
    privacy_url: facts.privacy_url ?? '',
    essence: pair(facts.essence),
    review_by: facts.review_by ?? '',
    transfer: transferForm(facts.transfer),
    fallback: transferForm(facts.transfer?.fallback),
    processing: Object.fromEntries(ofProcessing.map((name) => [name, facts.contract?.[name] ?? ''])) as RecipientForm['processing'],
    clauses: Object.fromEntries(letters.map((letter) => [letter, facts.contract?.clauses?.[letter] ?? ''])) as RecipientForm['clauses'],
    terms: (facts.contract?.terms ?? []).map((terms) => ({ ...terms, url: terms.url ?? '', digest: terms.digest ?? '', reviewed_at: terms.reviewed_at ?? '' })),
  };
}

function transferForm(transfer: Transfer | undefined): TransferForm {
  const { mechanism = '', module = 0, checked = '', checked_by = '', source = '', assessment = '' } = transfer ?? {};
  return { mechanism, module: module ? String(module) : '', checked, checked_by, source, assessment };
}

/** What was filled in, as the server takes it. */
export function factsOf(form: RecipientForm): Recipient {
  const filled = <T extends object>(fields: T) =>
    Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (trimmed(value) ? [[name, trimmed(value)]] : []))) as Partial<T>;
  const said = <Name extends string>(name: Name, { de, en }: Pair) =>
    (de.trim() || en.trim() ? { [name]: { de: de.trim(), ...filled({ en }) } } : {}) as Partial<Record<Name, Pair>>;
  const transfer = ({ module, ...rest }: TransferForm): Transfer => ({ ...(filled(rest) as Transfer), ...(module && { module: Number(module) }) });
  const fallback = transfer(form.fallback);
  const clauses = filled(form.clauses) as Record<string, string>;
  return {
    name: form.name.trim(),
    address: form.address.trim(),
    country: form.country.trim().toUpperCase(),
    service: { de: form.service.de.trim(), ...filled({ en: form.service.en }) },
    roles: form.roles,
    ...filled({ for: form.for }),
    data: form.data,
    ...(form.carries.length > 0 && { carries: form.carries }),
    ...said('own_use', form.own_use),
    ...filled({ privacy_url: form.privacy_url }),
    ...said('essence', form.essence),
    review_by: form.review_by,
    transfer: { ...transfer(form.transfer), ...(Object.keys(fallback).length > 0 && { fallback }) },
    contract: {
      ...filled(form.processing),
      ...(Object.keys(clauses).length > 0 && { clauses }),
      ...(form.terms.length > 0 && {
        terms: form.terms.map(({ url, digest, reviewed_at, ...terms }) => ({ ...terms, ...filled({ url, digest, reviewed_at }) })),
      }),
    },
  };
}

const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : value);

/** What is missing, in words: keys, and the letters of the contract together. */
export function sayMissing(missing: readonly string[], t: (key: Key, values?: Record<string, string>) => string): string[] {
  const clause = 'contract.clauses.';
  const lacking = missing.filter((path) => path.startsWith(clause)).map((path) => path.slice(clause.length));
  const rest = missing.filter((path) => !path.startsWith(clause)).map((path) => {
    const key = labelOf(path);
    return key ? t(key) : path;
  });
  return [...new Set(rest), ...(lacking.length > 0 ? [t('recipient.clauses.missing', { letters: lacking.join(', ') })] : [])];
}

/** The words for a field of a Recipient by its path; undefined if it has none. */
export function labelOf(path: string): Key | undefined {
  const plain = path.replace(/\.\d+(?=\.|$)/g, '');
  const name = plain
    .replace(/^contract\.clauses\./, 'clause.')
    .replace(/^contract\.terms/, 'terms')
    .replace(/^transfer\.fallback\..*$/, 'transfer.fallback');
  return [name, name.replace(/\.\w+$/, '')].map((one) => `recipient.${one}`).find((one): one is Key => one in catalogue);
}

/** The words for a code in a field of a Recipient. */
export function wordOf(path: string, value: string): Key | undefined {
  const of = path === 'roles' ? 'role' : path === 'data' ? 'data' : path.endsWith('mechanism') ? 'mechanism' : '';
  const key = `recipient.${of}.${value}`;
  return of && key in catalogue ? (key as Key) : undefined;
}

/** Every field that two versions differ in. */
export function alterations(before: object | undefined, after: object | undefined): Alteration[] {
  const [old, now] = [flat(before ?? {}), flat(after ?? {})];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path)?.join('\n') !== now.get(path)?.join('\n'))
    .map((field) => ({ field, before: old.get(field) ?? [], after: now.get(field) ?? [] }));
}

function flat(value: object, path = '', into = new Map<string, string[]>()): Map<string, string[]> {
  for (const [name, part] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    if (Array.isArray(part) && part.every((one) => typeof one !== 'object')) {
      if (part.length > 0) into.set(at, part.map(String));
    } else if (typeof part === 'object' && part !== null) flat(part, at, into);
    else if (part !== '' && part !== null && part !== undefined) into.set(at, [String(part)]);
  }
  return into;
}
