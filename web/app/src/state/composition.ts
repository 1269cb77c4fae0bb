import type { Composition, Upload } from '../api/types';
import { lengthOf } from './wording';

/** What can be sent beside text. */
export const ways = ['buttons', 'list', 'link', 'form', 'location', 'contact', 'place', 'card', 'template'] as const;
export type Way = (typeof ways)[number];

/** How a template's button takes its value: the end of its address, what a tap sends back, or the code it copies. */
export const buttonKinds = ['url', 'quick_reply', 'copy_code'] as const;
export type ButtonKind = (typeof buttonKinds)[number];

/** What stands above a text: nothing, words (of a template: a value in its header), a file or a place. */
export type Header = 'none' | 'text' | 'file' | 'place';

/** What can. Source: Meta, "Interactive messages: header", "Message templates: components". */
export function headersOf(way: Way): Header[] {
  if (way === 'template') return ['none', 'text', 'file', 'place'];
  if (way === 'list') return ['none', 'text'];
  return way === 'buttons' || way === 'link' || way === 'form' ? ['none', 'text', 'file'] : [];
}

/** What does: whoever changes the way keeps what cannot stand there, but it does not go out. */
export const headerOf = (way: Way, { above }: Pick<Filled, 'above'>): Header => (headersOf(way).includes(above) ? above : 'none');

/** What somebody typed, for all ways at once: whoever changes the way keeps the text. */
export type Filled = {
  above: Header;
  /** The words above a text. */
  headline: string;
  text: string;
  footer: string;
  answers: string[];
  label: string;
  sections: { title: string; rows: { title: string; description: string }[] }[];
  link: { label: string; url: string };
  /** `flow` is the number or the name of a form that WhatsApp has. */
  form: { flow: string; screen: string; label: string };
  place: { name: string; address: string; latitude: string; longitude: string };
  card: { name: string; work: string; phone: string; email: string; url: string };
  template: {
    name: string;
    language: string;
    /** Of the one place that a header of text can have. */
    header: { name: string; text: string };
    place: Filled['place'];
    /** In the order of their places; named where the template names them. */
    values: { name: string; text: string }[];
    /** `position` counts the template's buttons from 1. */
    buttons: { position: string; kind: ButtonKind; value: string }[];
  };
  /** Outside the window: the Purpose that the Contact agreed to, and whether it is advertised. */
  purpose: string;
  advertises: boolean;
};

/** The file above a text, once it was brought in. */
export type Above = { upload: Upload; name: string };

/** The most that WhatsApp takes, in characters or pieces. Source: Meta, the pages of each type of message. */
export const limits = {
  text: 1024,
  listText: 4096,
  headline: 60,
  footer: 60,
  answers: 3,
  button: 20,
  rows: 10, // of all sections
  row: 24, // and the title of a section
  description: 72,
  url: 2000,
  formLabel: 30,
  formName: 200,
  screen: 256,
  place: 1000,
  card: 200,
  name: 512,
  valueName: 100,
  values: 100,
  buttons: 10,
  value: 4096,
  payload: 256,
  code: 15,
} as const;

export const blank = (language = 'de'): Filled => ({
  above: 'none',
  headline: '',
  text: '',
  footer: '',
  answers: Array.from({ length: limits.answers }, () => ''),
  label: '',
  sections: [newSection(2)],
  link: { label: '', url: '' },
  form: { flow: '', screen: '', label: '' },
  place: newPlace(),
  card: { name: '', work: '', phone: '', email: '', url: '' },
  template: { name: '', language, header: newValue(), place: newPlace(), values: [], buttons: [] },
  purpose: '',
  advertises: false,
});

const newPlace = () => ({ name: '', address: '', latitude: '', longitude: '' });
export const newSection = (rows = 1) => ({ title: '', rows: Array.from({ length: rows }, newRow) });

export const newRow = () => ({ title: '', description: '' });
export const newValue = () => ({ name: '', text: '' });
export const newButton = (position: number) => ({ position: String(position), kind: 'url' as ButtonKind, value: '' });

/** Whether a way says something above what is to be tapped. */
export const hasText = (way: Way) => way !== 'place' && way !== 'card' && way !== 'template';

/** How long that may be. */
export const longestText = (way: Way) => (way === 'list' ? limits.listText : limits.text);

/** The number that was typed, with a comma or a point; NaN if it is none. */
export function degrees(typed: string): number {
  const text = typed.trim().replace(',', '.');
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

/** A row into which nothing was typed does not count. */
export const isRow = ({ title, description }: Filled['sections'][number]['rows'][number]) => Boolean(title.trim() || description.trim());

/** Nor does a section in which nothing stands. */
export const isSection = ({ title, rows }: Filled['sections'][number]) => Boolean(title.trim()) || rows.some(isRow);

/** How many rows there are. */
export const rowsOf = (sections: Filled['sections']) => sections.reduce((sum, { rows }) => sum + rows.length, 0);

/**
 * What the way and the fields become. `key` begins what a tap sends back: it differs from
 * Message to Message, so that no answer is taken for one to another question.
 */
export function composed(way: Way, filled: Filled, key: string, file: Above | null = null): Composition {
  switch (way) {
    case 'place':
      return { kind: 'location', location: placeOf(filled.place) };
    case 'card':
      return { kind: 'contacts', cards: [cardOf(filled.card)] };
    case 'template':
      return {
        kind: 'template',
        template: templateOf(filled, file),
        ...(filled.purpose && { purpose: filled.purpose, ...(filled.advertises && { class: 'advertising' as const }) }),
      };
    default: {
      const above = headerOf(way, filled);
      const offer = {
        ...(above === 'text' && given({ header: filled.headline })),
        ...(above === 'file' && fileOf(file)),
        ...offerOf(way, filled, key),
        ...given({ footer: filled.footer }),
      };
      return { kind: 'interactive', text: filled.text.trim(), offer };
    }
  }
}

function offerOf(way: Way, { answers, label, sections, link, form }: Filled, key: string): NonNullable<Composition['offer']> {
  switch (way) {
    case 'buttons':
      return { buttons: answers.map((title) => title.trim()).filter(Boolean).map((title, i) => ({ id: `${key}.${i + 1}`, title })) };
    case 'list':
      return { list: { label: label.trim(), sections: sectionsOf(sections, key) } };
    case 'link':
      return { link: { label: link.label.trim(), url: link.url.trim() } };
    case 'form': {
      const flow = form.flow.trim();
      return { form: { label: form.label.trim(), ...(/^\d+$/.test(flow) ? { id: flow } : { name: flow }), ...given({ screen: form.screen }) } };
    }
    default:
      return { asks: way === 'contact' ? 'contact' : 'location' };
  }
}

// Titles tell several sections apart; one alone needs none.
function sectionsOf(all: Filled['sections'], key: string) {
  let n = 0;
  return all.filter(isSection).map(({ title, rows }, _, { length }) => ({
    ...(length > 1 && given({ title })),
    rows: rows.filter(isRow).map(({ title, description }) => ({ id: `${key}.${++n}`, title: title.trim(), ...given({ description }) })),
  }));
}

function placeOf({ name, address, latitude, longitude }: Filled['place']): NonNullable<Composition['location']> {
  return { latitude: degrees(latitude), longitude: degrees(longitude), ...given({ name, address }) };
}

function cardOf({ name, work, phone, email, url }: Filled['card']): NonNullable<Composition['cards']>[number] {
  const one = (text: string) => [text.trim()].filter(Boolean);
  const lists = { phones: one(phone), emails: one(email), urls: one(url) };
  return { name: name.trim(), ...given({ work }), ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) };
}

function fileOf(file: Above | null) {
  return file && { [file.upload.kind]: { file: file.upload.id, ...(file.upload.kind === 'document' && { filename: file.name }) } };
}

function templateOf({ above, template }: Filled, file: Above | null): NonNullable<Composition['template']> {
  const { name, language, header, place, values, buttons } = template;
  const valueOf = ({ name, text }: Filled['template']['header']) => ({ text: text.trim(), ...given({ name }) });
  return {
    name: name.trim(),
    language: language.trim(),
    ...(above === 'text' && { header: [valueOf(header)] }),
    ...(above === 'place' && { place: placeOf(place) }),
    ...(above === 'file' && fileOf(file)),
    ...(values.length > 0 && { body: values.map(valueOf) }),
    ...(buttons.length > 0 && { buttons: buttons.map(({ position, kind, value }) => ({ index: Number(position) - 1, kind, value: value.trim() })) }),
  };
}

// What was left empty is left out.
function given<K extends string>(fields: Record<K, string>): Partial<Record<K, string>> {
  const all = Object.entries<string>(fields).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(all.filter(([, text]) => text)) as Partial<Record<K, string>>;
}

/** Whether anything was typed that would be lost. */
export function isFilled(filled: Filled): boolean {
  const { template, purpose: _, above: __, advertises, ...others } = filled;
  const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts));
  return advertises || [...texts([others, template.header, template.place]), template.name].some((text) => text.trim()) || template.values.length + template.buttons.length > 0;
}

/** The length as the server counts it, without what surrounds the text. */
export const sizeOf = (text: string) => lengthOf(text.trim());
