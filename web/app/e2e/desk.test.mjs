// What an agent does all day, in German and in English: reading, answering, and what
// becomes of a message that does not arrive.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('an agent at the desk', { skip: missing }, () => {
  const here = office();

  for (const language of ['de', 'en']) {
    describe(language, () => {
      const sit = (options) => here.sit(here.people.motor, { language, ...options });

      test('logs in by name and password', async () => {
        const seat = await sit({ session: null });
        const { page, says } = seat;
        const { email, password } = here.people.motor;
        await page.goto(here.house.url);
        await page.getByRole('heading', { name: says('Anmelden', 'Log in') }).waitFor();
        await page.getByLabel(says('E-Mail-Adresse', 'Email address')).fill(email);
        await page.getByLabel(says('Passwort', 'Password'), { exact: true }).fill('so nicht, bitte');
        await page.keyboard.press('Enter');
        await page.getByText(says('E-Mail-Adresse und Passwort passen nicht zusammen.', 'Email address and password do not match.')).waitFor();
        await page.getByLabel(says('Passwort', 'Password'), { exact: true }).fill(password);
        await seat.button('Anmelden', 'Log in').click();
        await seat.row('Ben Beispiel').waitFor();
        assert.equal(await page.getAttribute('html', 'lang'), language);
        assert.match(await page.title(), says(/Postfach · Botschaft$/, /Inbox · Botschaft$/));
      });

      test('sees a message arrive, answers it, and sees it read', async () => {
        const seat = await sit();
        await seat.live();
        await seat.page.evaluate(() => (window.notReloaded = true));
        const customer = await here.customer(['Guten Tag, mein Kennzeichen fehlt noch.']);
        await seat.open(customer.name);
        await seat.message('Guten Tag, mein Kennzeichen fehlt noch.').waitFor();
        assert.equal(new URL(seat.page.url()).pathname, `/conversations/${(await customer.conversation()).id}`);

        const question = 'Danke. Wie lautet das Kennzeichen?';
        await seat.send(question);
        await seat.ticked(question, 'delivered');
        await customer.say('Es lautet K-MA 1234.');
        await seat.message('Es lautet K-MA 1234.').waitFor();
        await here.house.sim('POST', `customers/${customer.id}/read`, { number: customer.number });
        await seat.ticked(question, 'read');
        assert.equal(await seat.message(question).getByRole('img').getAttribute('aria-label'), seat.says('Gelesen', 'Read'));
        assert.deepEqual(await customer.heard(), [question]);
        await seat.row(customer.name).getByText('Es lautet K-MA 1234.').waitFor();
        assert.equal(await seat.page.evaluate(() => window.notReloaded), true);
      });

      test('sends again what was not sent, and it arrives once', async () => {
        const customer = await here.customer(['Sind Sie noch da?']);
        const seat = await sit();
        await seat.open(customer.name);
        await seat.context.setOffline(true);
        await seat.send('Ja, wir sind da.');
        const pending = seat.pending('Ja, wir sind da.');
        await pending.getByText(seat.says('Nicht gesendet: Der Dienst war nicht erreichbar.', 'Not sent: the service could not be reached.')).waitFor();
        await seat.context.setOffline(false);
        await seat.live();
        await seat.button('Erneut senden', 'Send again', pending).click();
        await seat.ticked('Ja, wir sind da.', 'delivered');
        assert.equal(await pending.count(), 0);
        assert.deepEqual(await customer.heard(), ['Ja, wir sind da.']);
      });

      test('takes what was not sent back into the field, or gives it up', async () => {
        const customer = await here.customer(['Eine Frage hätte ich noch.']);
        const seat = await sit();
        await seat.open(customer.name);
        await seat.context.setOffline(true);
        await seat.send('Bitte fragen Sie.');
        await seat.button('Text bearbeiten', 'Edit the text', seat.pending('Bitte fragen Sie.')).click();
        await until(() => seat.reply.inputValue(), 'Bitte fragen Sie.');
        await seat.send('Fragen Sie nur.');
        // Rarely a press falls on a thread that is being drawn anew; then people press again.
        const left = seat.button('Verwerfen', 'Discard', seat.pending('Fragen Sie nur.'));
        await until(async () => {
          if (await left.count()) await left.click({ timeout: 1000 }).catch(() => undefined);
          return seat.pending('').count();
        }, 0);
        assert.equal(await seat.reply.inputValue(), '');
        await seat.context.setOffline(false);
        await seat.live();
        assert.deepEqual(await customer.heard(), []);
      });

      test('reads why WhatsApp did not deliver, and sends again', async () => {
        const customer = await here.customer(['Wann kommt der Gutachter?']);
        const seat = await sit();
        await seat.open(customer.name);
        await customer.fault({ kind: 'fail_status', code: 131026 });
        await seat.send('Der Gutachter kommt am Montag.');
        const failed = seat.message('Der Gutachter kommt am Montag.');
        await failed.getByRole('img', { name: seat.says('Nicht zugestellt', 'Not delivered') }).waitFor();
        await failed.getByText('131026').waitFor();
        await seat.button('Erneut senden', 'Send again', failed).click();
        await seat.ticked('Der Gutachter kommt am Montag.', 'delivered');
      });

      test('lets a message rest of which nobody knows whether it arrived', async () => {
        const customer = await here.customer(['Haben Sie meine Fotos?']);
        const seat = await sit();
        await seat.open(customer.name);
        await customer.fault({ kind: 'cut_before_read' });
        await seat.send('Die Fotos sind angekommen.');
        const doubtful = seat.message('Die Fotos sind angekommen.');
        await doubtful.getByText(seat.says('Ungewiss, ob diese Nachricht angekommen ist.', 'It is uncertain whether this message arrived.')).waitFor();
        await seat.button('Auf sich beruhen lassen', 'Let it rest', doubtful).click();
        await seat.ticked('Die Fotos sind angekommen.', 'failed');
        await seat.send('Ich frage lieber nach: Sind drei Fotos richtig?');
        await seat.ticked('Ich frage lieber nach: Sind drei Fotos richtig?', 'delivered');
        assert.deepEqual(await customer.heard(), ['Ich frage lieber nach: Sind drei Fotos richtig?']);
      });

      test('is told before typing that a reply is refused, and what is possible instead', async () => {
        const customer = await here.customer(['Bitte löschen Sie meine Daten.']);
        const { id } = await customer.conversation();
        const seat = await sit({ path: `/conversations/${id}` });
        await seat.reply.waitFor();
        await here.ask(here.people.admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Die Richtigkeit wird geprüft.' });
        const status = seat.composer.getByRole('status').filter({ hasText: seat.says('Zurzeit kann nicht geantwortet werden.', 'A reply is not possible at present.') });
        await status.waitFor();
        assert.equal(await seat.button('Antwort senden', 'Send reply').count(), 0);
        const focused = (locator) => until(() => locator.evaluate((element) => element === document.activeElement), true, 'the focus is where one was');
        await focused(status);
        await here.ask(here.people.admin, 'DELETE', `/conversations/${id}/restriction`);
        await status.waitFor({ state: 'detached' });
        await focused(seat.reply);
        await here.ask(here.people.admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Die Richtigkeit wird geprüft.' });
        await status.waitFor();
        await seat.button('Notiz schreiben', 'Write a note', status).click();
        await seat.note.fill('Wir warten auf die Prüfung.');
        await seat.button('Notiz speichern', 'Save note').click();
        await seat.turn('note').getByText('Wir warten auf die Prüfung.').waitFor();
        assert.deepEqual(await customer.heard(), []);
      });

      test('is refused by the server when the preview came too early, and keeps the text', async () => {
        const customer = await here.customer(['Was ist mit meinem Vertrag?']);
        const { id } = await customer.conversation();
        const seat = await sit({ path: `/conversations/${id}` });
        await seat.reply.fill('Ihr Vertrag läuft weiter.');
        // The preview is asked for again at every change: here its answer never comes.
        await seat.page.route('**/permit', () => {});
        await here.ask(here.people.admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Die Richtigkeit wird geprüft.' });
        await seat.reply.press('Enter');
        const pending = seat.pending('Ihr Vertrag läuft weiter.');
        await pending.getByText(seat.says('Nicht gesendet.', 'Not sent.')).waitFor();
        assert.match(await pending.getByRole('alert').innerText(), seat.says(/eingeschränkt/i, /restrict/i));
        await seat.button('Text bearbeiten', 'Edit the text', pending).click();
        await until(() => seat.reply.inputValue(), 'Ihr Vertrag läuft weiter.');
        assert.deepEqual(await customer.heard(), []);
      });

      test('writes a note that nobody takes for a reply, and that no phone ever shows', async () => {
        const customer = await here.customer(['Bitte rufen Sie mich an.']);
        const seat = await sit();
        await seat.open(customer.name);
        const look = () => seat.composer.evaluate((form) => getComputedStyle(form).backgroundColor);
        const asReply = await look();
        await seat.button('Interne Notiz', 'Internal note', seat.composer).click();
        await seat.composer.getByText(seat.says('Bleibt im Haus, die Person sieht sie nie', 'Stays inside, the person never sees it')).waitFor();
        assert.notEqual(await look(), asReply, 'the ground tells them apart');
        assert.equal(await seat.button('Antwort senden', 'Send reply').count(), 0);
        await seat.note.fill('Rückruf erst nach 15 Uhr.');
        await seat.note.press('Enter');
        const note = seat.turn('note');
        await note.getByText('Rückruf erst nach 15 Uhr.').waitFor();
        await note.getByText(seat.says('Interne Notiz', 'Internal note'), { exact: true }).waitFor();
        await note.getByText('Service Muster Auto').waitFor();
        assert.equal(await seat.message('Rückruf').count(), 0);

        // What comes after it on the phone proves that it did not come before.
        await seat.button('Antwort', 'Reply', seat.composer).click();
        await seat.send('Wir rufen Sie heute an.');
        await seat.ticked('Wir rufen Sie heute an.', 'delivered');
        assert.deepEqual(await customer.heard(), ['Wir rufen Sie heute an.']);
        assert.doesNotMatch(await seat.row(customer.name).innerText(), /Rückruf/);
      });
    });
  }
});
