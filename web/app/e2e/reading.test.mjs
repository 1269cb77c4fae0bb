// What is unread, what is new, and that nothing moves away from under eyes or pointer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const count = (from, to, text) => Array.from({ length: to - from + 1 }, (_, n) => `${text} ${from + n}`);

/** Where something stands in the window, in pixels from the top. */
const topOf = async (locator) => (await locator.boundingBox()).y;

describe('reading', { skip: missing }, () => {
  const here = office();
  const sit = (options) => here.sit(here.people.motor, options);

  test('what is unread is marked for each agent, and counted in the title', async () => {
    const customer = await here.customer(['Ich brauche eine Bescheinigung.']);
    const { id } = await customer.conversation();
    await here.ask(here.people.motor, 'PUT', `/conversations/${id}/assignment`, { agent: (await here.ask(here.people.motor, 'GET', '/me')).agent.id });
    const a = await sit({ path: '/?view=mine' });
    const b = await here.sit(here.people.claims, { path: '/', language: 'en' });
    const row = a.row(customer.name);
    await row.getByText('Ungelesen').waitFor();
    await b.row(customer.name).getByText('Unread').waitFor();
    await until(() => a.page.title(), '(1) Postfach · Botschaft');
    assert.equal(await b.page.title(), 'Inbox · Botschaft', 'it is not theirs');

    await row.click();
    await until(() => a.page.title(), 'Postfach · Botschaft');
    await row.getByText('Ungelesen').waitFor({ state: 'detached' });
    assert.equal(await b.row(customer.name).getByText('Unread').count(), 1);

    await a.page.keyboard.press('Escape');
    await a.page.keyboard.press('u');
    await row.getByText('Ungelesen').waitFor();
    await until(() => a.page.title(), '(1) Postfach · Botschaft');
    await a.page.reload();
    await until(() => a.page.title(), '(1) Postfach · Botschaft', 'the server keeps it');
    await a.open(customer.name);
    await until(() => a.page.title(), 'Postfach · Botschaft');
  });

  /** Opens a long thread and reads it to its end. */
  async function readAll(seat, customer) {
    await seat.open(customer.name);
    const toEnd = seat.page.getByRole('button', { name: /^Zu den neuesten Nachrichten/ });
    await toEnd.click();
    await unread(seat, customer).waitFor({ state: 'detached' });
  }

  const unread = (seat, { name }) => seat.row(name).getByText('Ungelesen', { exact: true });

  test('a thread opens at the first unread message, under a line that says so', async () => {
    const customer = await here.customer(count(1, 30, 'Gelesene Zeile'));
    const seat = await sit();
    await readAll(seat, customer);
    await seat.open('Ben Beispiel');
    for (const text of count(31, 70, 'Ungelesene Zeile')) await customer.say(text);
    await seat.row(customer.name).getByText('Ungelesene Zeile 70').waitFor();

    await seat.open(customer.name);
    const line = seat.log.locator('[data-new]');
    await line.getByText('Neu', { exact: true }).waitFor();
    const box = await seat.log.boundingBox();
    const at = await topOf(line);
    assert.ok(at > box.y && at < box.y + box.height / 2, `the line stands at ${at} of ${box.y} to ${box.y + box.height}`);
    assert.ok((await topOf(seat.message('Gelesene Zeile 30'))) < at && (await topOf(seat.message('Ungelesene Zeile 31'))) > at);
    await unread(seat, customer).waitFor();

    await seat.page.getByRole('button', { name: 'Zu den neuesten Nachrichten, 40 neu' }).click();
    await unread(seat, customer).waitFor({ state: 'detached' });
    await customer.say('Noch eine Zeile');
    await seat.message('Noch eine Zeile').waitFor();
    await until(async () => (await topOf(seat.message('Noch eine Zeile'))) < box.y + box.height, true, 'the end stays in sight');
  });

  test('older messages come in above without moving what is read', async () => {
    const customer = await here.customer(count(1, 140, 'Zeile Nummer'));
    const seat = await sit();
    await readAll(seat, customer);
    await seat.page.reload(); // what is not on the page must be asked for
    await seat.message('Zeile Nummer 140').waitFor();
    // The server's answer waits until it is let go: that is when somebody reads.
    const waiting = [];
    await seat.page.route('**/thread?*cursor=*', (route) => waiting.push(route));
    const firstId = () => seat.log.locator('[data-message]').first().getAttribute('data-message');
    const begins = () => seat.log.getByText('Beginn der Konversation').count();
    let passes = 0;
    while ((await begins()) === 0) {
      assert.ok(++passes < 12, 'the beginning is never reached');
      const id = await firstId();
      // The first one itself loses its heading when one of the same sender stands above.
      const below = await seat.log.locator('[data-message]').nth(4).getAttribute('data-message');
      const read = seat.log.locator(`[data-message="${below}"]`);
      // Who scrolls while the page still finds its place scrolls once more.
      const upwards = () => seat.log.evaluate((box) => (box.scrollTop = box.scrollTop === 200 ? 201 : 200));
      await until(async () => waiting.length > 0 || (await firstId()) !== id || !(await upwards()), true, 'older ones are asked for');
      const stood = await topOf(read);
      for (const route of waiting.splice(0)) await route.continue();
      await until(async () => (await begins()) > 0 || (await firstId()) !== id, true, 'older ones come in');
      const stands = await topOf(read);
      assert.ok(Math.abs(stands - stood) <= 1, `it moved from ${stood} to ${stands}`);
    }
    const written = seat.log.locator('[data-message]:not([data-origin=notice])');
    assert.match(await written.first().innerText(), /Zeile Nummer 1\b/);
    assert.equal(await written.count(), 140);
  });

  test('under the pointer no row moves; what is new waits behind a number', async () => {
    const customers = [];
    for (let n = 0; n < 4; n++) customers.push(await here.customer([`Anliegen der Reihe ${n}`]));
    const seat = await sit();
    await seat.live();
    for (const { name } of customers) await seat.row(name).waitFor();
    const order = () => seat.page.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.dataset.row).join());
    const target = seat.page.locator('[data-row]').nth(1);
    await target.hover();
    const [stood, before] = [await topOf(target), await order()];
    const fresh = [await here.customer(['Ganz neu, das erste']), await here.customer(['Ganz neu, das zweite'])];
    await here.house.sim('POST', 'clock', { advance: '2s' });
    await customers[0].say('Und ich noch einmal');
    const pill = seat.list.getByRole('button', { name: '3 neu' });
    await pill.waitFor();
    assert.equal(await order(), before);
    assert.equal(await topOf(target), stood);
    await pill.click();
    await until(async () => (await order()) !== before, true);
    await seat.page.locator('[data-row]').first().getByText('Und ich noch einmal').waitFor();
    for (const { name } of fresh) await seat.row(name).waitFor();
    await pill.waitFor({ state: 'detached' });
  });
});
