// The first load: what comes over the wire for login and workspace, and how long it
// takes until somebody can work. Nothing is cached; the server is warm.
import { login } from '../e2e/browser.mjs';
import { isLive, pause, rounds, seat } from './seat.mjs';

const counted = new Set(['script', 'stylesheet']);

export async function load({ browser, house, rounds: count }) {
  const first = await seat(browser);
  const fetched = [];
  first.page.on('requestfinished', (request) => fetched.push(request));
  await login(first.page, house, '/?view=all');
  await isLive(first.page);
  await pause(1000); // for what comes later by itself
  const kilobytes = await sum(fetched.filter((request) => counted.has(request.resourceType())));
  const everything = await sum(fetched.filter((request) => !request.url().includes('/api/')));
  const state = await first.context.storageState();
  await first.leave();

  const times = await rounds(count, async () => {
    const { page, leave } = await seat(browser, state);
    await page.goto(`${house.url}/?view=all`, { waitUntil: 'commit' });
    const rows = await page.evaluate(() => probe.firstRow);
    await isLive(page);
    await pause(1000);
    const busy = await page.evaluate(() => probe.longTaskEnd());
    await leave();
    return { 'rows-ms': rows, 'interactive-ms': Math.max(rows, busy) };
  });
  return { 'js-css-kB': [kilobytes], 'all-files-kB': [everything], ...times };
}

/** What the bodies took on the wire, compressed, in thousands of bytes. */
async function sum(requests) {
  const sizes = await Promise.all(requests.map((request) => request.sizes()));
  return Math.round(sizes.reduce((total, { responseBodySize }) => total + responseBodySize, 0) / 100) / 10;
}
