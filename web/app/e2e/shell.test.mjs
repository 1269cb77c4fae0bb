// The app as it is installed: it tells that it is offline and shows nothing personal,
// keeps nothing but its own files, and survives a deploy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, launch, login, open, together, violations } from './browser.mjs';

let house, browser;
before(async () => {
  [house, browser] = await together(desk(), launch());
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** Waits until the service worker has taken over the page. */
const ruled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

/** Whatever the browser keeps of the app. */
const kept = (page) =>
  page.evaluate(async () => {
    const paths = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
    }
    return paths;
  });

test('offline it says so in both languages, shows nobody, and comes back by itself', async () => {
  const { page, context, faults } = await open(browser, { serviceWorkers: 'allow' });
  await login(page, house);
  await ruled(page);
  await page.reload();
  await page.waitForSelector('.workspace');
  const paths = await kept(page);
  assert.ok(paths.includes('/offline.html'));
  assert.deepEqual(
    paths.filter((path) => path !== '/offline.html' && !path.startsWith('/assets/')),
    [],
  );
  await context.setOffline(true);
  await page.goto(`${house.url}/?view=all`);
  await page.getByRole('heading', { name: 'Keine Verbindung' }).waitFor();
  assert.ok(await page.getByText('Botschaft cannot reach the service.').isVisible());
  assert.deepEqual(await violations(page), []);
  const text = await page.evaluate(() => document.body.innerText);
  assert.ok(!text.includes(house.email), 'somebody is named');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.button')).borderRadius), '0px');
  await context.setOffline(false);
  await page.waitForSelector('.workspace');
  assert.equal(new URL(page.url()).search, '?view=all');
  assert.deepEqual(
    faults.filter((fault) => /policy/i.test(fault)),
    [],
  );
  await context.close();
});

test('it can be installed', async () => {
  const { page, context } = await open(browser, { serviceWorkers: 'allow' });
  await page.goto(house.url);
  const client = await context.newCDPSession(page);
  const { errors, url } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.equal(new URL(url).pathname, '/manifest.webmanifest');
  await ruled(page);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
    [],
  );
  await context.close();
});

test('a part that went with a deploy brings the page up to date, once', async () => {
  const { page, context } = await open(browser);
  await login(page, house);
  const gone = (route) => route.fulfill({ status: 404, body: '' });
  await page.route(/\/assets\/Settings-.*\.js/, gone);
  let starts = 0;
  page.on('load', () => starts++);
  const reloaded = page.waitForEvent('load');
  await page.evaluate(() => {
    history.pushState(null, '', '/settings');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await reloaded;
  await page.waitForTimeout(1_500);
  assert.equal(starts, 1, 'it must not start again and again');
  await context.close();
});

test('while the server does not answer, nothing starts anew', async () => {
  const { page, context } = await open(browser);
  await login(page, house);
  let starts = 0;
  page.on('load', () => starts++);
  await context.setOffline(true);
  await page.evaluate(() => {
    history.pushState(null, '', '/settings');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await page.waitForTimeout(1_000);
  assert.equal(starts, 0);
  await context.close();
});

test('who chose dark sees no white page first', async () => {
  const { page, context, faults } = await open(browser, { colorScheme: 'light' });
  await page.addInitScript(() => {
    localStorage.setItem('botschaft.theme', 'dark');
    localStorage.setItem('botschaft.density', 'neither');
  });
  // Only the page and what blocks its first paint: the app itself never arrives.
  await page.route(/\/assets\/index-.*\.js/, (route) => route.abort());
  await page.goto(house.url);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.density), undefined);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(17, 22, 26)');
  assert.deepEqual(faults, []);
  await context.close();
});
