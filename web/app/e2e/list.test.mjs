// The list: long, live, and still under the hand.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, login, open, violations } from './browser.mjs';
import { demo, numbers, program } from './house.mjs';

const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';
const many = 400;

describe('the list', { skip: missing || false }, () => {
  let browser;
  let house;
  let visitor;
  let page;

  before(async () => {
    browser = await launch();
    house = await demo();
    await house.sim('POST', 'bursts', { number: numbers.motor, customers: many, messages: many, rate: 0 });
  });

  after(async () => {
    await browser?.close();
    await house?.close();
  });

  beforeEach(async () => {
    visitor = await open(browser, { viewport: { width: 1280, height: 800 } });
    page = visitor.page;
    await login(page, house);
    await page.waitForFunction((n) => Number(document.querySelector('.list-pane nav [aria-current] .number')?.textContent) >= n, many);
    await page.waitForSelector('.line[data-live=live]');
  });

  afterEach(async () => {
    await visitor.context.close();
    assert.deepEqual(visitor.faults, []);
  });

  const rows = () => page.locator('[data-row]').count();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
  const order = () => page.locator('[data-row]').evaluateAll((all) => all.map((row) => row.dataset.row));
  const toEnd = () =>
    page.waitForFunction(() => {
      const box = document.querySelector('.list-pane .box');
      box.scrollTop = box.scrollHeight;
      const last = [...document.querySelectorAll('.list-pane li[aria-posinset]')].at(-1);
      return last?.getAttribute('aria-posinset') === last?.getAttribute('aria-setsize');
    });

  test('is as long as it is, and the page holds a screenful', async () => {
    await toEnd();
    assert.ok((await rows()) < 60, `${await rows()} rows on the page`);
    const height = await page.locator('.list-pane ul').evaluate((list) => list.getBoundingClientRect().height);
    assert.ok(height >= many * 56, `${height}px`);
    assert.deepEqual(await violations(page), []);
  });

  test('the keys move through it, and the focus outlives scrolling and news', async () => {
    await page.keyboard.press('j');
    const first = await focused();
    assert.ok(first);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await focused(), (await order())[1]);
    const held = await focused();
    await toEnd();
    assert.equal(await focused(), held, 'scrolled away, and still there');
    await house.say('kim', `Neues ${Date.now()}`);
    await page.getByRole('button', { name: /neu$/ }).waitFor();
    assert.equal(await focused(), held);
    await page.keyboard.press('End');
    assert.notEqual(await focused(), held);
    await page.keyboard.press('Home');
    assert.equal(await focused(), first);
    await page.keyboard.press('Enter');
    await page.waitForSelector('form textarea');
    assert.match(page.url(), new RegExp(`/conversations/${first}`));
    await page.keyboard.press('Escape');
    assert.equal(await focused(), first);
  });

  test('no row moves under the pointer: what is new waits and is counted', async () => {
    await page.locator('[data-row]').nth(3).hover();
    const before = await order();
    await house.sim('POST', 'clock', { advance: '2s' });
    await house.say('ben', 'Ich warte oben');
    const pill = page.getByRole('button', { name: '1 neu' });
    await pill.waitFor();
    assert.deepEqual(await order(), before);
    assert.deepEqual(await violations(page), []);
    await pill.click();
    await page.locator('[data-row]').first().getByText('Ich warte oben').waitFor();
    assert.equal(await pill.count(), 0);
  });

  test('views have counts and their own order, by keys and by address', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.waitForURL(/view=unassigned/);
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length > 5);
    const counts = await page.locator('.list-pane nav .number').allInnerTexts();
    assert.equal(counts.length, 4);
    assert.equal(counts[1], counts[2], 'nobody has taken anything');
    await page.goBack();
    assert.equal(await page.locator('.list-pane nav [aria-current]').innerText().then((text) => /Alle/.test(text)), true);
  });
});
