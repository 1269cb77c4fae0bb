// One browser, many tabs: one stream, one session, one person.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, login, logout, open, openRow } from './browser.mjs';
import { demo, program } from './house.mjs';

const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';

describe('tabs', { skip: missing || false }, () => {
  let browser;
  let house;
  let visitor;
  let streams;

  before(async () => void (browser = await launch()));
  after(() => browser?.close());

  beforeEach(async () => {
    house = await demo();
    visitor = await open(browser, { viewport: { width: 1280, height: 800 } });
    streams = 0;
    visitor.context.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/v1/events') streams += 1;
    });
    await login(visitor.page, house);
    await isLive(visitor.page);
  });

  afterEach(async () => {
    await visitor.context.close();
    await house.close();
    assert.deepEqual(visitor.faults, []);
  });

  const isLive = (page) => page.waitForSelector('.line[data-live=live]');
  const line = (page, text) => page.locator('[data-row]', { hasText: text }).first().waitFor();

  async function another() {
    const page = await visitor.context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(house.url);
    await page.waitForSelector('[data-row]');
    await isLive(page);
    return page;
  }

  test('ten tabs have one stream, and when its tab closes another continues it', async () => {
    const tabs = [visitor.page];
    while (tabs.length < 10) tabs.push(await another());
    assert.equal(streams, 1);
    await house.say('ben', 'An alle zehn');
    for (const page of tabs) await line(page, 'An alle zehn');

    await tabs.shift().close();
    await house.say('ben', 'An die neun übrigen');
    for (const page of tabs) await line(page, 'An die neun übrigen');
    assert.equal(streams, 2);
    assert.equal(await tabs[0].evaluate(() => performance.getEntriesByType('navigation').length), 1);
  });

  test('whoever logs out or in does so in every tab', async () => {
    const second = await another();
    await openRow(second, 'Ben Beispiel');
    await logout(visitor.page);
    await second.waitForSelector('input[name=password]');
    assert.doesNotMatch(await second.locator('body').innerText(), /Ben|Kim/);
    await login(visitor.page, house.people.life);
    await second.waitForSelector('[data-row]');
    assert.match(await second.locator('.list-pane').innerText(), /Anna Beispiel/);
  });

  test('what is preferred in one tab is so in the other', async () => {
    const second = await another();
    await visitor.page.keyboard.press('Control+k');
    await visitor.page.getByRole('combobox').fill('dunkel');
    await visitor.page.keyboard.press('Enter');
    await second.waitForSelector('html[data-theme=dark]');
    await visitor.page.reload();
    await visitor.page.waitForSelector('html[data-theme=dark]');
  });
});
