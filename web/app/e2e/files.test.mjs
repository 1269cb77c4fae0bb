// What a phone sends beside words, as the thread shows it. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.mjs';
import { shot } from './look.mjs';
import { missing, office } from './office.mjs';
import { picture as photo } from './pixels.mjs';

const paper = Buffer.from(`%PDF-1.4\n${'Kostenvoranschlag\n'.repeat(4000)}%%EOF`);
const drawing = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

describe('files', { skip: missing || false }, () => {
  const here = office();

  for (const [language, size] of [['de', { width: 1280, height: 1500 }], ['en', { width: 360, height: 740 }]]) {
    test(`what is sent is shown, and nothing acts: ${language}`, async () => {
      const customer = await here.customer(['Hier die Unterlagen.']);
      const { id } = await customer.conversation();
      await customer.sendFile('image', { mime: 'image/png', data: photo(1200, 800) }, 'Die Fahrertür');
      await customer.send('audio');
      await customer.sendFile('document', { name: 'Kostenvoranschlag.pdf', mime: 'application/pdf', data: paper });
      await customer.sendFile('document', { name: 'Skizze.svg', mime: 'image/svg+xml', data: drawing });
      await customer.send('sticker');
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport: size, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page, log } = seat;
      const asked = [];
      page.on('request', (request) => asked.push(new URL(request.url())));

      const door = seat.message('Die Fahrertür');
      const open = door.getByRole('button', { name: new RegExp(seat.says('groß zeigen', 'show large')) });
      await open.waitFor();
      const width = await open.locator('img').evaluate(async (img) => (await img.decode(), img.naturalWidth));
      assert.equal(width, 640, 'the thread shows the small picture');

      const voice = log.locator('[data-shows=sound]');
      await voice.getByText('0:03').waitFor();
      await log.getByText('Kostenvoranschlag.pdf').waitFor();
      await log.getByText(/PDF · 72\skB/).waitFor();
      assert.equal(await log.getByText(seat.says('nicht auf Schadsoftware geprüft', 'not scanned for malware')).count(), 5);
      assert.deepEqual(asked.filter(({ pathname }) => pathname.endsWith('/file')).map(({ pathname }) => pathname), [], 'nothing is opened that nobody opened');

      // The drawing could act: it is handed out, and by a type that nothing opens.
      const link = log.getByRole('link', { name: seat.says('Skizze.svg herunterladen', 'Download Skizze.svg') });
      const answer = await page.request.get(seat.url + (await link.getAttribute('href')));
      assert.equal(answer.headers()['content-type'], 'application/octet-stream');
      assert.match(answer.headers()['content-disposition'], /^attachment; filename=Skizze.svg/);
      assert.match(answer.headers()['content-security-policy'], /^sandbox; default-src 'none'/);
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      assert.equal(download.suggestedFilename(), 'Skizze.svg');

      const lasts = await voice.locator('audio').evaluate(async (audio) => {
        audio.preload = 'metadata';
        audio.load();
        await new Promise((done, fail) => ((audio.onloadedmetadata = done), (audio.onerror = fail)));
        return audio.duration;
      });
      assert.ok(Math.abs(lasts - 3) < 0.1, `the player says ${lasts} s`);

      assert.deepEqual(await violations(page), []);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over}px too wide`);
      await shot(page, `files-${language}`);
      await door.scrollIntoViewIfNeeded();
      await shot(page, `files-${language}-picture`);

      await open.focus();
      await page.keyboard.press('Enter');
      const large = page.getByRole('dialog').locator('img');
      await large.waitFor();
      assert.equal(await large.evaluate(async (img) => (await img.decode(), img.naturalWidth)), 1200);
      assert.deepEqual(await violations(page), []);
      await shot(page, `files-${language}-large`);
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement?.className.includes('open')), true, 'the focus is back');
      assert.ok(asked.every(({ origin }) => origin === new URL(page.url()).origin));
    });

    test(`a file that does not come says so, and can be asked for: ${language}`, async () => {
      const customer = await here.customer(['Gleich kommt ein Bild.']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport: size });
      const { page, log } = seat;
      await log.waitFor();
      await seat.live();
      await here.house.sim('POST', 'faults', { kind: 'media', code: 503, count: -1 });
      try {
        await customer.sendFile('document', { name: 'Gutachten.pdf', mime: 'application/pdf', data: paper });
        await log.getByText(seat.says('WhatsApp gibt die Datei gerade nicht heraus.', 'WhatsApp does not hand the file out at the moment.')).waitFor();
        assert.deepEqual(await violations(page), []);
        await shot(page, `files-${language}-waiting`);
      } finally {
        await here.house.sim('DELETE', 'faults');
      }
      await customer.send('text', 'Haben Sie es?'); // and no text waits
      await seat.message('Haben Sie es?').waitFor();
      await seat.button('Jetzt laden', 'Fetch now', log).click();
      await log.getByRole('link', { name: seat.says('Gutachten.pdf herunterladen', 'Download Gutachten.pdf') }).waitFor();
    });
  }
});
