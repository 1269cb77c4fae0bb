// Files that an Agent sends: attached by the button, the key, a paste and by letting them go above
// the thread; taken away, refused, tried again, sent in order, and seen on the phone. In both
// languages, wide and narrow, light and dark. SHOTS names a directory for pictures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { look } from './look.mjs';
import { missing, office } from './office.mjs';
import { picture } from './pixels.mjs';
import { until } from './until.mjs';

const pdf = (words) => Buffer.from(`%PDF-1.4\n${`${words}\n`.repeat(3000)}%%EOF`);

/** An Ogg that says of itself that it holds Opus in mono; nobody will play it. */
const recording = Buffer.concat([Buffer.from('OggS\x00\x02', 'latin1'), Buffer.alloc(22), Buffer.from('OpusHead\x01\x01', 'latin1'), Buffer.alloc(400)]);

describe('attached files', { skip: missing || false }, () => {
  const here = office();

  /** What the phone holds of ours, but for texts. */
  const got = async (who) => (await who.seen()).filter(({ kind }) => kind !== 'text');

  /** A seat in a Conversation with somebody new. */
  async function begin(language, viewport, colorScheme) {
    const who = await here.customer(['Schicken Sie mir die Unterlagen?']);
    const { id } = await who.conversation();
    const seat = await here.sit(here.people.motor, { path: `/conversations/${id}`, language, viewport, colorScheme });
    await seat.message('Schicken Sie mir die Unterlagen?').waitFor();
    await seat.live();
    const { page } = seat;
    const tray = page.getByRole('region', { name: seat.says('Angehängte Dateien', 'Attached files') });
    const item = (name) => tray.getByRole('listitem').filter({ hasText: name });
    const attach = async (files, press = () => seat.button('Dateien anhängen …', 'Attach files …').click()) => {
      here.keep(...files.map(({ name }) => name));
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()]);
      await chooser.setFiles(files);
    };
    const caption = async (name, words) => {
      here.keep(words);
      await item(name).getByRole('textbox').fill(words);
    };
    const ready = (n) => until(() => tray.locator('[data-attached=ready]').count(), n, 'ready', 30_000);
    return { who, id, seat, page, tray, item, attach, caption, ready };
  }

  for (const [language, viewport, colorScheme] of [['de', { width: 1440, height: 900 }, 'light'], ['en', { width: 360, height: 740 }, 'dark']]) {
    test(`several go in order, and the words behind them: ${language}`, async () => {
      const { who, seat, page, tray, item, attach, caption, ready } = await begin(language, viewport, colorScheme);
      const field = page.getByRole('textbox', { name: seat.says('Antwort schreiben', 'Write a reply') }).or(page.locator('form.composer textarea')).first();
      here.keep('Die Originale folgen per Post.');
      await field.fill('Die Originale folgen per Post.');
      await look(page, `attach-empty-${language}`);
      await attach([
        { name: 'Fahrertuer.png', mimeType: 'image/png', buffer: picture(900, 600) },
        { name: 'Police-2026.pdf', mimeType: 'application/pdf', buffer: pdf('Versicherungsschein') },
        { name: 'Ansage.ogg', mimeType: 'audio/ogg', buffer: recording },
      ]);
      await ready(3);
      await caption('Fahrertuer.png', 'Das Gutachten zur Tür');
      await caption('Police-2026.pdf', 'Ihre Police');
      assert.equal(await field.inputValue(), 'Die Originale folgen per Post.', 'the draft stays');
      assert.ok(await item('Ansage.ogg').getByRole('checkbox').isChecked());
      await look(page, `attach-ready-${language}`);
      await seat.button('Antwort senden', 'Send reply').click();
      await tray.waitFor({ state: 'detached', timeout: 60_000 });
      await until(async () => (await got(who)).map(({ kind }) => kind).join(), 'image,document,audio', 'on the phone', 90_000);
      await until(async () => (await who.heard()).at(-1), 'Die Originale folgen per Post.', 'the words', 60_000);
      const [image, paper, voice] = await got(who);
      assert.equal(image.payload.caption, 'Das Gutachten zur Tür');
      assert.equal(paper.payload.filename, 'Police-2026.pdf');
      assert.equal(paper.payload.caption, 'Ihre Police');
      assert.equal(voice.payload.voice, true);

      // The thread shows them as those that came: through the API alone.
      const ours = seat.message('Das Gutachten zur Tür');
      const small = ours.getByRole('img', { name: seat.says('Bild von uns', 'Image from us') });
      await small.waitFor();
      assert.equal(await small.evaluate(async (img) => (await img.decode(), img.naturalWidth)), 640);
      assert.match(await small.getAttribute('src'), /^\/api\/v1\/messages\/.*\/thumbnail$/);
      await seat.log.getByRole('link', { name: seat.says('Police-2026.pdf herunterladen', 'Download Police-2026.pdf') }).waitFor();
      await look(page, `attach-thread-${language}`);
    });

    test(`what does not go says why, and is taken away: ${language}`, async () => {
      const { who, seat, page, tray, item, attach, ready } = await begin(language, viewport, colorScheme);
      await attach([
        { name: 'Archiv.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\x03\x04') },
        { name: 'Verkleidet.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html><script>alert(1)</script></html>') },
        { name: 'Leer.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
        { name: 'Riesig.png', mimeType: 'image/png', buffer: Buffer.concat([picture(8, 8), Buffer.alloc(5 << 20)]) },
        { name: 'Gut.pdf', mimeType: 'application/pdf', buffer: pdf('gut') },
      ]);
      await ready(1);
      await item('Archiv.zip').getByText(seat.says('Solche Dateien nimmt WhatsApp nicht an.', 'WhatsApp takes no such files.')).waitFor();
      await item('Verkleidet.pdf').getByText(seat.says('Solche Dateien nimmt WhatsApp nicht an.', 'WhatsApp takes no such files.')).waitFor();
      await item('Leer.txt').getByText(seat.says('Die Datei ist leer.', 'The file is empty.')).waitFor();
      await item('Riesig.png').getByText(seat.says('Bilder gehen bis 5 MB', 'pictures go up to 5 MB')).waitFor();
      await look(page, `attach-refused-${language}`);
      assert.equal(await seat.button('Antwort senden', 'Send reply').getAttribute('aria-disabled'), 'true', 'nothing goes while something cannot');
      for (const name of ['Archiv.zip', 'Verkleidet.pdf', 'Leer.txt']) await item(name).getByRole('button', { name: seat.says(`${name} entfernen`, `Remove ${name}`) }).click();
      // With the keyboard: the focus goes on to the next one, and back into the field behind the last.
      await item('Riesig.png').getByRole('button').focus();
      await page.keyboard.press('Enter');
      await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), seat.says('Gut.pdf entfernen', 'Remove Gut.pdf'), 'the focus');
      await page.keyboard.press('Enter');
      await tray.waitFor({ state: 'detached' });
      await until(() => page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA', 'the focus');
      assert.deepEqual(await got(who), []);
    });
  }

  test('a key, a paste and letting go', async () => {
    const { seat, page, tray, item, attach, ready } = await begin('de', { width: 1280, height: 800 }, 'light');
    // The key works once the button does, and where nothing is being written.
    await seat.button('Dateien anhängen …', 'Attach files …').waitFor();
    await until(() => page.evaluate(() => (document.activeElement?.blur(), document.activeElement?.tagName)), 'BODY', 'the focus');
    await attach([{ name: 'Mit-Taste.pdf', mimeType: 'application/pdf', buffer: pdf('Taste') }], () => page.keyboard.press('i'));
    await item('Mit-Taste.pdf').waitFor();
    const bytes = [...picture(64, 64)];
    const give = (kind, target) =>
      page.evaluate(
        ([kind, target, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: 'image/png' }));
          const init = { bubbles: true, cancelable: true };
          const on = document.querySelector(target);
          if (kind === 'paste') on.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
          else on.dispatchEvent(new DragEvent(kind, { ...init, dataTransfer: data }));
        },
        [kind, target, bytes],
      );
    here.keep('paste.png', 'drop.png');
    await give('paste', 'form.composer textarea');
    await item('paste.png').waitFor();
    await give('dragover', '.thread-pane');
    assert.equal(await page.locator('.thread-pane').getAttribute('data-drop'), 'Hier loslassen, um die Dateien anzuhängen');
    await look(page, 'attach-drop');
    await give('drop', '.thread-pane');
    await item('drop.png').waitFor();
    assert.equal(await page.locator('.thread-pane').getAttribute('data-drop'), null);
    await ready(3);
    assert.equal(await tray.getByRole('listitem').count(), 3);
    await seat.log.waitFor();
  });

  test('a broken line: what was attached stays, is tried again, and goes once', async () => {
    const { who, seat, page, tray, item, attach, caption, ready } = await begin('de', { width: 1280, height: 800 }, 'dark');
    await page.route('**/files', (route) => route.abort(), { times: 1 });
    await attach([{ name: 'Rechnung.pdf', mimeType: 'application/pdf', buffer: pdf('Rechnung') }]);
    await item('Rechnung.pdf').getByText('Die Verbindung ist abgerissen. Die Datei ist noch hier.').waitFor();
    await look(page, 'attach-broken');
    await item('Rechnung.pdf').getByRole('button', { name: 'Noch einmal hochladen' }).click();
    await ready(1);
    await caption('Rechnung.pdf', 'Anbei die Rechnung');
    // The answer gets lost, but the message was taken: sent once more it is still one.
    await page.route('**/messages', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      return route.abort();
    }, { times: 1 });
    await seat.button('Antwort senden', 'Send reply').click();
    await item('Rechnung.pdf').getByText('Senden Sie noch einmal').waitFor();
    assert.ok(await item('Rechnung.pdf').getByRole('textbox').evaluate((field) => field.readOnly), 'what may have been said stays as it is');
    await look(page, 'attach-unanswered');
    await seat.button('Antwort senden', 'Send reply').click();
    await tray.waitFor({ state: 'detached' });
    await until(async () => (await got(who)).length, 1, 'on the phone', 60_000);
    await seat.message('Anbei die Rechnung').waitFor();
    assert.equal(await seat.log.getByRole('link', { name: 'Rechnung.pdf herunterladen' }).count(), 1);
  });

  test('a slow upload shows how far it is, and can be stopped', async () => {
    const { page, tray, item, attach } = await begin('en', { width: 1280, height: 800 }, 'light');
    const line = await page.context().newCDPSession(page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 });
    await attach([{ name: 'Gross.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([pdf('gross'), Buffer.alloc(4 << 20)]) }]);
    const progress = item('Gross.pdf').getByRole('progressbar', { name: 'Uploading' });
    await progress.waitFor();
    await until(async () => Number(await progress.getAttribute('value').catch(() => 0)) > 0 || (await progress.evaluate((p) => p.value).catch(() => 0)) > 0, true, 'progress', 20_000);
    await look(page, 'attach-uploading');
    await item('Gross.pdf').getByRole('button', { name: 'Gross.pdf: cancel' }).click();
    await tray.waitFor({ state: 'detached' });
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  });
});
