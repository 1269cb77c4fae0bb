// One walk through the desk that every server must pass: the demo of the program that
// was built, or another one with BASE_URL, EMAIL and PASSWORD set (one open Conversation
// whose Window is open).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, launch, login, logout, open, openAnswerable, violations } from './browser.mjs';

let browser;
let house;

before(async () => {
  house = await desk();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function visit(options, walk) {
  const visitor = await open(browser, options);
  try {
    await walk(visitor.page, visitor);
    assert.deepEqual(visitor.faults, []);
    assert.deepEqual([...visitor.hosts], [new URL(house.url).host], 'nothing is asked of another host');
  } finally {
    await visitor.context.close();
  }
}

test('a wrong password is refused in words', () =>
  visit({}, async (page) => {
    await page.goto(house.url);
    await page.fill('input[name=email]', house.email);
    await page.fill('input[name=password]', 'falsch');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]:has-text("passen nicht zusammen")');
    assert.deepEqual(await violations(page), []);
  }));

test('log in, list, open, reply, tick', () =>
  visit({}, async (page) => {
    await login(page, house);
    await page.waitForSelector('[data-row]');
    await page.waitForSelector('.line[data-live=live]');
    assert.deepEqual(await violations(page), []);

    await openAnswerable(page);
    assert.match(page.url(), /\/conversations\/[\w-]+$/);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    const text = `Vielen Dank für Ihre Nachricht. ${Date.now()}`;
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    const bubble = page.locator('[data-direction=out]', { hasText: text });
    await bubble.waitFor();
    await bubble.locator('[data-status=sent], [data-status=delivered], [data-status=read]').first().waitFor();
    assert.equal(await bubble.count(), 1, 'the Draft became the Message');
    await page.locator('[data-row]', { hasText: text.slice(0, 20) }).first().waitFor();
    assert.deepEqual(await violations(page), []);
  }));

test('an address leads back to its Conversation, also after logging in', () =>
  visit({}, async (page) => {
    await login(page, house);
    await openAnswerable(page);
    await page.reload();
    await page.waitForSelector('.composer');
    const path = new URL(page.url()).pathname;
    await logout(page);
    await login(page, house, path);
    await page.waitForSelector('.composer');
  }));

test('dark, and English', () =>
  visit({ colorScheme: 'dark', locale: 'en-GB' }, async (page) => {
    await login(page, house);
    await openAnswerable(page);
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.deepEqual(await violations(page), []);
    await page.click('.rail .agent');
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    await page.waitForSelector('html[lang=de]');
    await page.getByPlaceholder('Antwort schreiben').waitFor();
  }));

test('360 px: list and thread are two screens', () =>
  visit({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }, async (page) => {
    await login(page, house);
    await page.waitForSelector('[data-row]');
    await fits(page);
    assert.deepEqual(await violations(page), []);
    await openAnswerable(page);
    assert.equal(await page.locator('.list-pane').isVisible(), false);
    await fits(page);
    assert.deepEqual(await violations(page), []);
    await page.goBack();
    await page.locator('.list-pane').waitFor();
    assert.equal(await page.locator('.thread-pane').isVisible(), false);
  }));

async function fits(page) {
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.spoken'))
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  assert.deepEqual(wide, []);
}
