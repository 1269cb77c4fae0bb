// Pictures that were sent together stand together, and each of them is reached. SHOTS names a
// directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look, sound } from './look.mjs';
import { missing, office } from './office.mjs';
import { picture } from './pixels.mjs';
import { until } from './until.mjs';

const photo = (n) => ({ mime: 'image/png', data: picture(n % 3 === 0 ? 300 : 640, 420, n / 10) });

describe('albums', { skip: missing || false }, () => {
  const here = office();

  for (const [language, viewport] of [['de', { width: 1280, height: 900 }], ['en', { width: 360, height: 740 }]]) {
    const options = { language, viewport, colorScheme: language === 'en' ? 'dark' : 'light' };

    test(`ten pictures are one, and each is reached: ${language}`, async () => {
      const customer = await here.customer(['Hier die Bilder vom Parkplatz.']);
      const { id } = await customer.conversation();
      for (let n = 1; n <= 10; n++) await customer.sendFile('image', photo(n), n === 10 ? 'Alles von heute Morgen' : '');
      const { items } = await here.house.sim('GET', `customers/${customer.id}/messages?number=${customer.number}`);
      const seventh = items.filter(({ kind }) => kind === 'image')[6].id;
      for (let n = 1; n <= 30; n++) await customer.say(`Zeile ${n} danach`);
      await customer.send('text', 'Auf diesem sieht man es am besten', undefined, seventh);
      await until(async () => (await customer.conversation()).received >= 42, true);
      const { position } = await customer.conversation();
      await here.ask(here.people.motor, 'PUT', `/conversations/${id}/reading`, { position });

      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, ...options });
      const { page, log } = seat;
      const answer = seat.message('Auf diesem sieht man es am besten');
      await answer.waitFor();
      await seat.live();
      const album = log.locator('[data-album]');
      await until(() => album.getAttribute('data-album'), '10', 'all ten in one');
      const list = album.getByRole('list', { name: seat.says('10 Bilder', '10 images') });
      await until(() => list.locator('img').evaluateAll((all) => all.length), 4);

      // The four that are shown, each with its name and its time; the last stands for the rest.
      assert.equal(await list.getByRole('listitem').count(), 4);
      const names = await list.getByRole('button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')).filter((name) => name?.includes('10')));
      assert.equal(names.length, 4);
      assert.match(names[0], seat.says(/^Bild von Kundin Nummer \d+, 1 von 10, \d\d:\d\d: groß zeigen$/, /^Image from Kundin Nummer \d+, 1 of 10, \d\d:\d\d: show large$/));
      assert.match(names[3], seat.says(/4 von 10, .*, und 6 weitere: alle zeigen$/, /4 of 10, .*, and 6 more: show all$/));
      await album.getByText('Alles von heute Morgen').waitFor();
      await list.scrollIntoViewIfNeeded();
      await until(() => list.locator('img').evaluateAll((all) => all.every((one) => one.complete && one.naturalWidth > 0)), true);
      await look(page, `album-${language}`);

      // A quote leads to one that is folded away.
      await answer.getByRole('button', { name: seat.says('zum Original', 'go to the original') }).click();
      const tile = list.getByRole('listitem').nth(6);
      await until(() => tile.evaluate((one) => one === document.activeElement && one.hasAttribute('data-marked')), true);
      assert.equal(await tile.evaluate((one) => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().bottom <= window.innerHeight), true);
      assert.equal(await list.getByRole('listitem').count(), 10);
      await until(() => list.locator('img').evaluateAll((all) => all.slice(4, 8).every((one) => one.complete && one.naturalWidth > 0)), true);
      await look(page, `album-${language}-open`);

      // Message by message with the keyboard; the one that has the focus is what is meant.
      await page.keyboard.press('Shift+K');
      assert.equal(await list.getByRole('listitem').nth(5).evaluate((one) => one === document.activeElement), true);
      await page.keyboard.press('Shift+J');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      const large = dialog.getByRole('img', { name: /Kundin/ });
      await large.waitFor();
      const asked = async () => (await large.getAttribute('src')).split('/')[4];
      assert.equal(await asked(), await tile.getAttribute('data-message'));
      await dialog.getByText(seat.says('7 von 10', '7 of 10')).waitFor();
      await large.evaluate((img) => img.decode());
      await look(page, `album-${language}-large`);

      // On to the last with the arrow, and there it ends; the focus goes where one stopped.
      for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight');
      await dialog.getByText(seat.says('10 von 10', '10 of 10')).waitFor();
      await dialog.getByText('Alles von heute Morgen').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      const last = list.getByRole('listitem').nth(9);
      await until(() => last.evaluate((one) => one.contains(document.activeElement)), true);

      await seat.button('weniger', 'less', album).click();
      assert.equal(await list.getByRole('listitem').count(), 4);
      await until(() => list.getByRole('listitem').nth(3).evaluate((one) => one.contains(document.activeElement)), true);
      await page.keyboard.press('Enter');
      await until(() => list.getByRole('listitem').count(), 10);
      await sound(page, 'the album unfolded by key');

      // From the first on to the seventh, which was folded away, and to answer it.
      await seat.button('weniger', 'less', album).click();
      await list.getByRole('listitem').first().getByRole('button').first().press('Enter');
      await large.waitFor();
      for (let n = 0; n < 6; n++) await page.keyboard.press('ArrowRight');
      await dialog.getByText(seat.says('7 von 10', '7 of 10')).waitFor();
      await seat.button('Auf diese Nachricht antworten', 'Answer this message', dialog).click();
      await dialog.waitFor({ state: 'detached' });
      await seat.composer.getByText(seat.says('Bild', 'Image'), { exact: true }).waitFor();
      await seat.send('Dieses hilft uns am meisten');
      await until(async () => (await customer.seen()).find(({ text }) => text === 'Dieses hilft uns am meisten')?.reply_to, seventh, 'the one that was looked at', 60_000);
    });

    test(`one that comes while another is looked at joins it and disturbs nobody: ${language}`, async () => {
      const customer = await here.customer(['Gleich kommen Bilder.']);
      const { id } = await customer.conversation();
      const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, ...options });
      const { page, log } = seat;
      await log.waitFor();
      await seat.live();
      await customer.sendFile('image', photo(1));
      const single = log.locator('[data-shows=picture] button');
      await single.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('img', { name: /Kundin/ }).waitFor();
      await customer.sendFile('video', { mime: 'video/mp4', data: Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free', 'latin1') });
      await customer.sendFile('image', photo(9));
      const album = log.locator('[data-album="3"]');
      await album.waitFor({ state: 'attached' });
      assert.equal(await dialog.count(), 1, 'what is looked at stays open');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      const first = album.getByRole('listitem').first();
      await until(() => first.evaluate((one) => one.contains(document.activeElement)), true);
      await until(() => album.locator('img').evaluateAll((all) => all.length === 2 && all.every((one) => one.complete && one.naturalWidth > 0)), true);
      await look(page, `album-${language}-three`);
    });
  }
});
