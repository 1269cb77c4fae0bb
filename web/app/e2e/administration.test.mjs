// What an administrator makes in the settings works outside of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('administration', { skip: missing }, () => {
  const here = office();
  const admin = (path) => here.sit(here.people.admin, { path: `/settings/${path}` });

  test('a controller and an inbox are made; secrets are counted, replaced and never shown', async () => {
    const { page } = await admin('controllers/new');
    const field = (label) => page.getByLabel(label, { exact: true });
    const click = (name) => page.getByRole('button', { name, exact: true }).click();
    await field('Name der Gesellschaft').fill('Muster Reise AG');
    await click('Anlegen');
    await page.getByRole('heading', { level: 1, name: 'Muster Reise AG' }).waitFor();
    await page.getByText(/^Es fehlen \d+ Angaben$/).first().waitFor();

    await page.goto(`${here.house.url}/settings/inboxes/new`);
    await field('Name').fill('Reise');
    await field('Verantwortlicher').selectOption({ label: 'Muster Reise AG' });
    await field('Nummern-ID (phone number id)').fill('100000000000777');
    await field('ID des WhatsApp-Business-Kontos').fill('200000000000777');
    await page.getByLabel(/^App-Geheimnisse/).fill('erstes-geheimnis-der-app');
    await field('Zugriffsschlüssel').fill('erster-zugriff');
    await page.getByLabel(/^Prüfworte/).fill('ein-pruefwort');
    await click('Anlegen');
    const hook = await page.getByRole('textbox', { name: 'Webhook-Adresse' }).inputValue();
    const proof = (word) =>
      fetch(`${hook}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '4711', 'hub.verify_token': word })}`);
    await until(async () => (await proof('ein-pruefwort')).status, 200, 'the provider proves itself');
    assert.equal((await proof('ein anderes')).status, 403);

    await click('Reise');
    await page.getByRole('heading', { level: 1, name: 'Reise' }).waitFor();
    await page.getByText('Hinterlegt').first().waitFor();
    await page.getByLabel(/^Prüfworte/).fill('ein-neues-pruefwort');
    await click('Geheimnisse ersetzen');
    await until(async () => (await proof('ein-neues-pruefwort')).status, 200, 'the new word counts');
    assert.equal((await proof('ein-pruefwort')).status, 403, 'the old word does not');
    await page.reload();
    await page.getByText('Hinterlegt').first().waitFor();
    const shown = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((e) => e.value).join());
    assert.doesNotMatch(shown, /geheimnis-der-app|erster-zugriff|pruefwort/);
  });

  test('a token is shown once, works, and ends when it is revoked', async () => {
    const { page } = await admin('profile');
    await page.getByRole('button', { name: 'Token ausstellen', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Wofür', { exact: true }).fill('Auswertung');
    await dialog.getByRole('button', { name: 'Token ausstellen', exact: true }).click();
    const token = await dialog.getByLabel('Auswertung').inputValue();
    const me = () => fetch(`${here.house.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } }).then(({ status }) => status);
    assert.equal(await me(), 200);
    await dialog.getByRole('button', { name: 'Schließen', exact: true }).last().click();
    await page.reload();
    const row = page.getByRole('row', { name: /Auswertung/ });
    await row.waitFor();
    assert.ok(!(await page.content()).includes(token));
    await row.getByRole('button').click();
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: /widerrufen/i }).click();
    await until(me, 401, 'the token has ended');
  });

  test('single keys are switched off, and the rest still works', async () => {
    const seat = await here.sit(here.people.claims, { path: '/settings/shortcuts' });
    const { page } = seat;
    await page.getByRole('switch', { name: 'Tastenkürzel benutzen' }).click();
    await page.getByText('Gespeichert.').waitFor();
    await page.goto(`${here.house.url}/?view=all`);
    await seat.row('Ben Beispiel').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('?');
    await page.waitForTimeout(300);
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.closest('[data-row]')), null, 'j moves nobody');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
  });
});
