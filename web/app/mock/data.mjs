// A few invented matters, so that every state of the screens can be looked at.
import { randomUUID } from 'node:crypto';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const iso = (at) => new Date(at).toISOString();

export function sample(now = Date.now()) {
  const life = { id: randomUUID(), name: 'Muster Leben AG' };
  const motor = { id: randomUUID(), name: 'Muster Versicherung AG' };
  const agent = { id: randomUUID(), name: 'Ben Beispiel', email: 'ben@example.org', role: 'agent' };
  const inbox = (name, controller) => ({ id: randomUUID(), name, controller: controller.id, channel: 'whatsapp', paused: null });
  const inboxes = [inbox('Kfz-Schaden', motor), inbox('Hausrat', motor), inbox('Lebensversicherung Bestand', life)];
  const controllerOf = (box) => (box.controller === life.id ? life : motor);
  const conversations = new Map();
  const messages = new Map();

  function conversation(name, identity, box, extra = {}) {
    const made = {
      id: randomUUID(),
      inbox: { id: box.id, name: box.name },
      controller: controllerOf(box),
      contact: { id: randomUUID(), name, identity },
      opened_at: iso(now - 3 * day),
      last_at: iso(now),
      last: null,
      window: { open: false, until: null },
      assignee: null,
      closed_at: null,
      ...extra,
    };
    conversations.set(made.id, made);
    messages.set(made.id, []);
    return made;
  }

  function message(of, direction, at, text, extra = {}) {
    const list = messages.get(of.id);
    const made = {
      id: randomUUID(),
      conversation: of.id,
      direction,
      kind: 'text',
      text,
      status: direction === 'in' ? 'received' : 'read',
      at: iso(at),
      external_at: iso(at),
      thread_at: iso(at),
      late: false,
      position: list.length + 1,
      author: direction === 'out' ? { id: agent.id, name: agent.name, kind: 'agent' } : null,
      failure: null,
      ...extra,
    };
    list.push(made);
    settle(of, made);
    return made;
  }

  function settle(of, made) {
    of.last_at = made.at;
    of.last = { direction: made.direction, kind: made.kind, text: made.text };
    if (made.direction === 'in') {
      const until = Date.parse(made.external_at) + day;
      of.window = { open: until > now, until: iso(until) };
    }
  }

  const mine = { id: agent.id, name: agent.name };
  const anna = conversation('Anna Muster', '+49 ••• 34', inboxes[0], { assignee: mine });
  for (let i = 0; i < 120; i++) {
    const at = now - 3 * day + i * 11 * minute;
    if (i % 3 === 2) message(anna, 'out', at, `Vielen Dank, wir haben die Unterlage Nummer ${i} erhalten und legen sie zu Ihrem Vorgang.`);
    else message(anna, 'in', at, i % 4 ? `Hier kommt die Unterlage Nummer ${i}.` : 'Ich hätte dazu noch eine Frage: Reicht die Kopie der Rechnung aus der Werkstatt, oder brauchen Sie das Original?');
  }
  message(anna, 'in', now - 26 * hour, 'Guten Tag, mir ist auf dem Parkplatz jemand in die Seite gefahren. Die Tür lässt sich nicht mehr öffnen.');
  message(anna, 'in', now - 26 * hour + 2 * minute, 'So sieht es aus.', { kind: 'image' });
  message(anna, 'out', now - 25 * hour, 'Guten Tag Frau Muster, das tut uns leid. Ist jemand verletzt?\n\nBitte senden Sie uns auch das Kennzeichen des anderen Fahrzeugs.', { status: 'read' });
  message(anna, 'in', now - 3 * hour, 'Zum Glück nicht. Das Kennzeichen steht auf dem Zettel, den er mir gegeben hat.');
  message(anna, 'in', now - 3 * hour + minute, '', { kind: 'document', late: true, external_at: iso(now - 5 * hour), thread_at: iso(now - 3 * hour + minute) });
  message(anna, 'out', now - 2.5 * hour, 'Danke, das genügt uns. Sie können die Werkstatt Ihrer Wahl beauftragen.', { status: 'delivered' });
  message(anna, 'out', now - 40 * minute, 'Die Freigabe über 1.840 € ist erteilt.', { status: 'sent' });

  const number = conversation('', '+49 ••• 07', inboxes[1]);
  message(number, 'in', now - 22.6 * hour, 'Bei uns ist heute Nacht die Waschmaschine ausgelaufen, das Wasser steht bis in den Flur. Was müssen wir jetzt tun?');

  const doubt = conversation('Ben Beispiel-Hohenwestedt-Schmidtbauer', '+43 ••• 81', inboxes[2], { assignee: mine });
  message(doubt, 'in', now - 5 * hour, 'Bitte senden Sie mir die Standmitteilung für dieses Jahr.');
  message(doubt, 'out', now - 4.5 * hour, 'Die Standmitteilung ist unterwegs zu Ihnen.', { status: 'in_doubt' });
  message(doubt, 'out', now - 4.4 * hour, 'Haben Sie sie erhalten?', {
    status: 'failed',
    failure: {
      code: 'undeliverable',
      provider_code: 131026,
      sentence: { de: 'WhatsApp konnte die Nachricht nicht zustellen.', en: 'WhatsApp could not deliver the message.' },
      helps: { de: 'Versuchen Sie es später noch einmal oder rufen Sie an.', en: 'Try again later, or telephone.' },
    },
  });
  message(doubt, 'out', now - 4.3 * hour, 'Wir prüfen das gerade.', { status: 'queued' });

  const past = conversation('Anna Muster', '+49 ••• 34', inboxes[2]);
  message(past, 'in', now - 4 * day, 'Ich möchte meine Adresse ändern.');
  message(past, 'out', now - 4 * day + hour, 'Gern. Wie lautet die neue Anschrift?');

  const closed = conversation('', '+49 ••• 55', inboxes[0], { closed_at: iso(now - 6 * day), assignee: mine });
  message(closed, 'in', now - 8 * day, 'Vielen Dank für die schnelle Hilfe.');
  message(closed, 'out', now - 8 * day + hour, 'Gern geschehen. Alles Gute.');

  for (let i = 0; i < 60; i++) {
    const one = conversation('', `+49 ••• ${String(10 + i)}`, inboxes[i % 3], { assignee: i % 5 ? null : mine });
    message(one, 'in', now - (7 + i * 1.3) * hour, ['Wann wird die Rechnung abgebucht?', 'Ich brauche eine Bestätigung für mein Fahrzeug.', 'Wie melde ich einen Schaden am Fahrrad?'][i % 3]);
  }

  return { agent, controllers: [motor, life], inboxes, conversations, messages, message, settle };
}
