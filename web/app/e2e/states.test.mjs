// The states that only the stand-in can bring about on command.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { start } from '../mock/server.mjs';
import { launch, login, open, openAnswerable, violations, write } from './browser.mjs';

describe('states', { skip: process.env.BASE_URL ? 'they need the stand-in' : false }, () => {
  let browser;
  let house;
  let visitor;
  let page;

  before(async () => void (browser = await launch()));
  after(() => browser?.close());

  beforeEach(async () => {
    house = await start({ pace: 150 });
    visitor = await open(browser, { viewport: { width: 1280, height: 800 } });
    page = visitor.page;
    await login(page, house);
    await page.waitForSelector('[data-row]');
  });

  afterEach(async () => {
    await visitor.context.close();
    await house.close();
    assert.deepEqual(visitor.faults, []);
  });

  const command = (name, body = {}) => fetch(`${house.url}/mock/${name}`, { method: 'POST', body: JSON.stringify(body) });
  const row = (text) => page.locator('[data-row]', { hasText: text }).first();
  const aside = () => page.mouse.move(900, 20);
  const box = (read) => page.locator('.thread-pane .box').evaluate(read);
  const fromBottom = () => box((b) => b.scrollHeight - b.scrollTop - b.clientHeight);

  test('a failed Message says why, and can be sent again', async () => {
    await openAnswerable(page);
    await write(page, 'Das fails');
    const bubble = page.locator('[data-direction=out]', { hasText: 'Das fails' });
    await bubble.getByText('WhatsApp konnte die Nachricht nicht zustellen.').waitFor();
    assert.deepEqual(await violations(page), []);
    await bubble.getByRole('button', { name: 'Erneut senden' }).click();
    await bubble.locator('[data-status=read]').waitFor();
  });

  test('a Message in doubt is repeated only after a warning', async () => {
    await openAnswerable(page);
    await write(page, 'Ein Zweifel');
    const bubble = page.locator('[data-direction=out]', { hasText: 'Ein Zweifel' });
    await bubble.getByRole('button', { name: 'Wiederholen …' }).click();
    await bubble.getByText('doppelt ankommen').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Nicht wiederholen');
    assert.deepEqual(await violations(page), []);
    await bubble.getByRole('button', { name: 'Trotzdem wiederholen' }).click();
    await bubble.locator('[data-status=read]').waitFor();
  });

  test('a refusal stands there before anybody types', async () => {
    await page.click('nav a:has-text("Abgeschlossen")');
    await row('Gern geschehen').click();
    await page.getByText('Diese Konversation ist abgeschlossen.').waitFor();
    assert.equal(await page.locator('.composer textarea').count(), 0);
    assert.deepEqual(await violations(page), []);
  });

  test('a refusal at the gate gives the words back', async () => {
    await openAnswerable(page);
    await command('refuse');
    await write(page, 'Kommt nicht durch');
    const draft = page.locator('[data-draft]', { hasText: 'Kommt nicht durch' });
    await draft.getByText('Nicht gesendet.').waitFor();
    await draft.getByRole('button', { name: 'Text bearbeiten' }).click();
    assert.equal(await page.locator('.composer textarea').inputValue(), 'Kommt nicht durch');
    assert.equal(await draft.count(), 0);
  });

  test('offline is told, and nothing is lost or doubled', async () => {
    await openAnswerable(page);
    await page.waitForSelector('.line[data-live=live]');
    await visitor.context.setOffline(true);
    await page.getByText('Keine Verbindung').waitFor();
    await write(page, 'Im Tunnel');
    const draft = page.locator('[data-draft]', { hasText: 'Im Tunnel' });
    await draft.getByText('war nicht erreichbar').waitFor();
    assert.deepEqual(await violations(page), []);
    await visitor.context.setOffline(false);
    await page.waitForSelector('.line[data-live=live]');
    await draft.getByRole('button', { name: 'Erneut senden' }).click();
    const bubble = page.locator('[data-direction=out]', { hasText: 'Im Tunnel' });
    await bubble.locator('[data-status=read]').waitFor();
    assert.equal(await bubble.count(), 1);
  });

  test('a cut line comes back with what happened meanwhile', async () => {
    await row('Anna Muster').click();
    await page.waitForSelector('.composer');
    await command('drop');
    await command('say', { text: 'Während der Pause' });
    await page.locator('[data-message]', { hasText: 'Während der Pause' }).waitFor();
    await command('reload');
    await command('say', { text: 'Nach dem Neuladen' });
    await page.locator('[data-message]', { hasText: 'Nach dem Neuladen' }).waitFor();
    await page.waitForSelector('.line[data-live=live]');
  });

  test('a paused Inbox is told where one writes', async () => {
    await row('Anna Muster').click();
    await page.waitForSelector('.composer');
    await command('pause');
    await page.getByText('Wartung der Nummer').waitFor();
  });

  test('the thread opens at its end, grows upwards without a jump, and keeps its place', async () => {
    await row('Anna Muster').click();
    await page.waitForSelector('.composer');
    assert.ok((await fromBottom()) < 2);
    const count = () => page.locator('[data-message]').count();
    const loaded = await count();
    assert.equal(loaded, 50);

    // One Message is watched while the page above it is loaded.
    const watched = page.locator('[data-message]').first();
    const id = await watched.getAttribute('data-message');
    await box((b) => (b.scrollTop = 300));
    const top = () => page.locator(`[data-message="${id}"]`).evaluate((e) => e.getBoundingClientRect().top);
    const before = await top();
    await page.waitForFunction((n) => document.querySelectorAll('[data-message]').length > n, loaded);
    const moved = Math.abs((await top()) - before);
    assert.ok(moved < 2, `moved by ${moved}px`);

    // What arrives while one reads above must not pull the page away.
    const place = await box((b) => b.scrollTop);
    await command('say', { text: 'Unten angekommen' });
    await page.locator('[data-message]', { hasText: 'Unten angekommen' }).waitFor({ state: 'attached' });
    assert.equal(await box((b) => b.scrollTop), place);
    assert.match(await page.locator('[aria-live=polite]').innerText(), /Unten angekommen/);
    await page.getByRole('button', { name: 'Zu den neuesten Nachrichten' }).click();
    await page.waitForFunction(() => {
      const b = document.querySelector('.thread-pane .box');
      return b.scrollHeight - b.scrollTop - b.clientHeight < 2;
    });
    await command('say', { text: 'Und noch eine' });
    await page.locator('[data-message]', { hasText: 'Und noch eine' }).waitFor();
    await page.waitForTimeout(50);
    assert.ok((await fromBottom()) < 2);
  });

  test('the keyboard alone is enough', async () => {
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    const id = await page.evaluate(() => document.activeElement?.getAttribute('data-row'));
    assert.equal(id, await page.locator('[data-row]').nth(1).getAttribute('data-row'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.composer');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-row')), id);
  });

  test('the open Conversation stays open and marked while the list moves', async () => {
    await row('Hohenwestedt').click();
    await page.waitForSelector('.composer');
    await aside();
    await command('say', { text: 'Ich rücke nach oben' });
    await page.locator('[data-row]').first().getByText('Ich rücke nach oben').waitFor();
    assert.match(await page.locator('[data-row][aria-current]').innerText(), /Hohenwestedt/);
    assert.match(await page.locator('.thread-pane h1').innerText(), /Hohenwestedt/);
  });

  test('no row moves under the pointer: what is new waits and is counted', async () => {
    const order = () => page.locator('[data-row]').evaluateAll((rows) => rows.map((r) => r.dataset.row));
    await page.locator('[data-row]').nth(1).hover();
    const before = await order();
    await command('say', { text: 'Ich warte oben', conversation: before.at(-1) });
    const pill = page.getByRole('button', { name: '1 neu' });
    await pill.waitFor();
    assert.deepEqual(await order(), before);
    assert.deepEqual(await violations(page), []);
    await pill.click();
    await page.locator('[data-row]').first().getByText('Ich warte oben').waitFor();
    assert.equal(await pill.count(), 0);

    await page.locator('[data-row]').nth(1).hover();
    await command('say', { text: 'Und noch einmal', conversation: before.at(-2) });
    await pill.waitFor();
    await aside();
    await page.locator('[data-row]').first().getByText('Und noch einmal').waitFor();
    assert.equal(await pill.count(), 0);

    // The pointer rests on the list while the agent types: nothing waits.
    await row('Hohenwestedt').click();
    await page.waitForSelector('.composer textarea');
    await write(page, 'Ich antworte');
    await page.locator('[data-row]').first().getByText('Ich antworte').waitFor();
    assert.equal(await pill.count(), 0);
  });

  test('a lost session leads to the login and leaves nothing on the page', async () => {
    await row('Anna Muster').click();
    await page.waitForSelector('.composer');
    await visitor.context.clearCookies();
    await row('Hohenwestedt').click();
    await page.waitForSelector('input[name=password]');
    assert.doesNotMatch(await page.locator('body').innerText(), /Anna|Hohenwestedt/);
  });

  test('a Conversation that is not there says so', async () => {
    await page.goto(`${house.url}/conversations/019ab000-0000-7000-8000-000000000000`);
    await page.getByText('Diese Konversation gibt es nicht.').waitFor();
    assert.deepEqual(await violations(page), []);
  });
});
