// What people are told beside messages, and who is kept from writing: an inbox chooses its read
// receipts, an agent blocks somebody and lifts it. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numbers } from './house.mjs';
import { shot, sound } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const looks = [
  ['de', 'light', undefined, 'desk'],
  ['en', 'dark', undefined, 'dark'],
  ['de', 'light', { width: 360, height: 740 }, 'phone'],
];

describe('people and the house', { skip: missing || false }, () => {
  const here = office();

  for (const [language, colorScheme, viewport, name] of looks) {
    test(`a customer sees read and typing only where the inbox tells them: ${name}`, async () => {
      const [inbox] = (await here.ask(here.people.admin, 'GET', '/inboxes')).items.filter((one) => one.name.includes('Kfz') || one.name.includes('Motor') || one.name.includes('Auto'));
      assert.equal(inbox.signals, 'none', 'an inbox tells nothing by itself');
      const seat = await here.sit(here.people.admin, { path: `/settings/inboxes/${inbox.id}`, language, colorScheme, ...(viewport && { viewport }) });
      const { page } = seat;
      const choice = page.getByRole('group', { name: seat.says('Die Person erfährt', 'The person learns') });
      await choice.scrollIntoViewIfNeeded();
      await choice.getByRole('radio', { name: seat.says('Und dass jemand gerade antwortet', 'And that somebody is writing an answer') }).check();
      await page.getByText(seat.says('Gespeichert', 'Saved')).first().waitFor();
      await sound(page, 'the choice');
      await shot(page, `signals-${name}`);
      await until(async () => (await here.ask(here.people.admin, 'GET', '/inboxes')).items.find(({ id }) => id === inbox.id).signals, 'typing');

      const words = `Haben Sie das gelesen, ${name}?`;
      const customer = await here.customer([words]);
      const { id } = await customer.conversation();
      const status = async () => (await here.house.sim('GET', `customers/${customer.id}/messages?number=${numbers.motor}`)).items.find(({ text }) => text === words)?.status;
      await until(status, 'delivered');
      const desk = await here.sit(here.people.motor, { path: `/conversations/${id}`, language });
      await desk.message(words).waitFor();
      await until(status, 'read', 60_000);
      await here.ask(here.people.admin, 'PUT', `/inboxes/${inbox.id}/signals`, { signals: 'none' });
    });

    test(`whoever is abusive is blocked, and let in again: ${name}`, async () => {
      const words = `Sie taugen nichts, ${name}!`;
      const customer = await here.customer([words]);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, colorScheme, ...(viewport && { viewport }) });
      const { page } = seat;
      await seat.message(words).waitFor();
      await seat.live();
      const ask = seat.button('Blockieren …', 'Block …');
      if (viewport) await page.getByRole('button', { name: /^Seitenleiste/ }).click();
      await ask.click();
      const dialog = page.getByRole('dialog', { name: seat.says('Person blockieren', 'Block this person') });
      await seat.button('Blockieren', 'Block', dialog).click();
      await dialog.getByText(seat.says('Wählen Sie den Grund.', 'Choose the reason.')).waitFor();
      await sound(page, 'the question why');
      await shot(page, `block-${name}`);
      await dialog.getByRole('radio', { name: seat.says('Beleidigung', 'Insults') }).check();
      await seat.button('Blockieren', 'Block', dialog).click();
      await dialog.waitFor({ state: 'detached' });
      if (viewport) await page.getByRole('dialog').getByRole('button', { name: seat.says('Schließen', 'Close') }).click();
      const banner = page.getByRole('status').filter({ hasText: seat.says('WhatsApp weist Nachrichten dieser Person ab.', 'WhatsApp turns away messages of this person.') });
      await banner.waitFor();
      if (!viewport) await seat.row(words).getByText(seat.says('Blockiert', 'Blocked')).waitFor({ state: 'attached' });
      await sound(page, 'the banner');
      await shot(page, `blocked-${name}`);
      await here.house.sim('POST', `customers/${customer.id}/messages`, { text: `Hallo? ${name}` });
      const { outcome, reasons } = await here.ask(here.people.motor, 'GET', `/conversations/${id}/grounds`);
      assert.deepEqual([outcome, reasons[0].code], ['refusal', 'contact_blocked']);

      await seat.button('Blockierung aufheben', 'Lift the block', banner).click();
      const ending = page.getByRole('dialog', { name: seat.says('Blockierung aufheben', 'Lift the block') });
      await shot(page, `unblock-${name}`);
      await seat.button('Blockierung aufheben', 'Lift the block', ending).click();
      await banner.waitFor({ state: 'detached' });
      await until(() => seat.message(`Hallo? ${name}`).count(), 0);
      await customer.say(`Entschuldigung, ${name}.`);
      await seat.message(`Entschuldigung, ${name}.`).waitFor();
    });
  }
});
