// A shift of twenty Conversations with the keyboard alone: no pointer is moved, nothing
// is clicked, and the focus is always somewhere.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

const twenty = 20;

describe('a shift without a mouse', { skip: missing }, () => {
  const here = office();

  test('twenty are read, answered and closed; some noted, assigned, taken back', async () => {
    const customers = [];
    for (let n = 1; n <= twenty; n++) customers.push(await here.customer([`Anliegen ${n} von zwanzig`]));
    await customers.at(-1).conversation();
    const shift = new Shift(await here.sit(here.people.motor, { session: null }));
    const { seat, press } = shift;

    await shift.login(here.house.url, here.people.motor);
    await until(() => seat.counted('Alle', 'All'), twenty + 2);
    await shift.command('unassigned', 'Unverteilte Konversationen');
    await seat.page.waitForURL(/[?]view=unassigned/);
    await press('g', 'a');
    await until(() => new URL(seat.page.url()).search, '');
    await seat.row('Kundin Nummer').first().waitFor();
    await press('j', 'j', 'k');
    await shift.inRow();
    await press('Enter');

    const done = [];
    while (done.length < twenty) {
      const n = done.length + 1;
      const name = await shift.opened();
      assert.ok(!done.includes(name), `${name} comes twice`);
      await shift.answer(`Antwort an ${name}`);
      if (n % 4 === 0) await shift.noteDown(`Notiz zu ${name}`);
      if (n % 5 === 0) await shift.assign('Schaden');
      if (n % 7 === 0) await shift.thereAndBack(name);
      await shift.close(name);
      if (n % 6 === 0) {
        await shift.undo(name);
        await shift.close(name);
      }
      done.push(name);
    }

    assert.deepEqual(done.toSorted(), customers.map(({ name }) => name).toSorted());
    await shift.out();
    await press('g', 'c');
    await until(() => seat.counted('Abgeschlossen', 'Closed'), twenty);
    await until(() => seat.page.locator('[data-row]').count(), twenty);
    for (const customer of customers) assert.deepEqual(await customer.heard(), [`Antwort an ${customer.name}`]);
    await press('?');
    await seat.page.getByRole('dialog', { name: 'Tastenkürzel' }).waitFor();
    await press('Escape');
    await shift.command('abmelden', 'Abmelden');
    await seat.page.getByLabel('Passwort', { exact: true }).waitFor();
  });
});

class Shift {
  constructor(seat) {
    this.seat = seat;
    this.page = seat.page;
  }

  #focused = (look, argument) => this.page.evaluate(look, argument);

  /** Presses keys one after the other; never into nowhere. */
  press = async (...keys) => {
    for (const key of keys) {
      await until(() => this.#focused(() => document.activeElement !== document.body || document.querySelector('.workspace') === null), true, `the focus is lost before ${key}`);
      await this.page.keyboard.press(key);
    }
  };

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Goes on with Tab until what has this name has the focus. */
  async tabTo(role, name) {
    for (let n = 0; n < 30; n++) {
      const at = this.page.getByRole(role, { name, exact: true });
      if ((await at.count()) > 0 && (await at.evaluate((element) => element === document.activeElement))) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach ${name}`);
  }

  async login(url, { email, password }) {
    await this.page.goto(url);
    await this.page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await this.tabTo('textbox', 'E-Mail-Adresse');
    await this.type(email);
    await this.tabTo('textbox', 'Passwort');
    await this.type(password);
    await this.page.keyboard.press('Enter');
    await this.seat.row('Ben Beispiel').waitFor();
    await until(() => this.#focused(() => document.activeElement !== document.body), true, 'logging in leaves the focus somewhere');
  }

  /** Gives a command by the palette. */
  async command(words, name) {
    await this.press('Control+k');
    const field = this.page.getByRole('combobox', { name: 'Befehl suchen' });
    await field.waitFor();
    await this.type(words);
    await this.page.getByRole('option', { name, selected: true }).waitFor();
    await this.press('Enter');
    await field.waitFor({ state: 'detached' });
  }

  /** Waits until one stands in the field to answer in; gives who is to be answered. */
  async opened() {
    await this.inField(this.seat.reply);
    return this.page.getByRole('heading', { level: 1, name: /^Kundin Nummer/ }).innerText();
  }

  inField = (field) => until(async () => (await field.count()) > 0 && field.evaluate((element) => element === document.activeElement), true, 'the field has the focus');

  async answer(text) {
    await this.type(text);
    await this.press('Enter');
    await this.seat.message(text).waitFor();
    assert.equal(await this.seat.reply.inputValue(), '');
  }

  inRow = () => until(() => this.#focused(() => document.activeElement.hasAttribute('data-row')), true, 'a row has the focus');

  /** Out of the field, back to the row of what is open. A key that came before the field had the focus is pressed again. */
  async out() {
    const back = () => this.#focused(() => document.activeElement.hasAttribute('data-row'));
    for (let tries = 0; tries < 5; tries++) {
      await this.press('Escape');
      for (let looks = 0; looks < 25; looks++) {
        if (await back()) return;
        await this.page.waitForTimeout(40);
      }
    }
    await this.inRow();
  }

  async noteDown(text) {
    await this.out();
    await this.press('n');
    await this.inField(this.seat.note);
    await this.type(text);
    await this.press('Enter');
    await this.seat.turn('note').getByText(text).waitFor();
    await this.out();
    await this.press('r');
    await this.inField(this.seat.reply);
  }

  async assign(query) {
    await this.seat.turn('assigned').first().waitFor(); // answering took it; who gives it on before that is told of it
    await this.out();
    await this.press('a');
    const dialog = this.page.getByRole('dialog', { name: /zuweisen$/ });
    await dialog.getByRole('option').first().waitFor();
    await this.type(query);
    await this.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await this.seat.turn('assigned').last().getByText('Schaden Muster Auto').waitFor();
  }

  /** To a neighbour's row and back to one's own. */
  async thereAndBack(name) {
    await this.out();
    await this.press('j', 'k', 'Enter');
    assert.equal(await this.opened(), name);
  }

  async close(name) {
    await this.out();
    const path = new URL(this.page.url()).pathname;
    await this.press('e');
    await this.seat.toasts.getByText(`„${name}“ ist abgeschlossen.`).last().waitFor();
    await until(() => new URL(this.page.url()).pathname !== path, true, 'the next one is opened');
  }

  /** Takes back a closing. The next one stands open first: before that its field would take the key. */
  async undo(name) {
    await this.inField(this.seat.reply);
    await this.out();
    await this.press('z');
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await this.seat.turn('reopened').waitFor();
    await this.inField(this.seat.reply);
  }
}
