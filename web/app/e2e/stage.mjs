// What stands in the house while pictures are taken: the demo's people with a little
// more to say, in the language of the picture.
import assert from 'node:assert/strict';
import { numbers } from './house.mjs';

// The demo has three phones; these customers are invented like them.
const more = [
  { id: 'clara', name: 'Clara Beispiel-Hohenstein', phone: '+49 1570 0000011' },
  { id: 'deniz', name: 'Deniz Muster', phone: '+49 1570 0000012' },
  { id: 'emil', name: 'Emil Muster', phone: '+49 1570 0000013' },
  { id: 'fatma', name: 'Fatma Beispiel', phone: '+49 1570 0000014' },
  { id: 'greta', name: 'Greta Muster', phone: '+49 1570 0000015' },
  { id: 'henry', name: 'Henry Example', phone: '+44 7700 900016' },
  { id: 'ines', name: 'Ines Beispiel', phone: '+49 1570 0000017' },
  { id: 'jakob', name: 'Jakob Muster', phone: '+49 1570 0000018' },
  { id: 'lea', name: 'Lea Muster', phone: '+49 1570 0000019' },
];

const words = {
  de: {
    emil: 'Ab wann gilt die neue Prämie?',
    deniz: 'Die eVB-Nummer ist angekommen, vielen Dank.',
    denizAnswer: 'Gern geschehen.',
    fatma: 'Kann ich den Vertrag auf meine neue Anschrift ändern?',
    greta: 'Mein Auto ist verkauft. Was muss ich tun?',
    henry: 'Hello, do you speak English?',
    ines: 'Danke für die schnelle Hilfe gestern.',
    jakob: 'Brauche ich für die Ummeldung eine neue Nummer?',
    lea: 'Welche Unterlagen fehlen noch für den Glasschaden?',
    clara: 'Die Werkstatt fragt nach der Schadennummer.',
    claraAnswer: 'Gern: Sie steht oben rechts auf unserem Schreiben vom Montag.',
    story: [
      'Guten Tag, mir ist auf dem Parkplatz jemand in die Seite gefahren. Die Tür lässt sich nicht mehr öffnen.',
      'Das tut uns leid. Ist jemand verletzt?\n\nBitte senden Sie uns das Kennzeichen des anderen Fahrzeugs.',
      'Zum Glück nicht. Das Kennzeichen steht auf dem Zettel, den er mir gegeben hat.',
      'Danke, das genügt uns. Sie können die Werkstatt Ihrer Wahl beauftragen. Die Freigabe gilt bis *1.840 €*.',
      'Muss ich in Vorleistung gehen?',
    ],
    note: 'Gegner ist bei uns versichert, Schuldfrage klar. Gutachter nicht nötig.',
    handover: 'Bitte die Werkstatt bestätigen, ich bin ab Mittag im Termin.',
    draft: 'Nein. Die Werkstatt rechnet direkt mit uns ab, ',
    ben: [
      'Guten Tag, Herr Beispiel. Das tut uns leid. Ist jemand verletzt?',
      'Zum Glück nicht, nur Blech.',
      'Gut. Dann brauchen wir das Kennzeichen des anderen Autos, Ort und Uhrzeit.',
      'K-MU 0001, heute 16:30 Uhr, Musterstraße in Köln.',
      'Danke. Die Schadenmeldung ist angelegt, Sie müssen nichts weiter tun.',
    ],
  },
  en: {
    emil: 'From when is the new premium due?',
    deniz: 'The confirmation number has arrived, thank you.',
    denizAnswer: 'You are welcome.',
    fatma: 'Can I change the contract to my new address?',
    greta: 'I have sold my car. What do I have to do?',
    henry: 'Is roadside assistance included abroad?',
    ines: 'Thank you for the quick help yesterday.',
    jakob: 'Do I need a new number to register the car?',
    lea: 'Which papers are still missing for the broken windscreen?',
    clara: 'The garage asks for the claim number.',
    claraAnswer: 'It is at the top right of our letter from Monday.',
    story: [
      'Hello, somebody drove into the side of my car at the car park. The door does not open any more.',
      'We are sorry to hear that. Is anybody hurt?\n\nPlease send us the number plate of the other car.',
      'Luckily not. The number plate is on the note he gave me.',
      'Thank you, that is enough. You may choose the garage. We cover up to *£1,840*.',
      'Do I have to pay in advance?',
    ],
    note: 'The other driver is insured with us, liability is clear. No assessor needed.',
    handover: 'Please confirm the garage, I am in a meeting from noon.',
    draft: 'No. The garage settles directly with us, ',
  },
};

/**
 * Fills a demo. `as` are the logged-in callers by role, as browser contexts: what
 * agents do goes through the API with their own sessions.
 */
export async function furnish(house, as, tongue) {
  const text = words[tongue];
  for (const customer of more) await house.sim('POST', 'customers', { ...customer, language: tongue });

  const call = async (who, method, path, data) => {
    const answer = await as[who].request.fetch(`${house.url}/api/v1/${path}`, { method, data });
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? null : answer.json();
  };
  const id = async (name) => {
    for (let tries = 0; tries < 100; tries++) {
      const { items } = await call('admin', 'GET', 'conversations?view=all&limit=50');
      const found = items.find(({ contact }) => contact.name === name);
      if (found) return found.id;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${name} did not arrive`);
  };
  let serial = 0;
  const reply = (who, conversation, said) =>
    call(who, 'POST', `conversations/${conversation}/messages`, { client_id: `picture-${++serial}`, kind: 'text', text: said });
  const settled = () => new Promise((done) => setTimeout(done, 700));

  const read = async (conversation) => {
    const { received } = await call('motor', 'GET', `conversations/${conversation}`);
    await call('motor', 'PUT', `conversations/${conversation}/reading`, { position: received });
  };
  const me = (await call('motor', 'GET', 'me')).agent.id;
  const take = (conversation) => call('motor', 'PUT', `conversations/${conversation}/assignment`, { agent: me });

  for (const who of ['emil', 'deniz', 'greta', 'henry', 'fatma', 'ines', 'jakob', 'lea', 'clara']) {
    await house.say(who, text[who], who === 'emil' ? numbers.life : numbers.motor);
  }
  const clara = await id('Clara Beispiel-Hohenstein');
  await take(clara);
  await reply('motor', clara, text.claraAnswer);
  const deniz = await id('Deniz Muster');
  await reply('motor', deniz, text.denizAnswer);
  await call('motor', 'POST', `conversations/${deniz}/closure`, {});
  for (const name of ['Greta Muster', 'Lea Muster', 'Jakob Muster']) await take(await id(name));

  // With the demo's own customer there is something to see on his phone too.
  if ('ben' in text) {
    const ben = await id('Ben Beispiel');
    for (const [turn, said] of text.ben.entries()) {
      if (turn % 2 === 0) await reply('motor', ben, said);
      else await house.say('ben', said);
      await settled();
    }
    await read(ben);
  }

  // The one that is looked at.
  const [first, second, third, fourth, fifth] = text.story;
  await house.sim('POST', 'customers', { id: 'mia', name: 'Mia Beispiel', phone: '+49 1570 0000020', language: tongue });
  await house.say('mia', first);
  const mia = await id('Mia Beispiel');
  await settled();
  await reply('admin', mia, second);
  await settled();
  await house.say('mia', third);
  await settled();
  await call('admin', 'POST', `conversations/${mia}/notes`, { client_id: 'picture-note', text: text.note });
  await call('admin', 'POST', `conversations/${mia}/transfers`, { agent: me, note: text.handover });
  await reply('motor', mia, fourth);
  await settled();
  await house.say('mia', fifth);
  await settled();
  // Read up to the last question: the picture shows where somebody is about to answer.
  await read(clara);
  await read(mia);
  return { mia, draft: text.draft };
}
