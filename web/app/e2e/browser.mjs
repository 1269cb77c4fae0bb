// What the browser tests share: a browser, a desk to look at, and axe.
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { demo } from './house.mjs';
import { Traces } from './traces.mjs';

/** The desk under test: BASE_URL with EMAIL and PASSWORD, else a demo of its own. */
export async function desk() {
  const { BASE_URL, EMAIL, PASSWORD } = process.env;
  if (!BASE_URL) return demo();
  return { url: BASE_URL.replace(/\/$/, ''), email: EMAIL, password: PASSWORD, close: async () => {} };
}

export function launch() {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // There is no graphics card; without one, drawing by processor alone is faster than imitating it.
  return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--disable-gpu', ...sandbox] });
}

/** Opens several things at once. When one fails, the others are closed: a server left open would keep the process for ever. */
export async function together(...opening) {
  const opened = await Promise.allSettled(opening);
  const failed = opened.find(({ status }) => status === 'rejected');
  if (failed) {
    await Promise.all(opened.map(({ value }) => value?.close()));
    throw failed.reason;
  }
  return opened.map(({ value }) => value);
}

/** Who writes in every demo; nothing in a browser may tell of them afterwards. */
const people = ['Anna Beispiel', 'Ben Beispiel', 'Kim Example', 'kim.example'];

/**
 * A page that collects what must not happen: script errors and broken policies. When its
 * context is closed, nothing personal may be left of it.
 */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    locale: 'de-DE',
    ignoreHTTPSErrors: true,
    serviceWorkers: 'block', // they would hide from a test what it wants to see
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  const hosts = new Set();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  const traces = new Traces(page);
  const close = context.close.bind(context);
  context.close = async () => {
    await traces.search(page, people).finally(close);
  };
  return { page, context, faults, hosts };
}

export async function login(page, { url, email, password }, path = '/') {
  await page.goto(url + path);
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.workspace');
}

export async function logout(page) {
  await page.click('.rail .agent');
  await page.getByRole('menuitem', { name: /Abmelden|Log out/ }).click();
}

/** Opens the Conversation in whose row the text stands. */
export async function openRow(page, text) {
  await page.locator('[data-row]', { hasText: text }).first().click();
  await page.waitForSelector('.composer textarea');
}

/** Writes into the open composer and sends. */
export async function write(page, text) {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
}

/** Opens the first Conversation whose Window is open, so that it may be answered. */
export async function openAnswerable(page) {
  await page.locator('[data-row]:has([data-phase=open]), [data-row]:has([data-phase=closing])').first().click();
  await page.waitForSelector('.composer textarea:not([readonly])');
}

// Axe is evaluated by the driver and not put into the page as a script, because the
// content security policy would rightly refuse it.
export async function violations(page, options = { rules: { 'target-size': { enabled: true } } }) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((how) => window.axe.run(how), options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
