import type { Words } from './words';

// The settings.
export const settings = {
  'settings.title': { de: 'Einstellungen', en: 'Settings' },
  'settings.back': { de: 'Zurück zum Postfach', en: 'Back to the inbox' },

  'invitation.title': { de: 'Einladung', en: 'Invitation' },
} as const satisfies Words;
