/** Something the palette offers; `said` is all words it is found by, its name first. */
export type Offer = { id: string; name: string; said: string[]; key: string };

/** Words without case, accents and marks, so that "übergeben" is found by "uberg" too. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}?/+ ]+/gu, ' ')
    .trim();
}

/**
 * Offers that have every word of the query, at the beginning of a word rather than
 * within one, in the name rather than in other words. Without a query the recent ones
 * come first.
 */
export function find<T extends Offer>(offers: readonly T[], query: string, recent: readonly string[]): T[] {
  const words = plain(query).split(' ').filter(Boolean);
  const ranked = offers.map((offer, at) => ({ offer, at, rank: words.length > 0 ? rank(offer, words) : 0 }));
  const age = ({ id }: T) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return ranked
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => b.rank! - a.rank! || age(a.offer) - age(b.offer) || a.at - b.at)
    .map(({ offer }) => offer);
}

function rank({ name, said, key }: Offer, words: string[]): number | null {
  let sum = 0;
  for (const word of words) {
    const best = Math.max(...[name, ...said].map((text, i) => worth(plain(text), word) * (i === 0 ? 2 : 1)), key === word ? 3 : 0);
    if (best === 0) return null;
    sum += best;
  }
  return sum;
}

function worth(text: string, word: string): number {
  if (text.startsWith(word)) return 4;
  if (text.includes(` ${word}`)) return 3;
  return text.includes(word) ? 1 : 0;
}
