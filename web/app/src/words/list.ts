import type { Words } from './words';

// The list of Conversations: views, rows, the Window.
export const list = {
  'list.label': { de: 'Konversationen', en: 'Conversations' },
  'list.views': { de: 'Ansichten', en: 'Views' },
  'list.inbox': { de: 'Postfach', en: 'Inbox' },
  'list.inbox.all': { de: 'Alle Postfächer', en: 'All inboxes' },
  'list.waiting': { de: '{count} neu', en: '{count} new' },
  'list.loading': { de: 'Konversationen werden geladen', en: 'Loading conversations' },
  'list.failed': { de: 'Die Liste konnte nicht geladen werden.', en: 'The list could not be loaded.' },
  'list.empty.mine': { de: 'Ihnen ist nichts zugewiesen.', en: 'Nothing is assigned to you.' },
  'list.empty.mine.next': {
    de: 'Unter „Unverteilt“ steht, was noch niemand übernommen hat.',
    en: 'What nobody has taken yet stands under “Unassigned”.',
  },
  'list.empty.unassigned': { de: 'Alles ist verteilt.', en: 'Everything is assigned.' },
  'list.empty.unassigned.next': {
    de: 'Neue Anliegen erscheinen hier von selbst.',
    en: 'New matters appear here by themselves.',
  },
  'list.empty.all': { de: 'Noch keine Konversationen.', en: 'No conversations yet.' },
  'list.empty.all.next': {
    de: 'Sobald jemand schreibt, steht die Nachricht hier.',
    en: 'As soon as somebody writes, the message stands here.',
  },
  'list.empty.closed': { de: 'Nichts abgeschlossen.', en: 'Nothing is closed.' },
  'list.empty.closed.next': {
    de: 'Abgeschlossene Konversationen bleiben hier lesbar.',
    en: 'Closed conversations stay readable here.',
  },
  'list.ours': { de: 'Antwort:', en: 'Reply:' },
  'list.unread': { de: 'Ungelesen', en: 'Unread' },
  'list.waits': { de: 'Wartet auf Antwort seit {time}', en: 'Has waited for an answer since {time}' },
  'list.snoozed': { de: 'Zurückgestellt bis {time}', en: 'Snoozed until {time}' },
  'list.snoozed.reply': { de: 'Zurückgestellt, bis der Kontakt schreibt', en: 'Snoozed until the contact writes' },
  'list.language': { de: 'Schreibt {name}', en: 'Writes in {name}' },
  'list.restricted': { de: 'Verarbeitung eingeschränkt', en: 'Processing is restricted' },
  'list.doubted': { de: 'Vielleicht jemand anderes', en: 'Perhaps somebody else' },
  'list.blocked': { de: 'Blockiert', en: 'Blocked' },
  'list.assignee': { de: 'Zuständig: {name}', en: 'Assigned to {name}' },
  'list.nothing': { de: 'Noch keine Nachricht', en: 'No message yet' },

  'view.mine': { de: 'Meine', en: 'Mine' },
  'view.unassigned': { de: 'Unverteilt', en: 'Unassigned' },
  'view.all': { de: 'Alle', en: 'All' },
  'view.closed': { de: 'Abgeschlossen', en: 'Closed' },
  'view.count': { de: '{count} Konversationen', en: '{count} conversations' },

  'window.open': { de: 'Antwortfenster noch {left} offen', en: 'Window open for {left}' },
  'window.closing': { de: 'Antwortfenster schließt in {left}', en: 'Window closes in {left}' },
  'window.closed': { de: 'Antwortfenster geschlossen', en: 'Window closed' },
  'window.never': { de: 'Kein Antwortfenster offen', en: 'No window open' },
} as const satisfies Words;
