// The settings of the real server: people and access, and what was done.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, open, violations } from './browser.mjs';
import { demo, program } from './house.mjs';

const missing = process.env.BASE_URL ? 'they change what there is' : !program() && 'bin/botschaft is not built: make build';

describe('the settings', { skip: missing || false }, () => {
  let browser;
  let house;
  let visitor;
  let page;

  before(async () => {
    browser = await launch();
    house = await demo();
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  beforeEach(async () => {
    visitor = await open(browser, { viewport: { width: 1280, height: 900 } });
    page = visitor.page;
  });
  afterEach(async () => {
    await visitor.context.close();
    assert.deepEqual(visitor.faults, []);
    assert.ok(visitor.hosts.size <= 1, [...visitor.hosts].join(' '));
  });

  /** Logs in and stands on a page of the settings. */
  async function enter(path, who = house.people.admin, on = page) {
    await on.goto(`${house.url}/settings/${path}`);
    await on.fill('input[name=email]', who.email);
    await on.fill('input[name=password]', who.password);
    await on.click('button[type=submit]');
    await on.locator('#page-title').waitFor();
  }

  const button = (name) => page.getByRole('button', { name, exact: true });
  const field = (label) => page.getByLabel(label, { exact: true });

  /** Waits until nothing is on its way; what is shows itself after a moment. */
  async function settled(on) {
    await on.waitForTimeout(150);
    await on.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
  }

  /** Invites somebody through the pages; gives the link. */
  async function invite(name, email, role = 'Sachbearbeitung', place = '') {
    await page.goto(`${house.url}/settings/agents/new`);
    await field('Name').fill(name);
    await field('E-Mail-Adresse').fill(email);
    await page.getByRole('radio', { name: role }).check();
    if (place) await page.getByRole('checkbox', { name: place, exact: true }).check();
    await button('Einladen').click();
    return page.getByRole('textbox', { name: 'Link zum Einrichten' }).inputValue();
  }

  /** Takes an invitation up in a browser of its own. */
  async function accept(link, password) {
    const guest = await open(browser, { viewport: { width: 1280, height: 900 } });
    await guest.page.goto(link);
    await guest.page.getByLabel('Passwort', { exact: true }).fill(password);
    assert.equal(new URL(guest.page.url()).hash, '', 'the secret is out of the address bar');
    assert.deepEqual(await violations(guest.page), []);
    await guest.page.getByRole('button', { name: 'Passwort setzen und anfangen' }).click();
    return guest;
  }

  test('whoever is invited sets a password, works, and sees no more than was given', async () => {
    await enter('agents');
    const inboxes = await page.evaluate(async () => (await (await fetch('/api/v1/inboxes')).json()).items);
    const link = await invite('Nora Beispiel', 'nora@beispiel.example', 'Sachbearbeitung', inboxes[0].name);
    const guest = await accept(link, 'ein langes Passwort');
    await guest.page.locator('.workspace').waitFor();
    const me = await guest.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    assert.deepEqual(me.inboxes.map(({ id }) => id), [inboxes[0].id]);
    assert.deepEqual(guest.faults, []);
    await guest.context.close();

    const late = await open(browser);
    await late.page.goto(link);
    await late.page.getByText('Diese Einladung gilt nicht.').waitFor();
    await late.context.close();
  });

  test('an account is disabled with a reason, and its history says so', async () => {
    await enter('agents');
    const guest = await accept(await invite('Ole Beispiel', 'ole@beispiel.example'), 'ein langes Passwort');
    await guest.page.locator('.workspace').waitFor();
    await page.goto(`${house.url}/settings/agents`);
    await page.getByRole('link', { name: 'Ole Beispiel' }).click();
    await button('Zugang sperren').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Zugang sperren' }).click();
    await page.getByText('Diese Angabe fehlt.').waitFor();
    await page.getByRole('dialog').getByLabel('Grund').fill('Aus dem Haus');
    await page.getByRole('dialog').getByRole('button', { name: 'Zugang sperren' }).click();
    await page.getByText(/^Gesperrt seit .*Aus dem Haus$/).waitFor();
    await guest.page.getByLabel('E-Mail-Adresse').waitFor();
    await guest.context.close();
    await button('Zugang wieder öffnen').click();
    await page.getByText('aktiv', { exact: true }).waitFor();
  });

  test('the last admin is told why nothing can be taken away', async () => {
    await enter('agents');
    const me = await page.evaluate(async () => (await fetch('/api/v1/me')).json());
    await page.goto(`${house.url}/settings/agents/${me.agent.id}`);
    await page.getByText(/^Die letzte Person mit der Rolle Administration/).first().waitFor();
    assert.equal(await button('Zugang sperren').count(), 0);
    assert.equal(await page.getByRole('radio', { name: 'Sachbearbeitung' }).isDisabled(), true);
  });

  test('an inbox is paused and resumed, renamed, and remembers it', async () => {
    await enter('inboxes');
    await page.getByRole('table').getByRole('link').first().click();
    await button('Versand anhalten').click();
    await page.getByRole('dialog').getByLabel('Grund').fill('Die Nummer zieht um');
    await page.getByRole('dialog').getByRole('button', { name: 'Versand anhalten' }).click();
    await page.getByText(/^Angehalten seit .*Die Nummer zieht um$/).waitFor();
    await page.locator('#history-title').locator('xpath=ancestor::section').getByText('Versand angehalten').waitFor();
    await button('Versand fortsetzen').click();
    await page.getByText('Der Versand läuft.', { exact: true }).waitFor();

    await page.locator('form').getByLabel('Name', { exact: true }).fill('Schaden');
    await button('Speichern').click();
    await page.getByText('Gespeichert.').waitFor();
    await page.getByRole('heading', { name: 'Schaden', level: 1 }).waitFor();
    await page.locator('ins', { hasText: 'Schaden' }).waitFor();
  });

  test('what is not saved is not lost unasked', async () => {
    await enter('controllers');
    await page.getByRole('table').getByRole('link').first().click();
    const seat = page.getByLabel(/^Sitz/);
    await seat.fill('Köln am Rhein');
    await page.getByRole('link', { name: 'Postfächer' }).click();
    await button('Hier bleiben').click();
    assert.equal(await seat.inputValue(), 'Köln am Rhein');
    await page.goBack();
    await page.getByRole('alertdialog').waitFor();
    await button('Hier bleiben').click();
    assert.match(page.url(), /controllers\/[0-9a-f-]{36}$/);
    await button('Speichern').click();
    await page.getByText('Gespeichert.').waitFor();
    await page.locator('ins', { hasText: 'Köln am Rhein' }).waitFor();
    await page.getByRole('link', { name: 'Postfächer' }).click();
    await page.getByRole('heading', { name: 'Postfächer', level: 1 }).waitFor();
  });

  test('the search finds by both languages and leads there', async () => {
    await enter('profile');
    await page.getByLabel('Einstellungen durchsuchen').fill('legal basis');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'list-title');
    assert.match(page.url(), /\/settings\/controllers/);
    await page.getByLabel('Einstellungen durchsuchen').fill('Sitzungen');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'sessions-title');
  });

  test('the log speaks in words, is narrowed, and is verified', async () => {
    await enter('audit');
    await page.getByRole('rowheader', { name: 'Angemeldet' }).first().waitFor();
    assert.deepEqual(
      (await page.locator('tbody th').allInnerTexts()).filter((text) => /\w\.\w/.test(text)),
      [],
    );
    await page.getByLabel('Handlung', { exact: true }).selectOption('session.created');
    await page.waitForURL(/act=session\.created/);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('tbody th')].every((cell) => cell.innerText.trim() === 'Angemeldet'),
    );
    await button('Jetzt prüfen').click();
    await page.getByText(/^Unversehrt: \d+ Einträge geprüft/).waitFor();
  });

  test('a data protection officer reads everything and can press nothing that changes it', async () => {
    await enter('agents');
    const link = await invite('Dana Beispiel', 'dana@beispiel.example', 'Datenschutzbeauftragte', 'Muster Auto AG');
    const guest = await accept(link, 'ein langes Passwort');
    const { page: hers } = guest;
    await hers.locator('#page-title').waitFor();
    assert.match(hers.url(), /\/settings/);
    const ids = await hers.evaluate(async () => {
      const { items } = await (await fetch('/api/v1/inboxes')).json();
      return items.map(({ id }) => id);
    });
    assert.equal(ids.length, 1, 'the inboxes of her Controller alone');
    for (const path of ['audit', 'controllers', 'inboxes', `inboxes/${ids[0]}`, 'agents', 'tokens', 'changes', 'health']) {
      await hers.goto(`${house.url}/settings/${path}`);
      await hers.locator('#page-title').waitFor();
      await settled(hers);
      const acts = await hers.locator('main').getByRole('button', { name: /anlegen|einladen|speichern|sperren|anhalten|ersetzen|widerrufen/i }).count();
      assert.equal(acts, 0, path);
      assert.deepEqual(await violations(hers), [], path);
    }
    await hers.goto(`${house.url}/settings/deliveries`);
    await hers.getByText('Diese Seite gibt es nicht.').waitFor();
    assert.deepEqual(guest.faults, []);
    await guest.context.close();
  });

  test('an agent sees what is its own', async () => {
    await enter('profile', house.people.motor);
    assert.deepEqual(await page.getByRole('navigation', { name: 'Seiten der Einstellungen' }).getByRole('link').allInnerTexts(), [
      'Profil',
      'Tastenkürzel',
      'Aufgaben',
    ]);
    await page.getByText('diese Sitzung').waitFor();
    await page.getByRole('radio', { name: 'Dunkel' }).check();
    await page.getByText('Gespeichert.').waitFor();
    await page.reload();
    await page.locator('[data-theme=dark]').waitFor();
    assert.equal(await page.getByRole('radio', { name: 'Dunkel' }).isChecked(), true);
  });

  test('a key is given to a command, and a conflict is named', async () => {
    await enter('shortcuts');
    const change = page.getByRole('button', { name: 'Taste ändern: Nächste Konversation' });
    await change.click();
    await page.keyboard.press('k');
    await page.getByText(/gehört schon zu „Vorherige Konversation“/).waitFor();
    await page.keyboard.press('x');
    await page.getByText('„Nächste Konversation“ liegt jetzt auf X.').waitFor();
    await page.getByRole('button', { name: 'Zurücksetzen: Nächste Konversation' }).click();
    await page.waitForFunction(() => !document.body.innerText.includes('Alle zurücksetzen'));
  });

  for (const [name, options] of [
    ['German, on a phone', { viewport: { width: 360, height: 740 } }],
    ['English, in the dark', { viewport: { width: 1024, height: 768 }, locale: 'en-GB', colorScheme: 'dark' }],
  ]) {
    test(`no page breaks a rule of accessibility or its width: ${name}`, async () => {
      const own = await open(browser, options);
      await enter('profile', house.people.admin, own.page);
      const ids = await own.page.evaluate(async () => {
        const first = async (kind) => `${kind}/${(await (await fetch(`/api/v1/${kind}`)).json()).items[0].id}`;
        return Promise.all(['controllers', 'inboxes', 'agents'].map(first));
      });
      const paths = ['profile', 'shortcuts', 'controllers', 'inboxes', 'agents', 'tokens', 'audit', 'changes', 'deliveries', 'health'];
      for (const path of [...paths, 'controllers/new', 'inboxes/new', 'agents/new', ...ids]) {
        await own.page.goto(`${house.url}/settings/${path}`);
        await own.page.locator('#page-title').waitFor();
        await settled(own.page);
        assert.deepEqual(await violations(own.page), [], path);
        const wide = await own.page.evaluate(() => {
          const main = document.querySelector('main');
          return document.documentElement.scrollWidth > window.innerWidth || main.scrollWidth > main.clientWidth;
        });
        assert.equal(wide, false, `${path} is wider than the screen`);
      }
      assert.deepEqual(own.faults, []);
      await own.context.close();
    });
  }
});
