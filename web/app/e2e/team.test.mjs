// Two agents of one Inbox in two browsers: who has what, who is there, and that nobody
// answers beside a colleague without knowing it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('a team', { skip: missing }, () => {
  const here = office();
  const service = (options) => here.sit(here.people.motor, options);
  const claims = (options) => here.sit(here.people.claims, options);

  /** A new Conversation, open in both browsers; the second speaks English. */
  async function both(text) {
    const customer = await here.customer([text]);
    const { id } = await customer.conversation();
    const path = `/conversations/${id}`;
    const [a, b] = await Promise.all([service({ path }), claims({ path, language: 'en' })]);
    await Promise.all([a, b].flatMap((seat) => [seat.reply.waitFor(), seat.live()]));
    return { a, b, customer, id, path };
  }

  test('one takes a matter over, and transfers it to the other with a note', async () => {
    const { a, b, customer } = await both('Mein Auto wurde gestohlen.');
    await a.go('/?view=mine');
    await b.go('/?view=mine');
    const [ours, theirs] = [await a.counted('Meine', 'Mine'), await b.counted('Meine', 'Mine')];

    await a.view('Unverteilt', 'Unassigned').click();
    await a.open(customer.name);
    await a.button('Übernehmen', 'Take over').click();
    await a.turn('assigned').getByText('Sie haben übernommen').waitFor();
    await a.row(customer.name).waitFor({ state: 'detached' });
    await until(() => a.counted('Meine', 'Mine'), ours + 1);

    await a.act('Mit Notiz übergeben …', 'Transfer with a note …');
    const dialog = a.page.getByRole('dialog', { name: `„${customer.name}“ übergeben` });
    await a.button('Übergeben', 'Transfer', dialog).click();
    await dialog.getByText('Wählen Sie zuerst, wer übernehmen soll.').waitFor();
    await dialog.getByRole('combobox', { name: 'Name suchen' }).fill('schaden');
    await dialog.getByRole('option', { name: /Schaden Muster Auto/ }).click();
    await dialog.getByLabel('Notiz für Schaden Muster Auto').fill('Bitte die Polizeimeldung anfordern.');
    await a.button('Übergeben', 'Transfer', dialog).click();
    await dialog.waitFor({ state: 'detached' });

    await b.row(customer.name).waitFor();
    await until(() => b.counted('Meine', 'Mine'), theirs + 1);
    await until(() => a.counted('Meine', 'Mine'), ours);
    await b.open(customer.name);
    const turn = b.turn('transferred');
    await turn.getByText('Service Muster Auto transferred it to Schaden Muster Auto').waitFor();
    await turn.getByText('“Bitte die Polizeimeldung anfordern.”').waitFor();
    assert.deepEqual(await customer.heard(), [], 'the note stays inside');
  });

  test('two take the same matter, and the second is told who was first', async () => {
    const { a, b, customer, id } = await both('Wer kümmert sich um mich?');
    const calls = [];
    await b.page.route('**/api/v1/events', (route) => route.abort()); // so that b does not hear of it
    await b.page.reload();
    await b.button('Übernehmen', 'Take over').waitFor();
    await a.button('Übernehmen', 'Take over').click();
    await a.turn('assigned').waitFor();
    b.page.on('response', (answer) => answer.url().endsWith('/assignment') && calls.push(answer.status()));
    await b.button('Übernehmen', 'Take over').click();
    await b.toasts.getByText(`Service Muster Auto was first: “${customer.name}” is now assigned to Service Muster Auto.`).waitFor();
    assert.deepEqual(calls, [409]);
    const { assignee } = await here.ask(here.people.motor, 'GET', `/conversations/${id}`);
    assert.equal(assignee.name, 'Service Muster Auto');
  });

  test('each sees the other read along and write', async () => {
    const { a, b } = await both('Ist jemand da?');
    const there = (seat) => seat.page.getByRole('list', { name: seat.says('Gerade auch hier', 'Also here now') });
    await there(a).getByRole('img', { name: 'Schaden Muster Auto liest mit' }).waitFor();
    await there(b).getByRole('img', { name: 'Service Muster Auto is reading along' }).waitFor();
    await b.reply.pressSequentially('Ja, ich');
    await there(a).getByRole('img', { name: 'Schaden Muster Auto schreibt gerade' }).waitFor();
    await b.reply.fill('');
    await there(a).getByRole('img', { name: 'Schaden Muster Auto liest mit' }).waitFor();
    await b.go('/?view=closed');
    await there(a).waitFor({ state: 'detached' });
  });

  test('an answer of the other stands before mine goes out, and my text stays', async () => {
    const { a, b, customer } = await both('Was kostet die Reparatur?');
    await a.reply.pressSequentially('Die Reparatur kostet');
    await b.send('Das wissen wir nach der Besichtigung.');
    const alert = a.composer.getByRole('alert').filter({ hasText: 'Schaden Muster Auto hat' });
    await alert.getByText('Das wissen wir nach der Besichtigung.').waitFor();
    await alert.getByText('Ihr Text ist nicht gesendet und bleibt erhalten.').waitFor();
    assert.equal(await a.reply.inputValue(), 'Die Reparatur kostet');
    await a.reply.press('Enter');
    assert.equal(await alert.evaluate((box) => box === document.activeElement), true, 'a second Enter sends nothing');
    assert.equal(await a.reply.inputValue(), 'Die Reparatur kostet');

    await a.button('Weiterschreiben', 'Go on writing', alert).click();
    await alert.waitFor({ state: 'detached' });
    await a.page.keyboard.type(' etwa 800 Euro.');
    await a.page.keyboard.press('Enter');
    await a.ticked('Die Reparatur kostet etwa 800 Euro.', 'delivered');
    assert.deepEqual(await customer.heard(), ['Das wissen wir nach der Besichtigung.', 'Die Reparatur kostet etwa 800 Euro.']);
  });

  test('the server stops an answer whose author could not know of the other, until it is read', async () => {
    const { a, b, customer, id } = await both('Bekomme ich einen Leihwagen?');
    await a.page.route('**/api/v1/events', (route) => route.abort());
    await a.page.reload();
    await a.reply.fill('Ja, einen Kleinwagen.');
    await b.send('Leider nein.');
    await b.ticked('Leider nein.', 'delivered');
    const stopped = a.page.waitForResponse((answer) => answer.url().endsWith(`/conversations/${id}/messages`));
    await a.reply.press('Enter');
    assert.equal((await stopped).status(), 409);
    const alert = a.composer.getByRole('alert').filter({ hasText: 'Ihr Text ist nicht gesendet und bleibt erhalten.' });
    await alert.waitFor();
    await until(() => a.reply.inputValue(), 'Ja, einen Kleinwagen.');
    assert.deepEqual(await customer.heard(), ['Leider nein.']);

    await a.page.unroute('**/api/v1/events');
    await alert.getByText('Leider nein.').waitFor();
    await a.button('Trotzdem senden', 'Send anyway', alert).click();
    await a.ticked('Ja, einen Kleinwagen.', 'delivered');
    assert.deepEqual(await customer.heard(), ['Leider nein.', 'Ja, einen Kleinwagen.']);
  });

  test('what was not sent is not sent again beside an answer that came meanwhile', async () => {
    const { a, b, customer, id } = await both('Kann ich die Werkstatt wählen?');
    const path = `**/conversations/${id}/messages`;
    await a.page.route(path, (route) => route.abort());
    await a.send('Ja, jede.');
    const again = a.button('Erneut senden', 'Send again', a.pending('Ja, jede.'));
    await again.waitFor();
    await a.page.unroute(path);
    await b.send('Nur eine aus unserem Netz.');
    await b.ticked('Nur eine aus unserem Netz.', 'delivered');
    await again.click();
    const alert = a.composer.getByRole('alert').filter({ hasText: 'Ihr Text ist nicht gesendet und bleibt erhalten.' });
    await alert.getByText('Nur eine aus unserem Netz.').waitFor();
    await until(() => a.reply.inputValue(), 'Ja, jede.');
    assert.equal(await a.pending('Ja, jede.').count(), 0);
    assert.deepEqual(await customer.heard(), ['Nur eine aus unserem Netz.']);
    await a.button('Trotzdem senden', 'Send anyway', alert).click();
    await a.ticked('Ja, jede.', 'delivered');
    assert.deepEqual(await customer.heard(), ['Nur eine aus unserem Netz.', 'Ja, jede.']);
  });

  test('what is closed with a reason is read with it, and reopened', async () => {
    const { a, b, customer } = await both('Alles geklärt, danke.');
    await a.act('Mit Begründung abschließen …', 'Close with a reason …');
    const dialog = a.page.getByRole('dialog', { name: `„${customer.name}“ abschließen` });
    await dialog.getByLabel('Begründung').fill('Am Telefon geklärt.');
    await a.button('Abschließen', 'Close', dialog).click();
    const turn = b.turn('closed');
    await turn.getByText('Service Muster Auto closed it').waitFor();
    await turn.getByText('“Am Telefon geklärt.”').waitFor();
    await b.composer.getByText('This conversation is closed. Reopen it to reply.').waitFor();
    await b.row(customer.name).waitFor({ state: 'detached' });
    await b.view('Abgeschlossen', 'Closed').click();
    await b.row(customer.name).waitFor();
    await b.button('Reopen', 'Reopen', b.page.getByRole('group', { name: 'Work' })).click();
    await b.turn('reopened').waitFor();
    await b.reply.waitFor();
    await a.view('Alle', 'All').click();
    await a.row(customer.name).waitFor();
  });

  test('an act is taken back with a key', async () => {
    const { a, b, customer, path } = await both('Ich melde mich wieder.');
    await a.log.focus();
    await a.page.keyboard.press('e');
    await a.toasts.getByText(`„${customer.name}“ ist abgeschlossen.`).waitFor();
    await b.turn('closed').waitFor();
    await a.page.keyboard.press('Escape'); // out of the field of the next one
    await a.page.keyboard.press('z');
    await a.toasts.getByText('Rückgängig gemacht.').waitFor();
    await until(() => new URL(a.page.url()).pathname, path, 'it is open again');
    await b.turn('reopened').waitFor();
    await b.reply.waitFor();
    assert.equal(await a.page.evaluate(() => document.activeElement === document.body), false);
  });

  test('what is snoozed until a reply comes back with it', async () => {
    const { a, customer } = await both('Ich suche die Rechnung.');
    await a.button('Übernehmen', 'Take over').click();
    await a.turn('assigned').waitFor();
    await a.view('Meine', 'Mine').click();
    await a.row(customer.name).waitFor();
    await a.log.focus();
    await a.page.keyboard.press('s');
    const dialog = a.page.getByRole('dialog', { name: `„${customer.name}“ zurückstellen` });
    await dialog.getByRole('button', { name: 'Bis zur nächsten Nachricht der Person' }).click();
    await a.turn('snoozed').waitFor();
    await a.row(customer.name).waitFor({ state: 'detached' });
    await a.page.getByText('Zurückgestellt bis zur nächsten Nachricht', { exact: true }).waitFor();
    await customer.say('Hier ist die Rechnung.');
    await a.row(customer.name).waitFor();
    await a.turn('woken').getByText('Nicht mehr zurückgestellt').waitFor();
  });

  test('what is snoozed until a time comes back by itself', async () => {
    const { a, customer, id } = await both('Bitte morgen noch einmal fragen.');
    await a.button('Zurückstellen …', 'Snooze …').click();
    const dialog = a.page.getByRole('dialog');
    await dialog.getByLabel('Anderer Zeitpunkt').fill('2020-01-01T10:00');
    await a.button('Zurückstellen', 'Snooze', dialog).click();
    await dialog.getByText('Der Zeitpunkt muss in der Zukunft liegen.').waitFor();
    await dialog.getByRole('button', { name: /^In einer Stunde/ }).click();
    await a.turn('snoozed').waitFor();
    await a.view('Unverteilt', 'Unassigned').click();
    await a.page.keyboard.press('z');
    await a.row(customer.name).waitFor();
    await here.ask(here.people.motor, 'PUT', `/conversations/${id}/snooze`, { until: new Date(Date.now() + 1500).toISOString() });
    await a.row(customer.name).waitFor({ state: 'detached' });
    await a.row(customer.name).waitFor();
    await a.turn('woken').last().getByText('Nicht mehr zurückgestellt').waitFor();
  });
});
