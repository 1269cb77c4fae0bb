// Consents to advertising: asked for in the chat, recorded from a form, used, taken back. In
// both languages, wide and narrow. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const offers = 'Neues zu unseren Tarifen';
const similar = 'Ähnliche Tarife';

describe('consents', { skip: missing || false }, () => {
  const here = office();

  // A Controller that may advertise: two Purposes more, and a policy that a second admin grants.
  before(async () => {
    if (missing) return;
    const { admin } = here.people;
    const other = await here.colleague('Zweite Hand', 'admin');
    const [{ id, facts }] = (await here.ask(admin, 'GET', '/controllers')).items;
    const balancing = {
      necessity: 'Anders erfahren Kundinnen nichts davon.', balance: 'Wenige Nachrichten, nur zu Ähnlichem.', safeguards: 'STOP in jeder Nachricht.',
      objection: 'Keine Werbung mehr.', approved_by: 'Vorstand', approved_at: '2026-01-15',
    };
    await here.ask(admin, 'PUT', `/controllers/${id}`, {
      ...facts,
      purposes: [...facts.purposes, { name: offers, basis: '6(1)(a)' }, { name: similar, basis: '6(1)(f)', interest: { de: 'eigene Angebote', en: 'own offers' }, balancing }],
    });
    const { policies } = await here.ask(admin, 'GET', `/controllers/${id}/register`);
    const { approval } = await here.ask(admin, 'PUT', `/controllers/${id}/policies`, { ...policies, outbound: 'advertising', reason: 'Beschluss' });
    await here.ask(other, 'POST', `/approvals/${approval}/decision`, { grant: true, reason: 'geprüft' });
  });

  const asked = async (who) => {
    const { items } = await here.house.sim('GET', `customers/${who.id}/messages?number=${who.number}`);
    return items.filter(({ from, kind }) => from === 'business' && kind === 'interactive');
  };

  /** The customer taps an answer under the newest question. */
  async function tap(who, which) {
    const { payload } = (await asked(who)).at(-1);
    const { reply } = payload.action.buttons[which];
    here.keep(reply.title);
    await here.house.sim('POST', `customers/${who.id}/messages`, {
      number: who.number, kind: 'interactive', payload: { type: 'button_reply', button_reply: reply },
    });
  }

  const card = (page) => page.locator('[data-card=why]');

  test('a question in the chat, a tap, advertising, and no more of it', async () => {
    const who = await here.customer(['Gibt es Neues zur Hausratversicherung?']);
    const { id } = await who.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}` });
    const { page } = seat;
    await seat.button('Einwilligung …').click();
    await page.getByRole('dialog').getByRole('radio', { name: /^Hier im Chat fragen/ }).waitFor();
    await look(page, 'grant-de');
    await seat.button('Frage senden').click();
    await seat.toasts.getByText('Die Frage ist unterwegs.').waitFor();
    await until(async () => (await asked(who)).length, 1);
    await card(page).getByText(`${offers}: gefragt`).waitFor();
    await page.getByRole('list', { name: 'Antworten zum Antippen' }).getByText('Einverstanden').waitFor();
    await look(page, 'asked-de');

    await tap(who, 0);
    await card(page).getByText(`${offers}: erteilt`).waitFor();
    await until(async () => (await who.heard()).some((text) => text.startsWith('Danke, Ihre Einwilligung ist notiert.')), true);
    await seat.button(`Werbung schreiben … Zweck: ${offers}`).click();
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Nachricht' });
    const quiet = page.getByRole('dialog').getByText('Zu dieser Zeit senden Sie keine Werbung.');
    await field.or(quiet).waitFor();
    await look(page, 'advertise-de');
    if (await quiet.isVisible()) {
      // In the evening and on a Sunday that is the right answer.
      await page.keyboard.press('Escape');
    } else {
      await field.fill('Neu: Hausrat mit Fahrrad. STOP genügt, um keine Werbung mehr zu bekommen.');
      here.keep('Hausrat mit Fahrrad');
      await page.getByRole('dialog').getByRole('button', { name: 'Senden' }).click();
      await until(async () => (await who.heard()).some((text) => text.startsWith('Neu: Hausrat')), true);
    }

    await who.say('STOP');
    await card(page).getByText('alle Werbung: widerrufen').waitFor();
    assert.equal(await seat.button(`Werbung schreiben … Zweck: ${offers}`).count(), 0);
    await seat.button('Einwilligung …').click();
    await seat.button('Frage senden').click();
    await page.getByRole('alert').getByText(/Das geht gerade nicht/).waitFor();
    await look(page, 'refused-de');
  });

  test('a signed form and a customer of ours, in English and in the dark', async () => {
    const who = await here.customer(['Ich habe Ihnen das Formular geschickt']);
    const { id } = await who.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language: 'en', colorScheme: 'dark', viewport: { width: 1280, height: 900 } });
    const { page } = seat;
    await seat.button('', 'Consent …').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Signed form/ }).check();
    await dialog.getByRole('button', { name: 'Record' }).click();
    await dialog.getByText('Please choose the signed sheet.').waitFor();
    await dialog.getByLabel('Sheet').setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 signed') });
    await dialog.getByLabel('Signed on').fill('2026-11-02');
    await dialog.getByLabel('Version of the form').fill('F 12 / 2026');
    await look(page, 'form-en-dark');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await card(page).getByText(`${offers}: granted`).waitFor();
    const { ledger } = await here.ask(here.people.motor, 'GET', `/conversations/${id}/grounds`);
    assert.equal(ledger.at(-1).paper, true);

    await seat.button('', 'Consent …').click();
    await dialog.getByRole('radio', { name: /our own customer/ }).waitFor();
    assert.equal(await dialog.getByRole('radio', { name: /our own customer/ }).isChecked(), true); // all else is granted
    await dialog.getByLabel('Which contract?').fill('Kfz 4711');
    here.keep('Kfz 4711');
    await dialog.getByLabel('Contract of').fill('2025-03-01');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await dialog.getByText('All three must be true.').waitFor();
    await look(page, 'customer-en-dark');
    for (const name of [/own, similar offers/, /did not object/, /right to object/]) await dialog.getByRole('checkbox', { name }).check();
    await dialog.getByRole('button', { name: 'Record' }).click();
    await card(page).getByText(`${similar}: granted`).waitFor();
    await seat.button('', 'Record an objection …').click();
    await dialog.getByRole('radio', { name: similar }).check();
    assert.equal(await dialog.getByRole('radio').count(), 2, 'not to the contract');
    await look(page, 'objection-en-dark');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await card(page).getByRole('definition').getByText(similar).waitFor();
    await look(page, 'granted-en-dark');
    await page.setViewportSize({ width: 360, height: 740 });
    await look(page, 'granted-en-phone');
  });
});
