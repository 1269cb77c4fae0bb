// Being live: what survives a crash of the server, how the app comes back, and when a
// session ends.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('being live', { skip: missing }, () => {
  const here = office();
  const sit = (options) => here.sit(here.people.motor, options);

  test('drafts are there after kill −9 of the server, and in another browser', async () => {
    const customer = await here.customer(['Können Sie mir das erklären?']);
    const seat = await sit();
    await seat.open(customer.name);
    await seat.reply.pressSequentially('Gern erkläre ich Ihnen');
    await seat.composer.getByText('Entwurf gespeichert').waitFor();
    await seat.button('Interne Notiz', 'Internal note', seat.composer).click();
    await seat.note.fill('Der Vertrag ist von 2019.');
    await seat.composer.getByText('Entwurf gespeichert').waitFor();
    const path = new URL(seat.page.url()).pathname;
    await here.house.kill();
    await seat.context.close();
    await here.house.restart();

    const other = await sit({ path });
    await until(() => other.reply.inputValue(), 'Gern erkläre ich Ihnen');
    await other.button('Interne Notiz Dort steht ein Entwurf', '', other.composer).click(); // a mark tells that something stands there
    await until(() => other.note.inputValue(), 'Der Vertrag ist von 2019.');
    await other.note.press('Enter');
    await other.turn('note').getByText('Der Vertrag ist von 2019.').waitFor();
    await other.button('Antwort Dort steht ein Entwurf', '', other.composer).click();
    await other.reply.press('End');
    await other.page.keyboard.type(' die Klausel.');
    await other.reply.press('Enter');
    await other.ticked('Gern erkläre ich Ihnen die Klausel.', 'delivered');
    await other.page.reload();
    await other.message('Gern erkläre ich Ihnen die Klausel.').waitFor();
    await other.live();
    assert.equal(await other.reply.inputValue(), '', 'what was sent is no draft');
    assert.deepEqual(await customer.heard(), ['Gern erkläre ich Ihnen die Klausel.']);
  });

  test('after a restart it continues from its event, without loading anything anew', async () => {
    const customer = await here.customer(['Vor dem Neustart']);
    const seat = await sit();
    await seat.open(customer.name);
    await seat.live();
    await seat.page.evaluate(() => (window.notReloaded = true));
    await customer.say('Kurz davor');
    await seat.message('Kurz davor').waitFor();
    const asked = [];
    seat.page.on('request', (request) => asked.push({ path: new URL(request.url()).pathname, from: request.headers()['last-event-id'] }));
    await here.house.kill();
    await seat.page.getByRole('status').getByText(/^Keine Verbindung · Stand \d\d:\d\d/).waitFor();
    await here.house.restart();
    await seat.live();
    await customer.say('Nach dem Neustart');
    await seat.message('Nach dem Neustart').waitFor();
    assert.equal(await seat.page.evaluate(() => window.notReloaded), true);
    const streams = asked.filter(({ path }) => path === '/api/v1/events');
    assert.match(streams.at(-1).from, /^[a-z0-9]+\.[1-9]\d*$/, 'it says from where');
    assert.deepEqual(asked.filter(({ path }) => path === '/api/v1/conversations').length, 0, 'the list is not asked for again');
  });

  test('what went on while a browser was offline is there when it comes back', async () => {
    const customer = await here.customer(['Noch verbunden']);
    const { id } = await customer.conversation();
    const seat = await sit({ path: `/conversations/${id}` }); // no pointer holds the list
    await seat.message('Noch verbunden').waitFor();
    await seat.live();
    await seat.context.setOffline(true);
    await seat.page.getByText(/^Keine Verbindung/).waitFor();
    for (const n of [1, 2, 3]) await customer.say(`Unterwegs ${n}`);
    const fresh = await here.customer(['Jemand Neues unterwegs']);
    await fresh.conversation();
    await seat.context.setOffline(false);
    await seat.message('Unterwegs 3').waitFor();
    await seat.row(fresh.name).waitFor();
    assert.deepEqual(await seat.texts(), ['Noch verbunden', 'Unterwegs 1', 'Unterwegs 2', 'Unterwegs 3']);
  });

  test('logging out where the server cannot be reached is said, and reaches it later', async () => {
    const seat = await here.sit(here.people.claims, { session: await here.login(here.people.claims) });
    await seat.row('Ben Beispiel').waitFor();
    await seat.live();
    const logOut = async () => {
      await seat.page.locator('.rail .agent').click();
      await seat.page.getByRole('menuitem', { name: 'Abmelden' }).click();
      await seat.page.getByRole('heading', { name: 'Noch nicht abgemeldet' }).waitFor();
      assert.doesNotMatch(await seat.page.locator('body').innerText(), /Beispiel|Kundin/);
    };
    await seat.context.setOffline(true);
    await logOut();
    await seat.page.getByText('Ihre Sitzung ist dort noch offen.').waitFor();
    await seat.context.setOffline(false);
    await seat.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    assert.equal(await seat.page.evaluate(async () => (await fetch('/api/v1/me')).status), 401);

    // The next person at this browser starts the page anew.
    const { name, value } = await here.login(here.people.claims);
    await seat.context.addCookies([{ name, value, url: here.house.url }]);
    await seat.go('/');
    await seat.live();
    await here.house.kill();
    await logOut();
    await here.house.restart();
    await seat.page.reload();
    await seat.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    assert.equal(await seat.page.evaluate(async () => (await fetch('/api/v1/me')).status), 401);
  });

  test('whoever logs in next neither reads nor undoes what the last one did', async () => {
    const customer = await here.customer(['Wer kümmert sich?']);
    const seat = await here.sit(here.people.claims, { session: await here.login(here.people.claims) });
    await seat.open(customer.name);
    await seat.button('Übernehmen', 'Take over').click();
    await seat.button('Rückgängig', 'Undo', seat.toasts).focus(); // the time stands still
    await seat.page.locator('.rail .agent').click();
    await seat.page.getByRole('menuitem', { name: 'Abmelden' }).click();
    const { email, password } = here.people.motor;
    await seat.page.getByLabel('E-Mail-Adresse').fill(email);
    await seat.page.getByLabel('Passwort', { exact: true }).fill(password);
    await seat.page.keyboard.press('Enter');
    await seat.live();
    assert.equal(await seat.toasts.innerText(), '');
  });

  for (const [who, end] of Object.entries({
    'the admin': async (me) => here.ask(here.people.admin, 'DELETE', `/agents/${me}/sessions`),
    'the person elsewhere': async () => {
      const other = await here.sit(here.people.claims, { path: '/settings/profile', session: await here.login(here.people.claims) });
      await other.button('Alle anderen beenden', 'End all others').click();
      await other.toasts.getByText('Die anderen Sitzungen sind beendet.').waitFor();
    },
  })) {
    test(`a session that ${who} ends ends the stream, and nothing stays on the screen`, async () => {
      const seat = await here.sit(here.people.claims, { session: await here.login(here.people.claims) });
      await seat.row('Ben Beispiel').click();
      await seat.log.waitFor();
      await seat.live();
      const me = await seat.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).agent.id);
      await end(me);
      await seat.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
      assert.doesNotMatch(await seat.page.locator('body').innerText(), /Beispiel|Kundin/);
      assert.equal(await seat.page.evaluate(async () => (await fetch('/api/v1/me')).status), 401);
    });
  }
});
