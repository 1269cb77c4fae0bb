// One Conversation in the real server: reading, writing, and working on it together.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, login, open, openRow, violations, write } from './browser.mjs';
import { demo, program } from './house.mjs';

const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';

describe('the thread', { skip: missing || false }, () => {
  let browser;
  let house;
  let visitors;

  before(async () => void (browser = await launch()));
  after(() => browser?.close());

  beforeEach(async () => {
    house = await demo();
    visitors = [];
  });

  afterEach(async () => {
    for (const { context } of visitors) await context.close();
    await house.close();
    for (const { faults } of visitors) assert.deepEqual(faults, []);
  });

  async function visit(who = house.people.motor, options = {}) {
    const visitor = await open(browser, { viewport: { width: 1440, height: 900 }, ...options });
    visitors.push(visitor);
    await login(visitor.page, who);
    return visitor.page;
  }

  async function enter(who, options) {
    const page = await visit(who, options);
    await openRow(page, 'Ben Beispiel');
    await page.waitForSelector('.line[data-live=live]');
    return page;
  }

  const field = (page) => page.locator('.composer textarea');
  const notice = (page, text) => page.locator('.toast', { hasText: text });
  const message = (page, text) => page.locator('[data-message]', { hasText: text });
  const box = (page, read) => page.locator('[role=log]').evaluate(read);
  const fromEnd = (page) => box(page, (b) => b.scrollHeight - b.scrollTop - b.clientHeight);
  const atEnd = (page) =>
    page.waitForFunction(() => {
      const b = document.querySelector('[role=log]');
      return b.scrollHeight - b.scrollTop - b.clientHeight < 2;
    });
  const ruled = (page) => page.locator('[data-new]').evaluate((e) => e.getBoundingClientRect().top);

  test('WhatsApp’s marks become elements, and what a stranger writes is no HTML', async () => {
    const page = await enter();
    await house.say('ben', '*fett* _kursiv_ <img src=x onerror=alert(1)> https://muster.example/a');
    const said = message(page, 'fett');
    await said.waitFor();
    assert.equal(await said.locator('strong').innerText(), 'fett');
    assert.equal(await said.locator('em').innerText(), 'kursiv');
    assert.equal(await said.locator('img').count(), 0);
    const link = said.locator('a');
    assert.equal(await link.getAttribute('href'), 'https://muster.example/a');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await link.getAttribute('target'), '_blank');
  });

  test('styles are typed with keys and taken back with the browser’s own undo', async () => {
    const page = await enter();
    await page.keyboard.type('Das ist wichtig');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.press('Control+b');
    assert.equal(await field(page).inputValue(), 'Das ist *wichtig*');
    await page.getByRole('button', { name: 'Vorschau' }).click();
    await page.locator('.preview strong', { hasText: 'wichtig' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await field(page).focus();
    await page.keyboard.press('Control+z');
    assert.equal(await field(page).inputValue(), 'Das ist wichtig');
  });

  test('it opens at the first unread Message, and is read when its end was seen', async () => {
    for (let i = 0; i < 30; i++) await house.say('ben', `Zeile ${i}`);
    const page = await visit();
    const row = page.locator('[data-row]', { hasText: 'Ben Beispiel' }).first();
    await row.getByText('Zeile 29').waitFor();
    await openRow(page, 'Ben Beispiel');
    await page.locator('[data-new]').waitFor();
    const top = await ruled(page);
    assert.ok(top > 0 && top < 500, `the line stands at ${top}`);
    assert.ok((await fromEnd(page)) > 100);
    const reading = page.waitForRequest((request) => request.url().endsWith('/reading'));
    await page.getByRole('button', { name: /^Zu den neuesten Nachrichten, \d+ neu$/ }).click();
    await reading;
    await page.reload();
    await page.waitForSelector('.composer textarea');
    await atEnd(page);
    assert.equal(await page.locator('[data-new]').count(), 0);
  });

  test('it grows upwards without a jump, and keeps its place when something comes in', async () => {
    for (let i = 0; i < 130; i++) await house.say('ben', `Zeile ${i}: Wie reiche ich die Unterlagen ein?`);
    let page = await enter();
    await message(page, 'Zeile 129').waitFor();
    await page.getByRole('button', { name: /^Zu den neuesten/ }).click();
    await atEnd(page);
    await page.waitForTimeout(600);
    await page.reload();
    await message(page, 'Zeile 129').waitFor();
    await atEnd(page);
    const drawn = () => page.locator('[data-message]').count();
    const first = await drawn();
    assert.ok(first <= 60, `${first} Messages are drawn at first`);

    const watched = page.locator('[data-message]').first();
    const id = await watched.getAttribute('data-message');
    await box(page, (b) => (b.scrollTop = 300));
    const top = () => page.locator(`[data-message="${id}"]`).evaluate((e) => e.getBoundingClientRect().bottom);
    const before = await top();
    await page.waitForFunction((n) => document.querySelectorAll('[data-message]').length > n, first);
    const moved = Math.abs((await top()) - before);
    assert.ok(moved < 2, `moved by ${moved}px`);

    const place = await top();
    await house.say('ben', 'Unten angekommen');
    await message(page, 'Unten angekommen').waitFor({ state: 'attached' });
    assert.ok(Math.abs((await top()) - place) < 2);
    await page.getByRole('button', { name: 'Zu den neuesten Nachrichten, 1 neu' }).click();
    await atEnd(page);
  });

  test('what comes in is told once, sender first; our own and ticks are not', async () => {
    const page = await enter();
    await page.evaluate(() => {
      window.told = [];
      const live = document.querySelector('.frame [aria-live=polite]');
      new MutationObserver(() => window.told.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true });
    });
    await write(page, 'Wir kümmern uns darum.');
    await message(page, 'Wir kümmern uns').locator('[data-status=delivered], [data-status=read]').waitFor();
    await house.say('ben', 'Vielen *Dank*');
    await message(page, 'Vielen').waitFor();
    await page.waitForTimeout(100);
    assert.deepEqual(await page.evaluate(() => window.told), ['Ben Beispiel: Vielen Dank']);
    assert.equal(await page.locator('[role=log]').getAttribute('aria-live'), 'off');
  });

  test('a Note stays inside, and nobody takes it for a reply', async () => {
    const page = await enter();
    await page.getByRole('button', { name: 'Interne Notiz' }).click();
    await page.getByRole('button', { name: 'Notiz speichern' }).waitFor();
    await page.keyboard.type('Selbstbehalt prüfen');
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Enter');
    const note = page.locator('[data-kind=note]', { hasText: 'Selbstbehalt prüfen' });
    await note.getByText('Interne Notiz').waitFor();
    await page.locator('.panel', { hasText: 'Selbstbehalt prüfen' }).waitFor();
    const { items } = await house.sim('GET', 'customers/ben/messages');
    assert.ok(!items.some((item) => item.text?.includes('Selbstbehalt')));
    assert.deepEqual(await violations(page), []);
  });

  test('a transfer between two browsers, with its note', async () => {
    const hers = await enter(house.people.admin);
    const page = await enter();
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await notice(page, 'übernommen').waitFor();
    await hers.locator('[data-turn]', { hasText: 'Service Muster Auto hat übernommen' }).waitFor();
    await page.getByRole('button', { name: 'Weitere Aktionen' }).click();
    await page.getByRole('menuitem', { name: 'Mit Notiz übergeben …' }).click();
    await page.locator('dialog').getByText('Alex Admin').waitFor();
    await page.keyboard.type('Alex');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Übergeben' }).click();
    await page.getByText('Schreiben Sie kurz').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('dialog textarea').fill('Bitte zurückrufen');
    await page.getByRole('button', { name: 'Übergeben' }).click();
    await hers.locator('[data-kind=transferred]', { hasText: 'Bitte zurückrufen' }).waitFor();
    await hers.locator('.thread-pane header', { hasText: 'Sie sind zuständig' }).waitFor();
    await page.locator('.thread-pane header', { hasText: 'Zuständig: Alex Admin' }).waitFor();
  });

  test('who came first is told, and nothing is taken from anybody', async () => {
    const hers = await enter(house.people.admin);
    const page = await enter();
    // Her click is under way while the other browser still shows nobody.
    await page.context().setOffline(true);
    await hers.getByRole('button', { name: 'Übernehmen' }).click();
    await notice(hers, 'übernommen').waitFor();
    await page.route('**/assignment', async (route) => route.continue());
    await page.context().setOffline(false);
    await page.evaluate(() => document.querySelector('.thread-pane .button.main')?.click());
    await notice(page, 'Alex Admin').waitFor();
    await hers.locator('.thread-pane header', { hasText: 'Sie sind zuständig' }).waitFor();
  });

  test('presence is seen by colleagues, and that somebody writes is said once', async () => {
    const hers = await enter(house.people.admin);
    const page = await enter();
    await hers.getByRole('img', { name: 'Service Muster Auto liest mit' }).waitFor();
    await page.keyboard.type('Guten Tag');
    await hers.getByRole('img', { name: 'Service Muster Auto schreibt gerade' }).waitFor();
    await page.locator('[data-row]', { hasText: 'Kim Example' }).first().click();
    await hers.getByRole('img', { name: /Service Muster Auto/ }).waitFor({ state: 'detached' });
  });

  test('somebody answers while I type: theirs is shown, mine stays, sending takes a decision', async () => {
    const hers = await enter(house.people.admin);
    const page = await enter();
    await page.keyboard.type('Meine Antwort');
    await write(hers, 'Von der Kollegin');
    const theirs = page.locator('.theirs');
    await theirs.getByText('Alex Admin hat um').waitFor();
    await theirs.getByText('Von der Kollegin').waitFor();
    assert.equal(await field(page).inputValue(), 'Meine Antwort');
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Enter');
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains('theirs')));
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
    assert.equal(await message(page, 'Meine Antwort').count(), 0, 'a second Enter sends nothing');
    await page.getByRole('button', { name: 'Trotzdem senden' }).click();
    await message(page, 'Meine Antwort').waitFor();
    assert.equal(await theirs.count(), 0);
  });

  test('the server says that somebody was first, although the stream did not', async () => {
    const hers = await enter(house.people.admin);
    const page = await enter();
    await page.route('**/api/v1/events', (route) => route.abort());
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await page.waitForSelector('.line:not([data-live=live])');
    await write(hers, 'Schon erledigt');
    await message(hers, 'Schon erledigt').locator('[data-status=delivered], [data-status=read]').waitFor();
    await write(page, 'Ich auch');
    await page.locator('.theirs').getByText('Schon erledigt').waitFor();
    assert.equal(await field(page).inputValue(), 'Ich auch');
    const { items } = await house.sim('GET', 'customers/ben/messages');
    assert.ok(!items.some((item) => item.text === 'Ich auch'));
  });

  test('a Draft is there after kill −9 of the server, and on another device', async () => {
    const page = await enter();
    await page.keyboard.type('Halb fertig');
    await page.getByText('Entwurf gespeichert').waitFor();
    await house.kill();
    await house.restart();
    const other = await enter();
    await other.waitForFunction(() => document.querySelector('.composer textarea').value === 'Halb fertig');
    // Closed before the pause is over: the page delivers it while it goes.
    await field(other).focus();
    await other.keyboard.press('End');
    await other.keyboard.type(' und mehr');
    await other.reload();
    await other.waitForFunction(() => document.querySelector('.composer textarea')?.value === 'Halb fertig und mehr');
    await field(other).focus();
    await other.keyboard.press('Enter');
    await message(other, 'Halb fertig und mehr').waitFor();
    await other.waitForTimeout(1500);
    await other.reload();
    await message(other, 'Halb fertig und mehr').waitFor();
    await other.waitForTimeout(500);
    assert.equal(await field(other).inputValue(), '');
  });

  test('closing goes on to the next one, and is taken back within ten seconds', async () => {
    const page = await enter();
    const hers = page.url();
    await page.getByRole('button', { name: 'Abschließen', exact: true }).click();
    await notice(page, '„Ben Beispiel“ ist abgeschlossen.').waitFor();
    await page.locator('.thread-pane h1', { hasText: 'Kim Example' }).waitFor();
    assert.notEqual(page.url(), hers);
    await notice(page, 'abgeschlossen').getByRole('button', { name: 'Rückgängig' }).click();
    await notice(page, 'Rückgängig gemacht.').waitFor();
    assert.equal(page.url(), hers);
    await page.locator('[data-kind=reopened]').waitFor();
  });

  test('snoozed until a reply: it leaves the work, and comes back with the reply', async () => {
    const page = await enter();
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await notice(page, 'übernommen').waitFor();
    await page.getByRole('button', { name: 'Zurückstellen …' }).click();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Bis zur nächsten Nachricht der Person' }).click();
    await page.locator('.thread-pane header', { hasText: 'Zurückgestellt bis zur nächsten Nachricht' }).waitFor();
    await house.say('ben', 'Hier ist die Rechnung');
    await page.locator('[data-kind=woken]').waitFor();
    await page.locator('.thread-pane header', { hasText: 'Zurückgestellt' }).waitFor({ state: 'detached' });
  });

  test('the side panel answers, is moved by keyboard, and remembers', async () => {
    const page = await enter();
    const titles = () => page.locator('.side summary').allInnerTexts();
    assert.equal((await titles())[0], 'Wer ist das?');
    await page.getByRole('button', { name: '„Wer ist das?“ nach unten' }).focus();
    const kept = page.waitForResponse((response) => response.url().endsWith('/preferences'));
    await page.keyboard.press('Enter');
    await kept;
    await page.reload();
    await page.locator('.side summary').first().waitFor();
    assert.equal((await titles())[1], 'Wer ist das?');

    assert.match(await page.locator('[data-card=who]').innerText(), /WhatsApp-Profil, nicht geprüft/);
    assert.doesNotMatch(await page.locator('[data-card=who]').innerText(), /\d{6}/);
    await page.getByRole('button', { name: 'Vollständig anzeigen …' }).click();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Anzeigen', exact: true }).click();
    await page.locator('[data-card=who] .full', { hasText: /\d{6}/ }).first().waitFor();
    await page.getByLabel('Bevorzugte Sprache').selectOption('tr');
    await page.waitForTimeout(300);
    await page.reload();
    await page.locator('[data-card=language] select').waitFor();
    assert.equal(await page.getByLabel('Bevorzugte Sprache').inputValue(), 'tr');
    assert.deepEqual(await violations(page), []);
  });

  test('on a phone list, thread and panel are three screens with the way back', async () => {
    const page = await enter(undefined, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: /Seitenleiste/ }).click();
    await page.getByRole('dialog', { name: 'Zur Person' }).getByText('Wer ist das?').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await field(page).waitFor();
    await page.goBack();
    await page.locator('[data-row]', { hasText: 'Ben Beispiel' }).first().waitFor();
    assert.equal(await field(page).isVisible(), false);
  });
});
