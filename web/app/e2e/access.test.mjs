// Who sees what, seen from the other side: changes of access reach the browsers of those
// they concern, at once and without a trace of what is none of their business.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numbers } from './house.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const password = 'ein langes Passwort';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('access', { skip: missing }, () => {
  const here = office();
  const admin = (path) => here.sit(here.people.admin, { path });
  const inboxes = async () => (await here.ask(here.people.admin, 'GET', '/inboxes')).items;

  /** Invites somebody through the pages of the settings; gives the link. */
  async function invite(name, email, place) {
    const seat = await admin('/settings/agents/new');
    const { page } = seat;
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('E-Mail-Adresse', { exact: true }).fill(email);
    if (place) await page.getByRole('checkbox', { name: place, exact: true }).check();
    await seat.button('Einladen').click();
    return page.getByRole('textbox', { name: 'Link zum Einrichten' }).inputValue();
  }

  async function accept(link) {
    const seat = await here.sit(null, { session: null });
    await seat.page.goto(link);
    await seat.page.getByLabel('Passwort', { exact: true }).fill(password);
    await seat.page.keyboard.press('Enter');
    await seat.page.locator('.workspace').waitFor();
    return seat;
  }

  test('whoever was invited sees their inbox, and nothing of another: not even in a number', async () => {
    const [life] = (await inboxes()).filter(({ name }) => name.startsWith('Muster Leben'));
    const link = await invite('Kollegin Neu', 'neu@demo.example', life.name);
    assert.match(link, /\/invitation#[\w-]+$/);
    const seat = await accept(link);
    assert.equal(seat.page.url().includes('#'), false, 'the secret has left the address');
    await seat.live();
    await seat.row('Anna Beispiel').waitFor();
    await until(() => seat.counted('Alle', 'All'), 1);
    assert.deepEqual(await seat.page.locator('[data-row]').count(), 1);
    assert.equal(await seat.page.getByRole('combobox', { name: 'Postfach' }).count(), 0, 'there is none to choose from');
    const told = [];
    seat.page.on('response', (answer) => told.push(new URL(answer.url()).pathname));

    const other = await here.customer(['Das geht die andere Gesellschaft an.']);
    const { id } = await other.conversation();
    // What comes in afterwards for them proves that the first would have come before.
    const own = await here.customer(['Das ist für mich.'], numbers.life);
    await seat.row(own.name).waitFor();
    await until(() => seat.counted('Alle', 'All'), 2);
    assert.doesNotMatch(await seat.page.locator('body').innerText(), /Muster Auto|andere Gesellschaft/);
    await seat.go(`/conversations/${id}`);
    await seat.page.getByText('Diese Konversation gibt es nicht.').waitFor();
    assert.ok(told.includes(`/api/v1/conversations/${id}`));
  });

  test('an inbox that is given or taken away comes and goes without reloading', async () => {
    const [life, motor] = await inboxes();
    const seat = await accept(await invite('Kollege Wechsel', 'wechsel@demo.example', life.name));
    await seat.live();
    await seat.page.evaluate(() => (window.notReloaded = true));
    const { agent } = await seat.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    const give = (...ids) => here.ask(here.people.admin, 'PUT', `/agents/${agent.id}`, { name: agent.name, role: 'agent', controllers: [], inboxes: ids });
    const names = { [life.id]: 'Anna Beispiel', [motor.id]: 'Anna Beispiel', [life.name.startsWith('Muster Leben') ? motor.id : life.id]: 'Ben Beispiel' };
    await seat.row(names[life.id]).waitFor();
    await give(life.id, motor.id);
    await seat.row(names[motor.id]).waitFor();
    await give(motor.id);
    await seat.row(names[life.id]).waitFor({ state: 'detached' });
    await seat.row(names[motor.id]).waitFor();
    assert.equal(await seat.page.evaluate(() => window.notReloaded), true);
  });

  test('an inbox that is taken away takes along what stands open of it, and is no filter any more', async () => {
    const customer = await here.customer(['Nur für die Leben.'], numbers.life);
    const { id, inbox } = await customer.conversation();
    const seat = await accept(await invite('Kollegin Entzug', 'entzug@demo.example', inbox.name));
    const { agent } = await seat.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    const give = (...ids) => here.ask(here.people.admin, 'PUT', `/agents/${agent.id}`, { name: agent.name, role: 'agent', controllers: [], inboxes: ids });
    const all = (await inboxes()).map((each) => each.id);
    await give(...all);
    await seat.go(`/conversations/${id}?inbox=${inbox.id}`);
    await seat.message('Nur für die Leben.').waitFor();
    await seat.live();
    await seat.button('Vollständig anzeigen …', 'Show in full …').click();
    await seat.button('Anzeigen', 'Show', seat.page.getByRole('dialog')).click();
    await seat.page.getByText('Vollständig angezeigt. Das ist protokolliert.').waitFor();

    await give(...all.filter((each) => each !== inbox.id));
    await seat.page.getByText('Diese Konversation gibt es nicht.').waitFor();
    await seat.row('Ben Beispiel').first().waitFor();
    const { name, phone } = customer;
    for (const trace of [name, 'Nur für die Leben.', phone, phone.slice(-4)]) {
      assert.equal((await seat.page.locator('body').innerText()).includes(trace), false, trace);
    }
    await until(() => new URL(seat.page.url()).search, '');
    // The line is the new one: what comes in now is heard.
    const own = await here.customer(['Das darf ich lesen.']);
    await seat.row(own.name).waitFor();
  });

  test('a new role opens and closes the pages it stands for', async () => {
    const seat = await accept(await invite('Kollegin Aufstieg', 'aufstieg@demo.example', (await inboxes())[0].name));
    await seat.live();
    const { agent } = await seat.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    const become = (role) => here.ask(here.people.admin, 'PUT', `/agents/${agent.id}`, { name: agent.name, role, controllers: [], inboxes: [] });
    await seat.go('/settings/profile');
    const pages = seat.page.getByRole('navigation', { name: 'Seiten der Einstellungen' }).getByRole('link');
    assert.deepEqual(await pages.allInnerTexts(), ['Profil', 'Tastenkürzel', 'Aufgaben']);
    await become('admin');
    await until(async () => (await pages.allInnerTexts()).includes('Mitarbeitende'), true);
    await become('agent');
    await until(async () => (await pages.allInnerTexts()).includes('Mitarbeitende'), false);
  });

  test('whoever becomes data-protection officer has nothing of the conversations left on the screen', async () => {
    const customer = await here.customer(['Das liest bald niemand mehr.']);
    const { id, inbox } = await customer.conversation();
    const seat = await accept(await invite('Kollege Aufsicht', 'aufsicht@demo.example', inbox.name));
    const { agent } = await seat.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    await seat.go(`/conversations/${id}`);
    await seat.message('Das liest bald niemand mehr.').waitFor();
    await seat.live();
    await here.ask(here.people.admin, 'PUT', `/agents/${agent.id}`, { name: agent.name, role: 'dpo', controllers: [], inboxes: [] });
    await seat.page.getByRole('heading', { level: 1, name: 'Prüfprotokoll' }).waitFor();
    assert.match(seat.page.url(), /\/settings/);
    assert.equal(await seat.page.getByRole('link', { name: 'Postfach', exact: true }).count(), 0);
    const left = await seat.page.locator('body').innerText();
    for (const trace of [customer.name, 'Das liest bald niemand mehr.']) assert.equal(left.includes(trace), false, trace);
    await seat.go('/');
    await seat.page.waitForURL(/\/settings/);
  });

  test('who is disabled is out at once, wherever they are, and cannot come in again', async () => {
    const email = 'gesperrt@demo.example';
    const seat = await accept(await invite('Kollege Gesperrt', email, (await inboxes())[0].name));
    await seat.live();
    const { agent } = await seat.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    await here.ask(here.people.admin, 'PUT', `/agents/${agent.id}/disabling`, { reason: 'Aus dem Haus' });
    await seat.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await seat.page.getByLabel('E-Mail-Adresse').fill(email);
    await seat.page.getByLabel('Passwort', { exact: true }).fill(password);
    await seat.page.keyboard.press('Enter');
    await seat.page.getByText('E-Mail-Adresse und Passwort passen nicht zusammen.').waitFor();
  });

  test('one session is ended from another, and only that one', async () => {
    const { motor } = here.people;
    const away = await here.sit(motor, { session: await here.login(motor, firefox) });
    await away.live();
    const seat = await here.sit(motor, { path: '/settings/profile' });
    await seat.button('Sitzung beenden: Firefox · Windows').click();
    await seat.toasts.getByText('Die Sitzung ist beendet.').waitFor();
    await away.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    assert.equal(await seat.page.evaluate(async () => (await fetch('/api/v1/me')).status), 200);
  });

  test('the last admin can neither be disabled nor demoted, and is told why', async () => {
    const { agent } = await here.ask(here.people.admin, 'GET', '/me');
    const seat = await admin(`/settings/agents/${agent.id}`);
    const tried = await seat.page.evaluate(async ({ id, name }) => {
      const ask = async (path, body) => {
        const answer = await fetch(`/api/v1/agents/${id}${path}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
        return { status: answer.status, code: (await answer.json()).code };
      };
      return [await ask('/disabling', { reason: 'Versuch' }), await ask('', { name, role: 'agent', controllers: [], inboxes: [] })];
    }, agent);
    for (const { status, code } of tried) assert.deepEqual({ status, code }, { status: 409, code: 'conflict' });
    await seat.page.getByText(/^Die letzte Person mit der Rolle Administration kann weder gesperrt werden/).first().waitFor();
  });

  test('the data-protection officer of the demo begins with the log and has nothing to write with', async () => {
    const seat = await here.sit(here.people.dpo, { path: '/' });
    await seat.page.getByRole('heading', { level: 1, name: 'Prüfprotokoll' }).waitFor();
    await seat.page.getByRole('row').nth(1).waitFor();
    assert.equal(await seat.page.getByRole('link', { name: 'Postfach', exact: true }).count(), 0);
    const statuses = await seat.page.evaluate(async () =>
      Promise.all(['/conversations', '/counts', '/events'].map(async (path) => (await fetch(`/api/v1${path}`)).status)),
    );
    assert.deepEqual(statuses, [403, 403, 403]);
  });

  test('a paused inbox is said in the composer of others, and the history tells who paused it', async () => {
    const customer = await here.customer(['Kommt meine Antwort noch?']);
    const { id } = await customer.conversation();
    const agent = await here.sit(here.people.motor, { path: `/conversations/${id}`, language: 'en' });
    await agent.reply.waitFor();
    await agent.live();
    const seat = await admin('/settings/inboxes');
    await seat.page.getByRole('link', { name: 'Muster Auto WhatsApp' }).click();
    await seat.button('Versand anhalten').click();
    await seat.page.getByRole('dialog').getByLabel('Grund').fill('Die Nummer zieht um');
    await seat.page.getByRole('dialog').getByRole('button', { name: 'Versand anhalten' }).click();
    const refused = agent.composer.getByRole('status').filter({ hasText: 'A reply is not possible at present.' });
    await refused.getByText('Reason given: Die Nummer zieht um.').waitFor();
    assert.equal(await agent.button('', 'Send reply').count(), 0);
    await seat.button('Versand fortsetzen').click();
    await refused.waitFor({ state: 'detached' });
    await agent.send('Yes, now it does.');
    await agent.ticked('Yes, now it does.', 'delivered');
    assert.deepEqual(await customer.heard(), ['Yes, now it does.']);
    const history = seat.page.getByRole('heading', { name: 'Verlauf' }).locator('xpath=ancestor::section');
    await history.getByText('Versand fortgesetzt').waitFor();
    await history.getByText('Versand angehalten').waitFor();
    await history.getByText('Alex Admin').first().waitFor();
  });
});
