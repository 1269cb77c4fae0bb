import { describe, expect, test } from 'vitest';
import { blank, composed, degrees, isFilled, limits, newButton, newSection, ways, type Filled, type Header, type Way } from '../src/state/composition';
import { faultAt, faultsOf } from '../src/state/compositionfaults';

const filled = (change: Partial<Filled>): Filled => ({ ...blank(), text: ' Ja? ', ...change });
const of = (...rows: Filled['sections'][number]['rows']) => [{ title: '', rows }];
const template = (change: Partial<Filled['template']>, above: Header = 'none') => filled({ above, template: { ...blank().template, name: 'termin', ...change } });
const codes = (way: Way, form: Filled) => Object.fromEntries(Object.entries(faultsOf(way, form)).map(([field, { code }]) => [field, code]));

describe('what a form becomes', () => {
  test('answers to tap, with ids of ours and without what was left empty', () => {
    expect(composed('buttons', filled({ answers: ['Ja ', '', 'Nein'], footer: 'Werktags' }), 'k')).toEqual({
      kind: 'interactive',
      text: 'Ja?',
      offer: { buttons: [{ id: 'k.1', title: 'Ja' }, { id: 'k.2', title: 'Nein' }], footer: 'Werktags' },
    });
  });

  test('a list of one section', () => {
    const rows = [{ title: 'Schaden', description: 'Auto oder Haus' }, { title: '', description: ' ' }, { title: 'Vertrag', description: '' }];
    expect(composed('list', filled({ label: 'Auswählen', sections: [{ title: 'allein', rows }, newSection()] }), 'k').offer).toEqual({
      list: { label: 'Auswählen', sections: [{ rows: [{ id: 'k.1', title: 'Schaden', description: 'Auto oder Haus' }, { id: 'k.2', title: 'Vertrag' }] }] },
    });
  });

  test('a list of several sections, whose rows differ in their ids', () => {
    const sections = [
      { title: ' Melden ', rows: [{ title: 'Schaden', description: '' }] },
      { title: 'Ändern', rows: [{ title: '', description: '' }, { title: 'Anschrift', description: 'oder Bank' }] },
    ];
    expect(composed('list', filled({ label: 'x', sections }), 'k').offer?.list?.sections).toEqual([
      { title: 'Melden', rows: [{ id: 'k.1', title: 'Schaden' }] },
      { title: 'Ändern', rows: [{ id: 'k.2', title: 'Anschrift', description: 'oder Bank' }] },
    ]);
  });

  test('a form by its number or its name', () => {
    const form = { flow: ' 1013859600285441 ', screen: '', label: 'Schaden melden' };
    expect(composed('form', filled({ form }), 'k').offer).toEqual({ form: { id: '1013859600285441', label: 'Schaden melden' } });
    expect(composed('form', filled({ form: { ...form, flow: 'schaden_2026', screen: 'START' } }), 'k').offer).toEqual({
      form: { name: 'schaden_2026', label: 'Schaden melden', screen: 'START' },
    });
  });

  test('a link, and both requests', () => {
    expect(composed('link', filled({ link: { label: 'Zum Portal', url: ' https://muster.example/x ' } }), 'k').offer).toEqual({
      link: { label: 'Zum Portal', url: 'https://muster.example/x' },
    });
    expect(composed('location', filled({}), 'k')).toEqual({ kind: 'interactive', text: 'Ja?', offer: { asks: 'location' } });
    expect(composed('contact', filled({}), 'k').offer).toEqual({ asks: 'contact' });
  });

  test('words and files above what can be tapped, where they can stand', () => {
    const upload = { id: 'u', kind: 'document' as const, type: '', size: 1, seconds: 0, voice: false };
    const offer = (way: Way, change: Partial<Filled>) => composed(way, filled({ headline: ' Ihr Termin ', ...change }), 'k', { upload, name: 'Police.pdf' }).offer;
    expect(offer('buttons', {})).not.toHaveProperty('header');
    expect(offer('list', { above: 'text' })?.header).toBe('Ihr Termin');
    expect(offer('link', { above: 'file' })).toMatchObject({ document: { file: 'u', filename: 'Police.pdf' } });
    expect(offer('link', { above: 'file' })).not.toHaveProperty('header');
    expect(offer('list', { above: 'file' })).not.toHaveProperty('document');
    expect(offer('location', { above: 'text' })).toEqual({ asks: 'location' });
  });

  test('a place and a card, which have no text', () => {
    const place = { name: 'Büro', address: '', latitude: '50,94', longitude: '-6.96' };
    expect(composed('place', filled({ place }), 'k')).toEqual({ kind: 'location', location: { latitude: 50.94, longitude: -6.96, name: 'Büro' } });
    const card = { name: 'Schadenservice', work: 'Muster', phone: '+49 30 1', email: '', url: '' };
    expect(composed('card', filled({ card }), 'k')).toEqual({ kind: 'contacts', cards: [{ name: 'Schadenservice', work: 'Muster', phones: ['+49 30 1'] }] });
  });

  test('a template with numbered and with named values, and values of its buttons', () => {
    const made = (change: Partial<Filled['template']>, above?: Header) => composed('template', template(change, above), 'k').template;
    expect(made({})).toEqual({ name: 'termin', language: 'de' });
    expect(made({ values: [{ name: '', text: 'Montag' }], buttons: [{ ...newButton(2), value: 'x' }] })).toEqual({
      name: 'termin',
      language: 'de',
      body: [{ text: 'Montag' }],
      buttons: [{ index: 1, kind: 'url', value: 'x' }],
    });
    expect(made({ values: [{ name: 'tag', text: 'Montag' }] })?.body).toEqual([{ name: 'tag', text: 'Montag' }]);
    expect(made({ header: { name: '', text: ' in Köln ' } }, 'text')?.header).toEqual([{ text: 'in Köln' }]);
    expect(made({ header: { name: 'ort', text: 'Köln' } }, 'text')?.header).toEqual([{ name: 'ort', text: 'Köln' }]);
    expect(made({ header: { name: 'ort', text: 'Köln' } })).toEqual({ name: 'termin', language: 'de' });
  });

  test('a template below a place and below a file', () => {
    const place = { name: 'Büro', address: '', latitude: '50,94', longitude: '6,96' };
    expect(composed('template', template({ place }, 'place'), 'k').template?.place).toEqual({ latitude: 50.94, longitude: 6.96, name: 'Büro' });
    const upload = { id: 'u', type: '', size: 1, seconds: 0, voice: false };
    const below = (kind: 'image' | 'document') => composed('template', template({}, 'file'), 'k', { upload: { ...upload, kind }, name: 'Police.pdf' }).template;
    expect(below('document')).toEqual({ name: 'termin', language: 'de', document: { file: 'u', filename: 'Police.pdf' } });
    expect(below('image')).toEqual({ name: 'termin', language: 'de', image: { file: 'u' } });
  });

  test('a template to somebody who agreed to a purpose', () => {
    expect(composed('template', filled({ purpose: 'Tarife' }), 'k')).toMatchObject({ kind: 'template', purpose: 'Tarife' });
    expect(composed('template', filled({ purpose: 'Tarife' }), 'k').class).toBeUndefined();
    expect(composed('template', filled({ purpose: 'Tarife', advertises: true }), 'k')).toMatchObject({ class: 'advertising', purpose: 'Tarife' });
  });
});

describe('what WhatsApp would refuse', () => {
  test('nothing typed is told of what must be there', () => {
    const missing: Record<Way, string[]> = {
      buttons: ['text', 'answers.0'],
      list: ['text', 'label', 'sections.0.rows.0.title'],
      link: ['text', 'link.label', 'link.url'],
      form: ['text', 'form.flow', 'form.label'],
      location: ['text'],
      contact: ['text'],
      place: ['place.latitude', 'place.longitude'],
      card: ['card.name'],
      template: ['template.name'],
    };
    for (const way of ways) expect(Object.keys(faultsOf(way, blank())), way).toEqual(missing[way]);
  });

  test('limits, in characters and not in halves of an emoji', () => {
    const answers = (title: string) => codes('buttons', filled({ answers: [title] }));
    expect(answers('😀'.repeat(limits.button))).toEqual({});
    expect(faultsOf('buttons', filled({ answers: ['x'.repeat(limits.button + 1)] }))).toEqual({ 'answers.0': { code: 'long', limit: 20 } });
    const long = { text: 'x'.repeat(limits.text + 1), label: 'x', sections: of({ title: 'x', description: '' }), answers: ['x'] };
    expect(codes('buttons', filled(long))).toEqual({ text: 'long' });
    expect(codes('list', filled(long))).toEqual({});
    expect(codes('list', filled({ ...long, text: 'x'.repeat(limits.listText + 1) }))).toEqual({ text: 'long' });
    expect(codes('location', filled({ footer: 'x'.repeat(61) }))).toEqual({ footer: 'long' });
    expect(codes('list', filled({ label: 'x', sections: of({ title: 'x'.repeat(25), description: 'x'.repeat(73) }) }))).toEqual({
      'sections.0.rows.0.title': 'long',
      'sections.0.rows.0.description': 'long',
    });
  });

  test('the same twice, and a description of nothing', () => {
    expect(codes('buttons', filled({ answers: ['Ja', 'Ja ', ''] }))).toEqual({ 'answers.1': 'twice' });
    expect(codes('list', filled({ label: 'x', sections: of({ title: 'a', description: '' }, { title: '', description: 'b' }) }))).toEqual({ 'sections.0.rows.1.title': 'missing' });
  });

  test('several sections have titles that differ, rows, and ten of those in all', () => {
    const row = { title: 'a', description: '' };
    const list = (...sections: Filled['sections']) => codes('list', filled({ label: 'x', sections }));
    expect(list(newSection(), { title: '', rows: [row] })).toEqual({});
    expect(list({ title: '', rows: [row] }, { title: 'A', rows: newSection().rows })).toEqual({ 'sections.0.title': 'missing', 'sections.1.rows.0.title': 'missing' });
    expect(list({ title: 'A', rows: [row] }, { title: 'A ', rows: [row] })).toEqual({ 'sections.1.title': 'twice' });
    const many = (n: number) => Array.from({ length: n }, (_, i) => ({ title: `Zeile ${i}`, description: '' }));
    expect(list({ title: 'A', rows: many(5) }, { title: 'B', rows: many(5) })).toEqual({});
    expect(list({ title: 'A', rows: many(5) }, { title: 'B', rows: many(6) })).toEqual({ label: 'many' });
  });

  test('what is no address, no degree, no number', () => {
    for (const url of ['muster.example', 'javascript:alert(1)', 'https://', 'https://muster.example/a b']) {
      expect(codes('link', filled({ link: { label: 'x', url } })), url).toEqual({ 'link.url': 'address' });
    }
    const place = { name: '', address: '', latitude: '90.1', longitude: '1e2' };
    expect(codes('place', filled({ place }))).toEqual({ 'place.latitude': 'latitude', 'place.longitude': 'longitude' });
    expect(codes('card', filled({ card: { name: 'x', work: '', phone: 'abc', email: 'a b@c', url: 'x' } }))).toEqual({
      'card.phone': 'phone',
      'card.email': 'email',
      'card.url': 'address',
    });
    expect([degrees(' 50,5 '), degrees('-1'), degrees(''), degrees('1.')]).toEqual([50.5, -1, NaN, NaN]);
  });

  test('above a text: words that are missing or long, and a file that is not there', () => {
    const fit = { answers: ['Ja', '', ''] };
    expect(codes('buttons', filled({ ...fit, above: 'text' }))).toEqual({ headline: 'missing' });
    expect(codes('buttons', filled({ ...fit, above: 'text', headline: 'x'.repeat(limits.headline + 1) }))).toEqual({ headline: 'long' });
    expect(codes('buttons', filled({ ...fit, above: 'file' }))).toEqual({ file: 'file' });
    expect(codes('location', filled({ above: 'text' }))).toEqual({});
    expect(Object.keys(faultAt('offer.header'))).toEqual(['headline']);
    expect(Object.keys(faultAt('offer.video.file'))).toEqual(['file']);
  });

  test('templates: names, codes, and values that are named in part', () => {
    expect(codes('template', template({ name: 'Termin da', language: 'de-DE' }))).toEqual({ 'template.name': 'name', 'template.language': 'language' });
    expect(codes('template', template({ language: 'en_US', values: [{ name: 'tag', text: 'x' }, { name: '', text: '' }] }))).toEqual({
      'template.values.1.name': 'named',
      'template.values.1.text': 'missing',
    });
    expect(codes('template', template({ buttons: [{ ...newButton(1), value: 'x' }, newButton(1)] }))).toEqual({
      'template.buttons.1.position': 'twice',
      'template.buttons.1.value': 'missing',
    });
    expect(codes('template', template({ buttons: [{ ...newButton(1), kind: 'copy_code', value: 'x'.repeat(16) }] }))).toEqual({ 'template.buttons.0.value': 'long' });
    expect(codes('template', template({ header: { name: 'ort', text: '' } }, 'text'))).toEqual({ 'template.header.text': 'missing' });
    expect(codes('template', template({}, 'place'))).toEqual({ 'template.place.latitude': 'latitude', 'template.place.longitude': 'longitude' });
    expect(codes('template', template({}, 'file'))).toEqual({ file: 'file' });
    expect(faultsOf('template', template({}, 'file'), true)).toEqual({});
    expect(codes('template', template({ header: { name: '', text: 'Köln' }, values: [{ name: 'tag', text: 'x' }] }, 'text'))).toEqual({ 'template.header.name': 'named' });
  });

  test('what the server says is told at the field it names', () => {
    expect(Object.keys(faultAt('offer.buttons.title'))).toEqual(['answers.0']);
    expect(Object.keys(faultAt('template.components.parameters'))).toEqual(['template.name']);
    expect(Object.keys(faultAt('template.document.file'))).toEqual(['file']);
    expect(Object.keys(faultAt('template.place.longitude'))).toEqual(['template.place.longitude']);
    expect(faultAt('class')).toEqual({});
  });
});

test('what would be lost counts as typed', () => {
  expect(isFilled(blank())).toBe(false);
  expect(isFilled({ ...blank(), answers: ['', 'x', ''] })).toBe(true);
  expect(isFilled({ ...blank(), template: { ...blank().template, buttons: [newButton(1)] } })).toBe(true);
  expect(isFilled({ ...blank(), template: { ...blank().template, header: { name: '', text: 'x' } } })).toBe(true);
});
