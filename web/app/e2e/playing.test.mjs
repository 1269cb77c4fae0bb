// A voice message and a film play in a real browser, and are read in pieces where somebody goes
// on in them. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { filmed, spoken } from './recordings.mjs';
import { until } from './until.mjs';

describe('what plays', { skip: missing || false }, () => {
  const here = office();

  for (const [language, viewport] of [['de', { width: 1280, height: 900 }], ['en', { width: 360, height: 740 }]]) {
    test(`a voice message and a film: ${language}`, async (t) => {
      const customer = await here.customer(['Hören und sehen Sie selbst.']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme: language === 'en' ? 'dark' : 'light' });
      const { page, log } = seat;
      const voice = await spoken(page, 4);
      const film = await filmed(page, 5);
      t.diagnostic(`${voice.length} bytes of Opus in Ogg, ${film.length} bytes of H.264 in MP4`);
      await customer.sendFile('audio', { mime: 'audio/ogg; codecs=opus', data: voice });
      await customer.sendFile('video', { mime: 'video/mp4', data: film });

      const asked = [];
      page.on('response', async (answer) => {
        if (new URL(answer.url()).pathname.endsWith('/file')) asked.push({ status: answer.status(), range: (await answer.request().allHeaders()).range ?? '' });
      });

      const note = log.locator('[data-shows=sound]');
      await note.getByText('0:04').waitFor(); // how long it is, before anybody opened it
      await log.locator('article:has([data-shows=sound])').getByText(seat.says('Sprachnachricht', 'Voice message')).waitFor();
      const shown = log.locator('[data-shows=film] video');
      await shown.waitFor();
      assert.deepEqual(asked, [], 'nothing is loaded that nobody plays');

      await plays(page, note.locator('audio'), 4, 3);
      assert.ok(asked.length > 0 && asked.every(({ status, range }) => status === 206 && /^bytes=\d+-/.test(range)), JSON.stringify(asked));
      asked.length = 0;

      await plays(page, shown, await length(film, page), 4);
      assert.ok(asked.every(({ status }) => status === 206), JSON.stringify(asked));
      // How much of it the browser asks for at once is its own affair; what it asks for, it gets.
      const part = await page.evaluate(async (source) => {
        const answer = await fetch(source, { headers: { Range: 'bytes=1000000-1000999' } });
        return { status: answer.status, range: answer.headers.get('content-range'), bytes: Array.from(new Uint8Array(await answer.arrayBuffer())) };
      }, await shown.getAttribute('src'));
      assert.deepEqual([part.status, part.range], [206, `bytes 1000000-1000999/${film.length}`]);
      assert.ok(Buffer.from(part.bytes).equals(film.subarray(1_000_000, 1_001_000)), 'a piece from the middle, opened by itself');
      assert.equal(await shown.evaluate((one) => one.videoWidth), 320);
      await shown.scrollIntoViewIfNeeded();
      await look(page, `playing-${language}`);
    });
  }
});

/** Plays from the beginning, goes on to a later place, and plays on from there. */
async function plays(page, player, seconds, to) {
  await player.evaluate(async (one) => ((one.muted = true), await one.play()));
  await until(() => player.evaluate((one) => one.currentTime > 0.2 && !one.paused), true, 'it plays');
  const lasts = await player.evaluate((one) => one.duration);
  assert.ok(Math.abs(lasts - seconds) < 0.1, `the player says ${lasts} s of ${seconds}`);
  await player.evaluate((one, to) => new Promise((done) => ((one.onseeked = done), (one.currentTime = to))), to);
  await until(() => player.evaluate((one, to) => one.currentTime > to + 0.1, to), true, 'it plays on from there');
  await player.evaluate((one) => one.pause());
  assert.equal(await player.evaluate((one) => one.error), null);
}

/** How long a film is, as the browser reads it without us. */
function length(film, page) {
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }));
    await new Promise((done, fail) => ((video.onloadedmetadata = done), (video.onerror = fail)));
    URL.revokeObjectURL(video.src);
    return video.duration;
  }, film.toString('base64'));
}
