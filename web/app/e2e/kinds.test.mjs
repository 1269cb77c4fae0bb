// What a phone can send beside texts, as the thread shows it. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { shot } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const form = { flow_token: 'ours', Ort: 'Hof, Garage 3', Beteiligte: ['Radfahrerin', 'Lieferwagen'], Polizei: true };

/** Each kind, and what the thread says of it in both languages. */
const sent = [
  { kind: 'document', payload: { id: '1', filename: 'Kostenvoranschlag.pdf', mime_type: 'application/pdf', sha256: 'x' }, de: ['Dokument', 'Kostenvoranschlag.pdf'], en: ['Document'] },
  { kind: 'audio', payload: { id: '2', mime_type: 'audio/ogg; codecs=opus', sha256: 'x', voice: true }, de: ['Sprachnachricht'], en: ['Voice message'] },
  { kind: 'location', de: ['Standort', 'Musterplatz 1, 50667 Köln', '50.94130, 6.95830'], en: ['Location'] },
  {
    kind: 'contacts',
    payload: [
      { name: { formatted_name: 'Werkstatt Muster' }, org: { company: 'Muster', title: 'Annahme' }, phones: [{ phone: '+49 221 0000' }], emails: [{ email: 'annahme@muster.example' }], origin: 'other' },
      { name: { formatted_name: 'Ich selbst' }, phones: [{ phone: '+49 1570 0000088' }], origin: 'contact_request' },
    ],
    de: ['Werkstatt Muster', 'Muster, Annahme', '+49 221 0000', 'eigene Nummer, von WhatsApp bestätigt'],
    en: ['own number, confirmed by WhatsApp'],
  },
  { kind: 'interactive', payload: { type: 'list_reply', list_reply: { id: 'kfz', title: 'Kfz-Schaden', description: 'Auto, Rad und Anhänger' } }, de: ['Kfz-Schaden', 'Auto, Rad und Anhänger'], en: ['Choice'] },
  { kind: 'interactive', payload: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: JSON.stringify(form) } }, de: ['Hof, Garage 3', 'Radfahrerin, Lieferwagen'], en: ['Beteiligte'] },
  { kind: 'order', payload: { catalog_id: '1', text: 'Bitte bald', product_items: [{ product_retailer_id: 'Schutzbrief', quantity: 1, item_price: 49.9, currency: 'EUR' }] }, de: ['Bitte bald', '1 × Schutzbrief, je 49.9 EUR'], en: ['1 × Schutzbrief at 49.9 EUR'] },
  { kind: 'system', payload: { type: 'user_changed_number', body: 'x' }, de: ['Das WhatsApp-Konto hat jetzt eine andere Nummer.'], en: ['The WhatsApp account has another number now.'] },
  { kind: 'unsupported', de: ['WhatsApp gibt diese Nachricht nicht heraus (poll).'], en: ['WhatsApp does not hand this message over (poll).'] },
];

describe('kinds of messages', { skip: missing || false }, () => {
  const here = office();

  for (const [language, size] of [['de', { width: 1280, height: 1600 }], ['en', { width: 360, height: 740 }]]) {
    test(`all that a phone sends is told whole, and nobody else is asked: ${language}`, async () => {
      const customer = await here.customer(['Hier kommt alles.']);
      const { id } = await customer.conversation();
      for (const { kind, payload } of sent) await customer.send(kind, '', payload);
      const asked = [];
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport: size, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page } = seat;
      page.on('request', (request) => asked.push(new URL(request.url()).origin));
      const thread = page.locator('[data-message]');
      for (const one of sent) {
        for (const words of [...(language === 'de' ? one.de : one.en)]) await thread.filter({ hasText: words }).first().waitFor({ state: 'attached' });
      }
      assert.equal(await page.locator('article').getByText('Werkstatt Muster').count(), 1, 'a name stands there once');
      assert.equal(await page.getByText('ours', { exact: true }).count(), 0, 'our own token is no answer');
      assert.equal(await page.getByRole('link', { name: '50.94130, 6.95830' }).getAttribute('href'), 'geo:50.94130,6.95830');
      assert.deepEqual(await violations(page), []);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over}px too wide`);
      await shot(page, `kinds-${language}`);
      if (size.width < 600) {
        await thread.filter({ hasText: 'Werkstatt Muster' }).scrollIntoViewIfNeeded();
        await shot(page, `kinds-${language}-cards`);
      }
      assert.deepEqual([...new Set(asked)].filter((origin) => origin !== new URL(page.url()).origin), []);
    });
  }

  for (const language of ['de', 'en']) {
    test(`who answers quotes, and what becomes of a message is seen at it: ${language}`, async () => {
      const customer = await here.customer(['Ich wollte hundert melden']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page } = seat;
      const first = page.locator('article', { hasText: 'melden' }).first();
      await first.waitFor();
      await seat.live();
      const wamid = await customer.wamid('Ich wollte hundert melden');
      await customer.send('reaction', '👍', undefined, wamid);
      await first.getByText('👍').waitFor();
      await page.locator('.change', { hasText: '👍' }).waitFor();
      await customer.send('edit', 'Ich wollte tausend melden', undefined, wamid);
      await first.getByText('Ich wollte tausend melden').first().waitFor();
      await first.locator('summary').click();
      await first.locator('li', { hasText: 'Ich wollte hundert melden' }).waitFor();
      await customer.send('text', 'Dazu noch etwas', undefined, wamid);
      await page.locator('article', { hasText: 'Dazu noch etwas' }).locator('blockquote', { hasText: 'Ich wollte tausend melden' }).waitFor();
      assert.deepEqual(await violations(page), []);
      await shot(page, `about-${language}`);
      await customer.send('revoke', '', undefined, wamid);
      await page.locator('article', { hasText: seat.says('Vom Absender zurückgenommen', 'Taken back by the sender') }).waitFor();
      await page.reload(); // what was quoted before is read anew
      await page.locator('article', { hasText: 'Dazu noch etwas' }).waitFor();
      assert.equal(await page.locator('[data-message]', { hasText: 'tausend' }).count(), 0);
      assert.equal(await page.locator('[data-message]', { hasText: 'hundert' }).count(), 0);
      assert.deepEqual(await violations(page), []);
      await shot(page, `revoked-${language}`);
    });
  }

  for (const [language, viewport] of [['de', { width: 1280, height: 800 }], ['en', { width: 360, height: 740 }]]) {
    test(`an agent answers one message and reacts to it: ${language}`, async () => {
      const customer = await here.customer(['Wann haben Sie offen?', 'Und samstags?']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page } = seat;
      const first = page.locator('article', { hasText: 'Wann haben Sie offen?' }).first();
      await first.waitFor();
      await seat.live();
      await first.hover();
      await first.getByRole('button', { name: seat.says('Auf diese Nachricht antworten', 'Answer this message') }).click();
      const strip = page.getByRole('group', { name: seat.says('Antwort auf', 'In answer to') });
      await strip.getByText('Wann haben Sie offen?').waitFor();
      await seat.reply.fill('Werktags von acht bis achtzehn Uhr.');
      assert.deepEqual(await violations(page), []);
      await shot(page, `answering-${language}`);
      await seat.reply.press(language === 'de' ? 'Enter' : 'Enter');
      if (await seat.reply.inputValue()) await page.getByRole('button', { name: seat.says('Senden', 'Send') }).click();
      await page.locator('article', { hasText: 'Werktags von acht' }).locator('blockquote', { hasText: 'Wann haben Sie offen?' }).waitFor();
      await strip.waitFor({ state: 'detached' });
      await until(async () => (await customer.heard()).includes('Werktags von acht bis achtzehn Uhr.'), true);

      await first.hover();
      await first.getByRole('button', { name: seat.says('Reagieren', 'React'), exact: true }).click();
      await shot(page, `reacting-${language}`);
      await page.getByRole('menuitemradio', { name: '👍' }).or(page.getByRole('menuitemcheckbox', { name: '👍' })).or(page.getByRole('menuitem', { name: '👍' })).first().click();
      await first.locator('.reactions').getByText('👍').waitFor();
      const wamid = await customer.wamid('Wann haben Sie offen?');
      await until(async () => JSON.stringify(await customer.seen()).includes(`"message_id":"${wamid}"`), true);
      assert.deepEqual(await violations(page), []);
      await first.scrollIntoViewIfNeeded();
      await shot(page, `reacted-${language}`);
    });
  }
});
