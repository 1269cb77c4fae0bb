// A PDF is looked at, page by page, and nothing of it acts. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { document as pdf } from './pdf.mjs';
import { until } from './until.mjs';

describe('the preview of a PDF', { skip: missing || false }, () => {
  const here = office();
  const send = (customer, name, data) => customer.sendFile('document', { name, mime: 'application/pdf', data });

  for (const [language, viewport] of [['de', { width: 1280, height: 900 }], ['en', { width: 360, height: 740 }]]) {
    test(`it is read here, or says why not: ${language}`, async () => {
      const customer = await here.customer(['Hier die Unterlagen.']);
      const { id } = await customer.conversation();
      await send(customer, 'Kostenvoranschlag.pdf', pdf(['Lackierung 840 EUR', 'Ersatzteile 210 EUR', 'Summe 1050 EUR'], { scanned: true, ballast: 2_500_000 }));
      await send(customer, 'Geheim.pdf', pdf(['Nichts'], { locked: true }));
      await send(customer, 'Kaputt.pdf', Buffer.from(`%PDF-1.4\n${'Kein PDF\n'.repeat(200)}`));
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page, log } = seat;
      const hosts = new Set();
      const asked = [];
      page.on('request', (request) => (hosts.add(new URL(request.url()).host), asked.push(new URL(request.url()).pathname)));
      const pieces = [];
      page.on('response', (answer) => new URL(answer.url()).pathname.endsWith('/file') && pieces.push([answer.status(), Number(answer.headers()['content-length'])]));
      const faults = [];
      page.on('console', (line) => /security policy/i.test(line.text()) && faults.push(line.text()));
      page.on('dialog', (alert) => faults.push(alert.message()));
      const open = (name) => log.getByRole('button', { name: seat.says(`${name}: Vorschau`, `Preview ${name}`) });
      await open('Kostenvoranschlag.pdf').waitFor();
      await open('Kaputt.pdf').waitFor();
      assert.ok(!asked.some((path) => path.includes('pdf') || path.endsWith('/file')), 'neither the file nor the reader is loaded before somebody asks');

      await open('Kostenvoranschlag.pdf').click();
      const dialog = page.getByRole('dialog', { name: 'Kostenvoranschlag.pdf' });
      const sheet = dialog.locator('[data-page]');
      const shows = (n) => until(() => sheet.getAttribute('data-page'), String(n), `page ${n}`);
      await shows(1);
      await dialog.getByText(seat.says('Seite 1 von 3', 'Page 1 of 3'), { exact: true }).waitFor();
      await dialog.getByRole('region').getByText('Lackierung 840 EUR').waitFor();
      assert.ok(await coloured(sheet.locator('canvas')), 'the page is drawn');
      await dialog.getByText(seat.says('nicht auf Schadsoftware geprüft', 'not scanned for malware')).waitFor();
      const place = await sheet.evaluate((one) => [one.querySelector('.words span').getBoundingClientRect().top, one.getBoundingClientRect().top]);
      assert.ok(place[0] > place[1], 'the text lies on the page');
      await look(page, `paper-${language}`);

      const ranges = pieces.filter(([status]) => status === 206).map(([, size]) => size);
      const loaded = ranges.reduce((sum, size) => sum + size, 0);
      assert.ok(loaded > 0 && loaded < 1_200_000, `of 2.5 MB only what the page needs is loaded: ${loaded}`);

      // By button and by key, to the end and no further.
      await seat.button('Nächste Seite', 'Next page', dialog).click();
      await shows(2);
      await dialog.getByRole('region').getByText('Ersatzteile 210 EUR').waitFor();
      await page.keyboard.press('PageDown');
      await shows(3);
      await page.keyboard.press('ArrowRight');
      assert.equal(await seat.button('Nächste Seite', 'Next page', dialog).getAttribute('aria-disabled'), 'true');
      await page.keyboard.press('Home');
      await shows(1);
      assert.ok(asked.some((path) => path.endsWith('jbig2_nowasm_fallback.js')), 'what a scanner packed is opened by a script of ours');
      const black = await sheet.locator('canvas').evaluate((one) => {
        const scale = one.width / 595;
        return [...one.getContext('2d').getImageData(Math.round(110 * scale), Math.round((842 - 350) * scale), 1, 1).data];
      });
      assert.deepEqual(black, [0, 0, 0, 255], 'and is seen');
      const width = () => sheet.locator('canvas').evaluate((one) => one.clientWidth);
      const before = await width();
      await page.keyboard.press('+');
      await until(async () => Math.abs((await width()) / before - 1.25) < 0.02, true, 'it is larger');
      await dialog.getByText('125 %').waitFor();
      await look(page, `paper-${language}-larger`);
      await seat.button('Verkleinern', 'Zoom out', dialog).click();
      await until(width, before);
      await page.keyboard.press('Escape');
      if (await dialog.count()) await page.keyboard.press('Escape'); // the first was for a tooltip
      await dialog.waitFor({ state: 'detached' });
      await until(() => open('Kostenvoranschlag.pdf').evaluate((one) => one === document.activeElement), true, 'the focus is back');

      for (const [name, why] of [
        ['Geheim.pdf', seat.says('Diese Datei ist mit einem Passwort geschützt', 'This file is protected by a password')],
        ['Kaputt.pdf', seat.says('Sie ist beschädigt oder kein PDF', 'it is damaged or no PDF')],
      ]) {
        await open(name).press('Enter');
        const refused = page.getByRole('dialog', { name });
        await refused.getByText(why).waitFor();
        await refused.getByRole('link', { name: seat.says(`${name} herunterladen`, `Download ${name}`) }).waitFor();
        await look(page, `paper-${language}-${name.slice(0, 6)}`);
        await page.keyboard.press('Escape');
        await refused.waitFor({ state: 'detached' });
      }
      assert.deepEqual(faults, [], 'no policy is broken, nothing runs');
      assert.equal(hosts.size, 1, 'nobody else is asked');
    });
  }
});

/** Whether there is something else than white on a canvas. */
function coloured(canvas) {
  return canvas.evaluate((one) => {
    const { data } = one.getContext('2d').getImageData(0, 0, one.width, one.height);
    for (let i = 0; i < data.length; i += 4) if (data[i] < 100 && data[i + 2] > 150) return true;
    return false;
  });
}
