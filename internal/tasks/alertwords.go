package tasks

import (
	"strings"

	"botschaft/internal/desk"
)

// inWords says what an Alert means and what would help. What the Provider says of itself stands
// in it as it is: names of templates, its codes.
func inWords(a desk.Alert) desk.ShownAlert {
	w, ok := alertWords[string(a.Kind)+" "+a.Code]
	if !ok {
		w, ok = alertWords[string(a.Kind)]
	}
	if !ok {
		w = alertWords[""]
	}
	fill := strings.NewReplacer("{subject}", a.Subject, "{value}", a.Value, "{code}", a.Code).Replace
	return desk.ShownAlert{
		Alert:    a,
		Sentence: desk.Bilingual{DE: fill(w.sentence.DE), EN: fill(w.sentence.EN)},
		Helps:    desk.Bilingual{DE: fill(w.helps.DE), EN: fill(w.helps.EN)},
	}
}

type words struct{ sentence, helps desk.Bilingual }

func say(de, en string, helps ...string) words {
	w := words{sentence: desk.Bilingual{DE: de, EN: en}}
	if len(helps) == 2 {
		w.helps = desk.Bilingual{DE: helps[0], EN: helps[1]}
	}
	return w
}

// alertWords are by kind and code, or by kind for the codes that need no words of their own
// (Meta: Webhooks, reference, by field).
var alertWords = map[string]words{
	"": say("WhatsApp meldet: {code} {value}.", "WhatsApp reports: {code} {value}."),

	"template":            say("Vorlage {subject}: {code}.", "Template {subject}: {code}."),
	"template APPROVED":   say("Die Vorlage {subject} ist freigegeben.", "The template {subject} is approved."),
	"template REINSTATED": say("Die Vorlage {subject} darf wieder gesendet werden.", "The template {subject} may be sent again."),
	"template REJECTED": say("WhatsApp hat die Vorlage {subject} abgelehnt ({value}).", "WhatsApp rejected the template {subject} ({value}).",
		"Ändern Sie die Vorlage im WhatsApp Manager und reichen Sie sie noch einmal ein.", "Change the template in WhatsApp Manager and submit it again."),
	"template PAUSED": say("WhatsApp hat die Vorlage {subject} angehalten, weil sie schlecht ankommt ({value}).", "WhatsApp paused the template {subject} because people dislike it ({value}).",
		"Senden Sie sie nicht weiter und überarbeiten Sie sie.", "Do not go on sending it, and rework it."),
	"template DISABLED": say("WhatsApp hat die Vorlage {subject} abgeschaltet.", "WhatsApp disabled the template {subject}.",
		"Legen Sie eine neue Vorlage an.", "Create another template."),
	"template FLAGGED": say("Die Vorlage {subject} kommt schlecht an und wird bald angehalten.", "People dislike the template {subject}; it will soon be paused.",
		"Überarbeiten Sie sie jetzt.", "Rework it now."),

	"quality":     say("Vorlage {subject}: Qualität {code}.", "Template {subject}: quality {code}."),
	"quality RED": say("Die Vorlage {subject} wird oft gemeldet oder blockiert.", "The template {subject} is often reported or blocked.", "Prüfen Sie, wer sie bekommt und ob sie nötig ist.", "Look at who gets it and whether it is needed."),

	"category CHANGED": say("Die Vorlage {subject} zählt jetzt als {value} und kostet entsprechend.", "The template {subject} now counts as {value} and costs accordingly.",
		"Prüfen Sie Kosten und Einwilligung: MARKETING braucht eine.", "Look at costs and consent: MARKETING needs one."),
	"category ANNOUNCED": say("Die Vorlage {subject} wird bald als {value} zählen.", "The template {subject} will soon count as {value}.",
		"Ändern Sie ihren Text oder legen Sie in Meta Business Support Widerspruch ein.", "Change its text or appeal at Meta Business Support."),

	"number":           say("Nummer {subject}: {code} {value}.", "Number {subject}: {code} {value}."),
	"number DOWNGRADE": say("WhatsApp hat die Grenze der Nummer {subject} auf {value} gesenkt.", "WhatsApp lowered the limit of number {subject} to {value}.", "Senden Sie weniger, worum niemand gebeten hat.", "Send less that nobody asked for."),
	"number UPGRADE":   say("WhatsApp hat die Grenze der Nummer {subject} auf {value} angehoben.", "WhatsApp raised the limit of number {subject} to {value}."),
	"number FLAGGED":   say("Die Qualität der Nummer {subject} ist schlecht.", "The quality of number {subject} is low.", "Senden Sie weniger, worum niemand gebeten hat, sonst sinkt die Grenze.", "Send less that nobody asked for, or the limit will sink."),

	"name":          say("Anzeigename der Nummer {subject}: {code}.", "Display name of number {subject}: {code}."),
	"name APPROVED": say("Der Anzeigename der Nummer {subject} ist freigegeben.", "The display name of number {subject} is approved."),
	"name REJECTED": say("WhatsApp hat den Anzeigenamen der Nummer {subject} abgelehnt.", "WhatsApp rejected the display name of number {subject}.", "Wählen Sie im WhatsApp Manager einen anderen.", "Choose another one in WhatsApp Manager."),

	"limit": say("An einem Tag dürfen {value} Personen außerhalb des Antwortfensters angeschrieben werden.", "{value} people a day may be written to outside the window."),

	"account":                     say("WhatsApp-Konto: {code} {value}.", "WhatsApp account: {code} {value}."),
	"account ACCOUNT_DELETED":     say("Das WhatsApp-Konto wurde gelöscht.", "The WhatsApp account was deleted.", "Klären Sie das mit Meta Business Support.", "Clear this with Meta Business Support."),
	"account ACCOUNT_VIOLATION":   say("WhatsApp meldet einen Verstoß gegen seine Regeln: {value}.", "WhatsApp reports a violation of its rules: {value}.", "Beheben Sie ihn oder legen Sie in Meta Business Support Widerspruch ein.", "Mend it or appeal at Meta Business Support."),
	"account ACCOUNT_RESTRICTION": say("WhatsApp hat das Konto eingeschränkt: {value}.", "WhatsApp restricted the account: {value}.", "Sehen Sie in Meta Business Support nach, was gilt und bis wann.", "See in Meta Business Support what applies and until when."),
	"account DISABLED_UPDATE":     say("Sperre des WhatsApp-Kontos: {value}.", "Ban of the WhatsApp account: {value}.", "Legen Sie in Meta Business Support Widerspruch ein.", "Appeal at Meta Business Support."),
	"account ACCOUNT_OFFBOARDED":  say("Das WhatsApp-Konto ist nicht mehr angebunden.", "The WhatsApp account is connected no more.", "Binden Sie es im WhatsApp Manager wieder an.", "Connect it again in WhatsApp Manager."),
	"account PARTNER_REMOVED":     say("Ein Partner hat keinen Zugang zum WhatsApp-Konto mehr.", "A partner has no access to the WhatsApp account any more.", "Prüfen Sie, ob das so gewollt ist.", "Check whether that is intended."),

	"review":          say("Prüfung des WhatsApp-Kontos: {code}.", "Review of the WhatsApp account: {code}."),
	"review REJECTED": say("WhatsApp hat das Konto nach einer Prüfung abgelehnt.", "WhatsApp rejected the account after a review.", "Legen Sie in Meta Business Support Widerspruch ein.", "Appeal at Meta Business Support."),
	"warning":         say("WhatsApp warnt: {code} ({value}).", "WhatsApp warns: {code} ({value}).", "Sehen Sie im WhatsApp Manager nach, was zu tun ist.", "See in WhatsApp Manager what is to be done."),

	"security":             say("Sicherheit der Nummer {subject}: {code}.", "Security of number {subject}: {code}.", "Fragen Sie, wer das war. War es niemand von Ihnen, sperren Sie den Zugang bei Meta.", "Ask who did it. If it was none of you, lock the access at Meta."),
	"security PIN_CHANGED": say("Die PIN der Nummer {subject} wurde geändert.", "The PIN of number {subject} was changed.", "Fragen Sie, wer das war. War es niemand von Ihnen, sperren Sie den Zugang bei Meta.", "Ask who did it. If it was none of you, lock the access at Meta."),

	"group": say("In einer WhatsApp-Gruppe mit dieser Nummer wurde geschrieben. Die Nachricht wurde nicht aufgenommen, und niemand antwortet dort.",
		"Somebody wrote in a WhatsApp group that this number is in. The message was not taken in, and nobody answers there.",
		"Sagen Sie der Gruppe auf anderem Weg, dass sie einzeln schreiben soll, und nehmen Sie die Nummer im WhatsApp Manager aus der Gruppe.",
		"Tell the group another way to write one by one, and take the number out of the group in WhatsApp Manager."),

	"error": say("WhatsApp lehnt Nachrichten ab: Fehler {code}.", "WhatsApp refuses messages: error {code}.", "Beheben Sie die Ursache bei Meta; neue Nachrichten trifft der Fehler sonst auch.", "Mend the cause at Meta; new messages will meet the error, too."),
}
