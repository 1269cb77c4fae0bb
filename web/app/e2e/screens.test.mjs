// Every screen of the desk in every state: no violation, every target large enough, in
// light, in the dark and in forced colours; and nothing beyond the edge of a small phone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

// Colours alone differ between the lights; the rest is asked once.
const lights = {
  light: [{ colorScheme: 'light', forcedColors: 'none' }],
  dark: [{ colorScheme: 'dark', forcedColors: 'none' }, { runOnly: ['color-contrast'] }],
  'forced colours': [{ colorScheme: 'dark', forcedColors: 'active' }, { runOnly: ['color-contrast'] }],
};

/** Asserts that a state is well in every light. */
async function well({ page }, state) {
  for (const [light, [media, options]] of Object.entries(lights)) {
    await page.emulateMedia(media);
    assert.deepEqual(await violations(page, options), [], `${state}, ${light}`);
  }
  await page.emulateMedia(lights.light[0]);
}

describe('every screen', { skip: missing }, () => {
  const here = office();
  const sit = (options) => here.sit(here.people.motor, options);

  /** A Conversation of its own, open. */
  async function opened(text, options) {
    const customer = await here.customer([text]);
    const { id } = await customer.conversation();
    const seat = await sit({ path: `/conversations/${id}`, ...options });
    await seat.reply.waitFor();
    await seat.live();
    return { seat, customer, id };
  }

  const dialog = ({ page }) => page.getByRole('dialog').or(page.getByRole('alertdialog'));

  test('logging in', async () => {
    const seat = await sit({ session: null });
    await seat.page.goto(here.house.url);
    await seat.page.getByLabel('E-Mail-Adresse').fill(here.people.motor.email);
    await well(seat, 'login');
    await seat.page.getByLabel('Passwort', { exact: true }).fill('gewiss nicht dieses');
    await seat.page.keyboard.press('Enter');
    await seat.page.getByText('passen nicht zusammen').waitFor();
    await well(seat, 'wrong password');
  });

  test('a logout that has not reached the server', async () => {
    const seat = await sit({ session: await here.login(here.people.motor) });
    await seat.row('Ben Beispiel').waitFor();
    await seat.context.setOffline(true);
    await seat.page.locator('.rail .agent').click();
    await seat.page.getByRole('menuitem', { name: 'Abmelden' }).click();
    await seat.page.getByRole('heading', { name: 'Noch nicht abgemeldet' }).waitFor();
    await well(seat, 'not logged out yet');
    await seat.context.setOffline(false);
  });

  test('the list: nothing open, loading, empty, failed, and no service at all', async () => {
    const seat = await sit();
    const { page } = seat;
    await seat.row('Ben Beispiel').waitFor();
    await well(seat, 'nothing open');
    const waiting = [];
    await page.route('**/api/v1/conversations?*', (route) => waiting.push(route));
    await seat.view('Abgeschlossen', 'Closed').click();
    await page.getByText('Konversationen werden geladen').waitFor({ state: 'attached' });
    await page.locator('.list-pane .skeleton').waitFor();
    await well(seat, 'list loading');
    for (const route of waiting.splice(0)) await route.continue();
    await page.getByText('Nichts abgeschlossen.').waitFor();
    await well(seat, 'list empty');
    await page.unroute('**/api/v1/conversations?*');
    await page.route('**/api/v1/conversations?*', (route) => route.fulfill({ status: 503, body: '' }));
    await seat.view('Meine', 'Mine').click();
    await page.getByText('Die Liste konnte nicht geladen werden.').waitFor();
    await well(seat, 'list failed');
    await page.unroute('**/api/v1/conversations?*');
    await seat.button('Erneut versuchen', 'Try again').click();
    await page.getByText('Ihnen ist nichts zugewiesen.').waitFor();
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.reload();
    await page.getByText('Der Dienst ist nicht erreichbar.').waitFor();
    await well(seat, 'unreachable');
  });

  test('the thread: loading, missing, failed', async () => {
    const seat = await sit();
    const { page } = seat;
    const waiting = [];
    await page.route('**/thread?*', (route) => waiting.push(route));
    await seat.row('Kim Example').click();
    await page.locator('.thread-pane .skeleton').waitFor();
    await well(seat, 'thread loading');
    for (const route of waiting.splice(0)) await route.fulfill({ status: 500, body: '' });
    await page.getByText('Der Verlauf konnte nicht geladen werden.').waitFor();
    await well(seat, 'thread failed');
    await page.unroute('**/thread?*');
    await seat.go('/conversations/01900000-0000-7000-8000-000000000000');
    await page.getByText('Diese Konversation gibt es nicht.').waitFor();
    await well(seat, 'thread missing');
  });

  test('messages: unread, sent, failed, in doubt, not sent, formatted', async () => {
    const { seat, customer } = await opened('Hier ist *alles* dabei: https://muster.example/liste');
    await seat.send('Vielen Dank.');
    await seat.ticked('Vielen Dank.', 'delivered');
    await customer.fault({ kind: 'fail_status', code: 131026 });
    await seat.send('Das kommt nicht an.');
    await seat.ticked('Das kommt nicht an.', 'failed');
    await customer.fault({ kind: 'cut_before_read' });
    await seat.send('Das ist ungewiss.');
    await seat.ticked('Das ist ungewiss.', 'in_doubt');
    await well(seat, 'failed and in doubt');
    await seat.button('Wiederholen …', 'Repeat …', seat.message('Das ist ungewiss.')).click();
    await well(seat, 'asked whether to repeat');
    await seat.context.setOffline(true);
    await seat.send('Ohne Netz geschrieben.');
    await seat.pending('Ohne Netz geschrieben.').getByText('Nicht gesendet').waitFor();
    await seat.page.getByText(/^Keine Verbindung/).waitFor();
    await well(seat, 'offline, with something not sent');
    await seat.context.setOffline(false);
    await seat.live();
  });

  test('the composer: written, previewed, a note, too long, collided, paused, refused, closed', async () => {
    const { seat, id } = await opened('Was schreiben Sie mir?');
    const { page } = seat;
    await seat.reply.fill('Das ist *wichtig*.');
    await seat.button('Vorschau', 'Preview').click();
    await well(seat, 'preview');
    await seat.button('Interne Notiz', 'Internal note', seat.composer).click();
    await seat.note.fill('Nur für uns.');
    await well(seat, 'note');
    await seat.note.press('Enter');
    await seat.turn('note').waitFor();
    await page.locator('[data-name=reply]').click();
    await seat.reply.fill('x'.repeat(4100));
    await page.getByText('4100 von 4096 Zeichen').or(page.getByText('4.100 von 4.096 Zeichen')).waitFor();
    await well(seat, 'too long');
    await seat.reply.fill('Meine Antwort');
    await here.ask(here.people.claims, 'POST', `/conversations/${id}/messages`, { client_id: 'of-a-colleague', kind: 'text', text: 'Die Antwort der Kollegin' });
    await seat.composer.getByRole('alert').getByText('Die Antwort der Kollegin').waitFor();
    await well(seat, 'collided');
    await seat.button('Meinen Text verwerfen', 'Discard my text').click();

    const { items } = await here.ask(here.people.admin, 'GET', '/inboxes');
    const inbox = items.find(({ name }) => name.startsWith('Muster Auto'));
    await here.ask(here.people.admin, 'PUT', `/inboxes/${inbox.id}/pause`, { reason: 'Die Nummer zieht um' });
    await seat.composer.getByText('Die Nummer zieht um').waitFor();
    await well(seat, 'paused');
    await here.ask(here.people.admin, 'DELETE', `/inboxes/${inbox.id}/pause`);
    await here.ask(here.people.admin, 'PUT', `/conversations/${id}/restriction`, { reason: 'Wird geprüft' });
    await seat.composer.getByText('Zurzeit kann nicht geantwortet werden.').waitFor();
    await well(seat, 'refused');
    await here.ask(here.people.admin, 'DELETE', `/conversations/${id}/restriction`);
    await here.ask(here.people.claims, 'POST', `/conversations/${id}/closure`, {});
    await seat.composer.getByText('Diese Konversation ist abgeschlossen.').waitFor();
    await well(seat, 'closed');
  });

  test('menus, dialogs, notices', async () => {
    const { seat } = await opened('Wer nimmt sich meiner an?');
    const { page } = seat;
    await page.locator('.rail').getByRole('button', { name: 'Konto von Service Muster Auto' }).click();
    await page.getByRole('menu').waitFor();
    await well(seat, 'menu of the account');
    await page.keyboard.press('Escape');
    await seat.button('Weitere Aktionen', 'More actions').click();
    await page.getByRole('menu').waitFor();
    await well(seat, 'menu of the acts');
    await page.keyboard.press('Escape');
    await until(() => page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Weitere Aktionen', 'the focus goes back');
    for (const [de, en, then] of [
      ['Zuweisen …', 'Assign …', () => page.getByRole('option').first().waitFor()],
      ['Mit Notiz übergeben …', 'Transfer with a note …', () => seat.button('Übergeben', 'Transfer').click()],
      ['Zurückstellen …', 'Snooze …', async () => {
        await page.getByLabel('Anderer Zeitpunkt').fill('2020-01-01T10:00');
        await dialog(seat).getByRole('button', { name: 'Zurückstellen', exact: true }).click();
      }],
      ['Mit Begründung abschließen …', 'Close with a reason …', () => page.getByLabel('Begründung').waitFor()],
    ]) {
      await seat.act(de, en);
      await then();
      await well(seat, de);
      await page.keyboard.press('Escape');
      await dialog(seat).waitFor({ state: 'detached' });
      await until(() => page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Weitere Aktionen', 'the focus goes back');
    }
    for (const name of ['Vollständig anzeigen …', 'Verarbeitung einschränken …']) {
      await seat.button(name).click();
      await dialog(seat).getByRole('button').first().waitFor();
      await well(seat, name);
      await page.keyboard.press('Escape');
      await dialog(seat).waitFor({ state: 'detached' });
    }
    await seat.button('Übernehmen', 'Take over').click();
    await seat.toasts.getByText('übernommen').waitFor();
    await well(seat, 'notice');
  });

  test('the palette, the sheet of keys, the panel over the thread', async () => {
    const { seat } = await opened('Gibt es Tastenkürzel?', { viewport: { width: 1000, height: 760 } });
    const { page } = seat;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Befehl suchen' }).waitFor();
    await well(seat, 'palette');
    await page.keyboard.type('gibt es nicht');
    await page.getByText('Dazu gibt es keinen Befehl.').waitFor();
    await well(seat, 'palette, nothing found');
    await page.keyboard.press('Escape');
    await dialog(seat).waitFor({ state: 'detached' });
    // It gives the focus back, in a moment of its own.
    await until(async () => {
      await seat.log.focus();
      await page.waitForTimeout(100);
      return seat.log.evaluate((log) => log === document.activeElement);
    }, true);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Tastenkürzel' }).waitFor();
    await well(seat, 'sheet');
    await page.keyboard.press('Escape');
    await dialog(seat).waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    await page.getByRole('dialog', { name: 'Zur Person' }).getByText('Wer ist das?').waitFor();
    await well(seat, 'panel');
  });

  test('the settings in forced colours', async () => {
    const seat = await here.sit(here.people.admin, { path: '/settings/profile', forcedColors: 'active' });
    const names = await seat.page.getByRole('navigation', { name: 'Seiten der Einstellungen' }).getByRole('link').allInnerTexts();
    for (const name of names) {
      await seat.page.getByRole('navigation', { name: 'Seiten der Einstellungen' }).getByRole('link', { name, exact: true }).click();
      await seat.page.getByRole('heading', { level: 1, name }).waitFor();
      await seat.page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
      assert.deepEqual(await violations(seat.page), [], name);
    }
  });

  test('320 px wide, nothing is cut off at the side and nothing scrolls there', async () => {
    const { seat } = await opened('Ich schreibe vom kleinsten Telefon.', { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    const { page } = seat;
    const fits = async (state) => {
      const wide = await page.evaluate(() => [
        ...(document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`] : []),
        ...[...document.querySelectorAll('button, a[href], input, select, textarea, h1, h2')]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1)
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1)
          .map((element) => element.outerHTML.slice(0, 120)),
      ]);
      assert.deepEqual(wide, [], state);
      assert.deepEqual(await violations(page), [], state);
    };
    await fits('thread');
    await page.locator('[data-name=note]').click();
    await seat.note.fill('Eine Notiz auf kleinem Raum.');
    await fits('note');
    await seat.button('Weitere Aktionen', 'More actions').click();
    await fits('menu');
    await page.getByRole('menuitem', { name: /^Mit Notiz übergeben/ }).click();
    await page.getByRole('option').first().waitFor();
    await fits('transfer');
    await page.keyboard.press('Escape');
    await dialog(seat).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Seitenleiste/ }).click();
    await page.getByRole('dialog', { name: 'Zur Person' }).getByText('Wer ist das?').waitFor();
    await fits('panel');
    await page.goBack();
    await dialog(seat).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Zurück zur Liste' }).click();
    await seat.row('Ben Beispiel').waitFor();
    await fits('list');
    await seat.go('/settings/profile');
    await page.getByRole('heading', { level: 1, name: 'Profil' }).waitFor();
    await fits('settings');
  });
});
