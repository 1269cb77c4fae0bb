package policy

// text is what a reader sees of a Code. German addresses the reader as Sie.
type text struct {
	sentenceDE, helpsDE string
	sentenceEN, helpsEN string
}

// unnamed stands in for a Reason that Decide did not make.
var unnamed = text{
	"Eine Regel verhindert das Senden.",
	"Fragen Sie die Administration Ihres Hauses.",
	"A rule prevents sending.",
	"Ask an administrator of your organisation.",
}

// Known tells whether c is one of the codes.
func (c Code) Known() bool {
	_, ok := texts[c]
	return ok
}

var texts = map[Code]text{
	CodeInboxPaused: {
		"Dieses Postfach ist angehalten und sendet nichts. Nachrichten kommen weiter an.",
		"Warten Sie, bis die Administration das Postfach wieder freigibt. Nutzen Sie in dringenden Fällen einen anderen Weg, zum Beispiel das Telefon.",
		"This inbox is paused and sends nothing. Messages still arrive.",
		"Wait until an administrator resumes the inbox. If it is urgent, use another way, such as the telephone.",
	},
	CodeProcessorIncomplete: {
		"Zu einem Dienstleister, der diese Nachricht befördert, fehlen Vertrag oder Angaben.",
		"Bitten Sie die Administration, die Angaben zum Auftragsverarbeiter zu vervollständigen.",
		"The contract or facts of a processor that carries this message are missing.",
		"Ask an administrator to complete the facts of the processor.",
	},
	CodeTransferBlocked: {
		"Für die Übermittlung in ein Drittland gilt zurzeit keine Grundlage.",
		"Nutzen Sie einen anderen Weg, zum Beispiel das Portal, und fragen Sie Ihre Datenschutzbeauftragte oder Ihren Datenschutzbeauftragten.",
		"No basis for the transfer to a third country is in force.",
		"Use another way, such as the portal, and ask your data protection officer.",
	},
	CodeContactRestricted: {
		"Die Verarbeitung der Daten dieser Person ist eingeschränkt. Sie dürfen ihr auf diesem Weg nicht schreiben.",
		"Fragen Sie Ihre Datenschutzbeauftragte oder Ihren Datenschutzbeauftragten, ob die Einschränkung aufgehoben werden kann.",
		"The processing of this person's data is restricted. You may not write to them this way.",
		"Ask your data protection officer whether the restriction can be lifted.",
	},
	CodeContactBlocked: {
		"Jemand hat diese Person für dieses Postfach blockiert. Sie können einander hier nicht schreiben.",
		"Heben Sie die Blockierung auf, oder erreichen Sie die Person auf einem anderen Weg, zum Beispiel per Brief.",
		"Somebody has blocked this person for this inbox. You cannot write to each other here.",
		"Lift the block, or reach the person another way, such as by letter.",
	},
	CodeIdentityChanged: {
		"WhatsApp hat eine Nachricht nicht zugestellt, weil die Person ein anderes Gerät hat. Vielleicht schreibt jemand anderes.",
		"Vergewissern Sie sich auf einem anderen Weg, zum Beispiel durch einen Rückruf, und bestätigen Sie es über dem Verlauf.",
		"WhatsApp did not deliver a message because the person has another device. Perhaps somebody else writes.",
		"Make sure another way, such as by calling back, and confirm it above the thread.",
	},
	CodeContactErased: {
		"Ihr Haus hat die Daten dieser Person gelöscht.",
		"Beginnen Sie neu, wenn die Person sich wieder meldet.",
		"Your organisation has erased this person's data.",
		"Start afresh when the person writes again.",
	},
	CodeContactObjected: {
		"Die Person hat der Verarbeitung zu diesem Zweck widersprochen.",
		"Schreiben Sie nur zu einem anderen Zweck, dem die Person nicht widersprochen hat, zum Beispiel zu ihrem laufenden Anliegen.",
		"The person has objected to processing for this purpose.",
		"Write only for another purpose the person has not objected to, such as their present matter.",
	},
	CodeBasisMissing: {
		"Für diese Nachricht ist kein Zweck mit einer Rechtsgrundlage hinterlegt.",
		"Die Administration hinterlegt die Zwecke des Verantwortlichen mit ihrer Rechtsgrundlage in den Einstellungen.",
		"No purpose with a legal basis is recorded for this message.",
		"An administrator records the controller's purposes with their legal bases in the settings.",
	},
	CodeInterestBarred: {
		"Der Zweck dieser Nachricht beruht auf einem berechtigten Interesse. Eine Behörde kann sich darauf nicht stützen.",
		"Die Administration hinterlegt für den Zweck eine andere Rechtsgrundlage, zum Beispiel eine Aufgabe, die das Gesetz überträgt.",
		"The purpose of this message rests on a legitimate interest. A public authority cannot rest on one.",
		"An administrator records another legal basis for the purpose, such as a task that the law assigns.",
	},
	CodeNoticeMissing: {
		"Für dieses Postfach ist kein Datenschutzhinweis in Gebrauch. Ohne ihn darf niemand antworten.",
		"Die Administration ergänzt die Angaben des Verantwortlichen in den Einstellungen und nimmt den Hinweis in Gebrauch.",
		"No privacy notice is in use for this inbox. Without it nobody may answer.",
		"An administrator completes the controller's facts in the settings and puts the notice to use.",
	},
	CodeNoticePending: {
		"WhatsApp hat den Datenschutzhinweis noch nicht angenommen, der vor dieser Nachricht stehen muss.",
		"Senden Sie die Nachricht noch einmal; der Hinweis geht dann voraus.",
		"WhatsApp has not accepted the privacy notice that must come before this message.",
		"Send the message again; the notice goes ahead of it.",
	},
	CodeWindowClosed: {
		"Das 24-Stunden-Fenster von WhatsApp ist geschlossen. Freie Texte kommen nicht mehr an.",
		"Senden Sie eine freigegebene Vorlage, oder warten Sie, bis die Person wieder schreibt.",
		"WhatsApp's 24-hour window is closed. It does not deliver free text any more.",
		"Send an approved template, or wait until the person writes again.",
	},
	CodeOptInMissing: {
		"Die Person hat Nachrichten dieser Art nicht zugestimmt. Dass sie Ihnen geschrieben hat, genügt dafür nicht.",
		"Warten Sie, bis die Person wieder schreibt, oder nutzen Sie einen anderen Weg.",
		"The person has not opted in to messages of this kind. That they wrote to you is not enough.",
		"Wait until the person writes again, or use another way.",
	},
	CodeAdvertisingConsentMissing: {
		"Diese Nachricht ist Werbung, und die Person hat in Werbung auf diesem Weg nicht eingewilligt.",
		"Lassen Sie den werbenden Teil weg, oder holen Sie zuerst die Einwilligung ein.",
		"This message is advertising, and the person has not consented to advertising this way.",
		"Leave out the advertising, or obtain consent first.",
	},
	CodeQuietHours: {
		"Zu dieser Zeit senden Sie keine Werbung.",
		"Senden Sie die Nachricht nach dem Ende der Ruhezeit.",
		"You send no advertising at this hour.",
		"Send the message after the quiet hours end.",
	},
	CodeSensitiveContent: {
		"Der Text enthält eine vollständige sensible Angabe oder fragt danach.",
		"Entfernen Sie die Angabe, oder laden Sie die Person in den geschützten Bereich ein.",
		"The text contains or asks for a full sensitive item.",
		"Remove the item, or invite the person into the secure area.",
	},
	CodeAINotDisclosed: {
		"Eine Maschine hat diese Nachricht verfasst, und die Person weiß davon nichts.",
		"Senden Sie zuerst den Hinweis auf die Maschine, oder schreiben Sie selbst.",
		"A machine wrote this message, and the person has not been told.",
		"Tell the person about the machine first, or write yourself.",
	},
	CodeMachineDecision: {
		"Eine Maschine hat diese Nachricht verfasst, und sie teilt der Person eine Entscheidung über sie mit.",
		"Ein Mensch muss entscheiden: Prüfen Sie den Fall, und schreiben Sie der Person selbst.",
		"A machine wrote this message, and it tells the person a decision about them.",
		"A human must decide: look into the case, and write to the person yourself.",
	},
	CodeSpecialCategories: {
		"Der Text enthält besonders geschützte Daten, zum Beispiel zur Gesundheit.",
		"Schreiben Sie im geschützten Bereich, und kündigen Sie hier nur eine neue Nachricht an.",
		"The text contains specially protected data, for example on health.",
		"Write in the secure area, and announce here only that there is a new message.",
	},
	CodeDocumentMissing: {
		"Zu diesem Anliegen fehlt eine Unterlage, die das Gesetz verlangt.",
		"Fügen Sie die Unterlage hinzu, oder wechseln Sie in den Ablauf für Beratung, Vertrag oder Widerruf.",
		"A document the law requires for this matter is missing.",
		"Add the document, or move to the procedure for advice, contract or withdrawal.",
	},
}
