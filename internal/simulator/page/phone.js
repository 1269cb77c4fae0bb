// The phones of the simulator. Plain script, no framework: one state that events
// change, and functions that draw a part of it anew, at most once per frame.
"use strict";

const words = {
  de: {
    title: "Telefone", clock: "Uhr der Simulation", people: "Kundinnen und Kunden", phone: "Telefon", menu: "Verhalten dieses Telefons",
    nobody: "Noch niemand da. Legen Sie jemanden an, der schreiben kann.", pick: "Wählen Sie links ein Telefon.",
    add: "Telefon hinzufügen", name: "Name", reach: "Erreichbar über", byPhone: "Telefonnummer", byUsername: "nur Benutzername",
    usernameHint: "Benutzername, a–z 0–9 . _", addNow: "Hinzufügen", faults: "Störungen", faultKind: "Was mit der nächsten Antwort geschieht",
    faultCode: "Fehlercode", faultTimes: "Wie oft", faultAdd: "Stören", faultClear: "Alle Störungen beenden", webhooks: "Webhooks",
    paused: "Zustellung anhalten", late: "Ablehnungen erst als Status", duplicate: "Anteil doppelter Zustellungen (0 bis 1)",
    shuffle: "Durcheinander, bis zu … ms", batch: "Meldungen je Zustellung", redeliver: "Alles noch einmal zustellen",
    redelivered: (n) => `${n} Zustellungen werden wiederholt.`, back: "Zurück zur Liste", offline: "Kein Netz", blocked: "Nicht mehr auf WhatsApp",
    reads: "Liest, was offen ist", to: "Schreibt an", typing: "schreibt …", replyOff: "Nicht antworten auf", kinds: "Andere Arten von Nachrichten",
    more: "Andere Arten von Nachrichten", write: "Nachricht", send: "Senden", thread: "Unterhaltung", answer: "Antworten",
    live: "Verbunden", waiting: "Verbindet …", off: "Keine Verbindung", today: "Heute", yesterday: "Gestern", unread: (n) => `${n} ungelesen`,
    empty: "Schreiben Sie die erste Nachricht. Sie geht als Webhook an das Unternehmen.", news: (who, what) => `Neue Nachricht von ${who}: ${what}`,
    accepted: "Unterwegs zum Unternehmen", delivered: "Beim Unternehmen angekommen", read: "Vom Unternehmen gelesen",
    far: "noch nicht auf dem Telefon", failed: (code) => `Nicht zugestellt (${code})`, sent: "gesendet", you: "Sie", quoted: "Antwort auf", reacted: "Reaktion",
    username: "Nummer verborgen", needMessage: "Erst wenn das Unternehmen etwas geschrieben hat, kann darauf reagiert werden.", times: (n) => (n < 0 ? "bis auf Weiteres" : `noch ${n}-mal`),
    kind: { image: "Bild", location: "Standort", audio: "Sprachnachricht", document: "Dokument", reaction: "Reaktion 👍", video: "Video", sticker: "Sticker", contacts: "Kontakt", template: "Vorlage", interactive: "Auswahl", unsupported: "Nicht unterstützt", system: "Hinweis", revoke: "Gelöscht", edit: "Geändert", button: "Antwort" },
    caption: "Der Schaden von vorn", fault: { error: "Ablehnung mit Fehlercode", http_500: "Serverfehler 500", token_invalid: "Zugangstoken ungültig (190)", cut_before_read: "Verbindung bricht vor der Annahme ab", timeout_after_accept: "Angenommen, Antwort geht verloren", slow: "Antwort kommt spät (5 s)", status_before_response: "Status kommt vor der Antwort", fail_status: "Angenommen, Status „fehlgeschlagen“", late_status: "Status kommt spät (30 s)" },
  },
  en: {
    title: "Phones", clock: "Clock of the simulation", people: "Customers", phone: "Phone", menu: "How this phone behaves",
    nobody: "Nobody here yet. Add somebody who can write.", pick: "Choose a phone on the left.",
    add: "Add a phone", name: "Name", reach: "Reachable by", byPhone: "Phone number", byUsername: "username only",
    usernameHint: "Username, a–z 0–9 . _", addNow: "Add", faults: "Faults", faultKind: "What happens to the next answer",
    faultCode: "Error code", faultTimes: "How often", faultAdd: "Disturb", faultClear: "End all faults", webhooks: "Webhooks",
    paused: "Hold deliveries back", late: "Tell refusals by status only", duplicate: "Share of duplicate deliveries (0 to 1)",
    shuffle: "Shuffle, up to … ms", batch: "Items per delivery", redeliver: "Deliver everything again",
    redelivered: (n) => `${n} deliveries are being repeated.`, back: "Back to the list", offline: "No network", blocked: "Not on WhatsApp any more",
    reads: "Reads what is open", to: "Writes to", typing: "is typing …", replyOff: "Do not reply to it", kinds: "Other kinds of messages",
    more: "Other kinds of messages", write: "Message", send: "Send", thread: "Conversation", answer: "Reply",
    live: "Connected", waiting: "Connecting …", off: "No connection", today: "Today", yesterday: "Yesterday", unread: (n) => `${n} unread`,
    empty: "Write the first message. It goes to the business as a webhook.", news: (who, what) => `New message from ${who}: ${what}`,
    accepted: "On its way to the business", delivered: "Reached the business", read: "Read by the business",
    far: "not on the phone yet", failed: (code) => `Not delivered (${code})`, sent: "sent", you: "You", quoted: "Reply to", reacted: "Reaction",
    username: "number hidden", needMessage: "There is nothing to react to until the business has written.", times: (n) => (n < 0 ? "until ended" : `${n} more`),
    kind: { image: "Picture", location: "Location", audio: "Voice message", document: "Document", reaction: "Reaction 👍", video: "Video", sticker: "Sticker", contacts: "Contact", template: "Template", interactive: "Choice", unsupported: "Not supported", system: "Notice", revoke: "Deleted", edit: "Edited", button: "Answer" },
    caption: "The damage from the front", fault: { error: "Refusal with an error code", http_500: "Server error 500", token_invalid: "Access token invalid (190)", cut_before_read: "Connection cut before acceptance", timeout_after_accept: "Accepted, answer lost", slow: "Answer is slow (5 s)", status_before_response: "Status comes before the answer", fail_status: "Accepted, status “failed”", late_status: "Status comes late (30 s)" },
  },
};
for (const language of Object.keys(words)) {
  const { kinds_, ...others } = more[language];
  Object.assign(words[language], others);
  Object.assign(words[language].kind, kinds_);
  Object.assign(words[language].fault, { media: others.media, media_altered: others.altered });
}
const lang = (navigator.languages || [navigator.language]).map((l) => l.slice(0, 2)).find((l) => words[l]) || "en";
const t = words[lang];
const icons = {
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01", location: "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 10h.01",
  audio: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4", document: "M6 3h8l4 4v14H6zM14 3v4h4",
  reaction: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10h.01M15 10h.01M8.5 14.5a4.5 4.5 0 0 0 7 0", other: "M5 5h14v11H9l-4 4z",
  ...moreIcons,
  accepted: "M5 12.5l4 4L18 7", delivered: "M1.5 12.5l4.5 4.5L15.5 7M11 15.5l1.5 1.5L22 7",
};

const $ = (id) => document.getElementById(id);
const wide = matchMedia("(min-width: 720px)");
const state = { numbers: [], people: new Map(), open: null, number: "", messages: new Map(), offset: 0, typing: new Map(), faults: [], settings: {}, replyTo: null, editing: null };
const reads = new Set(); // customers that do not read what is open

// el builds an element; text never becomes markup.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c != null && c !== false));
  return node;
}

function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icons[name] || icons.other);
  svg.append(path);
  return svg;
}

async function call(method, path, body) {
  try {
    const answer = await fetch("/sim/" + path, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) });
    const value = await answer.json();
    if (!answer.ok) throw new Error(value.error);
    $("trouble").hidden = true;
    return value;
  } catch (err) {
    trouble(err.message.replace(/^simulator: /, ""));
    return null;
  }
}

let troubleTimer;
function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = false;
  clearTimeout(troubleTimer);
  troubleTimer = setTimeout(() => { $("trouble").hidden = true; }, 8000);
}

// soon draws a part once in the next frame, however many events ask for it.
const due = new Set();
function soon(draw) {
  if (due.size === 0) setTimeout(() => { const now = [...due]; due.clear(); now.forEach((f) => f()); }, 16);
  due.add(draw);
}

const format = (options) => new Intl.DateTimeFormat(lang, options);
const hour = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = format({ weekday: "short", day: "numeric", month: "long" });
const full = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const now = () => Date.now() + state.offset;

function dayName(at) {
  const midnight = (ms) => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now()) - midnight(at)) / 86400000);
  return days === 0 ? t.today : days === 1 ? t.yesterday : day.format(at);
}

// said is a message in one line.
function said(m) {
  const label = t.kind[m.kind];
  if (m.kind === "reaction") return `${t.reacted} ${m.text || ""}`;
  if (m.kind === "system") return moved(m);
  return m.text || (m.payload && m.payload.name) || label || m.kind;
}

// ——— the list of phones

function drawPeople() {
  const list = $("people");
  const rows = [...state.people.values()].map((p) => {
    if (!p.row) p.row = el("li");
    const unread = p.base + p.unread.size;
    const key = JSON.stringify([p.name, p.phone, unread, p.last && [p.last.id, p.last.status], p.id === state.open]);
    if (p.drawn === key) return p.row;
    p.drawn = key;
    const initials = p.name.split(/\s+/).map((w) => [...w][0]).slice(0, 2).join("").toUpperCase();
    p.row.replaceChildren(el("a", { class: "person", href: "#" + encodeURIComponent(p.id), "aria-current": p.id === state.open && "true" },
      el("span", { class: "face", "aria-hidden": "true" }, initials),
      el("span", {}, el("span", { class: "name" }, p.name), el("span", { class: "last" }, p.last ? (p.last.from === "customer" ? t.you + ": " : "") + said(p.last) : p.phone || "@" + p.username)),
      el("span", { class: "when" }, p.last ? hour.format(p.last.at) : "", unread ? el("br") : null,
        unread ? el("span", { class: "count", "aria-label": t.unread(unread) }, String(unread)) : null)));
    return p.row;
  });
  if (rows.length !== list.children.length || rows.some((r, i) => list.children[i] !== r)) {
    const active = document.activeElement;
    list.replaceChildren(...rows);
    if (active && list.contains(active)) active.focus();
  }
  $("nobody").hidden = rows.length > 0;
}

function meet(view) {
  const old = state.people.get(view.id);
  if (!old && state.people.size >= 200) return; // a burst's thousands stay out of the list
  const base = Object.values(view.unread || {}).reduce((a, b) => a + b, 0);
  state.people.set(view.id, { ...view, base, unread: new Set(), row: old && old.row, drawn: null });
  if (view.id === state.open) soon(drawHead);
  soon(drawPeople);
}

// ——— one phone

async function openFromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  const known = state.people.has(id) ? id : wide.matches ? [...state.people.keys()][0] : null;
  const changed = known !== state.open;
  state.open = known || null;
  document.body.classList.toggle("open", Boolean(known));
  $("phone").hidden = !known;
  $("pick").hidden = Boolean(known) || state.people.size === 0;
  soon(drawPeople);
  if (!known) return;
  if (changed) { replyTo(null); $("menu").open = false; $("thread").replaceChildren(); }
  if (!state.numbers.some((n) => n.phone_number_id === state.number)) {
    const last = state.people.get(known).last;
    state.number = last ? last.number : (state.numbers[0] || {}).phone_number_id || "";
  }
  drawHead();
  await loadThread();
  if (changed && wide.matches === false) $("text").blur();
}

async function loadThread() {
  const { open, number } = state;
  if (!open || !number) return;
  const answer = await call("GET", `customers/${encodeURIComponent(open)}/messages?number=${number}`);
  if (!answer || open !== state.open || number !== state.number) return;
  state.messages = new Map(answer.items.map((m) => [m.id, m]));
  drawThread(true);
  look();
}

function drawHead() {
  const p = state.people.get(state.open);
  if (!p) return;
  $("who").textContent = p.name;
  $("whose").textContent = p.username ? `@${p.username} · ${p.phone || t.username}` : p.phone;
  const form = $("behaviour");
  form.offline.checked = p.behaviour.offline;
  form.blocked.checked = p.behaviour.blocked;
  form.reads.checked = !reads.has(p.id);
  const select = $("number");
  select.replaceChildren(...state.numbers.map((n) => el("option", { value: n.phone_number_id }, n.verified_name)));
  select.value = state.number;
  const until = state.typing.get(state.open + state.number) || 0;
  $("typing").hidden = until <= now();
  if (until > now()) setTimeout(() => soon(drawHead), Math.min(until - now() + 50, 26000));
}

// drawThread brings the bubbles up to date: unchanged ones stay as they are.
function drawThread(toEnd) {
  const thread = $("thread");
  const atEnd = toEnd || state.replyTo || thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  const list = [...state.messages.values()].sort((a, b) => a.at - b.at);
  const after = afterwards(list);
  const old = new Map([...thread.children].map((n) => [n.dataset.key, n]));
  const held = holding(thread);
  const nodes = [];
  let lastDay = "";
  for (const m of list) {
    if (isAbout(m)) continue;
    const name = dayName(m.at);
    if (name !== lastDay) nodes.push(old.get("day " + name) || el("li", { class: "day", "data-key": "day " + name }, name));
    lastDay = name;
    const then = after.get(m.id), key = m.id + shownAs(m) + JSON.stringify(then || "");
    nodes.push(old.get(key) || (m.kind === "system" ? notice(m, key) : bubble(m, key, then)));
  }
  if (nodes.length === 0) nodes.push(el("li", { class: "empty", "data-key": "empty" }, t.empty));
  nodes.forEach((n, i) => { if (thread.children[i] !== n) thread.insertBefore(n, thread.children[i] || null); });
  while (thread.children.length > nodes.length) thread.lastChild.remove();
  if (held && !held.node.isConnected) holdAgain(held);
  if (atEnd) thread.scrollTop = thread.scrollHeight;
}

// shownAs is what of a message's state its bubble shows.
function shownAs(m) {
  if (m.from === "customer" || m.status === "failed") return m.status;
  return m.status === "accepted" || m.status === "sent" ? "far" : "";
}

// holding is where somebody is in the thread: which bubble, which of its controls, its menu open.
const controls = "summary, button, a, input";
function holding(thread) {
  const active = thread.contains(document.activeElement) ? document.activeElement : null;
  const node = (active || thread.querySelector(".acts[open]") || thread).closest("li");
  if (!node) return null;
  return { node, id: node.dataset.id, at: active ? [...node.querySelectorAll(controls)].indexOf(active) : -1, open: Boolean(node.querySelector(".acts[open]")) };
}

// holdAgain puts them there in the bubble that was drawn anew.
function holdAgain({ id, at, open }) {
  const again = [...$("thread").children].find((n) => n.dataset.id === id);
  const menu = again && again.querySelector(".acts");
  if (menu) menu.open = open;
  const control = again && (again.querySelectorAll(controls)[at] || null);
  if (control) control.focus();
}

function bubble(m, key, after) {
  const gone = Boolean(after && after.gone), like = after && !gone && Object.values(after.likes).filter(Boolean).join(" ");
  const mine = m.from === "customer";
  const far = !mine && (m.status === "accepted" || m.status === "sent") && m.kind !== "reaction";
  const quoted = m.reply_to && state.messages.get(m.reply_to);
  const classes = ["bubble", mine ? "mine" : "theirs", far && "far", m.status === "failed" && "failed", like && "has-like"].filter(Boolean);
  return el("li", { class: classes.join(" "), "data-key": key, "data-id": m.id },
    ...badges(m),
    quoted && !gone && m.kind !== "reaction" ? el("span", { class: "quote" }, el("span", { class: "unseen" }, t.quoted + " "), said(quoted)) : null,
    ...(gone ? [el("div", { class: "small" }, t.revoked)] : content(after && after.text ? { ...m, text: after.text } : m)),
    m.status === "failed" ? el("div", { class: "wrong" }, t.failed(m.error)) : null,
    el("div", { class: "foot" },
      far || gone || m.status === "failed" || m.kind === "reaction" ? null : acts(m, after),
      far ? t.far + " · " : null, after && after.text && !gone ? t.changed + " · " : null, el("time", { datetime: new Date(m.at).toISOString() }, hour.format(m.at)), mine ? tick(m) : null),
    like ? el("span", { class: "liked" }, el("span", { class: "unseen" }, t.reacted + " "), like) : null);
}

function tick(m) {
  const svg = icon(m.status === "accepted" ? "accepted" : "delivered", t[m.status] || m.status);
  svg.setAttribute("class", m.status);
  return svg;
}

function content(m) {
  const what = t.kind[m.kind], parts = [], p = m.payload || {};
  if (m.kind !== "text" && what && m.kind !== "interactive") parts.push(el("div", { class: "what" }, icon(m.kind), m.kind === "reaction" ? t.reacted : what));
  if (p.id) parts.push(...file(m.kind, "/sim/media/" + p.id, p, what));
  const told = described(m);
  if (told) parts.push(...told.filter(Boolean));
  else if (m.text) parts.push(el("div", { class: "body" }, m.text));
  return parts;
}

// file shows a file as the phone would, or hands it out.
function file(kind, src, p, what) {
  switch (kind) {
    case "image": return [el("img", { src, alt: p.caption || what, width: 220, height: 147 })];
    case "sticker": return [el("img", { class: "sticker", src, alt: what, width: 128, height: 128 })];
    case "audio": return [el("audio", { src, controls: "", preload: "none", "aria-label": what })];
    case "video": return [el("video", { src, controls: "", preload: "none", playsinline: "", "aria-label": what })];
    case "document": return [el("a", { class: "document", href: src, download: p.filename || "" }, p.filename || what)];
    default: return [];
  }
}

function replyTo(m) {
  if (state.editing) $("text").value = "";
  [state.replyTo, state.editing] = [m, null];
  $("reply").hidden = !m;
  $("replyText").textContent = m ? said(m) : "";
  if (!m) return;
  for (const menu of $("thread").querySelectorAll(".acts[open]")) menu.open = false;
  drawThread();
  $("text").focus();
}

async function send(message) {
  const answer = await call("POST", `customers/${encodeURIComponent(state.open)}/messages`, { number: state.number, ...message });
  if (answer) { take(answer); drawThread(true); }
  return answer;
}

// look lets the open phone read what has arrived, as somebody holding it would.
let looking;
function look() {
  clearTimeout(looking);
  const p = state.people.get(state.open);
  if (!p || p.behaviour.offline || reads.has(p.id) || document.hidden) return;
  if (![...state.messages.values()].some((m) => m.from === "business" && m.status === "delivered")) return;
  looking = setTimeout(() => call("POST", `customers/${encodeURIComponent(p.id)}/read`, { number: state.number }), 900);
}

// ——— events

const rank = { accepted: 0, sent: 1, delivered: 2, read: 3, failed: 4 };

function take(m) {
  const p = state.people.get(m.customer);
  if (p) {
    if (!p.last || m.at >= p.last.at) p.last = m;
    if (m.from === "business" && m.status === "delivered") p.unread.add(m.id);
    else if (m.from === "business" && m.status === "read" && !p.unread.delete(m.id)) p.base = Math.max(0, p.base - 1);
    soon(drawPeople);
  }
  if (m.customer !== state.open || m.number !== state.number) return;
  const before = state.messages.get(m.id);
  if (before && rank[before.status] > rank[m.status]) return; // an answer older than the event
  state.messages.set(m.id, m);
  if (m.from === "business" && m.status === "delivered") {
    const business = state.numbers.find((n) => n.phone_number_id === m.number);
    $("news").textContent = t.news(business ? business.verified_name : "", said(m));
    look();
  }
  soon(drawThread);
}

async function load() {
  const s = await call("GET", "state");
  if (!s) return;
  state.numbers = s.numbers;
  const present = new Set(s.customers.map((c) => c.id));
  for (const id of [...state.people.keys()]) if (!present.has(id)) state.people.delete(id);
  s.customers.forEach(meet);
  setClock(s.clock.now);
  setFaults(s.faults);
  setSettings(s.settings);
  await openFromAddress();
}

function setClock(ms) { state.offset = ms - Date.now(); drawClock(); }
function drawClock() {
  $("now").textContent = full.format(now());
  $("now").dateTime = new Date(now()).toISOString();
}

function setFaults(list) {
  $("faultCount").hidden = $("faultClear").hidden = list.length === 0;
  $("faultCount").textContent = String(list.length);
  $("faults").replaceChildren(...list.map((f) => el("li", {}, `${t.fault[f.kind] || f.kind}${f.code ? " " + f.code : ""} · ${t.times(f.count < 0 ? -1 : f.count - f.used)}`)));
}

function setSettings(set) {
  const form = $("settings");
  for (const field of form.elements) {
    if (field === document.activeElement && field.type !== "checkbox") continue;
    if (field.type === "checkbox") field.checked = set[field.name]; else field.value = set[field.name];
  }
}

function live(to) { $("live").dataset.state = to; $("live").textContent = t[to]; }

function listen() {
  const source = new EventSource("/sim/events");
  const on = (name, act) => source.addEventListener(name, (e) => act(JSON.parse(e.data)));
  on("hello", () => { live("live"); load(); });
  on("message", take);
  on("customer", meet);
  on("numbers", load);
  on("clock", (c) => { setClock(c.now); soon(drawThread); });
  on("faults", setFaults);
  on("settings", setSettings);
  on("typing", (e) => { state.typing.set(e.customer + e.number, e.until); soon(drawHead); });
  source.onerror = () => live(source.readyState === EventSource.CLOSED ? "off" : "waiting");
}

// ——— what people do

const coded = new Set(["error", "fail_status", "media"]);
const needsCode = () => { $("fault").code.closest("label").hidden = !coded.has($("fault").kind.value); };
const askReach = () => {
  const phone = $("add").by.value === "phone";
  $("reachLabel").textContent = phone ? t.byPhone : t.usernameHint;
  $("add").reach.type = phone ? "tel" : "text";
  $("add").reach.placeholder = phone ? "+49 1570 0000010" : "erika.muster";
};

function listenToPeople() {
  addEventListener("hashchange", openFromAddress);
  wide.addEventListener("change", openFromAddress);
  document.addEventListener("visibilitychange", look);
  for (const b of document.querySelectorAll("[data-advance]")) b.addEventListener("click", () => call("POST", "clock", { advance: b.dataset.advance }));
  $("add").addEventListener("change", askReach);
  $("add").addEventListener("submit", async (e) => {
    e.preventDefault();
    const f = e.target;
    const made = await call("POST", "customers", { name: f.name.value, [f.by.value]: f.reach.value, language: lang });
    if (!made) return;
    meet(made);
    f.reset();
    askReach();
    $("adding").open = false;
    location.hash = encodeURIComponent(made.id);
  });
  $("number").addEventListener("change", (e) => { state.number = e.target.value; replyTo(null); $("thread").replaceChildren(); loadThread(); });
  $("behaviour").addEventListener("change", async (e) => {
    const p = state.people.get(state.open), f = e.currentTarget;
    if (e.target.name === "reads") { if (e.target.checked) reads.delete(p.id); else reads.add(p.id); look(); return; }
    await call("PUT", `customers/${encodeURIComponent(p.id)}/behaviour`, { ...p.behaviour, offline: f.offline.checked, blocked: f.blocked.checked });
  });
  document.addEventListener("click", (e) => { if (!$("menu").contains(e.target)) $("menu").open = false; });
  $("menu").addEventListener("keydown", (e) => { if (e.key === "Escape") { $("menu").open = false; $("menu").querySelector("summary").focus(); } });
  $("replyOff").addEventListener("click", () => { replyTo(null); $("text").focus(); });
  $("more").addEventListener("click", () => { $("kinds").hidden = !$("kinds").hidden; $("more").setAttribute("aria-expanded", String(!$("kinds").hidden)); drawThread(true); });
  $("composer").addEventListener("submit", async (e) => {
    e.preventDefault();
    const text = $("text").value.trim();
    if (!text) return;
    const to = state.replyTo, kind = state.editing ? "edit" : "text";
    replyTo(null);
    $("text").value = "";
    if (!(await send({ kind, text, reply_to: to ? to.id : "" }))) $("text").value = text;
  });
  $("text").addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); $("composer").requestSubmit(); }
    if (e.key === "Escape" && state.replyTo) replyTo(null);
  });
  $("fault").addEventListener("change", needsCode);
  $("fault").addEventListener("submit", (e) => {
    e.preventDefault();
    const f = e.target, kind = f.kind.value;
    call("POST", "faults", { kind, count: Number(f.count.value), code: coded.has(kind) ? Number(f.code.value) : 0,
      customer: f.only.checked && state.open ? state.open : "",
      ms: kind === "slow" ? 5000 : kind === "timeout_after_accept" ? 1000 : 0, status_ms: kind === "late_status" ? 30000 : 0 });
  });
  $("faultClear").addEventListener("click", () => call("DELETE", "faults"));
  $("settings").addEventListener("change", (e) => {
    const f = e.target;
    if (f.validity.valid && (f.type === "checkbox" || f.value !== "")) call("PATCH", "settings", { [f.name]: f.type === "checkbox" ? f.checked : Number(f.value) });
  });
  $("redeliver").addEventListener("click", async () => { const a = await call("POST", "redeliveries"); if (a) $("news").textContent = t.redelivered(a.bodies); });
}

// quick sends a message of another kind; what is typed becomes the caption.
async function quick(kind) {
  const typed = $("text").value.trim();
  const message = { kind, reply_to: state.replyTo ? state.replyTo.id : "", ...(special[kind] && special[kind](typed)) };
  if (message.forwarded) message.reply_to = "";
  if (kind === "reaction") {
    const target = state.replyTo || [...state.messages.values()].filter((m) => m.from === "business" && rank[m.status] >= 2 && m.status !== "failed" && m.kind !== "reaction").pop();
    if (!target) { trouble(t.needMessage); return; }
    message.text = "👍";
    message.reply_to = target.id;
  } else if (takesText.has(kind)) {
    message.text = message.text || typed || (kind === "image" ? t.caption : "");
    $("text").value = "";
  }
  replyTo(null);
  await send(message);
}

document.documentElement.lang = lang;
document.title = t.title;
for (const n of document.querySelectorAll("[data-t]")) n.textContent = t[n.dataset.t];
for (const n of document.querySelectorAll("[data-label]")) n.setAttribute("aria-label", t[n.dataset.label]);
$("faultKind").append(...Object.entries(t.fault).map(([kind, text]) => el("option", { value: kind }, text)));
drawKinds();
$("text").placeholder = t.write;
live("waiting");
askReach();
needsCode();
listenToPeople();
listenToPhone();
listen();
setInterval(drawClock, 5000);
