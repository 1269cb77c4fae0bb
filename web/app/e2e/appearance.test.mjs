// The desk as people set their machines up: large text, forced colours, a theme and a
// density of their own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, login, open, together, violations } from './browser.mjs';
import { demo, program } from './house.mjs';
import { furnish } from './stage.mjs';

const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';

describe('appearance', { skip: missing || false }, () => {
  let browser, house, state, mia;

  before(async () => {
    [house, browser] = await together(demo(), launch());
    const as = {};
    for (const who of ['admin', 'motor']) {
      const { page, context } = await open(browser);
      await login(page, house.people[who]);
      as[who] = context;
    }
    ({ mia } = await furnish(house, as, 'de'));
    state = await as.motor.storageState();
    for (const context of Object.values(as)) await context.close();
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  async function visit(path, options = {}) {
    const found = await open(browser, { storageState: state, ...options });
    await found.page.goto(house.url + path);
    await found.page.waitForSelector('[data-live=live]', { state: 'attached' });
    return found;
  }

  const places = () => ({ list: '/?view=all', thread: `/conversations/${mia}?view=all`, settings: '/settings/profile' });

  /** What people must reach, and whether all of it lies within the screen and nothing lies over it. */
  const outOfReach = (page) =>
    page.evaluate(() => {
      const faults = [];
      for (const element of document.querySelectorAll('button, a[href], input, select, textarea')) {
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1 || !element.checkVisibility({ visibilityProperty: true })) continue;
        const name = element.getAttribute('aria-label') || element.textContent.trim().slice(0, 40) || element.name;
        if (box.left < -1 || box.right > innerWidth + 1) faults.push(`${name} reaches beyond the side`);
      }
      return faults;
    });

  for (const [name, viewport] of Object.entries({ desk: { width: 1440, height: 900 }, tablet: { width: 1024, height: 768 }, phone: { width: 360, height: 740 } })) {
    test(`text at 200 % on a ${name}`, async () => {
      for (const [place, path] of Object.entries(places())) {
        const { page, context } = await visit(path, { viewport });
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        await page.waitForTimeout(300);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, place);
        assert.deepEqual(await outOfReach(page), [], place);
        if (place === 'thread') {
          const field = await page.locator('.composer textarea').boundingBox();
          assert.ok(field.width > 250, `the field to write in is ${field.width} px wide`);
          await page.locator('.composer textarea').fill('Guten Tag');
          await page.locator('.composer [type=submit]').click({ trial: true });
        }
        await context.close();
      }
    });
  }

  test('forced colours', async () => {
    const { list, thread } = places();
    for (const path of [list, thread]) {
      const { page, context, faults } = await visit(path, { forcedColors: 'active' });
      assert.deepEqual(await violations(page), [], path);
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  test('theme and density are the agent’s, on every machine', async () => {
    const { page, context } = await visit('/?view=all', { colorScheme: 'light' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const row = () => page.evaluate(() => document.querySelector('[data-row]').getBoundingClientRect().height);
    await page.waitForSelector('[data-row]');
    assert.equal(await paper(), 'rgb(247, 245, 240)');
    assert.equal(await row(), 56);
    const me = await (await context.request.get(`${house.url}/api/v1/me`)).json();
    const preferences = { ...me.preferences, theme: 'dark', density: 'compact' };
    const answer = await context.request.put(`${house.url}/api/v1/me/preferences`, { data: preferences });
    assert.equal(answer.status(), 204);
    await page.reload();
    await page.waitForSelector('[data-row]');
    await page.waitForFunction(() => document.documentElement.dataset.density === 'compact');
    assert.equal(await paper(), 'rgb(17, 22, 26)');
    assert.equal(await row(), 44);
    assert.deepEqual(await violations(page), []);
    await context.request.put(`${house.url}/api/v1/me/preferences`, { data: me.preferences });
    await context.close();
  });
});
