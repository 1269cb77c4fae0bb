// Data protection, seen by those who answer for it: what stands there, in both languages,
// wide and narrow, and what becomes of a change. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { sound } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const pages = [
  { path: 'register', de: 'Verzeichnis', en: 'Register', has: { de: 'Angaben des Verantwortlichen', en: 'Facts about the controller' } },
  { path: 'notices', de: 'Datenschutzhinweise', en: 'Privacy notices', has: { de: 'Je Postfach', en: 'By inbox' } },
  { path: 'policies', de: 'Entscheidungen', en: 'Policies', has: { de: 'Alle Entscheidungen', en: 'All policies' } },
  { path: 'approvals', de: 'Freigaben', en: 'Approvals', has: { de: 'Warten auf eine Entscheidung', en: 'Waiting for a decision' } },
  { path: 'tasks', de: 'Aufgaben', en: 'Tasks', has: { de: 'Alle Aufgaben', en: 'All tasks' } },
  { path: 'ledger', de: 'Nachweise', en: 'Ledger', has: { de: 'Einträge der Nachweise', en: 'Entries of the ledger' } },
  { path: 'gate', de: 'Schranke', en: 'Gate', has: { de: 'Zeilen', en: 'Rows' } },
  { path: 'destinations', de: 'Verbindungen nach außen', en: 'Outbound connections', has: { de: 'Stellen', en: 'Places' } },
  { path: 'refusals', de: 'Ablehnungen', en: 'Refusals', has: { de: 'Abgelehnte Nachrichten', en: 'Refused messages' } },
];
const sizes = { wide: { viewport: { width: 1440, height: 900 } }, phone: { viewport: { width: 360, height: 740 } } };

async function settled(page) {
  await page.waitForTimeout(150);
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
}

/** A picture of all of the page, if anybody wants one. */
async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  const height = await page.evaluate(() => {
    const main = document.querySelector('.settings main');
    return main ? main.scrollHeight + (window.innerHeight - main.clientHeight) : 0;
  });
  const size = page.viewportSize();
  if (height > size.height) await page.setViewportSize({ width: size.width, height: Math.min(height, 5000) });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  await page.setViewportSize(size);
}

describe('data protection', { skip: missing || false }, () => {
  const here = office();

  /** No page is wider than its window, and axe finds nothing. */

  /** What can be pressed in the page and is no way to look at it. */
  const acts = async (page) => {
    const names = await page.locator('main button:not([role=tab])').allInnerTexts();
    return names.map((name) => name.trim()).filter((name) => !/^(Ältere|Older|Zum heutigen Stand|Back to today)/.test(name));
  };

  for (const language of ['de', 'en']) {
    for (const [size, options] of Object.entries(sizes)) {
      test(`the officer reads every page and can change nothing: ${language}, ${size}`, async () => {
        const seat = await here.sit(here.people.dpo, { path: '/settings/register', language, colorScheme: language === 'en' ? 'dark' : 'light', ...options });
        const { page } = seat;
        for (const { path, has, ...titles } of pages) {
          await seat.go(`/settings/${path}`);
          await page.getByRole('heading', { level: 1, name: titles[language], exact: true }).waitFor();
          await page.getByRole('heading', { level: 2, name: has[language], exact: true }).waitFor();
          await settled(page);
          assert.deepEqual(await acts(page), [], path);
          assert.equal(await page.locator('main input:not([type=date], [type=search]), main textarea').count(), 0, path);
          await sound(page, `${path} ${language} ${size}`);
          await shot(page, `${path}-${language}-${size}`);
        }

        await seat.go('/settings/register');
        await page.getByRole('link', { name: 'WhatsApp LLC' }).click();
        await page.getByRole('heading', { level: 2, name: seat.says('Frühere Fassungen', 'Versions') }).waitFor();
        await settled(page);
        assert.deepEqual(await acts(page), []);
        await sound(page, `recipient ${language} ${size}`);
        await shot(page, `recipient-${language}-${size}`);

        await seat.go('/settings/notices');
        await page.getByRole('table').getByRole('link').first().click();
        await page.getByRole('heading', { level: 2, name: seat.says('Vorschau', 'Preview') }).waitFor();
        await settled(page);
        assert.deepEqual(await acts(page), []);
        const lines = page.getByRole('tabpanel').locator('dl');
        assert.equal(await lines.locator('dt').count(), 6);
        await lines.getByText(seat.says(/^Ihre Aufnahme speichern wir/, /^We keep your picture/)).waitFor();
        assert.equal(await lines.getByText(seat.says('wird noch nicht gesendet', 'not sent yet')).count(), 2);
        await sound(page, `notice ${language} ${size}`);
        await shot(page, `notice-${language}-${size}`);
        await page.getByRole('tab', { name: seat.says('Englisch', 'German') }).click();
        await page.locator(`[lang=${seat.says('en', 'de')}]`).first().waitFor();
      });
    }
  }

  test('the register of a day before there was a house is empty', async () => {
    const { page, ...seat } = await here.sit(here.people.dpo, { path: '/settings/register?at=2020-01-01' });
    await page.getByText(/^So stand das Verzeichnis am Ende des/).waitFor();
    await settled(page);
    assert.equal(await page.getByRole('link', { name: 'WhatsApp LLC' }).count(), 0);
    await page.getByRole('button', { name: 'Zum heutigen Stand' }).click();
    await page.getByRole('link', { name: 'WhatsApp LLC' }).waitFor();
    void seat;
  });

  test('a fact that changes makes the notice stale, and the admin puts a new one to use', async () => {
    const { admin } = here.people;
    const [inbox] = (await here.ask(admin, 'GET', '/inboxes')).items;
    const controller = (await here.ask(admin, 'GET', '/controllers')).items.find(({ id }) => id === inbox.controller);
    await here.ask(admin, 'PUT', `/controllers/${controller.id}`, { ...controller.facts, authority: 'Die andere Aufsicht, Musterplatz 1' });

    const seat = await here.sit(admin, { path: `/settings/notices/${inbox.id}` });
    const { page } = seat;
    await page.getByText('veraltet', { exact: true }).waitFor();
    await page.locator('li[data-kind=added]', { hasText: 'Die andere Aufsicht' }).first().waitFor();
    await settled(page);
    await sound(page, 'a stale notice');
    await shot(page, 'notice-stale');
    await seat.button('In Gebrauch nehmen').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Nur, wer noch keinen gesehen hat' }).check();
    await sound(page, 'the question whom');
    await dialog.getByRole('button', { name: 'In Gebrauch nehmen' }).click();
    await page.getByText('in Gebrauch', { exact: true }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    const { used } = await here.ask(admin, 'GET', `/inboxes/${inbox.id}/notice`);
    assert.deepEqual([used[0].version, used[0].material], [2, false]);
    assert.equal(await seat.button('In Gebrauch nehmen').count(), 0);
    const link = await page.getByRole('link', { name: 'PDF öffnen' }).first().getAttribute('href');
    const pdf = await fetch(link.replace(/^https?:\/\/[^/]+/, here.house.url));
    assert.equal(pdf.status, 200, link);
  });

  test('a recipient is changed, and its versions say how; one that lacks something cannot be switched on', async () => {
    const seat = await here.sit(here.people.admin, { path: '/settings/register' });
    const { page } = seat;
    await page.getByRole('link', { name: 'WhatsApp LLC' }).click();
    await seat.button('Angaben ändern').click();
    await settled(page);
    await sound(page, 'the form of a recipient');
    await shot(page, 'recipient-form');
    await page.getByLabel('Wieder prüfen bis').fill('2020-01-01');
    await seat.button('Speichern').click();
    await page.getByText(/^überfällig seit/).first().waitFor();
    await page.getByText('Fassung 2', { exact: true }).waitFor();

    await seat.go('/settings/register');
    const duty = page.getByRole('table', { name: 'Was zu tun ist' }).getByRole('row', { name: /Alle Angaben wieder prüfen.*WhatsApp LLC.*überfällig seit/ });
    await duty.waitFor();
    await settled(page);
    await sound(page, 'what is to be done');
    await shot(page, 'register-duties');
    await seat.go('/settings/policies');
    await page.getByText(/^Im Verzeichnis ist etwas zu tun: \d+, davon sofort oder überfällig: 1\.$/).waitFor();
    await page.getByRole('link', { name: 'Zum Verzeichnis' }).click();
    await duty.waitFor();

    await page.getByRole('link', { name: 'Operator of this installation' }).click();
    await page.getByText(/^Es fehlt: .*Art\. 28 Abs\. 3 lit\. a, b, c/).waitFor();
    assert.equal(await seat.button('Einschalten').getAttribute('aria-disabled'), 'true');
  });

  test('the file of terms is kept beside them, and comes back as it was', async () => {
    const seat = await here.sit(here.people.admin, { path: '/settings/register' });
    const { page } = seat;
    await page.getByRole('link', { name: 'WhatsApp Ireland Limited' }).click();
    await seat.button('Angaben ändern').click();
    const terms = page.getByRole('group', { name: 'Vertragstext 1' });
    const file = terms.getByLabel('Datei');
    await file.setInputFiles({ name: 'terms.html', mimeType: 'text/html', buffer: Buffer.from('<p>terms') });
    await terms.getByText('Das ist kein PDF, PNG oder JPEG.').waitFor();
    const content = Buffer.from('%PDF-1.7 what the processor owes');
    await file.setInputFiles({ name: 'terms.pdf', mimeType: 'application/pdf', buffer: content });
    await terms.getByText(/^Abgelegt, Prüfsumme [0-9a-f]{12}…$/).waitFor();
    await settled(page);
    await sound(page, 'the file of terms');
    await shot(page, 'terms-file');
    await seat.button('Speichern').click();
    const link = page.getByRole('link', { name: /^Datei laden/ });
    await link.waitFor();
    await sound(page, 'the terms that are kept');
    await shot(page, 'terms-kept');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.deepEqual(await readFile(await download.path()), content);
    assert.match(download.suggestedFilename(), /^terms-[0-9a-f]{12}\.pdf$/);
  });

  test('when the framework is held invalid, the page says what follows, and so it is undone', async () => {
    const seat = await here.sit(here.people.admin, { path: '/settings/register' });
    const { page } = seat;
    await seat.button('DPF gilt nicht mehr').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/verlieren sofort ihre Grundlage/).waitFor();
    await shot(page, 'framework-dialog');
    await dialog.getByLabel('Grund').fill('Urteil C-703/25 P');
    await dialog.getByRole('button', { name: 'DPF gilt nicht mehr' }).click();
    await page.getByText(/^Das Data Privacy Framework gilt hier seit .* nicht mehr\.$/).first().waitFor();
    await page.getByText(/^Den Datenschutzhinweis neu in Gebrauch nehmen/).first().waitFor();
    await settled(page);
    await sound(page, 'without the framework');
    await shot(page, 'framework-invalid');
    await seat.button('DPF gilt wieder').click();
    await dialog.getByLabel('Grund').fill('Nur geprobt');
    await dialog.getByRole('button', { name: 'DPF gilt wieder' }).click();
    await page.getByText('Gilt. Übermittlungen in die USA können darauf beruhen.').waitFor();
  });

  for (const [language, colorScheme] of [['de', 'light'], ['en', 'dark']]) {
    test(`who sends a photo is told a line, which answers nobody: ${language}`, async () => {
      const customer = await here.customer(['Guten Tag, ich habe einen Schaden.']);
      const seat = await here.sit(here.people.motor, { path: '/?view=all', language, colorScheme });
      const { page } = seat;
      await seat.live();
      await seat.open(customer.name);
      await customer.send('image', 'So sieht es aus.');
      const line = seat.log.locator('[data-origin=system]');
      await line.getByText(seat.says('Automatisch: Antwort des Systems', 'Automatic: answer by the system')).waitFor();
      await line.getByText(/^Ihre Aufnahme speichern wir verschlüsselt/).waitFor();
      await customer.send('image', 'Und so von hinten.');
      await seat.log.getByText('Und so von hinten.').waitFor();
      await until(async () => (await customer.heard()).length, 1, 'one line');
      assert.equal(await line.count(), 1);
      const { waiting_since: since } = await customer.conversation();
      assert.ok(since, 'the customer goes on waiting');
      await sound(page, `a line in the thread ${language}`);
      await shot(page, `line-${language}`);
    });

    test(`an agent sees why, and why not, before typing: ${language}`, async () => {
      const customer = await here.customer(['Guten Tag, wann wird mein Auto fertig?']);
      const seat = await here.sit(here.people.motor, { path: '/?view=all', language, colorScheme });
      const { page } = seat;
      await seat.live();
      await seat.open(customer.name);
      const card = page.locator('[data-card=why]');
      await card.getByText(seat.says('Antworten ist möglich', 'A reply is possible')).waitFor();
      await card.getByText(seat.says('Rechtsgrundlage', 'Legal basis'), { exact: true }).waitFor();
      await card.getByText(seat.says(/^Fassung \d+ \(Deutsch\)/, /^Version \d+ \(German\)/)).waitFor();

      const notice = seat.log.locator('[data-origin=notice]');
      await notice.getByText(seat.says('Automatisch: Datenschutzhinweis', 'Automatic: privacy notice')).waitFor();
      const height = async () => (await notice.locator('.body').boundingBox()).height;
      const folded = await height();
      await shot(page, `card-${language}`);
      await notice.getByRole('button', { name: seat.says('mehr', 'more') }).click();
      assert.ok((await height()) > folded + 60, 'it unfolds');
      await notice.getByRole('button', { name: seat.says('weniger', 'less') }).click();

      await card.getByRole('button', { name: seat.says('Will keine Werbung mehr …', 'Wants no more advertising …') }).click();
      await page.getByRole('dialog').getByRole('button', { name: seat.says('Festhalten', 'Record'), exact: true }).click();
      await card.getByText(seat.says(/^alle Werbung: widerrufen/, /^all advertising: withdrawn/)).waitFor();
      const objection = card.getByRole('button', { name: seat.says('Widerspruch festhalten …', 'Record an objection …') });
      assert.equal(await objection.count(), 0, 'nobody objects to a contract');

      const { id } = await customer.conversation();
      await here.ask(here.people.admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Richtigkeit wird geprüft' });
      assert.equal(await card.getByText(seat.says('Kein Zweck hinterlegt', 'No purpose on record')).count(), 0, 'a refusal takes no purpose away');
      await card.getByText(seat.says(/^Eingeschränkt seit/, /^Restricted since/)).waitFor();
      await seat.composer.getByText(seat.says('Zurzeit kann nicht geantwortet werden.', 'A reply is not possible at present.')).waitFor();
      assert.equal(await seat.reply.count(), 0, 'there is no field to type in vain');
      await settled(page);
      await sound(page, 'the card');
      await shot(page, `card-restricted-${language}`);
    });
  }

  test('what may be a withdrawal waits until somebody says that they have read it', async () => {
    const customer = await here.customer(['Guten Tag.']);
    const seat = await here.sit(here.people.motor, { path: '/?view=all', viewport: { width: 360, height: 740 } });
    const { page } = seat;
    await seat.live();
    await customer.say('Muss diese Werbung wirklich sein?');
    const { id } = await customer.conversation();
    const ledger = async () => (await here.ask(here.people.motor, 'GET', `/conversations/${id}/grounds`)).ledger.map(({ step }) => step).join();
    await until(ledger, 'doubted');
    await seat.open(customer.name);
    await page.getByRole('button', { name: 'Seitenleiste ein- oder ausblenden' }).click();
    const panel = page.getByRole('dialog', { name: 'Zur Person' });
    await panel.getByText(/^Das könnte ein Widerruf sein/).waitFor();
    await settled(page);
    await sound(page, 'the card on a phone');
    await shot(page, 'card-phone');
    await panel.getByRole('button', { name: 'Gelesen: kein Widerspruch' }).click();
    await until(ledger, 'doubted,cleared');
    await panel.getByText(/^Das könnte ein Widerruf sein/).waitFor({ state: 'detached' });
  });

  test('the officer reads the ledger, narrowed to a step, and is told when it cannot be read', async () => {
    const customer = await here.customer(['Guten Tag.']);
    const { id } = await customer.conversation();
    await here.ask(here.people.motor, 'POST', `/conversations/${id}/withdrawals`, { purpose: '' });
    const seat = await here.sit(here.people.dpo, { path: '/settings/ledger' });
    const { page } = seat;
    const rows = page.getByRole('table').getByRole('row', { name: /widerrufen.*alle Werbung.*von uns festgehalten/ });
    await rows.first().waitFor();
    await settled(page);
    await sound(page, 'the ledger');
    await shot(page, 'ledger-filled');
    await page.getByLabel('Schritt').selectOption({ label: 'erteilt' });
    await page.getByText('Keine Einträge.').waitFor();
    assert.match(page.url(), /step=granted$/);

    await page.route('**/api/v1/ledger*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable"}' }));
    await page.getByLabel('Schritt').selectOption({ label: 'widerrufen' });
    await page.getByRole('alert').getByRole('button').waitFor();
    await sound(page, 'a ledger that cannot be read');
    await page.unroute('**/api/v1/ledger*');
    await page.getByRole('alert').getByRole('button').click();
    await rows.first().waitFor();
  });

  for (const [language, colorScheme] of [['de', 'light'], ['en', 'dark']]) {
    test(`evidence about a contact is one click from the ledger, with the notice of a day: ${language}`, async () => {
      const customer = await here.customer(['Guten Tag.']);
      const { id, contact } = await customer.conversation();
      await here.ask(here.people.motor, 'POST', `/conversations/${id}/withdrawals`, { purpose: '' });
      const seat = await here.sit(here.people.dpo, { path: '/settings/ledger', language, colorScheme, viewport: { width: 360, height: 740 } });
      const { page } = seat;
      const short = contact.id.slice(-12);
      const opened = page.waitForEvent('popup');
      await page.getByRole('link', { name: new RegExp(`^${seat.says('Nachweis öffnen', 'Open evidence')} ?: ${short}$`) }).first().click();
      const sheet = await opened;
      await sheet.getByRole('heading', { level: 1, name: seat.says('Nachweis zu einer Person', 'Evidence about a person') }).waitFor();
      await sheet.getByText(contact.id).first().waitFor();
      assert.deepEqual(await violations(sheet), [], 'the sheet');
      if (process.env.SHOTS) await sheet.screenshot({ path: join(process.env.SHOTS, `sheet-${language}.png`), fullPage: true });
      await sheet.close();

      await page.getByLabel(seat.says('Kennung der Person', 'Id of the contact')).fill('4711');
      await page.getByText(seat.says(/Das ist keine Kennung\./, /This is no id\./)).waitFor();
      await page.getByLabel(seat.says('Kennung der Person', 'Id of the contact')).fill(contact.id);
      await page.getByLabel(seat.says('Hinweis an einem Tag', 'Notice on a day')).fill(new Date().toISOString().slice(0, 10));
      await sound(page, 'the question about a contact');
      await shot(page, `evidence-${language}`);
      const href = await page.getByRole('link', { name: seat.says('Nachweis öffnen', 'Open evidence'), exact: true }).getAttribute('href');
      const session = await here.session(here.people.dpo);
      const get = (path) => fetch(here.house.url + path, { headers: { Cookie: `${session.name}=${session.value}` } });
      const words = await (await get(href)).text();
      assert.match(words, language === 'de' ? /Datenschutzhinweis am/ : /Privacy notice on/);
      assert.match(words, /id="day"/);
      const pdf = await page.getByRole('link', { name: seat.says('als PDF', 'as PDF'), exact: true }).getAttribute('href');
      assert.equal((await get(pdf)).headers.get('content-type'), 'application/pdf');
    });
  }

  test('an admin opens evidence from the card, an agent finds no way there', async () => {
    const customer = await here.customer(['Guten Tag.']);
    for (const person of [here.people.admin, here.people.motor]) {
      const seat = await here.sit(person, { path: '/?view=all' });
      await seat.live();
      await seat.open(customer.name);
      const card = seat.page.locator('[data-card=why]');
      await card.getByText('Rechtsgrundlage', { exact: true }).waitFor();
      const links = card.getByRole('link', { name: /^(Nachweis öffnen|als PDF)$/ });
      assert.equal(await links.count(), person === here.people.admin ? 2 : 0);
      await settled(seat.page);
      await sound(seat.page, 'the card with evidence');
      if (person === here.people.admin) await shot(seat.page, 'card-evidence');
    }
  });

  for (const [language, colorScheme] of [['de', 'dark'], ['en', 'light']]) {
    test(`what the gate refused is listed with its reasons, and narrowed: ${language}`, async () => {
      const customer = await here.customer(['Guten Tag.']);
      const { id } = await customer.conversation();
      const { admin, motor } = here.people;
      await here.ask(admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Richtigkeit wird geprüft' });
      const session = await here.session(motor);
      const answer = await fetch(`${here.house.url}/api/v1/conversations/${id}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: `${session.name}=${session.value}`, Origin: here.house.url },
        body: JSON.stringify({ client_id: 'refused', kind: 'text', text: 'Streng geheim' }),
      });
      assert.equal(answer.status, 422, await answer.text());
      const listed = async () => (await here.ask(admin, 'GET', '/refusals?reason=contact_restricted')).items.length > 0;
      await until(listed, true);

      const seat = await here.sit(here.people.dpo, { path: '/settings/refusals', language, colorScheme });
      const { page } = seat;
      const row = page.getByRole('table').getByRole('row', { name: seat.says(/eingeschränkt.*Art\. 18/, /restricted.*Art\. 18/) });
      await row.first().waitFor();
      await settled(page);
      await sound(page, 'refusals');
      await shot(page, `refusals-filled-${language}`);
      assert.ok(!(await page.content()).includes('geheim'));
      await page.getByLabel(seat.says('Grund', 'Reason')).selectOption('quiet_hours');
      await page.getByText(seat.says('Keine Ablehnungen.', 'No refusals.')).waitFor();
      assert.match(page.url(), /reason=quiet_hours$/);
      await page.getByLabel(seat.says('Grund', 'Reason')).selectOption('contact_restricted');
      await row.first().waitFor();
    });
  }

  test('a legitimate interest is balanced part by part, and the officer reads it', async () => {
    const { admin, dpo } = here.people;
    const [{ id, facts }] = (await here.ask(admin, 'GET', '/controllers')).items;
    const seat = await here.sit(admin, { path: `/settings/controllers/${id}`, viewport: { width: 360, height: 740 } });
    const { page } = seat;
    await seat.button('Zweck hinzufügen').click();
    const purpose = page.getByRole('group', { name: `Zweck ${facts.purposes.length + 1}`, exact: true });
    await purpose.getByLabel('Bezeichnung', { exact: true }).fill('Betrug erkennen');
    await purpose.getByLabel('Rechtsgrundlage').selectOption('6(1)(f)');
    await purpose.getByText('Unvollständig, noch nicht nutzbar: 7').waitFor();
    for (const [label, text] of [
      ['Berechtigtes Interesse', 'Schaden von den Versicherten abwenden'],
      ['Erforderlichkeit', 'Anders fällt es nicht auf.'],
      ['Abwägung', 'Es trifft wenige, und kurz.'],
      ['Schutz der Menschen', 'Ein Mensch sieht jeden Verdacht an.'],
      ['Weg des Widerspruchs', 'Die Stelle prüft binnen einer Woche.'],
      ['Freigegeben von (Stelle)', 'Datenschutz'],
      ['Freigegeben am', '2026-11-30'],
    ]) {
      await purpose.getByLabel(label, { exact: true }).fill(text);
    }
    await purpose.getByText('Vollständig', { exact: true }).waitFor();
    await settled(page);
    await sound(page, 'the balancing on a phone');
    await shot(page, 'balancing-phone');
    await seat.button('Speichern').click();
    await page.getByText('Gespeichert.').waitFor();
    const kept = (await here.ask(admin, 'GET', '/controllers')).items.find((one) => one.id === id).facts.purposes.at(-1);
    assert.equal(kept.balancing.safeguards, 'Ein Mensch sieht jeden Verdacht an.');

    for (const language of ['de', 'en']) {
      const reader = await here.sit(dpo, { path: `/settings/controllers/${id}`, language, colorScheme: language === 'en' ? 'dark' : 'light' });
      await reader.page.locator('dd', { hasText: 'Ein Mensch sieht jeden Verdacht an.' }).waitFor();
      await settled(reader.page);
      await sound(reader.page, `a balancing that is read, ${language}`);
      await shot(reader.page, `balancing-${language}`);
    }
    await here.ask(admin, 'PUT', `/controllers/${id}`, facts);
  });

  test('while the framework is held invalid, everybody who writes is told at once what follows', async () => {
    const { admin, motor } = here.people;
    const { controllers } = await here.ask(motor, 'GET', '/me');
    const hold = (valid) => here.ask(admin, 'PUT', `/controllers/${controllers[0].id}/framework`, { valid, reason: 'Geprobt' });
    for (const [language, options] of [
      ['de', { viewport: { width: 360, height: 740 } }],
      ['en', { colorScheme: 'dark' }],
    ]) {
      const seat = await here.sit(motor, { path: '/?view=all', language, ...options });
      const { page } = seat;
      await seat.live();
      const banner = page.getByText(seat.says(/gilt das Data Privacy Framework seit .* nicht mehr\.$/, /the Data Privacy Framework has been held invalid since/));
      assert.equal(await banner.count(), 0);
      await hold(false);
      try {
        await banner.waitFor();
        await page.getByText(seat.says(/^Was vorher offen war/, /^What was open before/)).waitFor();
        await settled(page);
        await sound(page, `the banner ${language}`);
        await shot(page, `framework-banner-${language}`);
      } finally {
        await hold(true);
      }
      await banner.waitFor({ state: 'detached' });
    }
  });
});
