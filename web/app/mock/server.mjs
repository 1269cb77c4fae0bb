// A stand-in for the server, for looking at the screens and for the tests of their
// states. No dependencies, nothing kept. Commands: POST /mock/{say,drop,reload,pause}.
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sample } from './data.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const words = {
  window_closed: {
    de: ['Das Antwortfenster ist seit mehr als 24 Stunden geschlossen.', 'Sobald die Person wieder schreibt, können Sie antworten.'],
    en: ['The window closed because the last message is older than 24 hours.', 'As soon as the person writes again, you can reply.'],
  },
  conversation_closed: {
    de: ['Diese Konversation ist abgeschlossen.', 'Eine neue Nachricht der Person öffnet eine neue Konversation.'],
    en: ['This conversation is closed.', 'A new message from the person opens a new one.'],
  },
};

export function start({ port = 0, delay = 0, pace = 400, password = 'botschaft' } = {}) {
  const desk = sample();
  const feed = randomUUID().slice(0, 8);
  const log = [];
  const streams = new Set();
  const sessions = new Set();
  const composed = new Map();
  let refusing = false;

  const cursor = () => `${feed}.${log.length}`;

  function publish(change) {
    log.push(change);
    for (const stream of streams) send(stream, log.length, change);
  }

  function send(stream, n, change) {
    stream.write(`id: ${feed}.${n}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
  }

  function publishMessage(message) {
    const conversation = desk.conversations.get(message.conversation);
    publish({ kind: 'message', conversation, message, message_id: message.id, inbox: null });
  }

  function say(id, text) {
    publishMessage(desk.message(desk.conversations.get(id), 'in', Date.now(), text));
  }

  function climb(message, ...steps) {
    steps.forEach((status, i) => {
      const timer = setTimeout(() => {
        message.status = status;
        message.failure = status === 'failed' ? desk.failure() : null;
        publishMessage(structuredClone(message));
      }, pace * (i + 1));
      timer.unref();
    });
  }

  desk.failure = () => ({
    code: 'undeliverable',
    provider_code: 131026,
    sentence: { de: 'WhatsApp konnte die Nachricht nicht zustellen.', en: 'WhatsApp could not deliver the message.' },
    helps: { de: 'Versuchen Sie es später noch einmal.', en: 'Try again later.' },
  });

  function decision(conversation, tongue) {
    const code = conversation.closed_at ? 'conversation_closed' : Date.parse(conversation.window.until ?? 0) < Date.now() ? 'window_closed' : '';
    if (!code) return { outcome: 'permit', reasons: [] };
    const [sentence, helps] = words[code][tongue];
    return { outcome: 'refusal', reasons: [{ code, sentence, article: code === 'window_closed' ? 'WhatsApp Business Policy' : '', helps }] };
  }

  const belongs = {
    mine: (c) => !c.closed_at && c.assignee?.id === desk.agent.id,
    unassigned: (c) => !c.closed_at && !c.assignee,
    all: (c) => !c.closed_at,
    closed: (c) => Boolean(c.closed_at),
  };

  const page = (items, query) => {
    const from = Number(query.get('cursor') || 0);
    const to = from + Number(query.get('limit') || 50);
    return { items: items.slice(from, to), next: to < items.length ? String(to) : '' };
  };

  async function api(req, res, url) {
    const tongue = req.headers['accept-language']?.startsWith('en') ? 'en' : 'de';
    const json = (status, body, type = 'application/json') => {
      res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
      res.end(body === undefined ? '' : JSON.stringify(body));
    };
    const problem = (status, code, extra = {}) => json(status, { title: code, status, code, detail: code, ...extra }, 'application/problem+json');
    const session = /session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
    const path = url.pathname.replace('/api/v1', '');
    const route = `${req.method} ${path}`;
    const body = ['POST', 'PUT'].includes(req.method) ? await read(req) : {};

    if (route === 'POST /session') {
      if (body.email === 'throttled@example.org') return problem(429, 'throttled');
      if (body.email !== desk.agent.email || body.password !== password) return problem(401, 'unauthorized');
      const id = randomUUID();
      sessions.add(id);
      res.writeHead(204, { 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Strict; Path=/` });
      return res.end();
    }
    if (!sessions.has(session)) return problem(401, 'unauthorized');
    if (route === 'DELETE /session') {
      sessions.delete(session);
      res.writeHead(204, { 'Set-Cookie': 'session=; Max-Age=0; Path=/' });
      return res.end();
    }
    if (path === '/events') return follow(req, res);
    if (delay) await new Promise((done) => setTimeout(done, delay));
    if (route === 'GET /me') return json(200, { agent: desk.agent, controllers: desk.controllers, inboxes: desk.inboxes, time_zone: 'Europe/Berlin' });
    if (route === 'GET /conversations') {
      const inbox = url.searchParams.get('inbox');
      const items = [...desk.conversations.values()]
        .filter((c) => belongs[url.searchParams.get('view') || 'all'](c) && (!inbox || c.inbox.id === inbox))
        .sort((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at));
      return json(200, { ...page(items, url.searchParams), as_of: cursor() });
    }
    const attempt = /^POST \/messages\/([\w-]+)\/attempts$/.exec(route);
    if (attempt) {
      const message = [...desk.messages.values()].flat().find((m) => m.id === attempt[1]);
      if (!message) return problem(404, 'not_found');
      if (message.status === 'in_doubt' && !body.confirm_doubt) return problem(409, 'conflict');
      Object.assign(message, { status: 'queued', failure: null });
      publishMessage(structuredClone(message));
      climb(message, 'sent', 'delivered', 'read');
      return json(201, message);
    }
    const [, id, rest] = /^\/conversations\/([\w-]+)(\/\w+)?$/.exec(path) ?? [];
    const conversation = desk.conversations.get(id);
    if (!conversation) return problem(404, 'not_found');
    if (route === `GET /conversations/${id}`) return json(200, conversation);
    if (rest === '/permit') return json(200, decision(conversation, tongue));
    if (rest === '/messages' && req.method === 'GET') {
      return json(200, page([...desk.messages.get(id)].reverse(), url.searchParams));
    }
    if (rest === '/messages') {
      const before = composed.get(body.client_id);
      if (before) return before.text === body.text ? json(201, before) : problem(409, 'conflict');
      const { outcome, reasons } = refusing ? { outcome: 'refusal', reasons: decision({ ...conversation, window: {} }, tongue).reasons } : decision(conversation, tongue);
      if (outcome === 'refusal') return problem(422, 'refused', { reasons });
      const message = desk.message(conversation, 'out', Date.now(), body.text, { status: 'queued' });
      composed.set(body.client_id, message);
      publishMessage(structuredClone(message));
      if (/fehler|fails/i.test(body.text)) climb(message, 'sending', 'failed');
      else if (/zweifel|doubt/i.test(body.text)) climb(message, 'sending', 'in_doubt');
      else climb(message, 'sending', 'sent', 'delivered', 'read');
      return json(201, message);
    }
    return problem(404, 'not_found');
  }

  function follow(req, res) {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const [from, n] = String(req.headers['last-event-id'] ?? '').split('.');
    if (from !== feed || Number(n) > log.length) return res.end('event: reload\ndata: {}\n\n');
    for (let i = Number(n); i < log.length; i++) send(res, i + 1, log[i]);
    res.write(`id: ${cursor()}\nevent: live\ndata: {}\n\n`);
    streams.add(res);
    const beat = setInterval(() => res.write(': still here\n\n'), 15_000);
    res.on('close', () => {
      clearInterval(beat);
      streams.delete(res);
    });
  }

  async function command(req, res, name) {
    const body = await read(req);
    const first = [...desk.conversations.keys()][0];
    if (name === 'say') say(body.conversation ?? first, body.text ?? 'Haben Sie noch Fragen an mich?');
    if (name === 'drop') for (const stream of streams) stream.destroy();
    if (name === 'reload') for (const stream of streams) stream.end('event: reload\ndata: {}\n\n');
    if (name === 'refuse') refusing = body.on ?? true;
    if (name === 'pause') {
      const inbox = desk.inboxes[0];
      inbox.paused = body.on === false ? null : { at: new Date().toISOString(), reason: 'Wartung der Nummer' };
      publish({ kind: 'inbox', conversation: null, message: null, message_id: null, inbox: { ...inbox } });
    }
    res.writeHead(204).end();
  }

  function files(req, res, url) {
    const path = join(dist, normalize(url.pathname));
    const file = path.startsWith(dist) && existsSync(path) && statSync(path).isFile() ? path : join(dist, 'index.html');
    res.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    createReadStream(file).pipe(res);
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url, 'http://mock');
    const [, top, name] = url.pathname.split('/');
    if (top === 'api') api(req, res, url).catch((error) => res.destroy(error));
    else if (top === 'mock') void command(req, res, name);
    else files(req, res, url);
  });
  return new Promise((done) => {
    server.listen(port, '127.0.0.1', () => {
      const close = () => {
        server.closeAllConnections();
        return new Promise((closed) => server.close(closed));
      };
      done({ url: `http://127.0.0.1:${server.address().port}`, email: desk.agent.email, password, close });
    });
  });
}

async function read(req) {
  let text = '';
  for await (const piece of req) text += piece;
  return text ? JSON.parse(text) : {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, email, password } = await start({ port: Number(process.env.PORT ?? 8787), delay: Number(process.env.DELAY ?? 0) });
  console.log(`${url}  ${email}  ${password}`);
}
