// What a person must do: a message introduces somebody, the card says until when, and how it
// ended; and a page of the settings lists all of it. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shot, sound } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('tasks', { skip: missing || false }, () => {
  const here = office();

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

  for (const [language, colorScheme] of [['de', 'dark'], ['en', 'light']]) {
    test(`a message that did not arrive is its author's to decide about: ${language}`, async () => {
      const customer = await here.customer(['Wann kommt das Geld?']);
      const seat = await here.sit(here.people.motor, { path: '/?view=all', language, colorScheme });
      const { page } = seat;
      await seat.live();
      await seat.open(customer.name);
      await customer.fault({ kind: 'fail_status', code: 131026 });
      await seat.send('Das Geld kommt am Freitag.');
      await page.getByRole('link', { name: seat.says(/^Einstellungen\..*nicht zugestellt wurden: 1/, /^Settings\..*were not delivered: 1/) }).waitFor();
      const card = page.locator('[data-card=tasks]');
      await card.getByText(seat.says(/^Nicht zugestellt:/, /^Not delivered:/)).waitFor();
      await card.getByText(seat.says(/nicht zustellbar/, /cannot be delivered/)).waitFor();
      await sound(page, 'the card of a failure');
      await shot(page, `failed-card-${language}`);

      await page.getByRole('link', { name: seat.says(/^Einstellungen/, /^Settings/) }).click();
      await page.getByRole('navigation', { name: seat.says('Seiten der Einstellungen', 'Pages of the settings') }).getByRole('link', { name: seat.says(/^Aufgaben/, /^Tasks/) }).click();
      const row = page.getByRole('table').getByRole('row', { name: seat.says(/nicht zustellbar/, /cannot be delivered/) });
      await row.getByText(seat.says(/^für /, /^for /)).waitFor();
      await sound(page, 'the list with a failure');
      await shot(page, `failed-list-${language}`);
      await row.getByRole('button', { name: seat.says(/^Ist erledigt/, /^That is done/) }).click();
      await until(() => row.count(), 0);
      const [task] = (await here.ask(here.people.motor, 'GET', `/tasks?conversation=${(await customer.conversation()).id}`)).items;
      assert.deepEqual([task.kind, task.done.how, task.failure.provider_code], ['failed', 'dismissed', 131026]);
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

  const phone = { viewport: { width: 360, height: 740 } };
  const settled = async (page) => {
    await page.waitForTimeout(150);
    await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
  };
  const nav = (seat) => seat.page.getByRole('navigation', { name: seat.says('Seiten der Einstellungen', 'Pages of the settings') });
  const overdue = async () => (await here.ask(here.people.admin, 'GET', '/tasks/count')).overdue;

  /** A colleague marks in the chat whom a message introduces; one that comes late is overdue. */
  async function marked(words, note, days = 0) {
    const customer = await here.customer(['Guten Tag.']);
    await (days ? customer.late(words, days) : customer.say(words));
    const seat = await here.sit(here.people.motor, { path: '/?view=all' });
    await seat.live();
    await seat.open(customer.name);
    await seat.message(words).focus();
    await seat.page.keyboard.press('d');
    const dialog = seat.page.getByRole('dialog');
    here.keep(note);
    await dialog.getByLabel('Name oder Hinweis').fill(note);
    await dialog.getByRole('button', { name: 'Aufgabe anlegen' }).click();
    await seat.page.locator('[data-card=tasks]').getByText(note).waitFor();
    return customer;
  }

  for (const [language, colorScheme] of [['de', 'light'], ['en', 'dark']]) {
    test(`what a colleague marked is listed, finished by keyboard, and counted: ${language}`, async () => {
      const [note, other] = [`Zeugin Alt ${language}`, `Zeugin Neu ${language}`];
      const before = await overdue();
      const late = await marked(`Meine Schwester saß daneben, ${language}.`, note, 45);
      await marked(`Der Fahrer heißt anders, ${language}.`, other);
      await until(overdue, before + 1);

      const seat = await here.sit(here.people.admin, { path: '/?view=all', language, colorScheme });
      const { page } = seat;
      const count = before + 1;
      await page.getByRole('link', { name: seat.says(`Einstellungen. Überfällige Aufgaben: ${count}`, `Settings. Overdue tasks: ${count}`) }).click();
      const way = nav(seat).getByRole('link', { name: seat.says(/^Aufgaben/, /^Tasks/) });
      await way.getByText(seat.says('überfällig', 'overdue')).waitFor();
      assert.match(await way.innerText(), new RegExp(`\\b${count}\\b`));
      await way.click();
      await page.getByRole('heading', { level: 1, name: seat.says('Aufgaben', 'Tasks'), exact: true }).waitFor();
      const row = (name) => page.getByRole('table').getByRole('row', { name: new RegExp(name) });
      const rows = page.getByRole('table').locator('tbody tr');
      await row(note).getByText(seat.says(/^[\d.]+ Tage überfällig$/, /^overdue by [\d,]+ days$/)).waitFor();
      await row(other).getByText(seat.says(/^in \d+ Tagen$/, /^in \d+ days$/)).waitFor();
      assert.match(await rows.first().innerText(), new RegExp(`überfällig|overdue`), 'what is due first stands first');
      await settled(page);
      await sound(page, 'all tasks');
      await shot(page, `tasks-${language}`);

      await page.getByLabel(seat.says('Anzeigen', 'Show'), { exact: true }).selectOption('overdue');
      await row(other).waitFor({ state: 'detached' });
      assert.match(page.url(), /show=overdue$/);
      await row(note).waitFor();

      // By keyboard alone: from the filter to the button of the first row, and through the question.
      await page.getByLabel(seat.says('Anzeigen', 'Show'), { exact: true }).focus();
      const finish = row(note).getByRole('button', { name: seat.says(/^Erledigen/, /^Finish/) });
      for (let steps = 0; steps < 40 && !(await finish.evaluate((button) => button === document.activeElement)); steps++) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(note).waitFor();
      await sound(page, 'finishing');
      await shot(page, `tasks-finish-${language}`);
      const informed = dialog.getByRole('radio', { name: seat.says('Informiert', 'Informed') });
      assert.ok(await informed.evaluate((radio) => radio === document.activeElement), 'the question begins with its answers');
      await page.keyboard.press('Enter');
      await row(note).waitFor({ state: 'detached' });
      await until(overdue, before);
      if (before === 0) await way.getByText(seat.says('überfällig', 'overdue')).waitFor({ state: 'detached' });
      await until(async () => await page.evaluate(() => document.activeElement.id), 'list-title');
      if (before === 0) await page.getByText(seat.says('Nichts ist überfällig.', 'Nothing is overdue.')).waitFor();
      await sound(page, 'nothing overdue');
      await shot(page, `tasks-none-${language}`);

      await page.getByLabel(seat.says('Anzeigen', 'Show'), { exact: true }).selectOption('all');
      await row(note).getByText(seat.says('Informiert', 'Informed'), { exact: true }).waitFor();
      await settled(page);
      await sound(page, 'what was done, too');
      await shot(page, `tasks-all-${language}`);
      await row(note).getByRole('link', { name: seat.says(/^Zur Konversation/, /^To the conversation/) }).click();
      await seat.log.waitFor();
      await page.getByRole('heading', { name: late.name }).first().waitFor();
    });

    test(`the officer reads all tasks and changes none, on a phone as well: ${language}`, async () => {
      const note = `Gegner ${language}`;
      const customer = await marked(`Der andere war zu schnell, ${language}.`, note, 60);
      for (const options of [{}, phone]) {
        const seat = await here.sit(here.people.dpo, { path: '/settings/tasks', language, colorScheme: language === 'de' ? 'dark' : 'light', ...options });
        const { page } = seat;
        const row = page.getByRole('table').getByRole('row', { name: new RegExp(note) });
        await row.getByText(seat.says(/^[\d.]+ Tage überfällig$/, /^overdue by [\d,]+ days$/)).waitFor();
        await row.getByRole('link', { name: seat.says(/^Text für den Brief/, /^Text for the letter/) }).waitFor();
        await settled(page);
        assert.equal(await page.locator('main').getByRole('button').count(), 0, 'no buttons');
        assert.equal(await page.getByRole('link', { name: seat.says(/^Zur Konversation/, /^To the conversation/) }).count(), 0);
        await sound(page, 'the officer');
        await shot(page, `tasks-officer-${language}-${page.viewportSize().width}`);
      }
      const { motor, dpo } = here.people;
      const { id } = await customer.conversation();
      const [task] = (await here.ask(motor, 'GET', `/tasks?conversation=${id}`)).items;
      here.keep('Steht in der Akte der Polizei.');
      await here.ask(motor, 'POST', `/tasks/${task.id}/done`, { how: 'not_needed', ground: '14(5)(a)', reason: 'Steht in der Akte der Polizei.' });
      const { page, ...seat } = await here.sit(dpo, { path: '/settings/tasks?show=all', language });
      const row = page.getByRole('table').getByRole('row', { name: new RegExp(note) });
      for (const words of [seat.says('Nicht nötig', 'Not needed'), 'Steht in der Akte der Polizei.']) await row.getByText(words, { exact: true }).waitFor();
      await row.getByText(seat.says(/Art\. 14 Abs\. 5 lit\. a/, /Art\. 14\(5\)\(a\)/)).waitFor();
      await row.getByText(seat.says(/^am .* von Service Muster Auto$/, /^on .* by Service Muster Auto$/)).waitFor();
      await row.scrollIntoViewIfNeeded();
      await sound(page, 'how it ended');
      await shot(page, `tasks-ended-${language}`);
    });
  }

  test('what the register asks for and what is to be read stand beside them, each with the way there', async () => {
    const { admin } = here.people;
    const customer = await here.customer(['Guten Tag.']);
    await customer.say('Muss diese Werbung wirklich sein?');
    const [{ id }] = (await here.ask(admin, 'GET', '/controllers')).items;
    const { recipients } = await here.ask(admin, 'GET', `/controllers/${id}/register`);
    const carrier = recipients.find(({ facts }) => facts.name === 'WhatsApp LLC');
    await here.ask(admin, 'PUT', `/recipients/${carrier.id}`, { active: carrier.active, facts: { ...carrier.facts, review_by: '2020-01-01' } });
    const conversation = await customer.conversation();
    await until(async () => (await here.ask(admin, 'GET', `/tasks?conversation=${conversation.id}`)).items.length, 1);

    const seat = await here.sit(admin, { path: '/settings/tasks' });
    const { page } = seat;
    const rows = page.getByRole('table').getByRole('row');
    const review = rows.filter({ hasText: 'Alle Angaben wieder prüfen' });
    await review.getByText(/^[\d.]+ Tage überfällig$/).waitFor();
    const doubt = rows.filter({ hasText: 'Nachricht lesen: Ist sie ein Widerruf?' });
    await doubt.getByRole('link', { name: /^Zur Konversation/ }).waitFor();
    assert.equal(await doubt.getByRole('button').count(), 0, 'it ends where it is read');
    await settled(page);
    await sound(page, 'tasks of every kind');
    await shot(page, 'tasks-kinds');
    await review.getByRole('link', { name: 'WhatsApp LLC' }).click();
    await page.getByRole('heading', { level: 1, name: 'WhatsApp LLC' }).waitFor();
    await here.ask(admin, 'PUT', `/recipients/${carrier.id}`, { active: carrier.active, facts: carrier.facts });
  });

  test('a page that cannot be read says so and offers to try again, and no count is shown', async () => {
    const broken = { status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable"}' };
    const seat = await here.sit(here.people.admin, { path: '/settings/profile', ...phone });
    const { page } = seat;
    await page.route('**/api/v1/tasks**', (route) => route.fulfill(broken));
    await page.route('**/api/v1/tasks/count', (route) => route.fulfill(broken));
    await seat.go('/settings/tasks');
    const again = page.getByRole('alert').getByRole('button', { name: 'Erneut versuchen' });
    await again.waitFor();
    await sound(page, 'tasks that cannot be read');
    await shot(page, 'tasks-broken');
    await seat.go('/settings');
    await nav(seat).getByRole('link', { name: 'Aufgaben', exact: true }).waitFor();
    await seat.go('/settings/tasks');
    await page.unroute('**/api/v1/tasks**');
    await page.unroute('**/api/v1/tasks/count');
    await again.click();
    await page.getByRole('table').waitFor();
    await settled(page);
    await sound(page, 'all tasks on a phone');
    await shot(page, 'tasks-phone');
  });
});
