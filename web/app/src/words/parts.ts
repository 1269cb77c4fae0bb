import type { Words } from './words';

// What the parts of the design system say by themselves.
export const parts = {
  'parts.close': { de: 'Schließen', en: 'Close' },
  'parts.optional': { de: 'freiwillig', en: 'optional' },
  'parts.error': { de: 'Fehler:', en: 'Error:' },
  'parts.busy': { de: 'Bitte warten', en: 'Please wait' },
  'parts.undo': { de: 'Rückgängig', en: 'Undo' },
  'parts.dismiss': { de: 'Ausblenden', en: 'Dismiss' },
  'parts.notices': { de: 'Hinweise', en: 'Notices' },
  'parts.password.show': { de: 'Passwort anzeigen', en: 'Show the password' },
  'parts.copy': { de: 'Kopieren', en: 'Copy' },
  'parts.copied': { de: 'Kopiert', en: 'Copied' },
  'parts.copy.failed': {
    de: 'Der Browser lässt das Kopieren nicht zu. Der Text ist markiert.',
    en: 'The browser does not allow copying. The text is selected.',
  },
  'parts.length': { de: '{count} von {limit} Zeichen', en: '{count} of {limit} characters' },
  'parts.progress': { de: '{done} von {total}', en: '{done} of {total}' },
  'parts.viewing': { de: '{name} liest mit', en: '{name} is reading along' },
  'parts.writing': { de: '{name} schreibt gerade', en: '{name} is writing' },
  'parts.key.mod': { de: 'Strg', en: 'Ctrl' },
  'parts.key.shift': { de: 'Umschalt', en: 'Shift' },
  'parts.key.enter': { de: 'Enter', en: 'Enter' },
  'parts.key.escape': { de: 'Esc', en: 'Esc' },
  'parts.key.space': { de: 'Leertaste', en: 'Space' },
  'parts.key.then': { de: 'dann', en: 'then' },
} as const satisfies Words;
