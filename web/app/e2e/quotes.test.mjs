// From a quote to what it quotes, and why a message still waits. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { shot } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('quotes that lead to their original', { skip: missing || false }, () => {
  const here = office();

  for (const [language, viewport] of [['de', { width: 1280, height: 800 }], ['en', { width: 360, height: 740 }]]) {
    test(`however far above it stands, by pointer and by key: ${language}`, async () => {
      const customer = await here.customer(['Die Schadennummer lautet 4711']);
      const { id } = await customer.conversation();
      const wamid = await customer.wamid('Die Schadennummer lautet 4711');
      for (let n = 1; n <= 210; n++) await customer.say(`Zeile ${n} dazwischen`);
      await customer.send('text', 'Dazu noch etwas', undefined, wamid);
      await until(async () => (await customer.conversation()).received, 213); // with the notice
      const { position } = await customer.conversation();
      await here.ask(here.people.motor, 'PUT', `/conversations/${id}/reading`, { position });
      const options = { path: `/conversations/${id}`, language, viewport, colorScheme: language === 'en' ? 'dark' : 'light', reducedMotion: language === 'en' ? 'reduce' : 'no-preference' };
      const seat = await here.sit(here.people.motor, options);
      const { page } = seat;
      const answer = seat.message('Dazu noch etwas');
      await answer.waitFor({ state: 'attached' });
      await seat.live();
      const original = page.locator('article:not(:has(blockquote))', { hasText: 'Die Schadennummer lautet 4711' });
      assert.equal(await original.count(), 0, 'the original is not loaded yet');
      const quote = answer.getByRole('button', { name: seat.says('zum Original', 'go to the original') });
      await quote.click();
      await original.waitFor();
      await until(() => original.evaluate((one) => one === document.activeElement && one.hasAttribute('data-marked')), true);
      const inSight = () => original.evaluate((one) => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().bottom <= window.innerHeight);
      assert.equal(await inSight(), true);
      assert.equal(await original.locator('.body').evaluate((one) => getComputedStyle(one).outlineStyle), 'solid', 'the mark is seen');
      await shot(page, `quote-led-${language}`);
      assert.deepEqual(await violations(page), []);
      await until(() => original.evaluate((one) => one.hasAttribute('data-marked')), false);
      assert.equal(await inSight(), true, 'it stays where it is read');

      await quote.focus();
      await shot(page, `quote-focus-${language}`);
      await page.keyboard.press('Enter');
      await until(() => original.evaluate((one) => one === document.activeElement), true);
      assert.equal(await inSight(), true);
    });

    test(`what is not there any more is said to be so: ${language}`, async () => {
      const customer = await here.customer(['Mein erstes Anliegen']);
      const { id } = await customer.conversation();
      const wamid = await customer.wamid('Mein erstes Anliegen');
      await here.ask(here.people.motor, 'POST', `/conversations/${id}/closure`, {});
      await customer.send('text', 'Noch einmal dazu', undefined, wamid);
      await until(async () => (await customer.conversation()).id !== id, true);
      const seat = await here.sit(here.people.motor, { path: `/conversations/${(await customer.conversation()).id}`, language, viewport });
      const answer = seat.message('Noch einmal dazu');
      await answer.getByRole('button', { name: seat.says('zum Original', 'go to the original') }).press('Enter');
      await seat.toasts.getByText(seat.says('Die zitierte Nachricht steht nicht in diesem Gespräch.', 'The quoted message is not in this conversation.')).waitFor();
      await shot(seat.page, `quote-absent-${language}`);
    });

    test(`a message that waits says why: ${language}`, async () => {
      const customer = await here.customer(['Sind Sie da?']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme: language === 'en' ? 'dark' : 'light' });
      await seat.message('Sind Sie da?').waitFor();
      await seat.live();
      // A burst within six seconds is paid for afterwards.
      const say = (n) => here.ask(here.people.motor, 'POST', `/conversations/${id}/messages`, { client_id: `burst ${n}`, kind: 'text', text: `Ja, Satz ${n}.` });
      for (let n = 1; n <= 4; n++) await say(n);
      await new Promise((done) => setTimeout(done, 6500));
      await say(5);
      const waits = seat.message('Ja, Satz 5.').getByText(seat.says('Wartet noch, meist weil WhatsApp', 'Still waits, mostly because WhatsApp'));
      assert.equal(await waits.count(), 0, 'not at once');
      await waits.waitFor({ timeout: 20_000 });
      assert.deepEqual(await violations(seat.page), []);
      await shot(seat.page, `waits-${language}`);
      await until(() => seat.message('Ja, Satz 5.').locator('[data-status=delivered]').count(), 1, 'it leaves', 60_000);
      assert.equal(await waits.count(), 0);
    });
  }
});
