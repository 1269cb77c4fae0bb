import { learn } from './catalogue';
import type { Words } from './words';

// The preview of a PDF. The words come with it.
export const paper = {
  'paper.opening': { de: 'Die Vorschau wird geladen …', en: 'The preview is being loaded …' },
  'paper.broken': {
    de: 'Diese Datei lässt sich hier nicht anzeigen: Sie ist beschädigt oder kein PDF. Sie können sie herunterladen.',
    en: 'This file cannot be shown here: it is damaged or no PDF. You can download it.',
  },
  'paper.locked': {
    de: 'Diese Datei ist mit einem Passwort geschützt und lässt sich hier nicht anzeigen. Sie können sie herunterladen.',
    en: 'This file is protected by a password and cannot be shown here. You can download it.',
  },
  'paper.unreachable': {
    de: 'Die Datei konnte nicht geladen werden. Schließen Sie die Vorschau, und öffnen Sie sie noch einmal.',
    en: 'The file could not be loaded. Close the preview, and open it once more.',
  },
  'paper.page': { de: 'Seite {at} von {count}', en: 'Page {at} of {count}' },
  'paper.before': { de: 'Vorherige Seite', en: 'Previous page' },
  'paper.next': { de: 'Nächste Seite', en: 'Next page' },
  'paper.smaller': { de: 'Verkleinern', en: 'Zoom out' },
  'paper.larger': { de: 'Vergrößern', en: 'Zoom in' },
  'paper.bare': { de: 'Diese Seite enthält keinen lesbaren Text, nur ein Bild.', en: 'This page has no text that can be read, only a picture.' },
} as const satisfies Words;

learn({ paper });
