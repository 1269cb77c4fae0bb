// A walk through the real server, with a customer's phone in the other hand.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, login, logout, open, openRow, violations, write } from './browser.mjs';
import { demo, numbers, program } from './house.mjs';

const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';

describe('the demo', { skip: missing || false }, () => {
  let browser;
  let house;
  let visitor;
  let page;

  before(async () => void (browser = await launch()));
  after(() => browser?.close());

  beforeEach(async () => {
    house = await demo();
    visitor = await open(browser, { viewport: { width: 1280, height: 800 } });
    page = visitor.page;
  });

  afterEach(async () => {
    await visitor.context.close();
    await house.close();
    assert.deepEqual(visitor.faults, []);
  });

  const message = (text) => page.locator('[data-message]', { hasText: text });
  const ticked = (text, status) => message(text).locator(`[data-status=${status}]`).waitFor();
  const texts = () => page.locator('[data-message] .text').allInnerTexts();

  async function enter(name = 'Ben Beispiel') {
    await login(page, house);
    await openRow(page, name);
    await page.waitForSelector('.line[data-live=live]');
  }

  /** The phone of a customer, in a window of its own. */
  async function phone(who) {
    const other = await visitor.context.newPage();
    await other.goto(`${house.phones}/#${who}`);
    await other.locator('#thread .bubble').first().waitFor();
    return other;
  }

  test('everybody sees the Controllers they serve, and no other', async () => {
    await login(page, house.people.admin);
    for (const name of ['Anna Beispiel', 'Ben Beispiel', 'Kim Example']) {
      await page.locator('[data-row]', { hasText: name }).waitFor();
    }
    assert.equal(await page.locator('[data-row]').count(), 3);
    await openRow(page, 'Anna Beispiel');
    const hers = new URL(page.url()).pathname;
    await logout(page);

    await login(page, house.people.motor, hers);
    await page.getByText('Diese Konversation gibt es nicht.').waitFor();
    await page.locator('[data-row]', { hasText: 'Ben Beispiel' }).waitFor();
    await page.locator('[data-row]', { hasText: 'Kim Example' }).waitFor();
    assert.equal(await page.locator('[data-row]').count(), 2);
    assert.doesNotMatch(await page.locator('body').innerText(), /Anna|Leben/);
    assert.deepEqual(await violations(page), []);
  });

  test('a customer writes, an agent answers, both see it at once', async () => {
    await enter();
    await page.evaluate(() => (window.notReloaded = true));
    await house.say('ben', 'Das Kennzeichen habe ich notiert.');
    await message('Das Kennzeichen habe ich notiert.').waitFor();

    await write(page, 'Gut. Bitte senden Sie uns ein Foto.');
    await ticked('Gut. Bitte senden Sie uns ein Foto.', 'delivered');
    const held = await phone('ben');
    await held.locator('.bubble.theirs', { hasText: 'Gut. Bitte senden Sie uns ein Foto.' }).waitFor();
    await ticked('Gut. Bitte senden Sie uns ein Foto.', 'read');

    await held.fill('#text', 'Foto folgt heute Abend.');
    await held.press('#text', 'Enter');
    await message('Foto folgt heute Abend.').waitFor();
    assert.match(await page.locator('[data-row][aria-current]').innerText(), /Foto folgt heute Abend/);
    assert.equal(await page.evaluate(() => window.notReloaded), true);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(await violations(held), []);
  });

  test('what another phone writes moves to the top of the list', async () => {
    await enter();
    // WhatsApp tells times by the second, and the order in one second is nobody's.
    const later = () => house.sim('POST', 'clock', { advance: '2s' });
    await later();
    await page.locator('.composer textarea').hover(); // under the pointer no row moves
    await house.say('kim', 'Any news?');
    await page.locator('[data-row]').first().getByText('Any news?').waitFor();
    assert.match(await page.locator('[data-row][aria-current]').innerText(), /Ben Beispiel/);
    await later();
    await house.say('ben', 'Ich noch einmal.');
    await page.locator('[data-row]').first().getByText('Ich noch einmal.').waitFor();
  });

  test('a phone that is off gets its Message later', async () => {
    await enter();
    await house.sim('PUT', 'customers/ben/behaviour', { offline: true });
    await write(page, 'Erreichen wir Sie heute noch?');
    await ticked('Erreichen wir Sie heute noch?', 'sent');
    await house.sim('PUT', 'customers/ben/behaviour', { offline: false, auto_read: true, auto_deliver: true });
    await ticked('Erreichen wir Sie heute noch?', 'read');
  });

  test('the server is killed and comes back, and nothing is lost', async () => {
    await enter();
    await house.say('ben', 'Vor dem Ausfall');
    await message('Vor dem Ausfall').waitFor();
    await write(page, 'Antwort vor dem Ausfall');
    await ticked('Antwort vor dem Ausfall', 'delivered');
    const known = await texts();
    const held = await phone('ben');
    const bubbles = () => held.locator('#thread .bubble .body').allInnerTexts();
    await ticked('Antwort vor dem Ausfall', 'read');
    assert.deepEqual(await bubbles(), known);

    await house.kill();
    await page.getByText('Keine Verbindung').waitFor();
    await write(page, 'Geschrieben im Ausfall');
    const draft = page.locator('[data-pending]', { hasText: 'Geschrieben im Ausfall' });
    await draft.getByText('Der Dienst war nicht erreichbar').waitFor();
    assert.deepEqual(await violations(page), []);

    await house.restart();
    await page.waitForSelector('.line[data-live=live]');
    await held.locator('#live[data-state=live]').waitFor();
    await held.reload();
    await held.locator('.bubble', { hasText: 'Antwort vor dem Ausfall' }).waitFor();
    assert.deepEqual(await bubbles(), known);
    await house.say('ben', 'Nach dem Ausfall');
    await message('Nach dem Ausfall').waitFor();
    await draft.getByRole('button', { name: 'Erneut senden' }).click();
    await ticked('Geschrieben im Ausfall', 'delivered');

    const all = [...known, 'Nach dem Ausfall', 'Geschrieben im Ausfall'];
    assert.deepEqual(await texts(), all);
    await page.reload();
    await message('Geschrieben im Ausfall').waitFor();
    assert.deepEqual(await texts(), all);
    await held.locator('.bubble', { hasText: 'Geschrieben im Ausfall' }).waitFor();
    assert.deepEqual(await bubbles(), all);
    await ticked('Geschrieben im Ausfall', 'read');
    assert.deepEqual(await violations(held), []);
  });

  test('a refusal by WhatsApp stands at its Message, with words and a way on', async () => {
    await enter();
    await house.sim('POST', 'clock', { advance: '25h' });
    await write(page, 'Zu spät geschrieben');
    const failed = message('Zu spät geschrieben');
    await failed.locator('[data-status=failed]').waitFor();
    const words = await failed.locator('.aside').innerText();
    assert.match(words, /Nicht zugestellt\./);
    assert.match(words, /131047/);
    assert.match(words, /24-Stunden-Fenster ist zu/);
    assert.deepEqual(await violations(page), []);

    await house.say('ben', 'Ich bin wieder da');
    await message('Ich bin wieder da').waitFor();
    await failed.getByRole('button', { name: 'Erneut senden' }).click();
    await ticked('Zu spät geschrieben', 'delivered');
    assert.equal(await failed.locator('.aside').count(), 0);
  });

  test('an answer that was lost on the way doubles nothing', async () => {
    await enter();
    await house.sim('POST', 'faults', { kind: 'timeout_after_accept', count: 1 });
    await write(page, 'Kommt genau einmal an');
    await ticked('Kommt genau einmal an', 'delivered');
    const { items } = await house.sim('GET', `customers/ben/messages?number=${numbers.motor}`);
    assert.equal(items.filter((item) => item.text === 'Kommt genau einmal an').length, 1);
    assert.equal(await message('Kommt genau einmal an').count(), 1);
  });

  test('what may have got lost is repeated by a person, after a warning', async () => {
    await enter();
    await house.sim('POST', 'faults', { kind: 'cut_before_read', count: 1 });
    await write(page, 'Vielleicht verloren');
    await ticked('Vielleicht verloren', 'in_doubt');
    assert.deepEqual(await violations(page), []);
    await message('Vielleicht verloren').getByRole('button', { name: 'Wiederholen …' }).click();
    await message('Vielleicht verloren').getByRole('button', { name: 'Trotzdem wiederholen' }).click();
    await ticked('Vielleicht verloren', 'delivered');
  });

  test('whoever logs out leaves nothing behind', async () => {
    await enter();
    await logout(page);
    await page.waitForSelector('input[name=password]');
    assert.doesNotMatch(await page.locator('body').innerText(), /Ben|Kim/);
    const status = await page.evaluate(async () => (await fetch('/api/v1/conversations')).status);
    assert.equal(status, 401);
    await page.goBack();
    await page.waitForSelector('input[name=password]');
    assert.doesNotMatch(await page.locator('body').innerText(), /Ben|Kim/);
  });

  test('inbox and phone stand side by side on one page', async () => {
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(house.stage);
    assert.deepEqual(await violations(page), []);
    const inbox = page.frameLocator('iframe#inbox');
    // Whoever wants to log in copies what stands above and pastes it.
    const login = page.locator('#logins li', { hasText: 'Service Muster Auto' });
    for (const [n, field] of ['email', 'password'].entries()) {
      await login.getByRole('button').nth(n).click();
      await login.getByText('Kopiert').first().waitFor();
      await inbox.locator(`input[name=${field}]`).click();
      await page.keyboard.press('Control+v');
    }
    await inbox.locator('button[type=submit]').click();
    await inbox.locator('[data-row]', { hasText: 'Ben Beispiel' }).click();
    const held = page.frameLocator('iframe#phone');
    await held.locator('.person', { hasText: 'Ben Beispiel' }).click();
    await held.locator('#text').fill('Von nebenan');
    await held.locator('#text').press('Enter');
    await inbox.locator('[data-message]', { hasText: 'Von nebenan' }).waitFor();
  });

  test('a narrow window shows inbox or phone, and the logins above on request', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(house.stage);
    const frame = (id) => page.locator(`iframe#${id}`);
    await frame('inbox').contentFrame().locator('input[name=password]').waitFor();
    assert.equal(await frame('phone').isVisible(), false);
    await page.getByText('Zugangsdaten').click();
    await page.getByText(house.password).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Telefon' }).click();
    assert.equal(await page.getByText(house.password).isVisible(), false);
    assert.equal(await frame('inbox').isVisible(), false);
    await frame('phone').contentFrame().locator('.person', { hasText: 'Ben Beispiel' }).click();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 360);
  });
});
