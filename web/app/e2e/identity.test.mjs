// Who somebody is: a number changes in the middle of a Conversation, an agent makes sure, and
// two who are one person are put together and taken apart. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shot, sound } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('who somebody is', { skip: missing || false }, () => {
  const here = office();
  let numbers = 0;

  async function changes(customer) {
    await new Promise((done) => setTimeout(done, 1100)); // WhatsApp's times are whole seconds
    const phone = `+49 1570 ${7_000_000 + ++numbers}`;
    here.keep(phone, phone.replace(/\D/g, ''));
    await here.house.sim('PUT', `customers/${customer.id}/phone`, { phone });
    return phone;
  }

  for (const [language, colorScheme, viewport, name] of [
    ['de', 'light', undefined, 'desk'],
    ['en', 'dark', undefined, 'dark'],
    ['de', 'light', { width: 360, height: 740 }, 'phone'],
  ]) {
    test(`a changed number hides the thread until an agent has made sure: ${name}`, async () => {
      const words = `Meine Versicherungsnummer steht im Brief ${name}.`;
      const customer = await here.customer([words]);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, colorScheme, ...(viewport && { viewport }) });
      const { page } = seat;
      await seat.message(words).waitFor();
      await seat.live();
      await changes(customer);
      const banner = page.getByRole('status').filter({ hasText: seat.says('Schreibt noch dieselbe Person?', 'Is it still the same person?') });
      await banner.waitFor();
      await seat.log.getByText(seat.says('Verborgen, bis geprüft ist, wer schreibt.', 'Hidden until it is verified who writes.')).first().waitFor();
      await until(() => seat.message(words).count(), 0);
      if (!viewport) await seat.row(customer.name).getByText(seat.says('Vielleicht jemand anderes', 'Perhaps somebody else')).waitFor({ state: 'attached' });
      await sound(page, 'the banner');
      await shot(page, `assurance-${name}`);

      await banner.getByRole('button', { name: seat.says('Identität geprüft …', 'Identity verified …') }).click();
      const dialog = page.getByRole('dialog', { name: seat.says('Dieselbe Person', 'The same person') });
      await dialog.getByRole('button', { name: seat.says('Bestätigen', 'Confirm') }).click();
      await dialog.getByText(seat.says('Wählen Sie, wie Sie es geprüft haben.', 'Choose how you verified it.')).waitFor();
      await sound(page, 'the question how');
      await shot(page, `vouch-${name}`);
      await dialog.getByRole('radio', { name: seat.says(/^Rückruf/, /^Called back/) }).check();
      await dialog.getByRole('button', { name: seat.says('Bestätigen', 'Confirm') }).click();
      await seat.message(words).waitFor();
      await banner.waitFor({ state: 'detached' });
      const { items } = await here.ask(here.people.motor, 'GET', `/conversations/${id}/identity-changes`);
      assert.deepEqual(items.map(({ news, vouched }) => [news, vouched?.means]), [['new_number', 'callback']]);
    });
  }

  for (const [language, colorScheme, viewport, name] of [
    ['de', 'light', undefined, 'desk'],
    ['en', 'dark', undefined, 'dark'],
    ['de', 'light', { width: 360, height: 740 }, 'phone'],
  ]) {
    test(`who is somebody else goes on in a conversation of their own: ${name}`, async () => {
      const [before, since] = [`Mein Befund liegt im Brief ${name}.`, `Wer sind Sie? ${name}`];
      const customer = await here.customer([before]);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, colorScheme, ...(viewport && { viewport }) });
      const colleague = await here.sit(here.people.admin, { path: `/conversations/${id}`, language });
      const { page } = seat;
      await seat.message(before).waitFor();
      await changes(customer);
      await customer.say(since);
      await seat.message(since).waitFor();
      await colleague.message(since).waitFor();
      const banner = page.getByRole('status').filter({ hasText: seat.says('Schreibt noch dieselbe Person?', 'Is it still the same person?') });
      await banner.getByRole('button', { name: seat.says('Andere Person …', 'Somebody else …') }).click();
      const dialog = page.getByRole('dialog', { name: seat.says('Nicht dieselbe Person', 'Not the same person') });
      await dialog.waitFor();
      await sound(page, 'the warning');
      await shot(page, `split-${name}`);
      await dialog.getByRole('button', { name: seat.says('Trennen', 'Split') }).click();
      await page.waitForURL((url) => !url.pathname.endsWith(id));
      await seat.message(since).waitFor();
      await seat.log.getByText(seat.says('Sie: Hier schreibt jemand anderes als vorher', 'You: somebody else than before writes here')).waitFor();
      assert.equal(await seat.message(before).count(), 0);
      await sound(page, 'the other');
      await shot(page, `split-other-${name}`);
      // A colleague who looks at it sees the words go, and those before again.
      await colleague.message(before).waitFor();
      await until(() => colleague.message(since).count(), 0, 'what the other said');
      await shot(colleague.page, `split-before-${name}`);
      await customer.say(`Noch etwas ${name}`);
      await seat.message(`Noch etwas ${name}`).waitFor();
    });
  }

  for (const [language, colorScheme] of [['de', 'light'], ['en', 'dark']]) {
    test(`two who are one person are merged by a number as it is spoken, and taken apart: ${language}`, async () => {
      const [one, two] = [await here.customer([`Erste Nummer ${language}.`]), await here.customer([`Zweite Nummer ${language}.`])];
      const { id } = await one.conversation();
      await two.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, colorScheme });
      const { page } = seat;
      await seat.live();
      const card = page.locator('[data-card=who]');
      await card.getByRole('button', { name: seat.says('Zusammenführen …', 'Merge …') }).click();
      const dialog = page.getByRole('dialog');
      const number = dialog.getByLabel(seat.says('Telefonnummer der anderen Person', 'Telephone number of the other person'));
      await number.fill('Erika');
      await seat.button('Suchen', 'Search', dialog).click();
      await dialog.getByText(seat.says('Das ist keine Telefonnummer.', 'This is no telephone number.')).waitFor();
      const spoken = `0${two.phone.slice(4).replace(' ', ' / ')}`;
      here.keep(spoken);
      await number.fill(spoken);
      await seat.button('Suchen', 'Search', dialog).click();
      await dialog.getByRole('radio', { name: two.name }).waitFor();
      await sound(page, 'the question who');
      await shot(page, `merge-${language}`);
      await seat.button('Zusammenführen', 'Merge', dialog).click();
      await dialog.waitFor({ state: 'detached' });
      await card.getByText(two.name).waitFor();
      await page.locator('[data-card=matters]').getByText(`Zweite Nummer ${language}.`).waitFor();
      await sound(page, 'the card');
      await shot(page, `merged-${language}`);
      await card.getByRole('button', { name: seat.says(`Zusammenführung mit ${two.name} aufheben`, `Undo the merge with ${two.name}`) }).click();
      await card.getByText(two.name).waitFor({ state: 'detached' });
      await until(async () => (await here.ask(here.people.motor, 'GET', `/conversations/${id}/matters`)).items.length, 0);
    });
  }
});
