// The real server: `botschaft demo` in a directory of its own, with its phones.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../bin/botschaft', import.meta.url));

/** The program under test: what BOTSCHAFT names, else the one that was built, else none. */
export function program() {
  const { BOTSCHAFT } = process.env;
  if (BOTSCHAFT && !existsSync(BOTSCHAFT)) throw new Error(`BOTSCHAFT names ${BOTSCHAFT}, which is not there`);
  if (BOTSCHAFT) return resolve(BOTSCHAFT);
  return existsSync(built) ? built : null;
}

/** Numbers of the demo by the Controller's short name. */
export const numbers = { life: '100000000000001', motor: '100000000000002' };

/** Starts a demo with nothing in it but the three greetings. */
export async function demo() {
  const dir = await mkdtemp(join(tmpdir(), 'botschaft-e2e-'));
  const port = await freePorts(3);
  let child = await start(dir, port);
  // Whatever becomes of the test, no server outlives it.
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const { logins, inboxes, app_secret: secret } = JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8'));
  const [admin, life, motor, claims, dpo] = logins.map((login) => ({ url: `http://127.0.0.1:${port}`, ...login }));
  const [url, phones, stage] = [0, 1, 2].map((n) => `http://127.0.0.1:${port + n}`);

  async function sim(method, path, body) {
    const answer = await fetch(`${phones}/sim/${path}`, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** What the provider tells, signed as it does. */
  async function tell(number, body) {
    const answer = await fetch(`${url}/hooks/whatsapp/${inboxes[number]}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
      body,
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  return {
    dir,
    url,
    phones,
    stage,
    email: motor.email,
    password: motor.password,
    /** Of both Controllers, of each, a second one of Muster Auto, and the data-protection officer. */
    people: { admin, life, motor, claims, dpo },
    sim,
    /** A customer writes. */
    say: (who, text, number = numbers.motor) => sim('POST', `customers/${who}/messages`, { number, text }),
    /** What a customer wrote days ago and the provider brings only now. The phones write now alone. */
    async late({ name, phone }, text, days, number = numbers.motor) {
      const at = Math.floor(Date.now() / 1000) - days * 86_400;
      await tell(number, webhook({ name, digits: phone.replace(/\D/g, ''), text, at, number }));
    },
    /** What the provider tells about a number beside messages. */
    news: (field, value, number = numbers.motor) => tell(number, JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field, value }] }] })),
    /** As if the power failed: nothing is flushed, nobody is told. */
    kill: () => end(child, 'SIGKILL'),
    /** The same house again, at the same addresses. */
    async restart() {
      child = await start(dir, port);
    },
    async close() {
      process.off('exit', orphaned);
      await end(child, 'SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A message as Meta's webhook tells of it. */
function webhook({ name, digits, text, at, number }) {
  const message = { from: digits, id: `wamid.${randomBytes(24).toString('base64')}`, timestamp: String(at), type: 'text', text: { body: text } };
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '490000000', phone_number_id: number },
    contacts: [{ profile: { name }, wa_id: digits }],
    messages: [message],
  };
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ value, field: 'messages' }] }] });
}

/** Starts the program and waits until its three doors answer. */
async function start(dir, port) {
  const binary = program();
  if (!binary) throw new Error('bin/botschaft is not built: make build');
  const child = spawn(binary, ['demo', '--dir', dir, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  const late = Date.now() + 20_000;
  for (const n of [0, 1, 2]) {
    while (!(await answers(`http://127.0.0.1:${port + n}/`))) {
      if (child.exitCode !== null || Date.now() > late) {
        await end(child, 'SIGKILL');
        throw new Error(`the demo did not start:\n${output}`);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  // The demo takes another port where one is taken, and then a stranger answered.
  if (![0, 1, 2].every((n) => output.includes(`http://127.0.0.1:${port + n}`))) {
    await end(child, 'SIGKILL');
    throw new Error(`one of the ports from ${port} was taken:\n${output}`);
  }
  return child;
}

async function answers(url) {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(impatient);
}

/** The first of so many free ports in a row. */
async function freePorts(count) {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const servers = [];
    try {
      for (let n = 0; n < count; n++) servers.push(await listen(first + n));
      return first;
    } catch {
      // One is taken: look elsewhere.
    } finally {
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    }
  }
  throw new Error(`no ${count} free ports in a row`);
}

function listen(port) {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done(server));
  });
}
