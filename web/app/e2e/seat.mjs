// Somebody at a desk: a browser of their own, and what they do and see there. Elements
// are found by role and name, as a screen reader would.
import { Traces } from './traces.mjs';

const locales = { de: 'de-DE', en: 'en-GB' };

export class Seat {
  constructor(page, { url, language }) {
    this.page = page;
    this.context = page.context();
    this.url = url;
    this.language = language;
    this.traces = new Traces(page);
  }

  /** The word in the language of this seat. */
  says = (de, en) => (this.language === 'de' ? de : en);

  // ------------------------------------------------------------ finding

  button = (de, en, within = this.page) => within.getByRole('button', { name: this.says(de, en), exact: true });
  get list() {
    return this.page.getByRole('region', { name: this.says('Konversationen', 'Conversations') });
  }
  get log() {
    return this.page.getByRole('log');
  }
  get reply() {
    return this.page.getByRole('textbox', { name: this.says('Antwort schreiben', 'Write a reply') });
  }
  get note() {
    return this.page.getByRole('textbox', { name: this.says('Interne Notiz schreiben', 'Write an internal note') });
  }
  get composer() {
    return this.page.locator('form.composer');
  }
  get toasts() {
    return this.page.getByRole('region', { name: this.says('Hinweise', 'Notices') });
  }

  row = (text) => this.page.locator('[data-row]', { hasText: text });
  message = (text) => this.log.locator('[data-message]:not([data-origin=notice])', { hasText: text });
  pending = (text) => this.log.locator('[data-pending]', { hasText: text });
  turn = (kind) => this.log.locator(`[data-turn][data-kind=${kind}]`);
  view = (de, en) => this.list.getByRole('link', { name: new RegExp(`^${this.says(de, en)}`) });

  // ------------------------------------------------------------ doing

  async go(path = '/') {
    await this.page.goto(this.url + path);
    await this.page.locator('.workspace, .settings').waitFor();
  }

  live = () => this.page.locator('.line[data-live=live]').waitFor();

  /** Opens the Conversation in whose row the text stands. */
  async open(text) {
    await this.row(text).first().click();
    await this.log.waitFor();
  }

  async send(text) {
    await this.reply.fill(text);
    await this.reply.press('Enter');
  }

  ticked = (text, status) => this.message(text).locator(`[data-status=${status}]`).waitFor();

  /** An act from the menu of the open Conversation. */
  async act(de, en) {
    await this.button('Weitere Aktionen', 'More actions').click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${this.says(de, en)}`) }).click();
  }

  /** The text of every message and note in the thread, top to bottom. */
  /** What people wrote; the notice that comes by itself is left out. */
  texts = () => this.log.locator('article:not([data-origin=notice]) .text').allInnerTexts();

  /** How many Conversations a view counts. */
  async counted(de, en) {
    return Number((await this.view(de, en).locator('.number').innerText()).replace(/\D/g, ''));
  }
}

/** Opens a browser window for somebody whose session is known, or for nobody yet. */
export async function seat(browser, { url, session, language = 'de', ...options }) {
  const context = await browser.newContext({
    locale: locales[language],
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    serviceWorkers: 'block', // they would hide from a test what it wants to see
    ...options,
  });
  if (session) await context.addCookies([{ ...session, url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return new Seat(page, { url, language });
}
