// What a phone sends beside text, and what can be done with a message that is there.
"use strict";

const emojis = ["👍", "❤️", "😂", "😮", "🙏"];

// ——— the panel behind the plus

const groups = () => [
  [t.files, ["image", "video", "audio", "document", "sticker"]],
  [t.shares, ["location", "contacts", "own", "reaction"]],
  [t.others, ["order", "ad", "once", "often", "poll"]],
];
const nameOf = (kind) => ({ own: t.own, order: t.order, ad: t.ad, once: t.forwardOnce, often: t.forwardOften, poll: t.poll })[kind] || t.kind[kind];

function drawKinds() {
  $("kinds").replaceChildren(...groups().map(([label, kinds]) =>
    el("div", { role: "group", "aria-label": label }, el("span", { class: "small", "aria-hidden": "true" }, label),
      ...kinds.map((kind) => el("button", { type: "button", onclick: () => quick(kind) }, icon(kind), nameOf(kind))))));
}

// message is what a kind of the panel sends; typed is what stands in the field, and becomes the
// caption or the text where there is one. undefined: it is not for this.
const special = {
  own: () => ({ kind: "contacts", payload: ownCard() }),
  order: (typed) => ({ kind: "order", text: typed }),
  ad: (typed) => ({ kind: "text", text: typed || t.typedAd, from_ad: true }),
  once: (typed) => ({ kind: "text", text: typed || t.typedForward, forwarded: "once" }),
  often: (typed) => ({ kind: "text", text: typed || t.typedForward, forwarded: "often" }),
  poll: () => ({ kind: "unsupported" }),
};
const takesText = new Set(["image", "video", "document", "order", "ad", "once", "often"]);

// ownCard is the answer to who asked for the number: WhatsApp vouches for it by its origin.
function ownCard() {
  const p = state.people.get(state.open);
  const phone = p.phone || "+49 1570 0000098";
  return [{ name: { formatted_name: p.name, first_name: p.name.split(" ")[0] }, phones: [{ phone, wa_id: phone.replace(/\D/g, ""), type: "CELL" }], origin: "contact_request" }];
}
const shareOwn = (reply_to) => send({ kind: "contacts", reply_to, payload: ownCard() });

// ——— what becomes of a message

// afterwards folds what later messages did to earlier ones: reactions of both, edits, revocations.
function afterwards(list) {
  const by = new Map();
  const of = (id) => { if (!by.has(id)) by.set(id, { likes: {}, text: null, gone: false }); return by.get(id); };
  for (const m of list) {
    const p = m.payload || {};
    if (m.kind === "reaction") of(p.message_id).likes[m.from] = p.emoji || "";
    if (m.kind === "edit") of(p.original_message_id).text = m.text;
    if (m.kind === "revoke") of(p.original_message_id).gone = true;
  }
  return by;
}
const target = (m) => { const p = m.payload || {}; return p.message_id || p.original_message_id; };
const isAbout = (m) => ["reaction", "edit", "revoke"].includes(m.kind) && state.messages.has(target(m));

// acts are what a person can do with a bubble.
function acts(m, after) {
  const mine = m.from === "customer", liked = after && after.likes.customer;
  const about = (message) => () => send({ reply_to: m.id, ...message });
  const seen = (e) => e.target.open && e.target.scrollIntoView({ block: "nearest" });
  return el("details", { class: "acts", ontoggle: seen }, el("summary", { "aria-label": t.acts, title: t.acts }, "⋯"),
    el("div", { class: "sheet" },
      el("button", { type: "button", onclick: () => replyTo(m) }, t.answer),
      ...emojis.map((e) => el("button", { type: "button", "aria-label": t.react(e), "aria-pressed": String(liked === e), onclick: about({ kind: "reaction", text: liked === e ? "" : e }) }, e)),
      liked ? el("button", { type: "button", onclick: about({ kind: "reaction", text: "" }) }, t.unreact) : null,
      mine && m.kind === "text" ? el("button", { type: "button", onclick: () => startEdit(m, after) }, t.change) : null,
      mine ? el("button", { type: "button", onclick: about({ kind: "revoke" }) }, t.revoke) : null));
}

function startEdit(m, after) {
  replyTo(m);
  state.editing = m;
  $("replyText").textContent = `${t.changing}: ${said(m)}`;
  $("text").value = (after && after.text) || m.text;
}

// notice is a line in the middle of the thread.
const notice = (m, key) => el("li", { class: "day", "data-key": key }, moved(m));
const moved = (m) => ((m.payload || {}).type === "user_changed_user_id" ? t.idMoved : t.numberMoved);

// badges tell where a message came from.
function badges(m) {
  const list = [];
  if (m.forwarded) list.push(el("div", { class: "what" }, icon(m.forwarded), m.forwarded === "often" ? t.forwardOften : t.forwardOnce));
  if (m.from_ad) list.push(el("div", { class: "what" }, icon("ad"), t.fromAd));
  return list;
}

// ——— the phone itself

function listenToPhone() {
  const change = async (phone) => {
    if (await call("PUT", `customers/${encodeURIComponent(state.open)}/phone`, { phone })) {
      $("news").textContent = t.moved;
      $("menu").open = false;
      await loadThread();
    }
  };
  $("moving").addEventListener("submit", (e) => { e.preventDefault(); change(e.target.phone.value).then(() => e.target.reset()); });
  $("rotate").addEventListener("click", () => change(""));
  call("GET", "errors").then((list) => list && $("codes").replaceChildren(...list.items.map(({ code, title }) => el("option", { value: code }, title))));
}
