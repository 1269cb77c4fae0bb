import { catalogue, type Key } from '../words/catalogue';
import type { PageId, SettingsPage } from './pages';

/** A place in the settings, and the word that led to it. */
export type Hit = { page: PageId; pageTitle: Key; section: string; title: Key; word: Key };

/**
 * Finds sections by German and English words, whatever language is shown: what is
 * searched for may be known from a colleague or a handbook. Every word must begin a
 * word of the place; titles come before what stands under them.
 */
export function search(pages: readonly SettingsPage[], text: string): Hit[] {
  const wanted = fold(text).split(' ').filter(Boolean);
  if (wanted.length === 0) return [];
  const hits: { hit: Hit; rank: number }[] = [];
  for (const page of pages) {
    for (const section of page.sections) {
      const found = best(wanted, page, section.title, section.words);
      if (!found) continue;
      const hit = { page: page.id, pageTitle: page.title, section: section.id, title: section.title, word: found.word };
      hits.push({ hit, rank: found.rank });
    }
  }
  return hits.sort((a, b) => a.rank - b.rank).map(({ hit }) => hit);
}

function best(wanted: string[], page: SettingsPage, title: Key, words: Key[]): { word: Key; rank: number } | undefined {
  if (matches(wanted, [title])) return { word: title, rank: 0 };
  const word = words.find((key) => matches(wanted, [key]));
  if (word) return { word, rank: 1 };
  if (matches(wanted, [page.title])) return { word: title, rank: 2 };
  if (matches(wanted, [page.title, page.lead, title, ...words])) return { word: title, rank: 3 };
  return undefined;
}

function matches(wanted: string[], keys: Key[]): boolean {
  const text = ` ${keys.map((key) => fold(`${catalogue[key].de} ${catalogue[key].en}`)).join(' ')}`;
  return wanted.every((word) => text.includes(` ${word}`) || (word.length > 3 && text.includes(word)));
}

/** Small letters without marks, so that „Schlüssel“ is found as "schlussel" and "schluessel". */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([aou])e/g, '$1')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
