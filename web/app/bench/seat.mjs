// An agent's seat: a page with the probes in it, logged in.
import { login, open } from '../e2e/browser.mjs';
import { probes } from './probes.mjs';

const viewport = { width: 1440, height: 900 };

/** A seat of its own, not logged in: nothing is cached. With `state` it has a session. */
export async function seat(browser, state) {
  const { page, context, faults } = await open(browser, { viewport, storageState: state });
  await page.addInitScript(probes);
  page.setDefaultTimeout(60_000);
  return {
    page,
    context,
    async leave() {
      await context.close();
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
}

/** A seat at which somebody looks at all Conversations, live. */
export async function working({ browser, house }) {
  const taken = await seat(browser);
  await login(taken.page, house, '/?view=all');
  await isLive(taken.page);
  return taken;
}

export async function isLive(page) {
  await page.waitForSelector('[data-row]');
  await page.waitForSelector('.line[data-live=live]', { state: 'attached' });
}

/** Opens the Conversation with the last of the talkers, who was just heard. */
export async function openTalker({ street, senders }, page) {
  await street('talk');
  await page.mouse.move(viewport.width - 5, viewport.height / 2);
  await page.locator('[data-row]', { hasText: `Sender ${senders - 1}` }).first().click();
  await page.waitForSelector('.composer textarea');
  // It opens at what is unread; what comes now stands at the end.
  await page.locator('[role=log]').evaluate((thread) => (thread.scrollTop = thread.scrollHeight));
  // Under the pointer the list would keep still.
  await page.mouse.move(viewport.width - 5, viewport.height / 2);
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The p-th part of 100 of what was measured. */
export function percentile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? NaN;
}

/** Takes a measurement so many times: values by unit, one for each. */
export async function rounds(count, measure) {
  const all = {};
  for (let round = 0; round < count; round++) {
    for (const [unit, value] of Object.entries(await measure(round))) (all[unit] ??= []).push(Math.round(value * 10) / 10);
  }
  return all;
}
