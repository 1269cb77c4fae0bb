import type { Words } from '../words';

// All Tasks of the house, and what the card of one Conversation need not say.
export const tasks = {
  'tasks.title': { de: 'Aufgaben', en: 'Tasks' },
  'tasks.lead': {
    de: 'Was Menschen bis zu einem Tag tun müssen, aus allen Konversationen und dem Verzeichnis. Was zuerst fällig ist, steht zuerst.',
    en: 'What people must do until a day, from all conversations and the register. What is due first stands first.',
  },
  'tasks.effect': {
    de: 'Fristen laufen, auch wenn niemand hinsieht (Art. 7 Abs. 3, Art. 14 Abs. 3, Art. 44 DSGVO). Das Lesen hier wird protokolliert.',
    en: 'Time limits run even if nobody looks (Art. 7(3), 14(3), 44 GDPR). Reading here is recorded.',
  },
  'tasks.list': { de: 'Alle Aufgaben', en: 'All tasks' },
  'tasks.sum': { de: 'Offen: {open}. Davon überfällig: {overdue}.', en: 'Open: {open}. Of these overdue: {overdue}.' },
  'tasks.are_failed': { de: 'nicht zugestellt', en: 'not delivered' },
  'tasks.are_overdue': { de: 'überfällig', en: 'overdue' },
  'tasks.shown': { de: '{count} Aufgaben angezeigt', en: '{count} tasks shown' },
  'tasks.more': { de: 'Später fällige anzeigen', en: 'Show what is due later' },
  'tasks.filter': { de: 'Anzeigen', en: 'Show' },
  'tasks.filter.open': { de: 'Offene', en: 'Open ones' },
  'tasks.filter.overdue': { de: 'Überfällige', en: 'Overdue ones' },
  'tasks.filter.all': { de: 'Offene und zuletzt erledigte', en: 'Open ones and those done of late' },

  'tasks.column.due': { de: 'Fällig', en: 'Due' },
  'tasks.column.what': { de: 'Was', en: 'What' },
  'tasks.column.whom': { de: 'Um wen es geht', en: 'Whom it concerns' },
  'tasks.column.where': { de: 'Wo', en: 'Where' },
  'tasks.column.state': { de: 'Stand', en: 'State' },

  'tasks.late': { de: '{days} Tage überfällig', en: 'overdue by {days} days' },
  'tasks.late.one': { de: '1 Tag überfällig', en: 'overdue by 1 day' },
  'tasks.left': { de: 'in {days} Tagen', en: 'in {days} days' },
  'tasks.left.one': { de: 'morgen', en: 'tomorrow' },

  'tasks.doubt': { de: 'Nachricht lesen: Ist sie ein Widerruf? (Art. 7 Abs. 3 DSGVO)', en: 'Read a message: is it a withdrawal? (Art. 7(3) GDPR)' },
  'tasks.invalid': {
    de: 'Andere Grundlage finden: Das Data Privacy Framework gilt nicht mehr (Art. 44, 45 DSGVO)',
    en: 'Find another ground: the Data Privacy Framework holds no more (Art. 44, 45 GDPR)',
  },
  'tasks.stopped': { de: 'Postfach sendet nicht: beheben, was WhatsApp beanstandet', en: 'Inbox does not send: mend what WhatsApp complains of' },
  'tasks.alert': { de: 'Meldung von WhatsApp: ansehen und handeln', en: 'Alert of WhatsApp: look at it and act' },
  'tasks.writer': { de: 'Wer geschrieben hat', en: 'Whoever wrote it' },
  'tasks.recipient': { de: 'Wem geschrieben wurde', en: 'Whoever was written to' },
  'tasks.conversation': { de: 'Zur Konversation', en: 'To the conversation' },

  'tasks.open': { de: 'Offen', en: 'Open' },
  'tasks.since': { de: 'seit {day}', en: 'since {day}' },
  'tasks.since.by': { de: 'seit {day}, angelegt von {name}', en: 'since {day}, made by {name}' },
  'tasks.cleared': { de: 'Gelesen: kein Widerruf', en: 'Read: no withdrawal' },
  'tasks.withdrawn': { de: 'Widerruf festgehalten', en: 'Withdrawal recorded' },
  'tasks.repeated': { de: 'Noch einmal gesendet', en: 'Sent again' },
  'tasks.arrived': { de: 'Doch noch angekommen', en: 'Arrived after all' },
  'tasks.dismissed': { de: 'Erledigt', en: 'Done' },
  'tasks.ended': { de: 'am {day}', en: 'on {day}' },
  'tasks.ended.by': { de: 'am {day} von {name}', en: 'on {day} by {name}' },

  'tasks.none.open': { de: 'Nichts ist offen.', en: 'Nothing is open.' },
  'tasks.none.overdue': { de: 'Nichts ist überfällig.', en: 'Nothing is overdue.' },
  'tasks.none.overdue.next': { de: 'Was noch Zeit hat, steht unter „Offene“.', en: 'What still has time stands under “Open ones”.' },
  'tasks.none.all': { de: 'Noch keine Aufgaben.', en: 'No tasks yet.' },
  'tasks.none.next': {
    de: 'Eine Aufgabe entsteht, wenn eine Nachricht nicht ankommt, wenn jemand eine dritte Person nennt, wenn eine Nachricht ein Widerruf sein könnte oder wenn im Verzeichnis etwas fehlt oder zu prüfen ist.',
    en: 'A task comes up when a message does not arrive, when somebody introduces a third person, when a message may be a withdrawal, or when the register lacks something or is to be reviewed.',
  },
} as const satisfies Words;
