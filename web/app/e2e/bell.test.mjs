// That somebody wrote is told by a sound and a notice of the system, as the agent wants it;
// the notice says neither who nor what, because locked screens show it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missing, office } from './office.mjs';
import { until } from './until.mjs';

describe('the bell', { skip: missing }, () => {
  const here = office();

  /** In the place of what leaves the page: what it was asked for. */
  function ears() {
    window.rung = { notices: [], tones: 0 };
    window.Notification = class {
      static permission = 'granted';
      constructor(title, options) {
        window.rung.notices.push({ title, ...options });
      }
      close() {}
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      window.rung.tones += 1;
      return start.apply(this, when);
    };
    document.hasFocus = () => false;
  }

  async function prefer(wanted) {
    const { preferences } = await here.ask(here.people.motor, 'GET', '/me');
    await here.ask(here.people.motor, 'PUT', '/me/preferences', { ...preferences, ...wanted });
    const seat = await here.sit(here.people.motor);
    await seat.page.addInitScript(ears);
    await seat.page.reload();
    await seat.live();
    return { seat, rung: () => seat.page.evaluate(() => window.rung) };
  }

  test('who wants it hears two tones and reads that somebody wrote, and where', async () => {
    const { rung } = await prefer({ sound: true, notifications: true });
    const customer = await here.customer(['Mein Schaden ist vertraulich.']);
    await until(async () => (await rung()).notices.length, 1, 'a notice');
    const { notices, tones } = await rung();
    assert.equal(tones, 2);
    const said = JSON.stringify(notices);
    assert.match(said, /Muster Auto WhatsApp/);
    assert.doesNotMatch(said, /vertraulich/);
    assert.ok(!said.includes(customer.name), said);
  });

  test('a photo rings, and what the house says of it by itself does not', async () => {
    const customer = await here.customer(['Gleich kommt ein Bild.']);
    const { seat, rung } = await prefer({ sound: true, notifications: true });
    await customer.send('image');
    await until(async () => (await rung()).tones, 2, 'the photo');
    await until(async () => (await customer.heard()).length, 1, 'the line');
    await seat.page.waitForTimeout(2500);
    assert.deepEqual([(await rung()).tones, (await rung()).notices.length], [2, 1]);
  });

  test('who does not want it has peace', async () => {
    const { seat, rung } = await prefer({ sound: false, notifications: false });
    const customer = await here.customer(['Hört das jemand?']);
    await seat.view('Unverteilt', 'Unassigned').click();
    await seat.row(customer.name).waitFor();
    await seat.page.waitForTimeout(2500);
    assert.deepEqual(await rung(), { notices: [], tones: 0 });
  });
});
