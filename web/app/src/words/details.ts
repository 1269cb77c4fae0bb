import type { Words } from './words';

// What a message holds beside its text, and what became of it.
export const details = {
  'message.answers_to': { de: 'Antwort auf', en: 'Answer to' },
  'message.earlier': { de: 'Bearbeitet {time}: frühere Fassungen', en: 'Edited {time}: earlier versions' },
  'message.reaction': { de: 'Reaktion: {name}', en: 'Reaction: {name}' },
  'message.house': { de: 'Unser Haus', en: 'Our house' },
  'message.revoked': { de: 'Vom Absender zurückgenommen, {time}', en: 'Taken back by the sender, {time}' },
  'message.gone': { de: 'Zurückgenommen', en: 'Taken back' },
  'change.reacted': { de: '{name} reagiert mit {emoji}', en: '{name} reacts with {emoji}' },
  'change.unreacted': { de: '{name} nimmt eine Reaktion zurück', en: '{name} takes a reaction back' },
  'change.edited': { de: '{name} hat eine Nachricht geändert', en: '{name} changed a message' },
  'change.revoked': { de: '{name} hat eine Nachricht zurückgenommen', en: '{name} took a message back' },
  'details.geo': { de: 'In der eigenen Karten-App öffnen', en: 'Open in your own maps' },
  'details.answers': { de: 'Antworten im Formular', en: 'Answers in the form' },
  'details.answer': { de: 'Antwort', en: 'Answer' },
  'details.products': { de: 'Bestellt', en: 'Ordered' },
  'details.product': { de: '{quantity} × {id}, je {price} {currency}', en: '{quantity} × {id} at {price} {currency}' },
  'details.referral': { de: 'Kam über eine Anzeige oder einen Beitrag:', en: 'Came by an advertisement or a post:' },
  'details.forwarded': { de: 'Weitergeleitet', en: 'Forwarded' },
  'details.frequently_forwarded': { de: 'Häufig weitergeleitet', en: 'Forwarded many times' },
  'details.system.new_number': {
    de: 'Das WhatsApp-Konto hat jetzt eine andere Nummer. Prüfen Sie, wer schreibt, bevor Sie etwas Vertrauliches sagen.',
    en: 'The WhatsApp account has another number now. Check who is writing before you say anything confidential.',
  },
  'details.system.new_user_id': {
    de: 'WhatsApp hat die Kennung dieses Kontos erneuert. Es ist dieselbe Person.',
    en: 'WhatsApp has renewed the id of this account. It is the same person.',
  },
  'details.system.new_identity': {
    de: 'Die Sicherheitsnummer hat sich geändert, etwa durch ein neues Gerät. Prüfen Sie, wer schreibt, bevor Sie etwas Vertrauliches sagen.',
    en: 'The security code has changed, for example by a new device. Check who is writing before you say anything confidential.',
  },
  'details.system.other': { de: 'WhatsApp meldet eine Änderung am Konto.', en: 'WhatsApp reports a change of the account.' },
  'details.why': {
    de: 'WhatsApp gibt diese Nachricht nicht heraus ({why}). Bitten Sie darum, sie anders zu schicken.',
    en: 'WhatsApp does not hand this message over ({why}). Ask for it to be sent another way.',
  },
  'details.card': { de: 'Kontaktkarte: {name}', en: 'Contact card: {name}' },
  'details.card.own': { de: 'eigene Nummer, von WhatsApp bestätigt', en: 'own number, confirmed by WhatsApp' },
  'details.card.phone': { de: 'Telefon', en: 'Phone' },
  'details.card.email': { de: 'E-Mail', en: 'E-mail' },
  'details.card.address': { de: 'Anschrift', en: 'Address' },
  'details.card.url': { de: 'Website', en: 'Website' },
  'details.card.birthday': { de: 'Geburtstag', en: 'Birthday' },
} as const satisfies Words;
