import { learn } from './catalogue';
import type { Words } from './words';

// What is attached and waits to be sent. The words come with the first file.
export const attach = {
  'attach.label': { de: 'Angehängte Dateien', en: 'Attached files' },
  'attach.ready': { de: '{ready} von {count} bereit zum Senden', en: '{ready} of {count} ready to send' },
  'attach.waiting': { de: 'Wartet', en: 'Waiting' },
  'attach.uploading': { de: 'Wird hochgeladen', en: 'Uploading' },
  'attach.sending': { de: 'Wird gesendet', en: 'Sending' },
  'attach.there': { de: 'Ist hochgeladen', en: 'Uploaded' },
  'attach.cancel': { de: '{name}: abbrechen', en: '{name}: cancel' },
  'attach.remove': { de: '{name} entfernen', en: 'Remove {name}' },
  'attach.retry': { de: 'Noch einmal hochladen', en: 'Upload again' },
  'attach.caption': { de: 'Beschriftung (freiwillig)', en: 'Caption (optional)' },
  'attach.caption.of': { de: 'Beschriftung zu {name}', en: 'Caption of {name}' },
  'attach.voice': { de: 'Als Sprachnachricht', en: 'As a voice message' },
  'attach.why.empty': { de: 'Die Datei ist leer.', en: 'The file is empty.' },
  'attach.why.too_large': {
    de: 'Zu groß für WhatsApp: Bilder gehen bis 5 MB, Ton und Video bis 16 MB, Dokumente bis 100 MB, Sticker bis 100 KB, bewegte bis 500 KB.',
    en: 'Too large for WhatsApp: pictures go up to 5 MB, sound and video up to 16 MB, documents up to 100 MB, stickers up to 100 KB, moving ones up to 500 KB.',
  },
  'attach.why.unsupported': {
    de: 'Solche Dateien nimmt WhatsApp nicht an. Es gehen JPEG, PNG, MP4, 3GP, MP3, M4A, AAC, AMR, OGG mit Opus in Mono, WebP, PDF, Text, Word, Excel und PowerPoint.',
    en: 'WhatsApp takes no such files. JPEG, PNG, MP4, 3GP, MP3, M4A, AAC, AMR, OGG with Opus in mono, WebP, PDF, text, Word, Excel and PowerPoint can go.',
  },
  'attach.why.unreachable': { de: 'Die Verbindung ist abgerissen. Die Datei ist noch hier.', en: 'The connection broke. The file is still here.' },
  'attach.why.unanswered': {
    de: 'Die Verbindung ist abgerissen. Senden Sie noch einmal: Die Datei geht trotzdem nur einmal hinaus.',
    en: 'The connection broke. Send once more: the file will go out only once all the same.',
  },
  'attach.why.refused': { de: 'Nicht gesendet.', en: 'Not sent.' },
  'attach.why.overtaken': {
    de: 'Inzwischen hat jemand aus dem Team geantwortet. Lesen Sie das, und senden Sie dann noch einmal.',
    en: 'A colleague has answered meanwhile. Read that, and then send once more.',
  },
  'attach.why.gone': { de: 'Die Datei lag zu lange hier, ohne gesendet zu werden. Laden Sie sie noch einmal hoch.', en: 'The file lay here too long without being sent. Upload it once more.' },
  'attach.why.above': {
    de: 'Über einem Text steht ein JPEG oder PNG bis 5 MB, ein MP4 oder 3GP bis 16 MB oder ein PDF bis 100 MB.',
    en: 'Above a text stands a JPEG or PNG up to 5 MB, an MP4 or 3GP up to 16 MB or a PDF up to 100 MB.',
  },
  'attach.why.other': { de: 'Das ist nicht gelungen.', en: 'That did not succeed.' },
} as const satisfies Words;

learn({ attach });
