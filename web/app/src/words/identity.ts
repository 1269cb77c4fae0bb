import type { Words } from './words';

// Who somebody is: another number, another device, the same person known twice.
export const identity = {
  'assurance.new_number': {
    de: 'Neue Telefonnummer seit {time}. Schreibt noch dieselbe Person?',
    en: 'New telephone number since {time}. Is it still the same person?',
  },
  'assurance.new_user_id': {
    de: 'Neues WhatsApp-Konto seit {time}. Schreibt noch dieselbe Person?',
    en: 'New WhatsApp account since {time}. Is it still the same person?',
  },
  'assurance.new_identity': {
    de: 'Neues Gerät seit {time}. Schreibt noch dieselbe Person?',
    en: 'New device since {time}. Is it still the same person?',
  },
  'assurance.hidden': {
    de: 'Nummern werden neu vergeben und Geräte weitergegeben. Was vorher geschrieben wurde, bleibt verborgen, bis Sie geprüft haben, wer schreibt. Nennen Sie bis dahin nichts Persönliches.',
    en: 'Numbers are given to new people and devices change hands. What was written before stays hidden until you have verified who writes. Tell nothing personal until then.',
  },
  'assurance.shown': {
    de: 'Nummern werden neu vergeben und Geräte weitergegeben. Nennen Sie nichts Persönliches, bis Sie geprüft haben, wer schreibt.',
    en: 'Numbers are given to new people and devices change hands. Tell nothing personal until you have verified who writes.',
  },
  'assurance.other': {
    de: 'Unter der neuen Nummer hat schon jemand geschrieben. Ist es dieselbe Person, führen Sie beide zusammen.',
    en: 'Somebody has written by the new number already. If it is the same person, merge the two.',
  },
  'assurance.vouch': { de: 'Identität geprüft …', en: 'Identity verified …' },
  'assurance.split': { de: 'Andere Person …', en: 'Somebody else …' },
  'assurance.merge': { de: 'Zusammenführen', en: 'Merge' },
  'message.hidden': { de: 'Verborgen, bis geprüft ist, wer schreibt.', en: 'Hidden until it is verified who writes.' },

  'vouch.title': { de: 'Dieselbe Person', en: 'The same person' },
  'vouch.what': {
    de: 'Sie bestätigen mit Ihrem Namen, dass es noch dieselbe Person ist. Der frühere Verlauf wird wieder gezeigt. Das wird protokolliert.',
    en: 'You confirm under your name that it still is the same person. The earlier thread is shown again. That is recorded.',
  },
  'vouch.means': { de: 'So habe ich es geprüft', en: 'How I verified it' },
  'vouch.callback': { de: 'Rückruf unter einer früher bekannten Nummer', en: 'Called back on a number known before' },
  'vouch.portal': { de: 'Im Kundenportal angemeldet', en: 'Logged in to the customer portal' },
  'vouch.details': { de: 'Angaben, die nur diese Person kennt', en: 'Details that only this person knows' },
  'vouch.in_person': { de: 'Persönlich', en: 'In person' },
  'vouch.missing': { de: 'Wählen Sie, wie Sie es geprüft haben.', en: 'Choose how you verified it.' },
  'vouch.submit': { de: 'Bestätigen', en: 'Confirm' },
  'vouch.already': { de: 'Das hat inzwischen schon jemand geprüft.', en: 'Somebody has verified it meanwhile.' },
  'vouch.failed': { de: 'Das konnte nicht gespeichert werden. Versuchen Sie es noch einmal.', en: 'This could not be saved. Try again.' },

  'split.title': { de: 'Nicht dieselbe Person', en: 'Not the same person' },
  'split.what': {
    de: 'Was seit {time} geschrieben wurde, geht in eine eigene Konversation mit einer neuen Person über. Die bisherige behält, was vorher war, und wird unter dieser Nummer nicht mehr erreicht. Einwilligungen gehen nicht mit, und die neue Person bekommt die Datenschutzhinweise.',
    en: 'What was written since {time} moves to a conversation of its own with a new contact. The one before keeps what was said earlier and is not reached by this number any more. Consents do not move along, and the new contact is given the privacy notice.',
  },
  'split.final': {
    de: 'Das lässt sich nicht zurücknehmen, höchstens durch Zusammenführen. Es wird mit Ihrem Namen protokolliert.',
    en: 'This cannot be taken back, other than by merging the two. It is recorded under your name.',
  },
  'split.submit': { de: 'Trennen', en: 'Split' },
  'split.underway': {
    de: 'Gerade ist noch eine Nachricht unterwegs, oder jemand war schneller: Versuchen Sie es gleich noch einmal. Wurde seitdem zusammengeführt, heben Sie das zuerst auf.',
    en: 'A message is still on its way, or somebody was faster: try again in a moment. If the two were merged since, undo that first.',
  },
  'split.failed': { de: 'Das ist nicht gelungen. Nichts ist geändert.', en: 'That did not succeed. Nothing is changed.' },

  'block.open': { de: 'Blockieren …', en: 'Block …' },
  'block.title': { de: 'Person blockieren', en: 'Block this person' },
  'block.what': {
    de: 'Was die Person an {inbox} schreibt, kommt nicht mehr an, und niemand kann ihr von dort schreiben. Sie erfährt nichts davon; ihre anderen Wege zu uns bleiben offen. Das wird mit Ihrem Namen festgehalten.',
    en: 'What the person writes to {inbox} does not arrive any more, and nobody can write to them from there. They are not told; their other ways to us stay open. This is recorded under your name.',
  },
  'block.late': {
    de: 'WhatsApp blockiert nur, wer in den letzten 24 Stunden geschrieben hat. Schreibt die Person wieder, können Sie es dort erneut versuchen.',
    en: 'WhatsApp blocks only people who wrote within the last 24 hours. When the person writes again, you can try again there.',
  },
  'block.reason': { de: 'Grund', en: 'Reason' },
  'block.insult': { de: 'Beleidigung', en: 'Insults' },
  'block.threat': { de: 'Drohung', en: 'Threats' },
  'block.harassment': { de: 'Belästigung', en: 'Harassment' },
  'block.spam': { de: 'Unerwünschte Massennachrichten', en: 'Spam' },
  'block.other': { de: 'Anderer Grund', en: 'Another reason' },
  'block.missing': { de: 'Wählen Sie den Grund.', en: 'Choose the reason.' },
  'block.submit': { de: 'Blockieren', en: 'Block' },
  'block.end': { de: 'Blockierung aufheben', en: 'Lift the block' },
  'block.end.title': { de: 'Blockierung aufheben', en: 'Lift the block' },
  'block.end.what': {
    de: 'Die Person kann wieder an {inbox} schreiben, und Sie ihr. Was sie inzwischen geschrieben hat, kommt nicht nach.',
    en: 'The person can write to {inbox} again, and you to them. What they wrote meanwhile does not follow.',
  },
  'block.already': { de: 'Das hat inzwischen schon jemand getan.', en: 'Somebody has done that meanwhile.' },
  'block.failed': { de: 'Das ist nicht gelungen. Nichts ist geändert.', en: 'That did not succeed. Nothing is changed.' },
  'block.since': { de: 'Blockiert von {name} {time}: {reason}', en: 'Blocked by {name} {time}: {reason}' },
  'block.asked': { de: 'WhatsApp wird gerade gebeten, Nachrichten dieser Person abzuweisen.', en: 'WhatsApp is being asked to turn away messages of this person.' },
  'block.taken': { de: 'WhatsApp weist Nachrichten dieser Person ab. Von hier kann ihr niemand schreiben.', en: 'WhatsApp turns away messages of this person. Nobody can write to them from here.' },
  'block.refused': {
    de: 'WhatsApp hat die Blockierung nicht übernommen ({code}): Was die Person schreibt, kommt weiter an. Von hier kann ihr niemand schreiben.',
    en: 'WhatsApp did not take the block ({code}): what the person writes still arrives. Nobody can write to them from here.',
  },
  'block.refused.late': {
    de: 'WhatsApp blockiert nur, wer in den letzten 24 Stunden geschrieben hat: Schreibt die Person wieder, kommt das noch an. Versuchen Sie es dann erneut.',
    en: 'WhatsApp blocks only people who wrote within the last 24 hours: what the person writes next still arrives. Try again then.',
  },
  'block.again': { de: 'Erneut versuchen', en: 'Try again' },

  'merge.open': { de: 'Zusammenführen …', en: 'Merge …' },
  'merge.title': { de: 'Dieselbe Person unter anderer Nummer', en: 'The same person under another number' },
  'merge.what': {
    de: 'Beide zeigen dann dieselben Vorgänge und Nummern. Kein Datensatz ändert sich, und es lässt sich jederzeit aufheben.',
    en: 'Both then show the same matters and numbers. No record changes, and it can be undone at any time.',
  },
  'merge.number': { de: 'Telefonnummer der anderen Person', en: 'Telephone number of the other person' },
  'merge.number.hint': { de: 'In jeder Schreibweise, wie 0171 …, 0049 … oder +49 …', en: 'In any spelling, such as 0171 …, 0049 … or +49 …' },
  'merge.seek': { de: 'Suchen', en: 'Search' },
  'merge.found': { de: 'Gefunden', en: 'Found' },
  'merge.nobody': { de: 'Unter dieser Nummer schreibt hier niemand anderes.', en: 'Nobody else writes here by this number.' },
  'merge.no_number': { de: 'Das ist keine Telefonnummer.', en: 'This is no telephone number.' },
  'merge.submit': { de: 'Zusammenführen', en: 'Merge' },
  'merge.already': {
    de: 'Das ist schon geschehen, oder beide sind bereits mit anderen zusammengeführt.',
    en: 'That is done already, or both are merged with others.',
  },
  'merge.failed': { de: 'Das hat nicht geklappt. Versuchen Sie es noch einmal.', en: 'This did not work. Try again.' },
  'merge.same': { de: 'Dieselbe Person wie', en: 'The same person as' },
  'merge.undo': { de: 'Aufheben', en: 'Undo' },
  'merge.undo.of': { de: 'Zusammenführung mit {name} aufheben', en: 'Undo the merge with {name}' },
} as const satisfies Words;
