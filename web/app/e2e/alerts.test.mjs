// What WhatsApp tells about a number, and what was delivered by it, on the page of the inbox.
// SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numbers } from './house.mjs';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const looks = [
  ['de', 'light', undefined, 'desk'],
  ['en', 'dark', undefined, 'dark'],
  ['de', 'light', { width: 360, height: 740 }, 'phone'],
];

describe('what WhatsApp tells of a number', { skip: missing }, () => {
  const here = office();

  for (const [language, colorScheme, viewport, name] of looks) {
    test(`it is read in words, and ended by whoever has seen to it: ${name}`, async () => {
      const template = `eingang_${name}`;
      await here.house.news('message_template_status_update', { event: 'REJECTED', message_template_id: 1, message_template_name: template, message_template_language: 'de', reason: 'INVALID_FORMAT' });
      const customer = await here.customer(['Guten Tag']);
      await customer.informed();
      const { items } = await here.ask(here.people.admin, 'GET', '/inboxes');
      const { id } = items.find((inbox) => inbox.phone_number_id === numbers.motor);
      await until(async () => (await here.ask(here.people.admin, 'GET', `/inboxes/${id}/alerts`)).items.some(({ sentence }) => sentence.de.includes(template)), true);

      const seat = await here.sit(here.people.admin, { path: `/settings/inboxes/${id}`, language, colorScheme, ...(viewport && { viewport }) });
      const { page } = seat;
      const alert = page.getByRole('listitem').filter({ hasText: template });
      await alert.getByText(seat.says('zu erledigen', 'to be done'), { exact: true }).waitFor();
      await page.getByText(seat.says(/außerhalb des 24-Stunden-Fensters angeschrieben: 0 von 2\.000/, /outside of the 24-hour window in the last 24 hours: 0 of 2,000/)).waitFor();
      await page.getByText(seat.says(/^So viele Nachrichten nimmt WhatsApp .*: 80$/, /^Messages that WhatsApp takes .*: 80$/)).waitFor();
      await page.getByText(seat.says(/^Antworten(, kostenlos)?: \d/, /^Replies(, free)?: \d/)).first().waitFor();
      await alert.scrollIntoViewIfNeeded();
      await look(page, `alerts-${name}`);
      await alert.getByRole('button').click();
      await alert.getByText(seat.says('erledigt', 'done'), { exact: true }).waitFor();
      assert.equal(await alert.getByRole('button').count(), 0);
    });
  }
});
