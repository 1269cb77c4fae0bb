// What a screen reader hears of a thread: what others say, once and sender first, and
// nothing of what one did oneself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('what is read out', { skip: missing }, () => {
  const here = office();

  /** Collects every text that a live region of the page takes on. */
  async function listen({ page }) {
    await page.evaluate(() => {
      window.heard = [];
      const regions = '[aria-live=polite], [aria-live=assertive], [role=alert], [role=status], [role=log]:not([aria-live=off])';
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const region = element?.closest(regions);
          if (region && !region.closest('[aria-live=off]')) window.heard.push(region.textContent.trim());
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    return async () => [...new Set((await page.evaluate(() => window.heard.splice(0))).filter(Boolean))];
  }

  for (const language of ['de', 'en']) {
    test(`others once and sender first, oneself never: ${language}`, async () => {
      const customer = await here.customer(Array.from({ length: 80 }, (_, n) => `Frühere Zeile ${n + 1}`));
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language });
      const { page, says } = seat;
      await page.getByRole('button', { name: says(/^Zu den neuesten Nachrichten/, /^To the newest messages/) }).click();
      await seat.live();
      assert.equal(await seat.log.getAttribute('aria-label'), says(`Verlauf mit ${customer.name}`, `Thread with ${customer.name}`));
      const heard = await listen(seat);

      // What one writes, its ticks and the turn that comes with it are no news.
      await seat.send('Ich sehe gleich nach.');
      await seat.ticked('Ich sehe gleich nach.', 'delivered');
      await here.house.sim('POST', `customers/${customer.id}/read`, { number: customer.number });
      await seat.ticked('Ich sehe gleich nach.', 'read');
      const own = (await heard()).filter((text) => /Ich sehe gleich nach|Gelesen|Zugestellt|Read|Delivered/.test(text));
      assert.deepEqual(own, []);

      await customer.say('Vielen *Dank* dafür.');
      await seat.message('dafür.').waitFor();
      await until(async () => (await page.evaluate(() => window.heard.length)) > 0, true);
      assert.deepEqual((await heard()).filter((text) => text.includes('Dank')), [`${customer.name}: Vielen Dank dafür.`]);

      // A colleague by name, and their note as one.
      await here.ask(here.people.claims, 'POST', `/conversations/${id}/notes`, { client_id: `n-${language}`, text: 'Sie ist eine Stammkundin.' });
      await seat.turn('note').waitFor();
      const note = says('Schaden Muster Auto, interne Notiz: Sie ist eine Stammkundin.', 'Schaden Muster Auto, internal note: Sie ist eine Stammkundin.');
      await until(async () => (await page.evaluate(() => window.heard)).filter((text) => text.includes('Stammkundin')).join(), note);
      await heard();

      // Older ones that are loaded above are no news.
      await seat.log.evaluate((box) => (box.scrollTop = 0));
      await seat.message('Frühere Zeile 1').first().waitFor({ state: 'attached' });
      await until(() => seat.message('Frühere Zeile').count(), 80);
      assert.deepEqual((await heard()).filter((text) => text.includes('Frühere Zeile')), []);

      await customer.fault({ kind: 'fail_status', code: 131026 });
      await seat.send('Das wird nichts.');
      await seat.ticked('Das wird nichts.', 'failed');
      const failed = says('Eine Nachricht wurde nicht zugestellt.', 'A message was not delivered.');
      await until(async () => (await page.evaluate(() => window.heard)).includes(failed), true);
    });
  }

  test('whoever does not want to hear it hears nothing of it', async () => {
    const customer = await here.customer(['Hören Sie mich?']);
    const { id } = await customer.conversation();
    const { preferences } = await here.ask(here.people.claims, 'GET', '/me');
    await here.ask(here.people.claims, 'PUT', '/me/preferences', { ...preferences, announce: false });
    const seat = await here.sit(here.people.claims, { path: `/conversations/${id}` });
    await seat.message('Hören Sie mich?').waitFor();
    await seat.live();
    const heard = await listen(seat);
    await customer.say('Und jetzt?');
    await seat.message('Und jetzt?').waitFor();
    await seat.row(customer.name).getByText('Und jetzt?').waitFor();
    assert.deepEqual((await heard()).filter((text) => text.includes('Und jetzt?')), []);
  });
});
