// The words and drawings for what the phones send and show beside text.
"use strict";

const more = {
  de: {
    files: "Dateien", shares: "Teilen", others: "Besonderes", own: "Eigene Nummer", order: "Bestellung", ad: "Über eine Anzeige", poll: "Umfrage",
    forwardOnce: "Weitergeleitet", forwardOften: "Häufig weitergeleitet", fromAd: "Kam über eine Anzeige", acts: "Mehr zu dieser Nachricht", react: (e) => `Reagieren mit ${e}`,
    unreact: "Reaktion zurücknehmen", change: "Ändern", revoke: "Löschen", changing: "Ändern", changed: "geändert", revoked: "Diese Nachricht wurde gelöscht.",
    sendPlace: "Standort senden", sharePhone: "Eigene Nummer teilen", fill: "Ausfüllen", fillIn: "Was Sie eintragen", fillDay: "Wann", fillSend: "Absenden", close: "Schließen",
    filled: "Formular ausgefüllt", copy: (code) => `Code ${code} kopieren`, copied: "Kopiert.", opens: "öffnet eine Seite", typedForward: "Bitte lesen!", typedAd: "Ich interessiere mich für Ihr Angebot.",
    pieces: (n, what, price) => `${n} × ${what}, je ${price}`, numberMoved: "Die Telefonnummer hat sich geändert.", idMoved: "Die Benutzerkennung hat sich geändert.",
    moving: "Andere Telefonnummer", move: "Wechseln", rotate: "Andere Benutzerkennung", moved: "Das Unternehmen erfährt davon.", choose: "Auswählen", ownNumber: "eigene Nummer",
    templated: "Vorlage", headerFile: { image: "Bild", video: "Video", document: "Dokument", location: "Standort" },
    kinds_: { button: "Antwort", order: "Bestellung", system: "Hinweis" },
    media: "Datei lässt sich nicht laden (HTTP-Code)", altered: "Datei kommt verändert an", onlyThis: "Nur für das offene Telefon",
  },
  en: {
    files: "Files", shares: "Share", others: "Special", own: "Own number", order: "Order", ad: "From an advertisement", poll: "Poll",
    forwardOnce: "Forwarded", forwardOften: "Forwarded many times", fromAd: "Came from an advertisement", acts: "More about this message", react: (e) => `React with ${e}`,
    unreact: "Take the reaction back", change: "Edit", revoke: "Delete", changing: "Edit", changed: "edited", revoked: "This message was deleted.",
    sendPlace: "Send location", sharePhone: "Share own number", fill: "Fill in", fillIn: "What you enter", fillDay: "When", fillSend: "Submit", close: "Close",
    filled: "Form filled in", copy: (code) => `Copy code ${code}`, copied: "Copied.", opens: "opens a page", typedForward: "Please read!", typedAd: "I am interested in your offer.",
    pieces: (n, what, price) => `${n} × ${what} at ${price}`, numberMoved: "The telephone number changed.", idMoved: "The user id changed.",
    moving: "Another telephone number", move: "Change", rotate: "Another user id", moved: "The business is told.", choose: "Choose", ownNumber: "own number",
    templated: "Template", headerFile: { image: "Picture", video: "Video", document: "Document", location: "Location" },
    kinds_: { button: "Answer", order: "Order", system: "Notice" },
    media: "File cannot be fetched (HTTP code)", altered: "File arrives altered", onlyThis: "For the open phone only",
  },
};

const moreIcons = {
  video: "M3 6h12v12H3zM15 10l6-3v10l-6-3", sticker: "M4 4h16v10l-6 6H4zM14 20v-6h6", contacts: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  own: "M7 3h10v18H7zM11 18h2", order: "M3 4h2l2 12h11l2-9H6M9 20h.01M17 20h.01", ad: "M4 9v6h4l8 4V5L8 9zM20 10v4", once: "M14 6l6 6-6 6M20 12H10a6 6 0 0 0-6 6", poll: "M5 20V10M12 20V4M19 20v-6",
  often: "M13 6l6 6-6 6M7 6l6 6-6 6", button: "M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 6 6v5", template: "M5 4h14v16H5zM8 8h8M8 12h8M8 16h4",
};
