// How a bubble shows what is more than text. Text never becomes markup: el builds everything.
"use strict";

// described is what stands in a bubble of such a kind; null: it shows itself by its text.
function described(m) {
  const p = m.payload || {};
  switch (m.kind) {
    case "location":
      return [el("div", { class: "body" }, [p.name, p.address].filter(Boolean).join("\n") || null),
        el("div", { class: "small" }, `${Number(p.latitude).toFixed(5)}, ${Number(p.longitude).toFixed(5)}`)];
    case "contacts":
      return (Array.isArray(p) ? p : []).map(card);
    case "order":
      return [...(p.text ? [el("div", { class: "body" }, p.text)] : []), ...(p.product_items || []).map((item) =>
        el("div", { class: "body" }, t.pieces(item.quantity, item.product_retailer_id, money(item))))];
    case "template":
      return framed(m, m.template || {});
    case "interactive":
      return m.from === "business" ? offered(m) : [el("div", { class: "body" }, chosen(p))];
    case "unsupported":
      return [el("div", { class: "small" }, p.type === "poll" ? t.poll : p.type || "")];
    case "text":
      return [el("div", { class: "body" }, ...linked(m.text)), preview(m)];
  }
  return null;
}

const money = ({ item_price, currency }) => {
  try { return format_(currency).format(item_price); } catch { return `${item_price} ${currency}`; }
};
const format_ = (currency) => new Intl.NumberFormat(lang, { style: "currency", currency });

function card(c) {
  const lines = [c.org && c.org.company, ...(c.phones || []).map((x) => x.phone), ...(c.emails || []).map((x) => x.email), ...(c.urls || []).map((x) => x.url)].filter(Boolean);
  return el("div", { class: "card" }, el("strong", {}, (c.name || {}).formatted_name || ""),
    ...lines.map((line) => el("div", { class: "small" }, line)), c.origin === "contact_request" ? el("div", { class: "small" }, t.ownNumber) : null);
}

function chosen(p) {
  const reply = p.button_reply || p.list_reply;
  if (reply) return reply.title;
  if (!p.nfm_reply) return t.kind.interactive;
  try {
    const { flow_token, ...answers } = JSON.parse(p.nfm_reply.response_json);
    return [t.filled, ...Object.values(answers)].join("\n");
  } catch { return t.filled; }
}

// linked makes whole web addresses in a text links.
function linked(text) {
  return String(text || "").split(/(https?:\/\/[^\s<>"]+)/).map((part, i) => (i % 2 ? link(part, part) : part));
}

const link = (href, label, attributes) => el("a", { href, target: "_blank", rel: "noopener noreferrer", ...attributes }, label);
const addressOf = (text) => { try { const u = new URL(text); return /^https?:$/.test(u.protocol) ? u : null; } catch { return null; } };

// preview is the box that WhatsApp draws of the first link; the page behind it is not asked.
function preview(m) {
  const first = m.payload && m.payload.preview_url && /https?:\/\/[^\s<>"]+/.exec(m.text || "");
  const at = first && addressOf(first[0]);
  return at ? el("div", { class: "preview" }, el("strong", {}, at.hostname), el("div", { class: "small" }, at.pathname === "/" ? "" : at.pathname)) : null;
}

// ——— interactive messages and templates

function offered(m) {
  const { header, footer, action = {} } = m.payload, p = action.parameters || {};
  const parts = [];
  if (header) parts.push(header.type === "text" ? el("div", { class: "heading" }, header.text) : fileAbove(header.type, (header[header.type] || {}).id, (header[header.type] || {}).filename));
  if (m.text) parts.push(el("div", { class: "body" }, ...linked(m.text)));
  if (footer) parts.push(el("div", { class: "small" }, footer.text));
  const choices = [];
  for (const b of action.buttons || []) choices.push(tap(b.reply.title, () => answer(m, "button_reply", b.reply)));
  if (action.sections) choices.push(sections(m, action));
  if (m.payload.type === "cta_url") choices.push(outward(p.display_text, p.url));
  if (m.payload.type === "flow") choices.push(flow(m, p.flow_cta || t.fill, p.flow_token));
  if (m.payload.type === "location_request_message") choices.push(tap(t.sendPlace, () => send({ kind: "location", reply_to: m.id })));
  if (m.payload.type === "contact_request") choices.push(tap(t.sharePhone, () => shareOwn(m.id)));
  return [...parts, el("div", { class: "choices" }, ...choices)];
}

function framed(m, view) {
  const parts = [];
  if (view.header_kind === "text") parts.push(el("div", { class: "heading" }, view.header));
  else if (view.header_kind) parts.push(fileAbove(view.header_kind, view.media, view.header));
  parts.push(el("div", { class: "body" }, ...linked(m.text)));
  if (view.footer) parts.push(el("div", { class: "small" }, view.footer));
  const buttons = (view.buttons || []).map((b) => {
    switch (b.kind) {
      case "url": return outward(b.text, b.value);
      case "copy_code": return tap(t.copy(b.value), async () => { await navigator.clipboard.writeText(b.value); $("news").textContent = t.copied; });
      case "flow": return flow(m, b.text, b.value);
      case "request_contact_info": return tap(b.text || t.sharePhone, () => shareOwn(m.id));
      default: return tap(b.text, () => send({ kind: "button", text: b.text, reply_to: m.id, payload: { payload: b.value || b.text, text: b.text } }));
    }
  });
  return buttons.length ? [...parts, el("div", { class: "choices" }, ...buttons)] : parts;
}

function fileAbove(kind, id, name) {
  if (id) return file(kind, "/sim/media/" + id, { caption: name, filename: name }, t.headerFile[kind] || kind)[0];
  return el("div", { class: "what" }, icon(kind), [t.headerFile[kind] || kind, name].filter(Boolean).join(": "));
}

const tap = (label, onclick) => el("button", { type: "button", onclick }, label);
const answer = (m, type, option) => send({ kind: "interactive", text: option.title, reply_to: m.id, payload: { type, [type]: option } });

// outward leads to a page; an end of an address alone leads nowhere.
function outward(label, address) {
  const at = addressOf(address);
  return at ? link(at.href, label, { class: "tap", title: at.href, "aria-label": `${label}, ${t.opens}: ${at.hostname}` }) : el("span", { class: "tap" }, [label, address].filter(Boolean).join(": "));
}

function sections(m, action) {
  return el("details", { class: "list" }, el("summary", {}, action.button || t.choose), ...action.sections.map((s) =>
    el("div", { role: "group", "aria-label": s.title || action.button }, s.title ? el("div", { class: "small" }, s.title) : null,
      ...s.rows.map((row) => el("button", { type: "button", onclick: () => answer(m, "list_reply", row) }, row.title, row.description ? el("span", { class: "small" }, row.description) : null)))));
}

// flow is a form within the chat, with two fields of its own: what it asks for is the business's.
function flow(m, label, token) {
  const form = el("form", { onsubmit: (e) => {
    e.preventDefault();
    const answers = { flow_token: token || "unused", [t.fillIn]: form.said.value, [t.fillDay]: form.day.value };
    send({ kind: "interactive", reply_to: m.id, payload: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: JSON.stringify(answers) } } });
  } },
  el("label", {}, el("span", {}, t.fillIn), el("input", { name: "said", required: true, maxlength: 200 })),
  el("label", {}, el("span", {}, t.fillDay), el("input", { name: "day", type: "date" })),
  el("button", { type: "submit" }, t.fillSend));
  return el("details", { class: "list" }, el("summary", {}, label), form);
}
