// What a walk does wherever it arrives: it looks whether the page is sound, and keeps a picture
// of it where SHOTS names a directory.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from './browser.mjs';

/** A picture of what is seen. */
export async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
}

/** Nothing is in the way of anybody (WCAG 2.2 AA, as far as axe sees), and nothing is too wide. */
export async function sound(page, what) {
  await page.waitForTimeout(200); // what moves has come to rest
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
  assert.deepEqual(await violations(page), [], what);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${what} is ${over}px too wide`);
  const clipped = await page.evaluate(() => [...document.querySelectorAll('dialog .content')].map((content) => content.scrollWidth - content.clientWidth).find((by) => by > 0));
  assert.equal(clipped, undefined, `${what} scrolls sideways`);
}

/** Both. */
export async function look(page, name) {
  await sound(page, name);
  await shot(page, name);
}
