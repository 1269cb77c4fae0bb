import type { Words } from '../words';

// What the gate refused, and why.
export const refusals = {
  'refusals.title': { de: 'Ablehnungen', en: 'Refusals' },
  'refusals.lead': {
    de: 'Was die Schranke nicht hinausgelassen hat: wann, in welchem Postfach, aus welchen Gründen und was geholfen hätte. Texte stehen hier keine.',
    en: 'What the gate did not let out: when, in which inbox, for which reasons, and what would have helped. No texts stand here.',
  },
  'refusals.effect': {
    de: 'So sehen Sie, ob die Regeln greifen und wo etwas fehlt (Art. 5 Abs. 2, Art. 24 DSGVO). Das Lesen hier wird protokolliert.',
    en: 'So you see whether the rules work and where something is missing (Art. 5(2), 24 GDPR). Reading here is recorded.',
  },
  'refusals.entries': { de: 'Abgelehnte Nachrichten', en: 'Refused messages' },
  'refusals.filter': { de: 'Ablehnungen eingrenzen', en: 'Narrow the refusals' },
  'refusals.filter.reason': { de: 'Grund', en: 'Reason' },
  'refusals.filter.reason.all': { de: 'alle Gründe', en: 'all reasons' },
  'refusals.filter.inbox': { de: 'Postfach', en: 'Inbox' },
  'refusals.filter.inbox.all': { de: 'alle Postfächer', en: 'all inboxes' },
  'refusals.at': { de: 'Wann', en: 'When' },
  'refusals.inbox': { de: 'Postfach', en: 'Inbox' },
  'refusals.who': { de: 'Wer senden wollte', en: 'Who wanted to send' },
  'refusals.for': { de: 'Wofür', en: 'What for' },
  'refusals.reasons': { de: 'Gründe', en: 'Reasons' },
  'refusals.sending': { de: 'erst beim Versand abgelehnt', en: 'refused only when it was to be sent' },
  'refusals.none': { de: 'Keine Ablehnungen.', en: 'No refusals.' },
  'refusals.none.next': { de: 'In dieser Auswahl hat die Schranke nichts abgelehnt.', en: 'Within this selection the gate refused nothing.' },
  'refusals.count': { de: '{count} Ablehnungen angezeigt', en: '{count} refusals shown' },
  'class.service': { de: 'Service', en: 'Service' },
  'class.transactional': { de: 'Vertrag oder Schaden', en: 'Contract or claim' },
  'class.advertising': { de: 'Werbung', en: 'Advertising' },
} as const satisfies Words;
