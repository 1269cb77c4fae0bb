// One house and one browser for the tests of a file, with people at their desks and
// customers at their phones. A customer of its own keeps a test out of the others' way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before } from 'node:test';
import { launch, together } from './browser.mjs';
import { demo, numbers, program } from './house.mjs';
import { Seat, seat } from './seat.mjs';
import { until } from './until.mjs';

/** Why these tests cannot run here; false if they can. */
export const missing = process.env.BASE_URL ? 'they need phones' : !program() && 'bin/botschaft is not built: make build';

export function office() {
  const here = new Office();
  before(() => (missing ? undefined : here.open()));
  after(() => here.close());
  afterEach(() => here.clear());
  return here;
}

class Office {
  house;
  browser;
  #seats = [];
  #sessions = new Map();
  #words = new Set();
  #customers = 0;
  #colleagues = 0;

  async open() {
    [this.house, this.browser] = await together(demo(), launch());
    for (const { email, password } of Object.values(this.house.people)) {
      this.#words.add(email);
      this.#words.add(password);
    }
  }

  async close() {
    await this.browser?.close();
    await this.house?.close();
  }

  get people() {
    return this.house.people;
  }

  // Whoever sat down gets up again, and nothing of what they did is left behind.
  async clear() {
    const seats = this.#seats.splice(0);
    const wrong = [];
    for (const { page, context, traces } of seats) {
      await traces.check(page, { host: new URL(this.house.url).host, words: this.#words }).catch((error) => wrong.push(error));
      await context.close();
    }
    if (wrong.length > 0) throw wrong[0];
  }

  // ------------------------------------------------------------ people

  /** A new session, of a browser that calls itself so; logging in costs the server time. */
  async login({ email, password }, agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36') {
    const answer = await fetch(`${this.house.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': agent },
      body: JSON.stringify({ email, password }),
    });
    assert.equal(answer.status, 204, 'the login');
    const [name, value] = answer.headers.getSetCookie()[0].split(';')[0].split('=');
    return { name, value };
  }

  /** The session that all tests of the file share for a person. */
  async session(person) {
    if (!this.#sessions.has(person.email)) this.#sessions.set(person.email, await this.login(person));
    return this.#sessions.get(person.email);
  }

  /** A window of somebody who is logged in; `session: null` for nobody. */
  async sit(person, { path = '/', ...options } = {}) {
    const session = options.session === undefined ? await this.session(person) : options.session;
    const taken = await seat(this.browser, { url: this.house.url, ...options, session });
    this.#seats.push(taken);
    if (session) await taken.go(path);
    return taken;
  }

  /** One more tab in somebody's window; it is searched like the first one. */
  async tab(other, path = '/') {
    const page = await other.context.newPage();
    const taken = new Seat(page, other);
    this.#seats.unshift(taken); // before the window they share is closed
    page.setDefaultTimeout(30_000);
    await taken.go(path);
    return taken;
  }

  /** What a person asks the API for, beside what their browser does. */
  async ask(person, method, path, body) {
    const { name, value } = await this.session(person);
    const answer = await fetch(`${this.house.url}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Cookie: `${name}=${value}` },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** A colleague of a role, made by the command: an account that was invited just now is nobody's second person. */
  async colleague(name, role) {
    const [email, password] = [`${role}${++this.#colleagues}@muster.example`, 'correct horse battery'];
    const flags = ['--data-dir', this.house.dir, '--email', email, '--name', name, '--role', role, '--password-file', '-'];
    execFileSync(program(), ['agent', 'create', ...flags], { input: password });
    this.keep(email, password);
    return { email, password };
  }

  // ------------------------------------------------------------ customers

  /** Somebody new with a phone, who writes these texts. */
  async customer(texts = [], number = numbers.motor) {
    const n = ++this.#customers;
    const name = `Kundin Nummer ${100 + n}`;
    const phone = `+49 1570 ${8_000_000 + n}`;
    const { id } = await this.house.sim('POST', 'customers', { name, phone, language: 'de' });
    for (const word of [name, phone, phone.replace(/\D/g, ''), phone.slice(-7)]) this.#words.add(word);
    const customer = new Customer(this, { id, name, phone, number });
    for (const text of texts) await customer.say(text);
    if (texts.length) await customer.informed();
    return customer;
  }

  /** What a test makes up and nobody may find in a browser afterwards. */
  keep(...words) {
    for (const word of words) this.#words.add(word);
  }
}

const isNotice = (text = '') => text.startsWith('Sie schreiben mit ');

class Customer {
  #here;

  constructor(here, { id, name, phone, number }) {
    this.#here = here;
    Object.assign(this, { id, name, phone, number });
  }

  say(text) {
    this.#here.keep(text);
    return this.#here.house.say(this.id, text, this.number);
  }

  /** Wrote this so many days ago; it arrives only now. */
  late(text, days) {
    this.#here.keep(text);
    return this.#here.house.late(this, text, days, this.number);
  }

  /** Wrote this so many seconds ago, and the phone had no net until now. */
  delayed(text, ago) {
    this.#here.keep(text);
    return this.#here.house.sim('POST', `customers/${this.id}/messages`, { number: this.number, text, ago });
  }

  /** Sends what is no text: image, audio, document, location; the payload is Meta's object of that kind. */
  send(kind, text = '', payload, reply_to) {
    this.#here.keep(...[text].filter(Boolean));
    return this.#here.house.sim('POST', `customers/${this.id}/messages`, { number: this.number, kind, text, payload, reply_to });
  }

  /** Sends a file; `data` are its bytes. */
  sendFile(kind, { name = '', mime, data }, text = '') {
    this.#here.keep(...[text, name].filter(Boolean));
    return this.#here.house.sim('POST', `customers/${this.id}/messages`, { number: this.number, kind, text, file: { name, mime, data: data.toString('base64'), size: 0 } });
  }

  /** The id of a message on the phone, for those that are about it. */
  async wamid(text) {
    const { items } = await this.#here.house.sim('GET', `customers/${this.id}/messages?number=${this.number}`);
    return items.find((message) => message.text === text).id;
  }

  /** What the house sent, whole, as the phone has it. */
  async seen() {
    const { items } = await this.#here.house.sim('GET', `customers/${this.id}/messages?number=${this.number}`);
    return items.filter(({ from }) => from === 'business');
  }

  #texts = async () => (await this.seen()).map(({ text }) => text);

  /** What the phone shows of the house's messages, but for the Notice that comes by itself. */
  heard = async () => (await this.#texts()).filter((text) => !isNotice(text));

  /** Waits for the Notice: what a test does to the next message must not hit it. */
  informed = () => until(async () => (await this.#texts()).some(isNotice), true);

  /** The next messages to this phone go wrong. */
  fault = (fault) => this.#here.house.sim('POST', 'faults', { count: 1, customer: this.id, ...fault });

  behave = (behaviour) => this.#here.house.sim('PUT', `customers/${this.id}/behaviour`, behaviour);

  /** Its Conversation, once it has arrived. */
  async conversation() {
    const { people } = this.#here;
    for (let tries = 0; tries < 200; tries++) {
      const { items } = await this.#here.ask(people.admin, 'GET', '/conversations?view=all&limit=100');
      const found = items.find(({ contact }) => contact.name === this.name);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`${this.name} has no conversation`);
  }
}
