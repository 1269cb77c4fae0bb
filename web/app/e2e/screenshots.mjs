// The pictures of README and docs, taken from a demo of their own: make screenshots.
// Arguments name the pictures to take; without any, all are taken.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, login, open } from './browser.mjs';
import { demo } from './house.mjs';
import { reduce } from './png.mjs';
import { furnish } from './stage.mjs';

const into = process.env.PICTURES ?? fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
const large = 150_000; // bytes; more is a burden for whoever clones

const later = 170 * 60_000; // ms

const desk = { width: 1440, height: 900 };
const tablet = { width: 1024, height: 768 };
const phone = { width: 360, height: 740 };

const thread = async (page, { url, mia }) => {
  await page.goto(`${url}/conversations/${mia}?view=mine`);
  await page.locator('[data-message]').last().waitFor();
};

// Both sides of one conversation: the demo's own page, with a customer's phone.
const sides = async (page, { stage }) => {
  await page.goto(stage);
  await page.locator('#logins summary').click(); // passwords have no place in a picture
  const [inbox, phone] = ['#inbox', '#phone'].map((frame) => page.frameLocator(frame));
  await inbox.locator('[data-row]', { hasText: 'Ben Beispiel' }).click();
  await inbox.locator('[data-message]').last().waitFor();
  await phone.getByText('Ben Beispiel').first().click();
  await phone.locator('#thread .bubble').last().waitFor();
  await page.mouse.move(0, 0);
};

const pictures = [
  { name: 'demo', tongue: 'de', view: desk, scheme: 'light', who: 'motor', show: sides },
  { name: 'desk-de', tongue: 'de', view: desk, scheme: 'light', who: 'motor', show: thread, write: true },
  { name: 'desk-en-dark', tongue: 'en', view: desk, scheme: 'dark', who: 'motor', show: thread },
  { name: 'tablet-de', tongue: 'de', view: tablet, scheme: 'light', who: 'motor', show: thread },
  { name: 'phone-list-de', tongue: 'de', view: phone, scheme: 'light', who: 'motor', show: (page, { url }) => page.goto(`${url}/?view=all`) },
  { name: 'phone-thread-en-dark', tongue: 'en', view: phone, scheme: 'dark', who: 'motor', show: thread },
  {
    name: 'palette-en',
    tongue: 'en',
    view: tablet,
    scheme: 'light',
    who: 'motor',
    show: async (page, stage) => {
      await thread(page, stage);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'settings-de',
    tongue: 'de',
    view: desk,
    scheme: 'light',
    who: 'admin',
    show: async (page, { url }) => {
      await page.goto(`${url}/settings/agents`);
      await page.getByRole('table').waitFor();
    },
  },
  {
    name: 'audit-en-dark',
    tongue: 'en',
    view: tablet,
    scheme: 'dark',
    who: 'admin',
    show: async (page, { url }) => {
      await page.goto(`${url}/settings/audit`);
      await page.getByRole('table').waitFor();
      await page.getByRole('button', { name: 'Verify now' }).click();
      await page.waitForTimeout(3_000);
    },
  },
];

const wanted = pictures.filter(({ name }) => process.argv.length < 3 || process.argv.includes(name));
await mkdir(into, { recursive: true });
const browser = await launch();
try {
  for (const tongue of ['de', 'en']) {
    const these = wanted.filter((picture) => picture.tongue === tongue);
    if (these.length > 0) await take(these, tongue);
  }
} finally {
  await browser.close();
}

async function take(these, tongue) {
  const house = await demo();
  const locale = { de: 'de-DE', en: 'en-GB' }[tongue];
  try {
    const as = {};
    for (const who of ['admin', 'motor']) {
      const { page, context } = await open(browser, { locale });
      await login(page, house.people[who]);
      as[who] = context;
    }
    const stage = { url: house.url, stage: house.stage, ...(await furnish(house, as, tongue)) };
    for (const { name, view, scheme, who, show, write } of these) {
      const { page, context } = await open(browser, {
        locale,
        viewport: view,
        colorScheme: scheme,
        storageState: await as[who].storageState(),
        reducedMotion: 'reduce',
        timezoneId: 'Europe/Berlin', // the house's, for the phone beside it
      });
      // Everything was said a moment ago; seen from later in the day it looks like a day.
      if (show !== sides) await page.clock.setFixedTime(Date.now() + later);
      await show(page, stage);
      if (show !== sides) await page.waitForSelector('[data-live=live]', { state: 'attached' });
      if (write) await page.locator('.composer textarea').first().fill(stage.draft);
      await page.waitForTimeout(800); // counts and presence come after what is shown
      const path = join(into, `${name}.png`);
      const picture = reduce(await page.screenshot());
      await writeFile(path, picture);
      console.log(`${path}  ${Math.round(picture.length / 1000)} kB${picture.length > large ? '  TOO LARGE' : ''}`);
      await context.close();
    }
    for (const context of Object.values(as)) await context.close();
  } finally {
    await house.close();
  }
}
