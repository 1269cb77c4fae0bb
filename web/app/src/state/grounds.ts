import type { Grounds, LedgerEntry } from '../api/types';

/** The entries that say a Message may be a withdrawal, which nobody has read since. */
export function openDoubts(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const answered = (doubt: LedgerEntry) =>
    entries.some((e) => (e.step === 'cleared' && e.message === doubt.message) || (e.step === 'withdrawn' && e.purpose === '' && e.n > doubt.n));
  return entries.filter((e) => e.step === 'doubted' && e.message !== '' && !answered(e));
}

/** What an objection may be to (GDPR Art. 21): a contract and a duty by law end otherwise. */
const objectableBases = ['6(1)(a)', '6(1)(e)', '6(1)(f)'];

/** The Purposes that somebody may object to and has not yet. */
export function objectable({ purposes, objections }: Pick<Grounds, 'purposes' | 'objections'>): string[] {
  return purposes.filter(({ name, basis }) => objectableBases.includes(basis) && !objections.includes(name)).map(({ name }) => name);
}

/**
 * The Purposes that a Consent can be given for: those that rest on one and are not granted
 * yet; for customers (§ 7(3) UWG) those that rest on a legitimate interest.
 */
export function grantable({ purposes, consents }: Pick<Grounds, 'purposes' | 'consents'>, way: string): string[] {
  const basis = way === 'customer' ? '6(1)(f)' : '6(1)(a)';
  const granted = consents.filter((consent) => consent.stands).map((consent) => consent.purpose);
  return purposes.filter((purpose) => purpose.basis === basis && !granted.includes(purpose.name)).map((purpose) => purpose.name);
}

/** The Purposes that somebody agreed to, and nothing they wrote since has to be read first. */
export function agreed({ consents }: Pick<Grounds, 'consents'>): string[] {
  return consents.filter(({ stands, held }) => stands && !held).map(({ purpose }) => purpose);
}

/** What came of a Notice, the furthest step alone. */
export function furthest(showing: Grounds['showings'][number]): { step: 'sent' | 'accepted' | 'delivered' | 'read'; at: string } {
  if (showing.read) return { step: 'read', at: showing.read };
  if (showing.delivered) return { step: 'delivered', at: showing.delivered };
  return showing.accepted ? { step: 'accepted', at: showing.accepted } : { step: 'sent', at: showing.at };
}
