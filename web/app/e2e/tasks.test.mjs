// What a person must do: a message introduces somebody, the card says until when, and how it
// ended. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
}

describe('tasks', { skip: missing || false }, () => {
  const here = office();

  async function sound(page, where) {
    assert.deepEqual(await violations(page), [], where);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${where} is ${over}px too wide`);
  }

  for (const [language, colorScheme] of [['de', 'light'], ['en', 'dark']]) {
    test(`a witness is marked by one key, informed and done: ${language}`, async () => {
      const words = `Meine Nachbarin hat den Unfall ${language} gesehen.`;
      const customer = await here.customer([words]);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: '/?view=all', language, colorScheme });
      const { page } = seat;
      await seat.live();
      await seat.open(customer.name);
      await seat.message(words).focus();
      await page.keyboard.press('d');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(words).waitFor();
      await dialog.getByText(seat.says(/^Zu informieren bis/, /^To be informed by/)).waitFor();
      await sound(page, 'the question who it is');
      await shot(page, `third-${language}`);
      await dialog.getByRole('radio', { name: seat.says('Gegenseite', 'Opponent') }).check();
      here.keep('Erika Beispiel');
      await dialog.getByLabel(seat.says('Name oder Hinweis', 'Name or note')).fill('Erika Beispiel');
      await dialog.getByRole('button', { name: seat.says('Aufgabe anlegen', 'Make a task') }).click();

      const card = page.locator('[data-card=tasks]');
      await card.getByText(seat.says('Gegenseite: Erika Beispiel', 'Opponent: Erika Beispiel')).waitFor();
      await card.getByText(seat.says(/^fällig am/, /^due on/)).waitFor();
      await sound(page, 'the card');
      await shot(page, `task-card-${language}`);
      const [task] = (await here.ask(here.people.dpo, 'GET', `/tasks?conversation=${id}`)).items;
      assert.deepEqual([task.kind, task.role, task.note], ['third_person', 'opponent', 'Erika Beispiel']);

      await card.getByRole('button', { name: seat.says('Erledigen …', 'Finish …') }).click();
      await dialog.getByRole('radio', { name: seat.says('Nicht nötig', 'Not needed') }).check();
      await dialog.getByRole('button', { name: seat.says('Erledigt', 'Done'), exact: true }).click();
      await dialog.getByText(seat.says('Bitte begründen Sie es in einem Satz.', 'Please give the reason in a sentence.')).waitFor();
      await sound(page, 'the question how it ended');
      await shot(page, `finish-${language}`);
      here.keep('Hat selbst angerufen.');
      await dialog.getByLabel(seat.says('Warum, in einem Satz', 'Why, in a sentence')).fill('Hat selbst angerufen.');
      await dialog.getByRole('button', { name: seat.says('Erledigt', 'Done'), exact: true }).click();
      await card.getByText(seat.says(/^Nicht nötig am/, /^Not needed on/)).waitFor();
      await until(async () => (await here.ask(here.people.dpo, 'GET', `/tasks?conversation=${id}`)).items[0].done?.ground, '14(5)(a)');
    });
  }

  test('a doubt says on its card until when it is to be read, and nowhere else', async () => {
    const customer = await here.customer(['Guten Tag.']);
    await customer.say('Muss diese Werbung wirklich sein?');
    const { id } = await customer.conversation();
    await until(async () => (await here.ask(here.people.motor, 'GET', `/tasks?conversation=${id}`)).items.map(({ kind }) => kind).join(), 'doubt');
    const seat = await here.sit(here.people.motor, { path: '/?view=all', viewport: { width: 360, height: 740 } });
    const { page } = seat;
    await seat.live();
    await seat.open(customer.name);
    await page.getByRole('button', { name: 'Seitenleiste ein- oder ausblenden' }).click();
    const panel = page.getByRole('dialog', { name: 'Zur Person' });
    await panel.locator('[data-card=why]').getByText(/^(fällig am|heute fällig)/).waitFor();
    assert.equal(await panel.locator('[data-card=tasks]').getByText(/^(fällig am|heute fällig)/).count(), 0);
    await sound(page, 'the doubt on a phone');
    await shot(page, 'doubt-phone');
    await panel.getByRole('button', { name: 'Gelesen: kein Widerspruch' }).click();
    await until(async () => (await here.ask(here.people.motor, 'GET', `/tasks?conversation=${id}`)).items[0].done?.how, 'cleared');
  });
});
