// A customer's phone in the browser: all that it sends, and all that it shows of what it gets.
// In both languages, wide and narrow. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { seat } from './seat.mjs';
import { until } from './until.mjs';

describe('the phones', { skip: missing || false }, () => {
  const here = office();

  /** The customer's phone, in somebody's hand. */
  async function hold(t, who, { language, viewport, colorScheme }) {
    const { page, says, context } = await seat(here.browser, { url: here.house.phones, language, viewport, colorScheme });
    t.after(() => context.close());
    await page.goto(`${here.house.phones}/#${who.id}`);
    await page.locator('#number').selectOption(who.number);
    await page.locator('#live[data-state=live]').waitFor({ state: 'attached' });
    const bubble = (text) => page.locator('#thread .bubble', { hasText: text });
    const kinds = page.locator('#kinds');
    return { page, says, bubble, kinds, tap: (de, en, within = page) => within.getByRole('button', { name: says(de, en), exact: true }).click() };
  }

  const all = async (who) => (await here.house.sim('GET', `customers/${who.id}/messages?number=${who.number}`)).items;
  const last = async (who, from = 'customer') => (await all(who)).filter((m) => m.from === from).at(-1);
  const sizes = [['de', { width: 1100, height: 1200 }, 'light'], ['en', { width: 360, height: 740 }, 'dark']];

  for (const [language, viewport, colorScheme] of sizes) {
    test(`a phone sends whatever WhatsApp knows: ${language}`, async (t) => {
      const who = await here.customer(['Guten Tag zusammen']);
      const { id } = await who.conversation();
      const phone = await hold(t, who, { language, viewport, colorScheme });
      const { page, says, bubble, kinds, tap } = phone;
      await bubble('Guten Tag zusammen').waitFor();
      await page.locator('#more').click();
      await look(page, `phones-kinds-${language}`);
      const sends = async (de, en, kind, is = () => true) => {
        await tap(de, en, kinds);
        await until(async () => { const m = await last(who); return m.kind === kind && is(m) && m.status !== 'accepted'; }, true, `${en}: ${JSON.stringify(await last(who))}`);
      };
      await sends('Bild', 'Picture', 'image');
      await sends('Video', 'Video', 'video');
      await sends('Sprachnachricht', 'Voice message', 'audio', (m) => m.payload.voice);
      await sends('Dokument', 'Document', 'document');
      await sends('Sticker', 'Sticker', 'sticker');
      await sends('Standort', 'Location', 'location');
      await sends('Kontakt', 'Contact', 'contacts', (m) => m.payload[0].origin === 'other');
      await sends('Eigene Nummer', 'Own number', 'contacts', (m) => m.payload[0].origin === 'contact_request');
      await sends('Bestellung', 'Order', 'order');
      await sends('Über eine Anzeige', 'From an advertisement', 'text', (m) => m.from_ad);
      await sends('Weitergeleitet', 'Forwarded', 'text', (m) => m.forwarded === 'once');
      await sends('Häufig weitergeleitet', 'Forwarded many times', 'text', (m) => m.forwarded === 'often');
      await sends('Umfrage', 'Poll', 'unsupported');
      await page.locator('#more').click();
      await look(page, `phones-sent-${language}`);

      // What is written can be changed, reacted to, answered and deleted.
      await page.fill('#text', 'Morgen um zehn');
      await page.press('#text', 'Enter');
      const mine = bubble('Morgen um');
      await mine.waitFor();
      const open = async (which) => {
        await which.locator('.acts summary').focus();
        await page.keyboard.press('Enter');
      };
      await open(mine);
      await look(page, `phones-acts-${language}`);
      await tap('Reagieren mit 👍', 'React with 👍', mine);
      await mine.locator('.liked', { hasText: '👍' }).waitFor();
      await tap('Reaktion zurücknehmen', 'Take the reaction back', mine); // the menu stays open
      await mine.locator('.liked').waitFor({ state: 'detached' });
      await tap('Ändern', 'Edit', mine);
      await page.fill('#text', 'Morgen um elf');
      await page.press('#text', 'Enter');
      await bubble('Morgen um elf').getByText(says('geändert', 'edited')).waitFor();
      await page.fill('#text', 'Stimmt nicht');
      await page.press('#text', 'Enter');
      const wrong = bubble('Stimmt nicht');
      await wrong.waitFor();
      await open(wrong);
      await tap('Löschen', 'Delete', wrong);
      await bubble(says('Diese Nachricht wurde gelöscht.', 'This message was deleted.')).waitFor();

      // Another number, and another user id alone.
      await page.locator('#menu summary').click();
      await look(page, `phones-menu-${language}`);
      await page.fill('#moving input', `+49 1570 77${Math.floor(1e5 + Math.random() * 9e5)}`);
      await tap('Wechseln', 'Change');
      await page.locator('#thread').getByText(says('Die Telefonnummer hat sich geändert.', 'The telephone number changed.')).waitFor();
      await page.locator('#menu summary').click();
      await tap('Andere Benutzerkennung', 'Another user id');
      await page.locator('#thread').getByText(says('Die Benutzerkennung hat sich geändert.', 'The user id changed.')).waitFor();
      await look(page, `phones-changed-${language}`);

      // The desk has all of it.
      const { items } = await here.ask(here.people.motor, 'GET', `/conversations/${id}/messages?limit=100`);
      const kindsThere = new Set(items.map(({ kind }) => kind));
      for (const kind of ['text', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'order', 'unsupported', 'edit', 'reaction', 'revoke', 'system']) {
        assert.ok(kindsThere.has(kind), `${kind} did not arrive: ${[...kindsThere]}`);
      }
    });

    test(`a phone shows what the desk sends, and answers with a tap: ${language}`, async (t) => {
      const who = await here.customer(['Was nun?']);
      const { id } = await who.conversation();
      await here.house.sim('PATCH', 'settings', { ignore_pair_rate: true });
      let n = 0;
      const says_ = (message) => here.ask(here.people.motor, 'POST', `/conversations/${id}/messages`, { client_id: `phones-${language}-${++n}`, ...message });
      const phone = await hold(t, who, { language, viewport, colorScheme });
      const { page, says, bubble, tap } = phone;
      await bubble('Was nun?').waitFor();
      const offer = (text, part) => says_({ kind: 'interactive', text, offer: part });
      const shown = (text) => bubble(text).and(page.locator('.theirs:not(.far)')).waitFor({ timeout: 90_000 });

      await says_({ kind: 'text', text: 'Näheres auf https://muster.example/schaden', preview: true });
      await offer('Sollen wir anrufen?', { buttons: [{ id: '1', title: 'Ja, bitte' }, { id: '2', title: 'Nein' }], footer: 'Werktags von 8 bis 18 Uhr' });
      await offer('Worum geht es?', { list: { label: 'Auswählen', sections: [{ title: 'Kfz', rows: [{ id: 'a', title: 'Schaden melden', description: 'Unfall, Glas, Diebstahl' }, { id: 'b', title: 'Vertrag ändern' }] }, { title: 'Sonst', rows: [{ id: 'c', title: 'Etwas anderes' }] }] } });
      await offer('Hier geht es weiter.', { link: { label: 'Zum Portal', url: 'https://portal.muster.example/x' } });
      await offer('Wo stehen Sie?', { asks: 'location' });
      await offer('Dürfen wir anrufen?', { asks: 'contact' });
      await offer('Bitte ausfüllen.', { form: { id: '4711', screen: 'START', label: 'Formular öffnen' } });
      await says_({ kind: 'location', location: { latitude: 50.94, longitude: 6.95, name: 'Geschäftsstelle', address: 'Musterplatz 1' } });
      await says_({ kind: 'contacts', cards: [{ name: 'Werkstatt Muster', work: 'Muster GmbH', phones: ['+49 221 0000'] }] });
      for (const text of ['Näheres auf', 'Sollen wir anrufen?', 'Worum geht es?', 'Hier geht es weiter.', 'Wo stehen Sie?', 'Dürfen wir anrufen?', 'Bitte ausfüllen.', 'Geschäftsstelle', 'Werkstatt Muster']) await shown(text);
      await look(page, `phones-shown-${language}`);
      assert.equal(await bubble('Näheres auf').getByRole('link').getAttribute('href'), 'https://muster.example/schaden');
      await bubble('Näheres auf').locator('.preview', { hasText: 'muster.example' }).waitFor();

      const answered = (is) => until(async () => Boolean(is(await last(who))), true);
      await tap('Ja, bitte', 'Ja, bitte', bubble('Sollen wir anrufen?'));
      await answered((m) => m.payload?.button_reply?.id === '1');
      await bubble('Worum geht es?').locator('summary', { hasText: 'Auswählen' }).click();
      await look(page, `phones-list-${language}`);
      await bubble('Worum geht es?').getByRole('button', { name: 'Etwas anderes' }).click();
      await answered((m) => m.payload?.list_reply?.id === 'c');
      await bubble('Bitte ausfüllen.').locator('summary', { hasText: 'Formular öffnen' }).click();
      await bubble('Bitte ausfüllen.').getByRole('textbox', { name: says('Was Sie eintragen', 'What you enter') }).fill('Stoßstange vorn');
      await bubble('Bitte ausfüllen.').locator('input[type=date]').fill('2026-11-30');
      await look(page, `phones-form-${language}`);
      await tap('Absenden', 'Submit', bubble('Bitte ausfüllen.'));
      await answered((m) => m.payload?.nfm_reply?.response_json.includes('Stoßstange vorn'));
      await tap('Standort senden', 'Send location', bubble('Wo stehen Sie?'));
      await answered((m) => m.kind === 'location' && m.reply_to);
      await tap('Eigene Nummer teilen', 'Share own number', bubble('Dürfen wir anrufen?'));
      await answered((m) => m.payload?.[0]?.origin === 'contact_request' && m.reply_to);
      await page.locator('.bubble.mine .card', { hasText: says('eigene Nummer', 'own number') }).waitFor();
      assert.match(await bubble('Hier geht es weiter.').getByRole('link').getAttribute('href'), /portal\.muster\.example/);
      await look(page, `phones-answered-${language}`);

      // A template: header, body, footer and buttons as they were approved.
      await here.house.sim('PATCH', `numbers/${who.number}`, { templates: [{ name: 'termin', language: 'de', category: 'utility', parameters: 1, header: 'Ihr Termin {{1}}', body: 'Wir kommen am {{1}}.', footer: 'Muster Auto',
        buttons: [{ kind: 'quick_reply', text: 'Passt' }, { kind: 'url', text: 'Verschieben', value: 'https://muster.example/t/{{1}}' }, { kind: 'copy_code', text: 'Code' }] }] });
      await says_({ kind: 'template', template: { name: 'termin', language: 'de', header: [{ text: 'in Köln' }], body: [{ text: '3. Dezember' }],
        buttons: [{ index: 0, kind: 'quick_reply', value: 'ok' }, { index: 1, kind: 'url', value: '4711' }, { index: 2, kind: 'copy_code', value: 'KFZ-2026' }] } });
      await shown('Wir kommen am 3. Dezember.');
      const template = bubble('Wir kommen am 3. Dezember.');
      await template.locator('.heading', { hasText: 'Ihr Termin in Köln' }).waitFor();
      assert.equal(await template.getByRole('link').getAttribute('href'), 'https://muster.example/t/4711');
      await template.getByRole('button', { name: says('Code KFZ-2026 kopieren', 'Copy code KFZ-2026') }).waitFor();
      await look(page, `phones-template-${language}`);
      await tap('Passt', 'Passt', template);
      await answered((m) => m.kind === 'button' && m.payload.payload === 'ok');
      await here.house.sim('PATCH', `numbers/${who.number}`, { templates: [] });
      await here.house.sim('PATCH', 'settings', { ignore_pair_rate: false });
    });
  }
});
