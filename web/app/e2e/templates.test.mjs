// Approved templates from the composer: outside the window, below a document, below a place. In
// both languages, wide and narrow. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { picture } from './pixels.mjs';
import { seat as sit } from './seat.mjs';
import { until } from './until.mjs';

const purpose = 'Neues zu Ihrem Vertrag';
const pdf = (words) => Buffer.from(`%PDF-1.4\n${`${words}\n`.repeat(3000)}%%EOF`);

describe('templates', { skip: missing || false }, () => {
  const here = office();

  // A Controller that writes by itself to those who agreed: a Purpose, and a policy that a second admin grants.
  before(async () => {
    if (missing) return;
    const { admin } = here.people;
    const other = await here.colleague('Zweite Hand', 'admin');
    const [{ id, facts }] = (await here.ask(admin, 'GET', '/controllers')).items;
    await here.ask(admin, 'PUT', `/controllers/${id}`, { ...facts, purposes: [...facts.purposes, { name: purpose, basis: '6(1)(a)' }] });
    const { policies } = await here.ask(admin, 'GET', `/controllers/${id}/register`);
    const { approval } = await here.ask(admin, 'PUT', `/controllers/${id}/policies`, { ...policies, outbound: 'service_templates', reason: 'Beschluss' });
    await here.ask(other, 'POST', `/approvals/${approval}/decision`, { grant: true, reason: 'geprüft' });
  });

  const sent = async (who) => (await who.seen()).filter(({ kind }) => kind === 'template').at(-1);

  /** The template dialog in somebody's hand. */
  function hand(seat) {
    const { page } = seat;
    const dialog = page.getByRole('dialog');
    const fill = async (de, en, text) => {
      here.keep(...(text.length > 5 ? [text] : []));
      await dialog.getByRole('textbox', { name: new RegExp(`^${seat.says(de, en)}`) }).first().fill(text);
    };
    const above = (kind) => dialog.getByRole('combobox', { name: seat.says('Überschrift', 'Header') }).selectOption(kind);
    const pick = async (file) => {
      here.keep(file.name);
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), seat.button('Datei wählen …', 'Choose a file …', dialog).click()]);
      await chooser.setFiles(file);
    };
    const submit = () => seat.button('Senden', 'Send', dialog).click();
    return { page, dialog, fill, above, pick, submit };
  }

  const sizes = [['de', { width: 1440, height: 900 }, 'light'], ['en', { width: 360, height: 740 }, 'dark']];
  for (const [language, viewport, colorScheme] of sizes) {
    test(`outside the window a template leaves to who agreed, below a document: ${language}`, async (t) => {
      // The window ends while we look: what was written almost a day ago opened it for half a minute.
      const who = await here.customer();
      await who.delayed('Wann kommt die Police?', 24 * 3600 - 30);
      const ends = Date.now() + 30_000;
      await who.informed();
      const { id } = await who.conversation();
      await here.ask(here.people.motor, 'POST', `/conversations/${id}/consents/paper`, {
        purpose, signed_at: '2026-01-15T00:00:00Z', version: '1', language: 'de', form: pdf('Einwilligung').toString('base64'),
      });
      await new Promise((done) => setTimeout(done, Math.max(0, ends - Date.now()) + 1000));

      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme });
      const { page, dialog, fill, above, pick, submit } = hand(seat);
      const shot = (name) => look(page, `templates-${name}-${language}`);
      await seat.button('Vorlage senden …', 'Send a template …').waitFor();
      await shot('closed');
      await seat.button('Vorlage senden …', 'Send a template …').click();
      const why = dialog.getByRole('combobox', { name: seat.says('Zweck', 'Purpose') });
      assert.equal(await why.inputValue(), purpose);
      await fill('Name der Vorlage', 'Name of the template', 'police_da');
      await above('file');
      await submit();
      await dialog.getByText(seat.says('Bitte wählen Sie eine Datei', 'Please choose a file')).waitFor();
      await shot('no-file');

      // What cannot stand above a template says so, by its name and by what stands in it.
      await pick({ name: 'Notiz.txt', mimeType: 'text/plain', buffer: Buffer.from('Notiz') });
      await dialog.getByText(seat.says('Über einem Text steht', 'Above a text stands')).waitFor();
      await shot('refused');
      await seat.button('Notiz.txt entfernen', 'Remove Notiz.txt', dialog).click();
      await until(() => page.evaluate(() => document.activeElement?.textContent?.trim()), seat.says('Datei wählen …', 'Choose a file …'), 'the focus');
      await pick({ name: 'Verkleidet.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Nur Text, kein PDF.') });
      await dialog.getByText(seat.says('Über einem Text steht', 'Above a text stands')).waitFor();
      await seat.button('Verkleidet.pdf entfernen', 'Remove Verkleidet.pdf', dialog).click();

      // On its way it shows how far it came, and can be stopped.
      let go;
      const held = new Promise((done) => (go = done));
      await page.route('**/files', async (route) => { await held; await route.continue().catch(() => undefined); });
      await pick({ name: 'Falsch.pdf', mimeType: 'application/pdf', buffer: pdf('falsch') });
      await dialog.getByRole('progressbar').waitFor();
      await shot('uploading');
      await seat.button('Falsch.pdf: abbrechen', 'Falsch.pdf: cancel', dialog).click();
      go();
      await page.unroute('**/files');
      await pick({ name: 'Police-2026.pdf', mimeType: 'application/pdf', buffer: pdf('Versicherungsschein') });
      await dialog.locator('[data-attached=ready]').waitFor();
      await seat.button('Wert hinzufügen', 'Add a value', dialog).click();
      await fill('Wert 1', 'Value 1', 'Vertrag 4711-08');
      await shot('filled');
      await submit();
      await dialog.waitFor({ state: 'detached' });
      await until(async () => (await sent(who))?.template?.header, 'Police-2026.pdf', 'on the phone', 60_000);
      const { payload, template, text } = await sent(who);
      assert.equal(template.header_kind, 'document');
      assert.match(text, /Vertrag 4711-08/);
      assert.equal(payload.components[0].parameters[0].document.id, template.media);
      assert.deepEqual((await who.heard()).filter((words) => !words.startsWith('[police_da]')), [], 'nothing else went');

      // The thread has the file as any other; the phone hands it out.
      await seat.log.getByRole('link', { name: seat.says('Police-2026.pdf herunterladen', 'Download Police-2026.pdf') }).waitFor();
      await seat.log.getByText('Vertrag 4711-08').waitFor();
      await shot('thread');
      const phone = await sit(here.browser, { url: here.house.phones, language, viewport, colorScheme });
      t.after(() => phone.context.close());
      await phone.page.goto(`${here.house.phones}/#${who.id}`);
      await phone.page.locator('#number').selectOption(who.number);
      await phone.page.getByRole('link', { name: 'Police-2026.pdf' }).waitFor();
      await look(phone.page, `templates-phone-${language}`);
    });

    test(`a place and a picture above a template: ${language}`, async (t) => {
      const who = await here.customer(['Wie komme ich zu Ihnen?']);
      const { id } = await who.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme });
      const { page, dialog, fill, above, pick, submit } = hand(seat);
      const shot = (name) => look(page, `templates-${name}-${language}`);
      await seat.message('Wie komme ich zu Ihnen?').waitFor();
      await seat.live();
      const begin = async () => {
        await seat.button('Mehr senden …', 'Send more …').click();
        await dialog.getByRole('combobox', { name: seat.says('Was?', 'What?') }).selectOption('template');
      };
      await begin();
      assert.equal(await dialog.getByRole('combobox', { name: seat.says('Zweck', 'Purpose') }).count(), 0, 'within the window it is an answer');
      await fill('Name der Vorlage', 'Name of the template', 'anfahrt');
      await above('place');
      await submit();
      await dialog.getByText(seat.says('Bitte eine Zahl von -90 bis 90.', 'Please give a number from -90 to 90.')).waitFor();
      await dialog.getByRole('textbox', { name: /^Name ·/ }).fill('Geschäftsstelle Köln');
      await fill('Anschrift', 'Address', 'Domplatz 1, 50667 Köln');
      await fill('Breite', 'Latitude', '50,9413');
      await fill('Länge', 'Longitude', '6.9583');
      await shot('place');
      await submit();
      await dialog.waitFor({ state: 'detached' });
      await until(async () => (await sent(who))?.template?.header_kind, 'location', 'on the phone', 60_000);
      const { location } = (await sent(who)).payload.components[0].parameters[0];
      assert.deepEqual(location, { latitude: 50.9413, longitude: 6.9583, name: 'Geschäftsstelle Köln', address: 'Domplatz 1, 50667 Köln' });
      await seat.log.getByText('Geschäftsstelle Köln, Domplatz 1, 50667 Köln').waitFor();

      await begin();
      await fill('Name der Vorlage', 'Name of the template', 'gutachten');
      await above('file');
      await pick({ name: 'Eingang.png', mimeType: 'image/png', buffer: picture(900, 600) });
      await dialog.locator('[data-attached=ready]').waitFor();
      await shot('picture');
      await submit();
      await dialog.waitFor({ state: 'detached' });
      await until(async () => (await sent(who))?.template?.header_kind, 'image', 'on the phone', 60_000);
      await seat.log.getByRole('img', { name: seat.says('Bild von uns', 'Image from us') }).waitFor();
      await shot('thread-place');
      const phone = await sit(here.browser, { url: here.house.phones, language, viewport, colorScheme });
      t.after(() => phone.context.close());
      await phone.page.goto(`${here.house.phones}/#${who.id}`);
      await phone.page.locator('#number').selectOption(who.number);
      await phone.page.getByText('Geschäftsstelle Köln').first().waitFor();
      await look(phone.page, `templates-phone-place-${language}`);
    });
  }
});
