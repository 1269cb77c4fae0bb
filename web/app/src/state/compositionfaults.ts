import { degrees, hasText, headerOf, isRow, isSection, limits, longestText, rowsOf, sizeOf, type Filled, type Way } from './composition';

/** What is wrong with a field: it holds nothing, too much, the same as another, or what is none. */
export type FaultCode = 'missing' | 'long' | 'twice' | 'address' | 'latitude' | 'longitude' | 'phone' | 'email' | 'name' | 'language' | 'named' | 'many' | 'file' | 'refused';
export type Fault = { code: FaultCode; limit: number };
/** By field: `text`, `answers.0`, `sections.0.rows.1.title`, `link.url`, `template.values.0.text` … */
export type Faults = Record<string, Fault>;

/** What WhatsApp would refuse of what somebody typed; nothing: it can be sent. `brought`: the file above it is there. */
export function faultsOf(way: Way, filled: Filled, brought = false): Faults {
  const found = new Finding();
  const above = headerOf(way, filled);
  if (above === 'file' && !brought) found.add('file', 'file');
  if (hasText(way)) {
    if (above === 'text') found.span('headline', filled.headline, limits.headline);
    found.span('text', filled.text, longestText(way));
    found.short('footer', filled.footer, limits.footer);
  }
  checks[way]?.(found, filled);
  return found.faults;
}

const longestValue = { url: limits.url, quick_reply: limits.payload, copy_code: limits.code };

const checks: Partial<Record<Way, (found: Finding, filled: Filled) => void>> = {
  buttons(found, { answers }) {
    if (!answers.some((title) => title.trim())) found.add('answers.0', 'missing');
    answers.forEach((title, i) => found.short(`answers.${i}`, title, limits.button));
    found.twice(answers, (i) => `answers.${i}`);
  },
  list(found, { label, sections }) {
    found.span('label', label, limits.button);
    const several = sections.filter(isSection).length > 1;
    sections.forEach((section, s) => {
      if (!isSection(section) && (s > 0 || sections.some(isSection))) return;
      const field = `sections.${s}`;
      if (several) found.span(`${field}.title`, section.title, limits.row);
      if (!section.rows.some(isRow)) found.add(`${field}.rows.0.title`, 'missing');
      section.rows.forEach((row, i) => {
        if (isRow(row)) found.span(`${field}.rows.${i}.title`, row.title, limits.row);
        found.short(`${field}.rows.${i}.description`, row.description, limits.description);
      });
      found.twice(section.rows.map(({ title }) => title), (i) => `${field}.rows.${i}.title`);
    });
    if (several) found.twice(sections.map(({ title }) => title), (s) => `sections.${s}.title`);
    if (rowsOf(sections) > limits.rows) found.add('label', 'many', limits.rows);
  },
  link(found, { link }) {
    found.span('link.label', link.label, limits.button);
    found.span('link.url', link.url, limits.url);
    if (!isAddress(link.url)) found.add('link.url', 'address');
  },
  form(found, { form }) {
    found.span('form.flow', form.flow, limits.formName);
    found.span('form.label', form.label, limits.formLabel);
    found.short('form.screen', form.screen, limits.screen);
  },
  place(found, { place }) {
    found.place('place', place);
  },
  card(found, { card }) {
    found.span('card.name', card.name, limits.card);
    found.short('card.work', card.work, limits.card);
    if (card.phone.trim() && !/^\+?[\d ()/.-]{3,30}$/.test(card.phone.trim())) found.add('card.phone', 'phone');
    if (card.email.trim() && !/^[^\s@]+@[^\s@]+$/.test(card.email.trim())) found.add('card.email', 'email');
    if (card.url.trim() && !isAddress(card.url)) found.add('card.url', 'address');
  },
  template(found, { above, template }) {
    found.span('template.name', template.name, limits.name);
    if (!/^[a-z0-9_]+$/.test(template.name.trim())) found.add('template.name', 'name');
    if (!/^[a-z]{2,3}(_[A-Z]{2})?$/.test(template.language.trim())) found.add('template.language', 'language');
    const { header } = template;
    const named = template.values.some(({ name }) => name.trim());
    if (above === 'text') {
      if (named && !header.name.trim()) found.add('template.header.name', 'named');
      found.short('template.header.name', header.name, limits.valueName);
      found.span('template.header.text', header.text, limits.value);
    }
    if (above === 'place') found.place('template.place', template.place);
    template.values.forEach(({ name, text }, i) => {
      if (named && !name.trim()) found.add(`template.values.${i}.name`, 'named');
      found.short(`template.values.${i}.name`, name, limits.valueName);
      found.span(`template.values.${i}.text`, text, limits.value);
    });
    template.buttons.forEach(({ kind, value }, i) => {
      found.span(`template.buttons.${i}.value`, value, longestValue[kind]);
    });
    found.twice(template.buttons.map(({ position }) => position), (i) => `template.buttons.${i}.position`);
  },
};

class Finding {
  faults: Faults = {};

  // The first thing that is wrong with a field is told.
  add(field: string, code: FaultCode, limit = 0) {
    this.faults[field] ??= { code, limit };
  }

  span(field: string, text: string, most: number) {
    if (!text.trim()) this.add(field, 'missing');
    this.short(field, text, most);
  }

  short(field: string, text: string, most: number) {
    if (sizeOf(text) > most) this.add(field, 'long', most);
  }

  place(field: string, { name, address, latitude, longitude }: Filled['place']) {
    this.short(`${field}.name`, name, limits.place);
    this.short(`${field}.address`, address, limits.place);
    if (!within(latitude, 90)) this.add(`${field}.latitude`, 'latitude');
    if (!within(longitude, 180)) this.add(`${field}.longitude`, 'longitude');
  }

  twice(texts: string[], field: (i: number) => string) {
    const trimmed = texts.map((text) => text.trim());
    trimmed.forEach((text, i) => {
      if (text && trimmed.indexOf(text) < i) this.add(field(i), 'twice');
    });
  }
}

function within(typed: string, most: number): boolean {
  return Math.abs(degrees(typed)) <= most;
}

function isAddress(typed: string): boolean {
  const text = typed.trim();
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/\s/.test(text);
}

// Ours for the fields of the server, the longest first.
const fields = [
  ['offer.header', 'headline'],
  ['offer.image', 'file'],
  ['offer.video', 'file'],
  ['offer.document', 'file'],
  ['offer.footer', 'footer'],
  ['offer.buttons', 'answers.0'],
  ['offer.list.label', 'label'],
  ['offer.list.sections', 'sections.0.rows.0.title'],
  ['offer.link.url', 'link.url'],
  ['offer.link.label', 'link.label'],
  ['offer.form.label', 'form.label'],
  ['offer.form.screen', 'form.screen'],
  ['offer.form', 'form.flow'],
  ['location.latitude', 'place.latitude'],
  ['location.longitude', 'place.longitude'],
  ['location.name', 'place.name'],
  ['location.address', 'place.address'],
  ['cards', 'card.name'],
  ['template.language', 'template.language'],
  ['template.image', 'file'],
  ['template.video', 'file'],
  ['template.document', 'file'],
  ['template.place.longitude', 'template.place.longitude'],
  ['template.place', 'template.place.latitude'],
  ['template.header', 'template.header.text'],
  ['purpose', 'purpose'],
  ['template', 'template.name'],
  ['text', 'text'],
] as const;

/** The same for what the server took exception to; nothing if it names no field of the form. */
export function faultAt(field: string): Faults {
  const ours = fields.find(([theirs]) => field.startsWith(theirs))?.[1];
  return ours ? { [ours]: { code: 'refused', limit: 0 } } : {};
}
