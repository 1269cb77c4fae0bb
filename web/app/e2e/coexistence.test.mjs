// What is written in the WhatsApp Business app stands in the thread once an administrator has it
// taken in, past a warning. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const phone = { viewport: { width: 360, height: 740 } };

describe('coexistence', { skip: missing }, () => {
  const here = office();

  test('it is off, begins past a warning with a reason and a second person, and ends at once', async () => {
    const other = await here.colleague('Zweite Hand', 'admin');
    const customer = await here.customer(['Wann kommt der Gutachter?']);
    const write = (text) => here.house.sim('POST', `customers/${customer.id}/echoes`, { number: customer.number, text });
    await here.house.sim('PATCH', `numbers/${customer.number}`, { on_app: true });
    await write('Das steht nirgends');
    const { items } = await here.ask(here.people.admin, 'GET', '/inboxes');
    const { id } = items.find((inbox) => inbox.phone_number_id === customer.number);

    const seat = await here.sit(here.people.admin, { path: `/settings/inboxes/${id}` });
    const { page } = seat;
    await page.getByText('Nichts aus der App wird aufbewahrt.').waitFor();
    await page.getByRole('button', { name: 'App einbeziehen', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Meta liest das Adressbuch dieses Telefons/).waitFor();
    await look(page, 'app-warning-de');
    await dialog.getByRole('button', { name: 'Um Freigabe bitten', exact: true }).click();
    assert.ok(await dialog.isVisible(), 'without a reason nothing is asked for');
    await dialog.getByLabel('Grund').fill('Der Außendienst antwortet am Telefon.');
    await dialog.getByRole('button', { name: 'Um Freigabe bitten', exact: true }).click();
    await page.getByText('Eine Änderung wartet auf eine zweite Person').waitFor();
    await page.getByText('Nichts aus der App wird aufbewahrt.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'App einbeziehen', exact: true }).count(), 0);
    await look(page, 'app-asked-de');
    await write('Auch das steht nirgends');

    // The second person reads the same warning and reason; whoever asked sees it begin.
    const second = await here.sit(other, { ...phone, path: '/settings/approvals', language: 'en', colorScheme: 'dark' });
    await second.page.getByRole('heading', { name: /^Take in the WhatsApp Business app: / }).waitFor();
    await second.page.getByText(/Meta reads that telephone’s address book/).waitFor();
    await second.page.getByText('Der Außendienst antwortet am Telefon.').waitFor();
    await look(second.page, 'app-approval-en-phone');
    await second.page.waitForTimeout(1000); // a second later than what was written before
    await second.button('', 'Approve').click();
    await second.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText(/^Einbezogen seit .*Der Außendienst antwortet am Telefon\.$/).waitFor();
    await look(page, 'app-on-de');

    await page.waitForTimeout(1500); // until every part of the house has read the inboxes anew
    await write('Der Gutachter kommt um drei');
    const desk = await here.sit(here.people.motor);
    await desk.open(customer.name);
    await desk.message('Der Gutachter kommt um drei').waitFor();
    await desk.log.getByText('In der WhatsApp-Business-App geschrieben').first().waitFor();
    assert.equal(await desk.message('Das steht nirgends').count(), 0);
    assert.equal(await desk.message('Auch das steht nirgends').count(), 0);

    // What failed there says why, and is repeated there.
    await here.house.sim('POST', 'faults', { kind: 'fail_status', code: 131026, number: customer.number });
    await write('Kommt nicht an');
    await desk.message('Kommt nicht an').waitFor();
    await desk.log.getByText(/nicht zustellbar: Die Person nutzt WhatsApp nicht/).waitFor();
    assert.equal(await desk.log.getByRole('button', { name: 'Erneut senden' }).count(), 0);
    await look(desk.page, 'app-thread-de');
    const pocket = await here.sit(here.people.motor, { ...phone, language: 'en', colorScheme: 'dark' });
    await pocket.open(customer.name);
    await pocket.log.getByText(/cannot be delivered: the person does not use WhatsApp/).waitFor();
    await look(pocket.page, 'app-thread-en-phone');

    const small = await here.sit(here.people.admin, { ...phone, path: `/settings/inboxes/${id}`, language: 'en' });
    await small.page.getByRole('button', { name: 'Stop taking it in', exact: true }).click();
    await small.page.getByText('Nothing of the app is kept.').waitFor();
    await small.page.getByRole('button', { name: 'Take in the app', exact: true }).click();
    await small.page.getByText(/Meta reads that telephone’s address book/).waitFor();
    await look(small.page, 'app-warning-en-phone');
    here.keep('Der Außendienst antwortet am Telefon.');
    await until(async () => (await here.ask(here.people.admin, 'GET', '/inboxes')).items.find((inbox) => inbox.id === id).coexistence, null);
  });
});
