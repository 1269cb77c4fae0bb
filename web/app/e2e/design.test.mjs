// Every part in every state: without a violation, without a broken policy, and with
// the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, together, violations } from './browser.mjs';
import { design } from './design.mjs';

let house, browser;
before(async () => {
  [house, browser] = await together(design(), launch());
});
after(async () => {
  await browser?.close();
  await house?.close();
});

async function visit(options = {}, query = '') {
  const found = await open(browser, { viewport: { width: 1440, height: 900 }, ...options });
  await found.page.goto(house.url + query);
  await found.page.waitForSelector('[data-theme=dark] [data-part=Tokens]');
  await found.page.waitForTimeout(150); // skeletons wait before they show
  return found;
}

/** How many pixels the page is too wide. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const cases = {
  German: {},
  English: { locale: 'en-GB' },
  'forced colours': { forcedColors: 'active' },
  'a phone': { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  'dark, without motion': { colorScheme: 'dark', reducedMotion: 'reduce' },
};

for (const [name, options] of Object.entries(cases)) {
  test(`all parts, ${name}`, async () => {
    const { page, context, faults, hosts } = await visit(options, name === 'English' ? '?density=compact' : '');
    assert.deepEqual(await violations(page), []);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(faults, []);
    assert.equal(hosts.size, 1);
    await context.close();
  });
}

test('text at 200 % breaks nothing', async () => {
  const { page, context } = await visit({ viewport: { width: 720, height: 900 } });
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  assert.equal(await overflow(page), 0);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('.button, .badge, label, th')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
      .map((element) => element.textContent.trim()),
  );
  assert.deepEqual(cut, []);
  await context.close();
});

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.getAttribute('aria-label'));
const part = (page, name) => page.locator(`[data-theme=light] [data-part=${name}]`);

test('a dialog keeps the focus and gives it back', async () => {
  const { page, context } = await visit();
  await part(page, 'Dialog').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Konversation abschließen' });
  await dialog.waitFor();
  assert.deepEqual(await violations(page), []);
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog'));
    assert.ok(inside, 'the focus left the dialog');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Dialog öffnen');
  // A click beside it closes a dialog, and not a question that cannot be undone.
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.mouse.click(5, 5);
  await dialog.waitFor({ state: 'detached' });
  await part(page, 'Dialog').getByRole('button').nth(1).click();
  const alert = page.getByRole('alertdialog');
  await alert.waitFor();
  await page.mouse.click(5, 5);
  assert.ok(await alert.isVisible());
  assert.deepEqual(await violations(page), []);
  await alert.getByRole('button', { name: 'Abbrechen' }).click();
  await alert.waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Rückfrage öffnen');
  await context.close();
});

test('a dialog that is opened anew at once stays open', async () => {
  const { page, context } = await visit();
  const dialog = page.getByRole('dialog', { name: 'Konversation abschließen' });
  await part(page, 'Dialog').getByRole('button').first().click();
  await dialog.waitFor();
  const stands = await part(page, 'Dialog').getByRole('button').first().evaluate(async (opener) => {
    document.querySelector('dialog header button').click();
    await Promise.resolve();
    if (document.querySelector('dialog')) return 'still there';
    opener.click();
    await new Promise((done) => setTimeout(done, 100));
    return document.querySelectorAll('dialog[open]').length;
  });
  assert.equal(stands, 1);
  await context.close();
});

test('Esc closes a dialog at once, though the focus began on what has a tooltip', async () => {
  const { page, context } = await visit();
  const opener = part(page, 'Dialog').getByRole('button').first();
  const dialog = page.getByRole('dialog', { name: 'Konversation abschließen' });
  const tooltip = page.locator('.tooltip');
  await opener.focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  assert.equal(await focused(page), 'Schließen');
  await page.waitForTimeout(100); // it would have come by now
  assert.equal(await tooltip.count(), 0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached', timeout: 1000 });
  // Whoever comes back to it by key sees what it is, and the first Esc is for that.
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await tooltip.waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await tooltip.count(), 0);
  assert.ok(await dialog.isVisible());
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached', timeout: 1000 });
  await context.close();
});

test('a drawer stands along the edge', async () => {
  const { page, context } = await visit();
  await part(page, 'Drawer').getByRole('button').click();
  const drawer = page.getByRole('dialog', { name: 'Verlauf der Änderungen' });
  await drawer.waitFor();
  await page.waitForTimeout(250);
  const box = await drawer.boundingBox();
  assert.equal(Math.round(box.x + box.width), 1440);
  assert.equal(Math.round(box.height), 900);
  assert.deepEqual(await violations(page), []);
  await context.close();
});

test('a menu is worked with arrows and letters', async () => {
  const { page, context, faults } = await visit();
  const stage = part(page, 'Menu');
  await stage.getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menu').waitFor();
  assert.match(await focused(page), /^Übernehmen/);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('ArrowUp');
  assert.match(await focused(page), /^Abgeschlossen/);
  await page.keyboard.press('z');
  assert.match(await focused(page), /^Zurückstellen/);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  assert.equal(await stage.locator('output').textContent(), 'snooze');
  assert.equal(await focused(page), 'Weitere Befehle');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Weitere Befehle');
  assert.equal(await stage.locator('output').textContent(), 'snooze');
  assert.deepEqual(faults, []);
  await context.close();
});

test('tabs are one stop for the Tab key', async () => {
  const { page, context } = await visit();
  const stage = part(page, 'Tabs');
  await stage.getByRole('tab', { name: 'Meine' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(page), /^Unverteilt/);
  assert.match(await stage.getByRole('tabpanel').textContent(), /Unverteilt/);
  await page.keyboard.press('End');
  assert.match(await focused(page), /^Abgeschlossen/);
  await context.close();
});

test('a tooltip comes with the focus and goes with Esc', async () => {
  const { page, context } = await visit();
  await part(page, 'Button').getByRole('button').last().focus();
  await page.keyboard.press('Tab');
  const tooltip = page.locator('.tooltip');
  await tooltip.waitFor();
  assert.equal(await tooltip.textContent(), 'Abgeschlossen · E');
  await page.keyboard.press('Escape');
  assert.equal(await tooltip.count(), 0);
  await context.close();
});

test('a notice can be undone, and waits for whoever is at it', async () => {
  const { page, context } = await visit();
  await part(page, 'Toaster').getByRole('button').first().click();
  const region = page.getByRole('region', { name: 'Hinweise' });
  await region.getByRole('button', { name: 'Rückgängig' }).hover();
  assert.equal(await page.locator('.toast .bar').evaluate((bar) => getComputedStyle(bar).animationPlayState), 'paused');
  assert.deepEqual(await violations(page), []);
  await region.getByRole('button', { name: 'Rückgängig' }).click();
  await region.getByText('Übernehmen').waitFor();
  assert.equal(await region.getByText('abgeschlossen').count(), 0);
  await context.close();
});

test('a table becomes cards where it is narrow, and stays a table for screen readers', async () => {
  const { page, context } = await visit({ viewport: { width: 360, height: 740 } });
  const table = part(page, 'Table').getByRole('table', { name: 'Mitarbeitende' });
  assert.equal(await table.getByRole('columnheader').count(), 4);
  assert.equal(await table.getByRole('rowheader', { name: 'Ben Beispiel' }).count(), 1);
  const cell = table.getByRole('cell', { name: 'Bearbeitung' });
  assert.match(await cell.evaluate((element) => getComputedStyle(element, '::before').content), /Rolle/);
  await context.close();
});
