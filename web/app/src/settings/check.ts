import { lacking } from './purposes';
import type { RecipientForm } from './recipient';
import type { Facts, NewAccount, NewInbox, Secrets } from './state/nouns';
import type { Key } from '../words/catalogue';

/** What is wrong, by the name the API gives the field. */
export type Faults = Record<string, Key>;

// The same rules as the server's, so that most slips are named before anything is
// sent; the server has the last word.

const limit = 200;
const bases = new Set(['6(1)(a)', '6(1)(b)', '6(1)(c)', '6(1)(d)', '6(1)(e)', '6(1)(f)']);

export function isEmail(text: string): boolean {
  const parts = text.trim().split('@');
  return parts.length === 2 && parts.every(Boolean) && text.length <= 254 && !/[\s<>,;]/.test(text.trim());
}

function isWebAddress(text: string): boolean {
  const scheme = /^https:\/\//i;
  return scheme.test(text) && URL.canParse(text);
}

function without(faults: Record<string, Key | undefined | false | ''>): Faults {
  return Object.fromEntries(Object.entries(faults).filter((entry): entry is [string, Key] => Boolean(entry[1])));
}

const named = (text: string, most = limit): Key | undefined =>
  !text.trim() ? 'fault.missing' : [...text].length > most ? 'fault.long' : undefined;

/** Facts of Art. 13 may be missing; what is there must be right. */
export function checkFacts(facts: Facts): Faults {
  const faults: Record<string, Key | undefined | false | ''> = {
    name: named(facts.name),
    privacy_url: facts.privacy_url && !isWebAddress(facts.privacy_url) && 'fault.address',
    'dpo.email': facts.dpo.email && !isEmail(facts.dpo.email) && 'fault.email',
  };
  facts.purposes.forEach((purpose, i) => {
    faults[`purposes[${i}].name`] = named(purpose.name);
    faults[`purposes[${i}].basis`] = !bases.has(purpose.basis) && 'fault.basis';
  });
  return without(faults);
}

/** Facts of a Recipient may be missing too; what is there must be right. */
export function checkRecipient(form: RecipientForm): Faults {
  return without({
    name: named(form.name),
    country: form.country.trim() && !/^[a-z]{2}$/i.test(form.country.trim()) && 'fault.country',
    privacy_url: form.privacy_url && !isWebAddress(form.privacy_url.trim()) && 'fault.address',
  });
}

/** How many of the facts of Art. 13 nobody has given yet. */
export function missingFacts(facts: Partial<Facts>): number {
  const said = [facts.address, facts.seat, facts.land, facts.authority, facts.privacy_url, facts.alternative, facts.dpo?.name, facts.dpo?.email];
  const unweighed = facts.purposes?.filter((purpose) => lacking(purpose).length > 0).length ?? 0;
  return said.filter((fact) => !fact).length + (facts.purposes?.length ? 0 : 1) + unweighed;
}

export function checkAgent(agent: NewAccount, isNew: boolean): Faults {
  return without({ name: named(agent.name), email: isNew && (!agent.email.trim() ? 'fault.missing' : !isEmail(agent.email) && 'fault.email') });
}

export function checkReason(reason: string): Faults {
  return without({ reason: named(reason, 500) });
}

export function checkLook({ reason, council }: { reason: string; council: string }): Faults {
  return without({ reason: named(reason, 500), council: named(council, 500) });
}

export function checkInboxName(name: string): Faults {
  return without({ name: named(name) });
}

export function checkInbox(inbox: NewInbox & { auth: string; graph_version: string }): Faults {
  return without({
    name: named(inbox.name),
    controller: !inbox.controller && 'fault.missing',
    phone_number_id: digits(inbox.phone_number_id),
    waba_id: digits(inbox.waba_id),
    graph_url: inbox.graph_url && !isWebAddress(inbox.graph_url) && 'fault.address',
    graph_version: inbox.graph_version && !/^v\d+\.\d+$/.test(inbox.graph_version.trim()) && 'fault.version',
    app_secrets: inbox.app_secrets.length === 0 && 'fault.missing',
    access_token: !inbox.access_token ? 'fault.missing' : token(inbox.access_token),
    verify_tokens: inbox.auth === 'meta_signature' && inbox.verify_tokens.length === 0 && 'fault.missing',
  });
}

export function checkSecrets(secrets: Secrets): Faults {
  const none = !secrets.access_token && !secrets.app_secrets?.length && !secrets.verify_tokens?.length;
  return without({ secrets: none && 'fault.missing', access_token: secrets.access_token && token(secrets.access_token) });
}

const digits = (text: string): Key | undefined =>
  !text.trim() ? 'fault.missing' : /^\d{1,32}$/.test(text.trim()) ? undefined : 'fault.digits';

const token = (text: string): Key | undefined => (/^[!-~]+$/.test(text) ? undefined : 'fault.token');

/** The one rule of passwords: their length. */
export function checkPassword(password: string): Key | undefined {
  const characters = [...password.normalize('NFC')];
  if (characters.length === 0) return 'fault.missing';
  if (characters.length < 10) return 'fault.password.short';
  if (characters.length > 256) return 'fault.password.long';
  return new Set(characters).size === 1 ? 'fault.password.same' : undefined;
}

export function checkToken(name: string, days: string): Faults {
  const count = Number(days);
  return without({ name: named(name), days: (!Number.isInteger(count) || count < 1 || count > 366) && 'fault.days' });
}

/** Secrets are typed one per line. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
