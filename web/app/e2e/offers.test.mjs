// What an Agent sends beside text: chosen, filled in, refused where WhatsApp would, and seen on
// the phone. In both languages, wide and narrow. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { document as pdf } from './pdf.mjs';
import { until } from './until.mjs';

describe('more than text', { skip: missing || false }, () => {
  const here = office();

  /** The newest thing of a kind that the phone holds of ours: Meta's object of that kind. */
  async function got(who, kind) {
    const { items } = await here.house.sim('GET', `customers/${who.id}/messages?number=${who.number}`);
    return items.filter((message) => message.from === 'business' && message.kind === kind).at(-1);
  }

  /** One window, in which one thing after the other is sent. */
  function hand(seat, who) {
    const { page } = seat;
    const dialog = page.getByRole('dialog');
    const fill = async (de, en, text) => {
      here.keep(...(text.length > 5 ? [text] : []));
      await dialog.getByRole('textbox', { name: new RegExp(`^${seat.says(de, en)}`) }).first().fill(text);
    };
    const choose = async (way) => {
      await seat.button('Mehr senden …', 'Send more …').click();
      await dialog.getByRole('combobox', { name: seat.says('Was?', 'What?') }).selectOption(way);
    };
    const above = (kind) => dialog.getByRole('combobox', { name: seat.says('Überschrift', 'Header') }).selectOption(kind);
    const pick = async (file) => {
      here.keep(file.name);
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), seat.button('Datei wählen …', 'Choose a file …', dialog).click()]);
      await chooser.setFiles(file);
      await dialog.locator('[data-attached=ready]').waitFor();
    };
    const submit = () => seat.button('Senden', 'Send', dialog).click();
    const send = async (kind, is) => {
      await submit();
      await dialog.waitFor({ state: 'detached' });
      // Several to one person within seconds are paid for by the pace afterwards: one in six seconds.
      await until(async () => is((await got(who, kind))?.payload ?? {}), true, kind, 60_000);
    };
    return { page, dialog, fill, choose, above, pick, submit, send };
  }

  for (const [language, viewport, colorScheme] of [['de', { width: 1440, height: 900 }, 'light'], ['en', { width: 360, height: 740 }, 'dark']]) {
    test(`what is tapped arrives as it was filled in: ${language}`, async () => {
      const who = await here.customer(['Wie geht es weiter?']);
      const { id } = await who.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme });
      const { page, dialog, fill, choose, above, pick, submit, send } = hand(seat, who);
      await seat.message('Wie geht es weiter?').waitFor();
      await seat.live();
      const shot = (name) => look(page, `offers-${name}-${language}`);
      await shot('composer');

      // Answers to tap; what is missing and what is too long is told at its field.
      await choose('buttons');
      await shot('buttons-empty');
      await submit();
      await dialog.getByText(seat.says('Bitte füllen Sie dieses Feld aus.', 'Please fill in this field.')).first().waitFor();
      await fill('Text', 'Text', 'Sollen wir Sie zurückrufen?');
      await fill('Antwort 1', 'Answer 1', 'Ja, rufen Sie mich bitte an');
      await dialog.getByText(seat.says('Höchstens 20 Zeichen.', '20 characters at most.')).waitFor();
      await shot('buttons-long');
      await fill('Antwort 1', 'Answer 1', 'Ja, bitte');
      await fill('Antwort 2', 'Answer 2', 'Nein');
      await above('text');
      await fill('Text der Überschrift', 'Text of the header', 'Ihr Anliegen vom Montag');
      await fill('Fußzeile', 'Footer', 'Werktags von 8 bis 18 Uhr');
      await shot('buttons');
      await send('interactive', ({ type, action }) => type === 'button' && action.buttons.map(({ reply }) => reply.title).join() === 'Ja, bitte,Nein');
      const { header, footer } = (await got(who, 'interactive')).payload;
      assert.deepEqual([header.text, footer.text], ['Ihr Anliegen vom Montag', 'Werktags von 8 bis 18 Uhr']);
      await seat.message('Sollen wir Sie zurückrufen?').waitFor();

      await choose('list');
      await fill('Text', 'Text', 'Worum geht es genau?');
      await fill('Aufschrift des Knopfs', 'Label of the button', 'Auswählen');
      await fill('Zeile 1', 'Row 1', 'Schaden melden');
      await fill('Beschreibung zu Zeile 1', 'Description of row 1', 'Auto, Haus oder Haftpflicht');
      await fill('Zeile 2', 'Row 2', 'Vertrag ändern');
      await seat.button('Zeile hinzufügen', 'Add a row', dialog).click();
      await fill('Zeile 3', 'Row 3', 'Etwas anderes');
      await seat.button('Zeile 2 entfernen', 'Remove row 2', dialog).click();
      await shot('list');
      await send('interactive', ({ type, action }) => type === 'list' && action.sections[0].rows.map(({ title }) => title).join() === 'Schaden melden,Etwas anderes');

      // Several sections: each has a title, and ten rows are the end for all of them.
      await choose('list');
      await fill('Text', 'Text', 'Was möchten Sie tun?');
      await fill('Aufschrift des Knopfs', 'Label of the button', 'Auswählen');
      await fill('Zeile 1', 'Row 1', 'Schaden am Auto');
      await fill('Zeile 2', 'Row 2', 'Schaden am Haus');
      await seat.button('Abschnitt hinzufügen', 'Add a section', dialog).click();
      await fill('Titel von Abschnitt 1', 'Title of section 1', 'Melden');
      await fill('Zeile 3', 'Row 3', 'Neue Anschrift');
      await seat.button('Zeile hinzufügen, Abschnitt 2', 'Add a row, section 2', dialog).click();
      await fill('Zeile 4', 'Row 4', 'Neue Bankverbindung');
      await dialog.getByText(seat.says('4 von 10 Zeilen', '4 of 10 rows')).waitFor();
      await submit();
      await dialog.getByText(seat.says('Bitte füllen Sie dieses Feld aus.', 'Please fill in this field.')).waitFor();
      await shot('sections-missing');
      await fill('Titel von Abschnitt 2', 'Title of section 2', 'Ändern');
      await seat.button('Abschnitt hinzufügen', 'Add a section', dialog).click();
      await seat.button('Abschnitt 3 entfernen', 'Remove section 3', dialog).click();
      await shot('sections');
      await send('interactive', ({ type, action }) => type === 'list' && action.sections.map(({ title, rows }) => `${title}: ${rows.map((row) => row.title).join()}`).join('; ')
        === 'Melden: Schaden am Auto,Schaden am Haus; Ändern: Neue Anschrift,Neue Bankverbindung');

      await choose('form');
      await fill('Text', 'Text', 'Bitte schildern Sie den Schaden.');
      await fill('Aufschrift des Knopfs', 'Label of the button', 'Schaden schildern');
      await submit();
      await dialog.getByText(seat.says('Bitte füllen Sie dieses Feld aus.', 'Please fill in this field.')).waitFor();
      await fill('Formular', 'Form', '1013859600285441');
      await fill('Erste Seite', 'First screen', 'START');
      await shot('form');
      await send('interactive', ({ type, action }) => type === 'flow' && action.parameters.flow_id === '1013859600285441' && action.parameters.flow_cta === 'Schaden schildern'
        && action.parameters.flow_action_payload.screen === 'START');

      await choose('link');
      await fill('Text', 'Text', 'Hier geht es sicher weiter.');
      await fill('Aufschrift des Knopfs', 'Label of the button', 'Zum Portal');
      await fill('Adresse', 'Address', 'portal.muster.example');
      await submit();
      await dialog.getByText(seat.says('Das ist keine vollständige Adresse', 'This is no whole address')).waitFor();
      assert.ok(await dialog.locator('input[type=url]').evaluate((input) => input === document.activeElement), 'the field that is wrong has the focus');
      await shot('link-wrong');
      await fill('Adresse', 'Address', 'https://portal.muster.example/x?y=1');
      await above('file');
      await pick({ name: 'Tarife-2026.pdf', mimeType: 'application/pdf', buffer: pdf(['Acht Euro im Monat']) });
      await shot('link-file');
      await send('interactive', ({ type, header, action }) => type === 'cta_url' && action.parameters.url === 'https://portal.muster.example/x?y=1' && header.document.filename === 'Tarife-2026.pdf');
      // The thread has the file as any other.
      await seat.button('Tarife-2026.pdf: Vorschau', 'Preview Tarife-2026.pdf', seat.log).waitFor();
      await shot('link-thread');

      await choose('location');
      await fill('Text', 'Text', 'Wo steht Ihr Wagen?');
      await shot('location');
      await send('interactive', ({ type }) => type === 'location_request_message');
      await choose('contact');
      await fill('Text', 'Text', 'Unter welcher Nummer erreichen wir Sie?');
      await send('interactive', ({ action }) => action?.name === 'request_contact_info');
      for (const [de, en] of [['Auswahlliste', 'List to choose from'], ['Nachricht mit Link', 'Message with a link']]) {
        await page.locator('article .kind').getByText(seat.says(de, en)).first().waitFor({ state: 'attached' });
      }
    });

    // Another person: WhatsApp slows down whoever writes to one again and again.
    test(`what is shared arrives as it was filled in: ${language}`, async () => {
      const who = await here.customer(['Wo finde ich Sie?']);
      const { id } = await who.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme });
      const { page, dialog, fill, choose, submit, send } = hand(seat, who);
      await seat.message('Wo finde ich Sie?').waitFor();
      await seat.live();
      const shot = (name) => look(page, `offers-${name}-${language}`);

      await choose('place');
      await fill('Name', 'Name', 'Geschäftsstelle Köln');
      await fill('Anschrift', 'Address', 'Domplatz 1, 50667 Köln');
      await fill('Breite', 'Latitude', '95');
      await fill('Länge', 'Longitude', '6,9583');
      await submit();
      await dialog.getByText(seat.says('Bitte eine Zahl von -90 bis 90.', 'Please give a number from -90 to 90.')).waitFor();
      await shot('place-wrong');
      await fill('Breite', 'Latitude', '50,9413');
      await send('location', ({ latitude, longitude, name }) => latitude === 50.9413 && longitude === 6.9583 && name === 'Geschäftsstelle Köln');

      await choose('card');
      await fill('Name', 'Name', 'Schadenservice Muster');
      await fill('Firma', 'Company', 'Muster Versicherung');
      await fill('Telefon', 'Telephone', '+49 30 123456');
      await fill('E-Mail', 'E-mail', 'schaden@muster.example');
      await fill('Website', 'Website', 'https://muster.example/schaden');
      await shot('card');
      await send('contacts', (cards) => cards[0]?.name.formatted_name === 'Schadenservice Muster' && cards[0].urls[0].url === 'https://muster.example/schaden');

      await choose('template');
      await fill('Name der Vorlage', 'Name of the template', 'Termin bestätigt');
      await submit();
      await dialog.getByText(seat.says('Nur kleine Buchstaben, Ziffern und Unterstriche.', 'Small letters, digits and underscores alone.')).waitFor();
      await fill('Name der Vorlage', 'Name of the template', 'termin_bestaetigt');
      await dialog.getByRole('combobox', { name: seat.says('Überschrift', 'Header') }).selectOption('text');
      await fill('Wert in der Überschrift', 'Value in the header', 'in Köln');
      await seat.button('Wert hinzufügen', 'Add a value', dialog).click();
      await fill('Wert 1', 'Value 1', 'Montag um acht');
      await seat.button('Knopf hinzufügen', 'Add a button', dialog).click();
      await fill('Wert für Knopf 1', 'Value of button 1', 'termin-4711');
      await seat.button('Knopf hinzufügen', 'Add a button', dialog).click();
      await dialog.getByRole('combobox', { name: seat.says('Art von Knopf 2', 'Kind of button 2') }).selectOption('copy_code');
      await fill('Wert für Knopf 2', 'Value of button 2', 'KFZ-2026');
      await shot('template');
      const values = (components) => components.map(({ parameters: [{ text, coupon_code }] }) => text ?? coupon_code).join();
      await send('template', ({ name, components }) => name === 'termin_bestaetigt' && values(components) === 'in Köln,Montag um acht,termin-4711,KFZ-2026');
      await look(page, `offers-thread-${language}`);
    });
  }

  test('by key and palette, and a colleague who answered first is seen', async () => {
    const who = await here.customer(['Ich habe noch eine Frage']);
    const { id } = await who.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}` });
    const { page, dialog, fill } = hand(seat, who);
    await seat.message('Ich habe noch eine Frage').waitFor();
    await seat.live();
    await seat.row('Ich habe noch eine Frage').focus();
    await page.keyboard.press('m');
    await dialog.getByRole('combobox', { name: 'Was?' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Befehl suchen' }).fill('Kontakt Vorlage');
    await page.keyboard.press('Enter');
    await dialog.getByRole('combobox', { name: 'Was?' }).waitFor();
    await dialog.getByRole('combobox', { name: 'Was?' }).selectOption('location');
    await fill('Text', 'Text', 'Wo sind Sie gerade?');
    await here.ask(here.people.claims, 'POST', `/conversations/${id}/messages`, { client_id: 'colleague', kind: 'text', text: 'Bin schon dabei' });
    here.keep('Bin schon dabei');
    await seat.button('Senden', 'Send', dialog).click();
    await dialog.getByText(/Inzwischen hat jemand anderes geantwortet/).waitFor();
    assert.equal(await got(who, 'interactive'), undefined);
    await look(page, 'offers-overtaken-de');
    await seat.button('Senden', 'Send', dialog).click();
    await until(async () => (await got(who, 'interactive'))?.payload.type, 'location_request_message');
  });

  test('outside the window a template is offered, and the gate says why it may not go', async () => {
    const who = await here.customer();
    await who.late('Melden Sie sich bitte', 3);
    const { id } = await who.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}` });
    const { page, dialog, fill } = hand(seat, who);
    await seat.button('Vorlage senden …').click();
    await fill('Name der Vorlage', '', 'termin_bestaetigt');
    assert.equal(await dialog.getByRole('combobox', { name: 'Was?' }).count(), 0, 'nothing else may leave');
    await seat.button('Senden', 'Send', dialog).click();
    await dialog.getByRole('status').getByRole('listitem').first().waitFor();
    await look(page, 'offers-refused-de');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await look(page, 'offers-blocked-de');
    assert.equal(await got(who, 'template'), undefined);
  });
});
