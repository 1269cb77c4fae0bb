// One Conversation under the hands: what is written in it, beside it, and on a phone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('the thread', { skip: missing }, () => {
  const here = office();

  async function opened(text, options) {
    const customer = await here.customer([text]);
    const { id } = await customer.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, ...options });
    await seat.message(text.slice(0, 6)).waitFor();
    await seat.live();
    return { seat, customer, id };
  }

  test('WhatsApp’s marks become elements, and what a stranger writes is no HTML', async () => {
    const { seat } = await opened('Hallo *fett* _kursiv_ <img src=x onerror=alert(1)> https://muster.example/a');
    const said = seat.message('fett');
    assert.equal(await said.locator('strong').innerText(), 'fett');
    assert.equal(await said.locator('em').innerText(), 'kursiv');
    assert.equal(await said.locator('img').count(), 0);
    const link = said.getByRole('link');
    assert.equal(await link.getAttribute('href'), 'https://muster.example/a');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await link.getAttribute('target'), '_blank');
  });

  test('styles are typed with keys and taken back with the browser’s own undo', async () => {
    const { seat } = await opened('Bitte schreiben Sie deutlich.');
    const { page } = seat;
    await seat.reply.focus();
    await page.keyboard.type('Das ist wichtig');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.press('Control+b');
    assert.equal(await seat.reply.inputValue(), 'Das ist *wichtig*');
    await seat.button('Vorschau', 'Preview').click();
    await page.getByRole('group', { name: 'Vorschau' }).locator('strong', { hasText: 'wichtig' }).waitFor();
    await seat.reply.focus();
    await page.keyboard.press('Control+z');
    assert.equal(await seat.reply.inputValue(), 'Das ist wichtig');
  });

  test('Enter breaks the line and Ctrl-Enter sends, for whoever wants it so', async () => {
    const { preferences } = await here.ask(here.people.claims, 'GET', '/me');
    await here.ask(here.people.claims, 'PUT', '/me/preferences', { ...preferences, send_key: 'ctrl_enter' });
    const customer = await here.customer(['Zwei Zeilen bitte.']);
    const { id } = await customer.conversation();
    const seat = await here.sit(here.people.claims, { path: `/conversations/${id}` });
    await seat.reply.focus();
    await seat.page.keyboard.type('Eins');
    await seat.page.keyboard.press('Enter');
    await seat.page.keyboard.type('Zwei');
    assert.equal(await seat.reply.inputValue(), 'Eins\nZwei');
    await seat.page.keyboard.press('Control+Enter');
    await seat.ticked('Eins', 'delivered');
    assert.deepEqual(await customer.heard(), ['Eins\nZwei']);
  });

  test('what was typed just before the page goes is a draft when it comes back', async () => {
    const { seat } = await opened('Haben Sie noch einen Moment?');
    await seat.reply.focus();
    await seat.page.keyboard.type('Einen Moment noch');
    await seat.page.reload();
    await until(async () => (await seat.reply.count()) > 0 && seat.reply.inputValue(), 'Einen Moment noch');
  });

  test('the side panel answers, is moved by keyboard, and remembers', async () => {
    const { seat } = await opened('Wer bin ich für Sie?');
    const { page } = seat;
    const panel = page.getByRole('complementary', { name: 'Zur Person' });
    const titles = () => panel.locator('summary').allInnerTexts();
    await until(async () => (await titles())[0], 'Wer ist das?');
    await page.getByRole('button', { name: '„Wer ist das?“ nach unten' }).focus();
    const kept = page.waitForResponse((response) => response.url().endsWith('/preferences'));
    await page.keyboard.press('Enter');
    await kept;
    await page.reload();
    await until(async () => (await titles())[1], 'Wer ist das?');

    const who = panel.locator('[data-card=who]');
    await who.getByText('Name aus dem WhatsApp-Profil, nicht geprüft').waitFor();
    await who.getByText(/•••/).first().waitFor();
    assert.doesNotMatch(await who.innerText(), /\d{6}/, 'numbers are masked');
    await seat.button('Vollständig anzeigen …').click();
    await seat.button('Anzeigen').click();
    await who.getByText(/\d{6}/).first().waitFor();
    await seat.button('Wieder verbergen').click();
    await until(async () => /\d{6}/.test(await who.innerText()), false);
    const told = page.waitForResponse((response) => response.url().endsWith('/language'));
    await page.getByLabel('Bevorzugte Sprache').selectOption('tr');
    await told;
    await page.reload();
    await until(async () => (await page.getByLabel('Bevorzugte Sprache').count()) > 0 && page.getByLabel('Bevorzugte Sprache').inputValue(), 'tr');
    const log = await here.ask(here.people.admin, 'GET', '/audit?limit=20');
    assert.ok(log.items.some(({ act }) => /reveal/.test(act)), 'that somebody looked is in the log');
  });

  test('other matters of a person stand beside the one that is open', async () => {
    const { seat, customer, id } = await opened('Mein erstes Anliegen.');
    await here.ask(here.people.motor, 'POST', `/conversations/${id}/closure`, {});
    await customer.say('Mein zweites Anliegen.');
    await until(async () => (await customer.conversation()).id !== id, true);
    await seat.go(`/conversations/${(await customer.conversation()).id}`);
    const matters = seat.page.locator('[data-card=matters]');
    await matters.getByRole('link').first().click();
    await seat.page.waitForURL(`**/conversations/${id}*`);
    await seat.message('Mein erstes Anliegen.').waitFor();
  });

  test('on a phone list, thread and panel are three screens with the way back', async () => {
    const customer = await here.customer(['Ich tippe mit dem Daumen.']);
    await customer.conversation();
    const seat = await here.sit(here.people.motor, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const { page } = seat;
    await seat.row(customer.name).tap();
    await seat.message('Ich tippe mit dem Daumen.').waitFor();
    assert.equal(await seat.list.isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'no keyboard rises over what is to be read');
    await page.getByRole('button', { name: /^Seitenleiste/ }).tap();
    const panel = page.getByRole('dialog', { name: 'Zur Person' });
    await panel.getByText('Wer ist das?').waitFor();
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    await seat.reply.waitFor();
    await page.goBack();
    await seat.row(customer.name).waitFor();
    assert.equal(await seat.reply.isVisible(), false);
  });
});
