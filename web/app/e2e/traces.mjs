// What a browser must not keep, send elsewhere or say aloud: names, numbers, texts.
import assert from 'node:assert/strict';

// Shorter words stand in addresses and code by chance.
const shortest = 6;
// What people write, wherever the app sends it.
const written = ['text', 'note', 'reply', 'reason', 'email', 'password', 'name'];

/** Collects what a page asks, says and breaks. */
export class Traces {
  faults = [];
  #urls = new Set();
  #said = [];
  #words = new Set();

  constructor(page) {
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
    page.on('console', (message) => this.#hear(message));
    page.on('request', (request) => this.#ask(request));
    page.on('framenavigated', (frame) => this.#urls.add(frame.url()));
  }

  #hear(message) {
    const text = message.text();
    this.#said.push(text);
    // The browser itself reports answers that are no success; that is its right.
    if (message.type() === 'error' && !/Failed to load resource/.test(text)) this.faults.push(text);
    if (/content security policy/i.test(text)) this.faults.push(text);
  }

  #ask(request) {
    this.#urls.add(request.url());
    const body = request.headers()['content-type']?.includes('json') ? request.postData() : null;
    if (!body) return;
    const found = JSON.parse(body);
    for (const key of written) if (typeof found?.[key] === 'string') this.#words.add(found[key].trim());
  }

  /** Asserts that nothing broke, nobody else was asked and nothing personal is left. */
  async check(page, { host, words }) {
    assert.deepEqual(this.faults, [], 'nothing breaks');
    const others = [...new Set(this.#addresses().map((url) => new URL(url).host))].filter((each) => each !== host);
    assert.deepEqual(others, [], 'nothing is asked of another host');
    await this.search(page, words);
  }

  /** Asserts that nothing of these words, and of what was written, stands where it stays. */
  async search(page, words) {
    const places = { addresses: this.#addresses().map(plain), console: this.#said, ...(await kept(page)) };
    const all = [...words, ...this.#words].filter((word) => word.length >= shortest);
    for (const [place, texts] of Object.entries(places)) {
      const whole = texts.join('\n');
      const found = all.filter((word) => whole.includes(word));
      assert.deepEqual(found, [], `something personal stands in: ${place}`);
    }
  }

  #addresses() {
    return [...this.#urls].filter((url) => url.startsWith('http'));
  }
}

function plain(url) {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '));
  } catch {
    return url;
  }
}

/** Everything the browser keeps of the page. */
async function kept(page) {
  if (page.isClosed() || !page.url().startsWith('http')) return {};
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`);
  return { cookies, ...(await page.evaluate(inPage)) };
}

async function inPage() {
  const databases = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done, fail) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    for (const store of db.objectStoreNames) {
      const all = await new Promise((done) => {
        const asking = db.transaction(store).objectStore(store).getAll();
        asking.onsuccess = () => done(asking.result);
      });
      databases.push(JSON.stringify(all));
    }
    db.close();
  }
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) cached.push(request.url, await (await cache.match(request)).text());
  }
  return {
    'local storage': [JSON.stringify({ ...localStorage })],
    'session storage': [JSON.stringify({ ...sessionStorage })],
    IndexedDB: databases,
    'cache storage': cached,
    history: [JSON.stringify(history.state ?? null), document.title],
  };
}
