import type { Words } from '../words';

// Where data goes outside of the house.
export const destinations = {
  'destinations.title': { de: 'Verbindungen nach außen', en: 'Outbound connections' },
  'destinations.lead': {
    de: 'Jede Stelle, die dieses Programm erreichen darf oder erreicht hat: wofür, wem sie gehört und wann zuletzt. Anderes lässt es nicht hinaus.',
    en: 'Every place that this program may reach or has reached: what for, whose it is, and when last. It lets nothing out elsewhere.',
  },
  'destinations.effect': {
    de: 'So prüfen Sie das Verzeichnis gegen das, was wirklich geschieht (Art. 30 Abs. 1 Buchst. d, Art. 32 DSGVO). Nicht dabei sind die eigene Datenbank und die Namensauflösung (DNS).',
    en: 'So you check the register against what really happens (Art. 30(1)(d), 32 GDPR). Not among them are your own database and the resolution of names (DNS).',
  },
  'destinations.list': { de: 'Stellen', en: 'Places' },
  'destinations.host': { de: 'Adresse', en: 'Address' },
  'destinations.purpose': { de: 'Wofür', en: 'What for' },
  'destinations.whatsapp': { de: 'WhatsApp-Nachrichten', en: 'WhatsApp messages' },
  'destinations.proxy': { de: 'Eigener Proxy, über den alles hinausgeht', en: 'Your own proxy, by which everything leaves' },
  'destinations.whose': { de: 'Wem sie gehört', en: 'Whose it is' },
  'destinations.own': { de: 'Eigene Infrastruktur', en: 'Your own infrastructure' },
  'destinations.carried': { de: 'Im Register: {names}', en: 'In the register: {names}' },
  'destinations.unknown': { de: 'Im Register fehlt, wer hier befördert', en: 'The register lacks who carries here' },
  'destinations.inboxes': { de: 'Postfächer', en: 'Inboxes' },
  'destinations.used': { de: 'Zuletzt benutzt', en: 'Last used' },
  'destinations.never': { de: 'Noch nie', en: 'Never yet' },
  'destinations.since': { de: 'seit {day}', en: 'since {day}' },
  'destinations.state': { de: 'Weg', en: 'Way' },
  'destinations.open': { de: 'offen', en: 'open' },
  'destinations.closed': { de: 'geschlossen', en: 'closed' },
  'destinations.none': { de: 'Kein Weg führt hinaus.', en: 'No way leads out.' },
  'destinations.none.next': { de: 'Sobald es ein Postfach gibt, steht sein Anbieter hier.', en: 'As soon as there is an inbox, its provider stands here.' },
} as const satisfies Words;
