package outbound

import (
	"strconv"

	"botschaft/internal/policy"
)

// Bilingual is the same in both languages of the house.
type Bilingual struct{ DE, EN string }

// FailureWords say why a Message was not delivered and what would help.
type FailureWords struct{ Sentence, Helps Bilingual }

// Codes of our own, beside the Provider's numbers and the gate's reasons.
const (
	FailureUnknown    = "unknown"    // the Provider gave no code
	FailureUnreadable = "unreadable" // it was altered in the database
	FailureAbandoned  = "abandoned"  // somebody let a doubt rest
)

// FailureOf gives the words for a Message's Failure: the Provider's number, a reason
// of the gate, or one of our own codes (Meta: Cloud API, error codes).
func FailureOf(code string) FailureWords {
	if words, ok := failures[code]; ok {
		return words
	}
	if words, ok := refusalWords(policy.Code(code)); ok {
		return words
	}
	if n, err := strconv.Atoi(code); err == nil {
		for _, r := range failureRanges {
			if r.from <= n && n <= r.to {
				return r.words
			}
		}
	}
	return FailureWords{
		Bilingual{"WhatsApp hat die Nachricht abgelehnt.", "WhatsApp refused the message."},
		Bilingual{"Versuchen Sie es noch einmal. Bleibt der Fehler, nennen Sie der Administration seine Nummer.",
			"Try again. If the error stays, tell an administrator its number."},
	}
}

// refusalWords are the gate's: what was permitted when it was written may be refused
// when it is sent.
func refusalWords(code policy.Code) (FailureWords, bool) {
	r := policy.Reason{Code: code}
	return FailureWords{
		Bilingual{r.Sentence("de"), r.Sentence("en")}, Bilingual{r.Helps("de"), r.Helps("en")},
	}, code.Known()
}

// What helps, where several failures share it.
var (
	askAdmin = Bilingual{"Geben Sie der Administration Bescheid. Danach können Sie die Nachricht noch einmal senden.",
		"Tell an administrator. Then you can send the message again."}
	tryLater = Bilingual{"Senden Sie die Nachricht in einigen Minuten noch einmal.",
		"Send the message again in a few minutes."}
	otherWay = Bilingual{"Erreichen Sie die Person auf einem anderen Weg, etwa per Telefon oder E-Mail.",
		"Reach the person another way, such as by telephone or e-mail."}
	waitForThem = Bilingual{"Warten Sie, bis die Person wieder schreibt, oder erreichen Sie sie auf einem anderen Weg.",
		"Wait until the person writes again, or reach them another way."}
	blockHolds = Bilingual{"Hier gilt, was Sie gewählt haben. Versuchen Sie es später noch einmal, damit es auch bei WhatsApp gilt.",
		"What you chose holds here. Try again later, so that it holds at WhatsApp, too."}
	tellUs = Bilingual{"Das ist ein Fehler des Programms. Geben Sie der Administration Bescheid.",
		"This is a fault of the program. Tell an administrator."}
)

func failure(de, en string, helps Bilingual) FailureWords {
	return FailureWords{Bilingual{de, en}, helps}
}

// failureRanges are the families of codes that mean the same to whoever wrote the Message.
var failureRanges = []struct {
	from, to int
	words    FailureWords
}{
	{200, 299, failure("Dem Zugang zu WhatsApp fehlt eine Berechtigung.", "The access to WhatsApp lacks a permission.", askAdmin)},
	{132000, 132999, failure("WhatsApp hat die Vorlage abgelehnt.", "WhatsApp refused the template.", askAdmin)},
	{133000, 133999, failure("An der Anmeldung unserer Nummer oder ihrer PIN stimmt etwas nicht.",
		"Something is wrong with the registration of our number or its PIN.", askAdmin)},
	{134000, 134999, failure("Diese Art von Nachricht ist für unser Konto nicht eingerichtet.",
		"This kind of message is not set up for our account.", askAdmin)},
	{139100, 139199, failure("WhatsApp hat eine Blockierung oder ihr Ende nicht übernommen.", "WhatsApp did not take over a block, or the end of one.", blockHolds)},
	{147000, 147999, failure("Am Benutzernamen unseres Kontos stimmt etwas nicht.", "Something is wrong with the username of our account.", askAdmin)},
	{2388000, 2388999, failure("WhatsApp hat die Vorlage nicht angenommen.", "WhatsApp did not accept the template.", askAdmin)},
	{2593107, 2593108, failure("Der Abgleich mit der WhatsApp-Business-App geht gerade nicht.",
		"Syncing with the WhatsApp Business app is not possible now.", askAdmin)},
}

var failures = map[string]FailureWords{
	FailureUnknown: failure("Die Nachricht wurde nicht zugestellt; WhatsApp nennt keinen Grund.",
		"The message was not delivered; WhatsApp gives no reason.", otherWay),
	FailureUnreadable: failure("Die Nachricht wurde in der Datenbank verändert und ist nicht mehr lesbar. Sie wurde nicht gesendet.",
		"The message was altered in the database and cannot be read any more. It was not sent.", tellUs),

	FailureAbandoned: failure("Niemand weiß, ob die Nachricht angekommen ist. Jemand hat sie auf sich beruhen lassen.",
		"Nobody knows whether the message arrived. Somebody let it rest.",
		Bilingual{"Fragen Sie die Person, oder senden Sie die Nachricht noch einmal.", "Ask the person, or send the message again."}),

	"0":      failure("Der Zugang zu WhatsApp ist ungültig.", "The access to WhatsApp is not valid.", askAdmin),
	"190":    failure("Der Zugang zu WhatsApp ist abgelaufen oder wurde entzogen.", "The access to WhatsApp has expired or was withdrawn.", askAdmin),
	"3":      failure("Dem Zugang zu WhatsApp fehlt eine Berechtigung.", "The access to WhatsApp lacks a permission.", askAdmin),
	"10":     failure("Dem Zugang zu WhatsApp fehlt eine Berechtigung.", "The access to WhatsApp lacks a permission.", askAdmin),
	"200":    failure("Dem Zugang zu WhatsApp fehlt eine Berechtigung.", "The access to WhatsApp lacks a permission.", askAdmin),
	"33":     failure("WhatsApp kennt unsere Nummer nicht mehr.", "WhatsApp does not know our number any more.", askAdmin),
	"131005": failure("WhatsApp verweigert den Zugang.", "WhatsApp denies access.", askAdmin),
	"131037": failure("Der Anzeigename unserer Nummer ist nicht freigegeben.", "The display name of our number is not approved.", askAdmin),
	"131042": failure("Bei WhatsApp ist keine gültige Zahlungsart hinterlegt.", "WhatsApp has no valid payment method for us.", askAdmin),
	"131045": failure("Unsere Nummer ist nicht zum Senden angemeldet.", "Our number is not registered for sending.", askAdmin),
	"133010": failure("Unsere Nummer ist bei WhatsApp nicht angemeldet.", "Our number is not registered with WhatsApp.", askAdmin),
	"368":    failure("WhatsApp hat unser Konto wegen eines Verstoßes gesperrt.", "WhatsApp blocked our account for a violation.", askAdmin),
	"131031": failure("WhatsApp hat unser Konto gesperrt.", "WhatsApp locked our account.", askAdmin),
	"131055": failure("WhatsApp lässt diese Art zu senden nicht zu.", "WhatsApp does not allow this way of sending.", askAdmin),
	"130497": failure("In das Land dieser Nummer darf unser Konto nicht schreiben.", "Our account may not write to the country of this number.", otherWay),

	"1":      failure("Bei WhatsApp ist vorübergehend etwas gestört.", "WhatsApp has a passing fault.", tryLater),
	"2":      failure("WhatsApp ist vorübergehend nicht verfügbar.", "WhatsApp is temporarily not available.", tryLater),
	"131000": failure("Bei WhatsApp ist etwas schiefgegangen.", "Something went wrong at WhatsApp.", tryLater),
	"131016": failure("WhatsApp ist überlastet.", "WhatsApp is overloaded.", tryLater),
	"131057": failure("Unser Konto wird bei WhatsApp gerade gewartet.", "Our account is under maintenance at WhatsApp.", tryLater),
	"133004": failure("WhatsApp ist gerade ausgelastet.", "WhatsApp is busy now.", tryLater),
	"4":      failure("Wir haben WhatsApp zu oft aufgerufen.", "We called WhatsApp too often.", tryLater),
	"80007":  failure("Unser Konto hat WhatsApp zu oft aufgerufen.", "Our account called WhatsApp too often.", tryLater),
	"130429": failure("Von unserer Nummer gingen zu viele Nachrichten auf einmal.", "Too many messages left from our number at once.", tryLater),
	"131056": failure("An diese Person gingen zu viele Nachrichten hintereinander.", "Too many messages went to this person in a row.", tryLater),
	"131048": failure("WhatsApp begrenzt zurzeit, wie viel unsere Nummer senden darf, etwa weil Nachrichten gemeldet wurden.",
		"WhatsApp limits how much our number may send at present, perhaps because messages were reported.", askAdmin),

	"131047": failure("Das 24-Stunden-Fenster ist zu: Die Person hat zu lange nicht geschrieben.",
		"The 24-hour window is closed: the person has not written for too long.", waitForThem),
	"470": failure("Das 24-Stunden-Fenster ist zu: Die Person hat zu lange nicht geschrieben.",
		"The 24-hour window is closed: the person has not written for too long.", waitForThem),
	"131050": failure("Die Person hat Werbung von uns abbestellt.", "The person stopped marketing messages from us.",
		Bilingual{"Schicken Sie keine Werbung mehr.", "Send no more marketing messages."}),
	"131049": failure("WhatsApp hat die Nachricht zurückgehalten, damit die Person nicht zu viel Werbung bekommt.",
		"WhatsApp held the message back so that the person does not get too much marketing.", waitForThem),
	"130472": failure("WhatsApp stellt dieser Person zurzeit keine Werbung zu.", "WhatsApp delivers no marketing to this person at present.", waitForThem),
	"137000": failure("Das Gerät oder die Nummer der Person hat gewechselt.", "The person's device or number has changed.",
		Bilingual{"Vergewissern Sie sich erst, mit wem Sie schreiben.", "First make sure whom you are writing to."}),

	"131021": failure("Absender und Empfänger sind dieselbe Nummer.", "Sender and recipient are the same number.", otherWay),
	"131026": failure("Die Nachricht ist nicht zustellbar: Die Person nutzt WhatsApp nicht, nicht mehr oder in einer alten Fassung.",
		"The message cannot be delivered: the person does not use WhatsApp, not any more, or an old version.", otherWay),
	"131030": failure("Die Nummer steht nicht auf der Testliste unseres Kontos.", "The number is not on the test list of our account.", askAdmin),
	"131062": failure("An diese Person kann nur mit Telefonnummer gesendet werden, und wir kennen keine.",
		"This person can only be reached by telephone number, and we know none.", otherWay),

	"131052": failure("Die Datei ließ sich nicht laden.", "The file could not be fetched.", tryLater),
	"131053": failure("WhatsApp hat die Datei nicht angenommen.", "WhatsApp did not accept the file.",
		Bilingual{"Prüfen Sie Format und Größe der Datei.", "Check format and size of the file."}),

	"100":    failure("WhatsApp hat unsere Anfrage nicht verstanden.", "WhatsApp did not understand our request.", tellUs),
	"131008": failure("In unserer Anfrage fehlte etwas.", "Something was missing in our request.", tellUs),
	"131009": failure("WhatsApp hat einen Wert unserer Anfrage abgelehnt.", "WhatsApp refused a value of our request.", tellUs),
	"131051": failure("Diese Art von Nachricht nimmt WhatsApp nicht an.", "WhatsApp does not take this kind of message.", tellUs),
	"131035": failure("WhatsApp konnte den Inhalt nicht zustellen, weil er nicht gespeichert werden durfte.",
		"WhatsApp could not deliver the content because it must not be stored.", tryLater),
	"131036": failure("WhatsApp konnte die Zustellung nicht bestätigen.", "WhatsApp could not confirm the delivery.", otherWay),
	"131060": failure("Die Nachricht ist bei WhatsApp nicht mehr vorhanden.", "The message is not at WhatsApp any more.", tryLater),
	"135000": failure("WhatsApp meldet einen Fehler ohne nähere Angabe.", "WhatsApp reports an error without details.", tryLater),

	"139101": failure("Die Liste blockierter Personen unserer Nummer ist bei WhatsApp voll.", "The list of people blocked for our number is full at WhatsApp.",
		Bilingual{"Hier gilt die Blockierung. Heben Sie eine ältere auf, damit sie auch bei WhatsApp gilt.",
			"The block holds here. Lift an older one, so that it holds at WhatsApp, too."}),

	"132000": failure("Die Zahl der Angaben passt nicht zur Vorlage.", "The number of values does not fit the template.", askAdmin),
	"132001": failure("Die Vorlage gibt es in dieser Sprache nicht.", "The template does not exist in this language.", askAdmin),
	"132005": failure("Der Text der Vorlage ist zu lang.", "The text of the template is too long.", askAdmin),
	"132007": failure("Die Vorlage verstößt gegen Regeln von WhatsApp.", "The template breaks a rule of WhatsApp.", askAdmin),
	"132012": failure("Eine Angabe hat nicht das Format der Vorlage.", "A value does not have the template's format.", askAdmin),
	"132015": failure("WhatsApp hat die Vorlage angehalten.", "WhatsApp paused the template.", askAdmin),
	"132016": failure("WhatsApp hat die Vorlage abgeschaltet.", "WhatsApp disabled the template.", askAdmin),
	"132018": failure("Die Angaben passen nicht zur Vorlage.", "The values do not fit the template.", askAdmin),
	"132068": failure("Das Formular der Vorlage ist gesperrt.", "The form of the template is blocked.", askAdmin),
	"132069": failure("Das Formular der Vorlage wird von WhatsApp gebremst.", "The form of the template is slowed down by WhatsApp.", tryLater),
}
