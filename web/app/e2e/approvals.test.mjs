// What takes two people: one asks, a second one decides, and everybody who looks sees it at
// once. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';

const phone = { viewport: { width: 360, height: 740 } };

describe('approvals', { skip: missing || false }, () => {
  const here = office();

  const policies = async (person) => {
    const [{ id }] = (await here.ask(person, 'GET', '/controllers')).items;
    return { id, chosen: (await here.ask(person, 'GET', `/controllers/${id}/register`)).policies };
  };

  test('alone: a change waits, says so, can be stopped by the officer, and is no choice yet', async () => {
    const { admin, dpo } = here.people;
    const seat = await here.sit(admin, { path: '/settings/policies' });
    const { page } = seat;
    const policy = page.locator('[data-policy=notice_repeat]');
    await policy.getByRole('radio', { name: 'In jeder Konversation' }).check();
    await policy.getByText('geändert').waitFor();
    await page.getByRole('textbox', { name: /^Grund für die zweite Person/ }).fill('Beschluss vom Montag');
    await look(page, 'asking-de');
    await seat.button('Um Freigabe bitten').click();
    await seat.toasts.getByText(/^Um Freigabe gebeten/).waitFor();
    await page.getByText('Eine Änderung wartet auf eine zweite Person').waitFor();
    assert.equal(await policy.getByRole('radio', { name: 'Jährlich und bei Änderung' }).isChecked(), true);
    assert.equal((await policies(admin)).chosen.notice_repeat, 'year_and_change');
    await look(page, 'asked-de');
    await page.getByRole('link', { name: 'Zur Freigabe' }).click();
    await page.getByRole('heading', { level: 1, name: 'Freigaben' }).waitFor();
    await page.getByText('niemand sonst könnte es freigeben').waitFor();
    assert.equal(await seat.button('Freigeben').count(), 0);
    assert.equal(await seat.button('Allein in Kraft setzen').count(), 0);
    await look(page, 'alone-de');

    const officer = await here.sit(dpo, { path: '/settings/approvals', language: 'en', colorScheme: 'dark', ...phone });
    await officer.page.getByText('Beschluss vom Montag').waitFor();
    assert.equal(await officer.button('', 'Approve').count(), 0);
    await look(officer.page, 'officer-en-phone');
    await officer.button('', 'Refuse').click();
    const dialog = officer.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Refuse' }).click();
    await dialog.getByText('This is missing.').waitFor();
    await dialog.getByRole('textbox').fill('Ohne Grundlage');
    await look(officer.page, 'refusing-en-phone');
    await dialog.getByRole('button', { name: 'Refuse' }).click();
    await officer.page.getByText('Refused. It stays as it was.').first().waitFor();

    // Whoever asked is told by the stream, and reads why.
    await page.getByText('Ohne Grundlage').waitFor();
    await page.getByText('Abgelehnt', { exact: true }).waitFor();
    here.keep('Beschluss vom Montag', 'Ohne Grundlage');
  });

  test('two admins: one asks, the other hears of it, sees what would change, and grants it', async () => {
    const { admin } = here.people;
    const other = await here.colleague('Zweite Hand', 'admin');
    const second = await here.sit(other, { path: '/', language: 'en' });
    await second.live();
    assert.equal(await second.page.getByText(/Approvals that wait for you/).count(), 0);

    const { id, chosen } = await policies(admin);
    const { approval } = await here.ask(admin, 'PUT', `/controllers/${id}/policies`, { ...chosen, tone: 'du', media: 'all', reason: 'Wunsch des Vertriebs' });
    await second.page.getByRole('link', { name: 'Settings. Approvals that wait for you: 1' }).click();
    const { page } = second;
    await page.getByRole('navigation', { name: 'Pages of the settings' }).getByRole('link', { name: /^Approvals/ }).click();
    const item = page.locator(`[data-approval="${approval}"]`);
    await item.getByText('Form of address in the privacy notice').waitFor();
    assert.match(await item.innerText(), /Formal[\s\S]*→[\s\S]*Informal/);
    assert.match(await item.innerText(), /Photos of damage alone[\s\S]*→[\s\S]*Everything/);
    await look(page, 'second-en');
    await second.button('', 'Approve').click();
    await look(page, 'granting-en');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved. It holds from now on.').first().waitFor();
    await item.getByText('Approved', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Settings', exact: true }).waitFor(); // the mark is gone
    const now = (await policies(admin)).chosen;
    assert.deepEqual([now.tone, now.media], ['du', 'all']);

    const seat = await here.sit(admin, { path: '/settings/policies', colorScheme: 'dark', ...phone });
    await seat.page.getByText('Abweichungen von der Vorgabe: 2.').waitFor();
    // Back to the defaults goes without anybody.
    for (const [key, choice] of [['tone', 'Siezen'], ['media', 'Nur Schadenfotos']]) {
      await seat.page.locator(`[data-policy=${key}]`).getByRole('radio', { name: choice }).check();
    }
    await seat.button('Speichern').click();
    await seat.page.getByText('Alles steht auf der Vorgabe.').waitFor();
    await look(seat.page, 'back-de-phone');
    await seat.go('/settings/approvals');
    await seat.page.getByText('Freigegeben', { exact: true }).waitFor();
    await look(seat.page, 'decided-de-phone');
    here.keep('Wunsch des Vertriebs', 'Zweite Hand');
  });

  test('nobody reads alone what a colleague did: a request, a second person, and then it stands there', async () => {
    const { admin, dpo, motor } = here.people;
    await here.session(motor); // who did something by that
    const colleague = (await here.ask(admin, 'GET', '/agents')).items.find(({ email }) => email === motor.email);
    const seat = await here.sit(admin, { path: '/settings/audit' });
    const { page } = seat;
    await page.getByRole('table').first().waitFor();
    await page.getByRole('combobox', { name: 'Wer' }).selectOption(colleague.id);
    await page.getByText(`Was ${colleague.name} getan hat, liest niemand allein`).waitFor();
    assert.equal(await page.getByRole('table').count(), 0, 'what was read before is gone');
    await page.getByRole('textbox', { name: /^Grund/ }).fill('Beschwerde vom Dienstag');
    await seat.button('Um Freigabe bitten').click();
    await page.getByText('Diese Angabe fehlt.').waitFor();
    await page.getByRole('textbox', { name: /^Was der Betriebsrat weiß/ }).fill('Vorsitz unterrichtet am Mittwoch');
    await look(page, 'names-asking-de');
    await seat.button('Um Freigabe bitten').click();
    await page.getByText('Ihre Bitte wartet auf eine zweite Person').waitFor();
    await look(page, 'names-waits-de');

    const officer = await here.sit(dpo, { path: '/settings/approvals', language: 'en', colorScheme: 'dark', ...phone });
    await officer.page.getByText('Vorsitz unterrichtet am Mittwoch').waitFor();
    await look(officer.page, 'names-officer-en-phone');
    await officer.button('', 'Approve').click();
    await officer.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await officer.page.getByText('Good until').waitFor();
    await officer.go(`/settings/audit?agent=${colleague.id}`);
    await officer.page.getByText(`Nobody reads alone what ${colleague.name} did`).waitFor();
    await look(officer.page, 'names-officer-asking-en-phone');

    // Whoever asked reads without doing anything more.
    await page.getByRole('table').getByText('Angemeldet').first().waitFor();
    await look(page, 'names-read-de');
    here.keep('Beschwerde vom Dienstag', 'Vorsitz unterrichtet am Mittwoch');
  });
});
