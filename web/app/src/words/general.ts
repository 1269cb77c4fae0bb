import type { Words } from './words';

// The app itself: its name, logging in, the rail, the line that tells about being live.
export const general = {
  'app.name': { de: 'Botschaft', en: 'Botschaft' },
  'app.title': { de: 'Postfach · Botschaft', en: 'Inbox · Botschaft' },
  'app.title.unread': { de: '({count}) Postfach · Botschaft', en: '({count}) Inbox · Botschaft' },
  'app.unreachable': { de: 'Der Dienst ist nicht erreichbar.', en: 'The service cannot be reached.' },
  'app.unreachable.next': {
    de: 'Prüfen Sie die Verbindung. Wir versuchen es auf Wunsch noch einmal.',
    en: 'Check the connection, then try again.',
  },
  'app.retry': { de: 'Erneut versuchen', en: 'Try again' },

  'framework.invalid': {
    de: 'Bei {controllers} gilt das Data Privacy Framework seit {time} nicht mehr.',
    en: 'For {controllers} the Data Privacy Framework has been held invalid since {time}.',
  },
  'framework.block': {
    de: 'Zurzeit geht nichts hinaus. Nachrichten kommen weiter an; für dringende Antworten nehmen Sie einen anderen Weg, zum Beispiel das Telefon.',
    en: 'At present nothing goes out. Messages still arrive; for urgent answers take another way, such as the telephone.',
  },
  'framework.fallback_open': {
    de: 'Was vorher offen war, können Sie unter den Standardvertragsklauseln zu Ende bringen. In neuen Konversationen geht nichts hinaus.',
    en: 'What was open before, you can bring to an end under the standard contractual clauses. In new conversations nothing goes out.',
  },
  'framework.fallback': {
    de: 'Antworten gehen weiter hinaus, jetzt unter den Standardvertragsklauseln.',
    en: 'Replies still go out, now under the standard contractual clauses.',
  },
  'framework.warn': {
    de: 'Antworten gehen weiter hinaus, obwohl ihnen diese Grundlage fehlt. Schreiben Sie nur das Nötigste.',
    en: 'Replies still go out although they lack this ground. Write no more than is needed.',
  },

  'login.title': { de: 'Anmelden', en: 'Log in' },
  'login.lead': { de: 'Kundenpost, sicher beantwortet.', en: 'Customer messages, answered safely.' },
  'login.email': { de: 'E-Mail-Adresse', en: 'Email address' },
  'login.password': { de: 'Passwort', en: 'Password' },
  'login.submit': { de: 'Anmelden', en: 'Log in' },
  'login.busy': { de: 'Anmeldung läuft …', en: 'Logging in …' },
  'login.unauthorized': {
    de: 'E-Mail-Adresse und Passwort passen nicht zusammen.',
    en: 'Email address and password do not match.',
  },
  'login.throttled': {
    de: 'Zu viele Versuche. Bitte warten Sie einige Minuten.',
    en: 'Too many attempts. Please wait a few minutes.',
  },
  'login.unreachable': {
    de: 'Der Dienst ist nicht erreichbar. Prüfen Sie die Verbindung.',
    en: 'The service cannot be reached. Check the connection.',
  },
  'login.failed': {
    de: 'Die Anmeldung ist nicht gelungen. Bitte versuchen Sie es noch einmal.',
    en: 'Logging in did not succeed. Please try again.',
  },

  'leaving.title': { de: 'Noch nicht abgemeldet', en: 'Not logged out yet' },
  'leaving.open': {
    de: 'Die Abmeldung hat den Server nicht erreicht. Ihre Sitzung ist dort noch offen.',
    en: 'The logout has not reached the server. Your session is still open there.',
  },
  'leaving.stay': {
    de: 'Wir wiederholen die Abmeldung, bis sie angekommen ist. Lassen Sie diese Seite bis dahin geöffnet.',
    en: 'We repeat the logout until it has arrived. Keep this page open until then.',
  },
  'leaving.now': { de: 'Jetzt abmelden', en: 'Log out now' },

  'language.label': { de: 'Sprache', en: 'Language' },
  'language.de': { de: 'Deutsch', en: 'Deutsch' },
  'language.en': { de: 'English', en: 'English' },

  'rail.label': { de: 'Hauptbereiche', en: 'Main areas' },
  'rail.inbox': { de: 'Postfach', en: 'Inbox' },
  'rail.settings': { de: 'Einstellungen', en: 'Settings' },
  'rail.approvals': { de: 'Freigaben, die auf Sie warten: {count}', en: 'Approvals that wait for you: {count}' },
  'rail.failed': { de: 'Ihre Nachrichten, die nicht zugestellt wurden: {count}', en: 'Messages of yours that were not delivered: {count}' },
  'rail.tasks': { de: 'Überfällige Aufgaben: {count}', en: 'Overdue tasks: {count}' },
  'rail.menu': { de: 'Konto von {name}', en: 'Account of {name}' },
  'rail.profile': { de: 'Profil', en: 'Profile' },
  'rail.theme': { de: 'Darstellung', en: 'Appearance' },
  'rail.density': { de: 'Zeilenabstand', en: 'Row spacing' },
  'rail.theme.light': { de: 'Hell', en: 'Light' },
  'rail.theme.dark': { de: 'Dunkel', en: 'Dark' },
  'rail.theme.system': { de: 'Wie das System', en: 'As the system' },
  'rail.density.comfortable': { de: 'Bequem', en: 'Comfortable' },
  'rail.density.compact': { de: 'Kompakt', en: 'Compact' },
  'rail.session': { de: 'Sitzung', en: 'Session' },
  'rail.logout': { de: 'Abmelden', en: 'Log out' },

  'live.live': { de: 'Verbunden: Neues erscheint sofort.', en: 'Connected: news appears at once.' },
  'live.catching_up': { de: 'Wird auf den neuesten Stand gebracht …', en: 'Catching up …' },
  'live.offline': { de: 'Keine Verbindung', en: 'Offline' },
  'live.offline.since': { de: 'Keine Verbindung · Stand {time}', en: 'Offline · as of {time}' },

  'preferences.unsaved': { de: 'Die Einstellung konnte nicht gespeichert werden.', en: 'The setting could not be saved.' },

  'news.title': { de: 'Neue Nachricht', en: 'New message' },
  'news.body': { de: 'Postfach {inbox}', en: 'Inbox {inbox}' },
} as const satisfies Words;
