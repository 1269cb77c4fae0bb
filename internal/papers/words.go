package papers

import (
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// short is layer 1: who, why, who else, what not to send here, the rights, where to read on.
func (w words) short() string {
	c := w.Controller
	safe := ""
	if w.SecureURL != "" {
		safe = w.say(" Dafür gibt es %s.", " Use %s for those.", w.SecureURL)
	}
	return strings.Join(slices.DeleteFunc([]string{
		unless(c.Name == "", w.say("{Sie schreiben|Du schreibst} mit %s.", "You are chatting with %s.", c.Name)) + " " +
			w.say("Wir verwenden {Ihre|deine} Nachrichten, um {Ihr|dein} Anliegen zu bearbeiten. Dies ist eine automatische Nachricht.",
				"We use your messages to deal with your matter. This is an automatic message."),
		w.carriers(),
		w.say("Bitte {schicken Sie|schick} hier nichts über Gesundheit, Bank oder Ausweis.", "Please send nothing here about your health, your bank or your identity card.") + safe,
		w.say("{Sie haben|Du hast} das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung, Übertragung und Beschwerde.",
			"You have the right to access, rectification, erasure, restriction, portability and complaint."),
		w.say("Widerspruchsrecht: gegen Werbung jederzeit (STOP genügt), gegen unser berechtigtes Interesse aus Gründen {Ihrer|deiner} Situation.",
			"Right to object: to advertising at any time (STOP is enough), to our legitimate interest on grounds relating to your situation."),
		unless(w.PageURL == "", w.say("Alles Weitere, auch Fristen: %s", "Everything else, including periods: %s", w.PageURL)),
		unless(c.Alternative == "", w.say("Ohne WhatsApp: %s", "Without WhatsApp: %s", c.Alternative)),
		w.say("DATENSCHUTZ zeigt diesen Hinweis noch einmal.", "Send PRIVACY to see this notice again."),
	}, func(s string) bool { return s == "" }), "\n\n")
}

// carriers says who transports messages, how far away, and what for itself.
func (w words) carriers() string {
	where := w.say("Irland", "Ireland")
	if slices.ContainsFunc(w.Recipients, desk.Recipient.IsAbroad) {
		where = w.say("Irland, auch USA", "Ireland, also the USA")
	}
	return w.say("WhatsApp und Meta (%s) befördern {Ihre|deine} Nachrichten. Wann und wie {Sie WhatsApp nutzen|du WhatsApp nutzt}, wertet WhatsApp für eigene Zwecke aus.",
		"WhatsApp and Meta (%s) carry your messages. WhatsApp evaluates for purposes of its own when and how you use it.", where)
}

func (w words) controller() []string {
	c := w.Controller
	return []string{
		unless(c.Name == "" || c.Address == "", w.say("Verantwortlich ist %s, %s.", "The controller is %s, %s.", c.Name, c.Address)),
		unless(c.Alternative == "", w.say("{Sie erreichen|Du erreichst} uns auch ohne WhatsApp, mit derselben Sorgfalt: %s.", "You reach us without WhatsApp just as well: %s.", c.Alternative)),
		unless(c.PrivacyURL == "", w.say("Unsere allgemeine Datenschutzerklärung steht unter %s.", "Our general privacy notice is at %s.", c.PrivacyURL)),
	}
}

func (w words) officer() []string {
	d := w.Controller.DPO
	return []string{unless(d.Name == "" || d.Email == "", w.say("Unsere Datenschutzbeauftragte oder unser Datenschutzbeauftragter: %s, %s.", "Our data-protection officer: %s, %s.", d.Name, d.Email))}
}

// in gives a text of the register in the language of the Notice.
func (w words) in(text desk.Bilingual) string { return text.In(string(w.Language)) }

func (w words) title(p desk.PurposeFact) string { return p.Title(string(w.Language)) }

// purposes states each Purpose with its legal basis.
func (w words) purposes() (text []string) {
	for _, p := range w.Controller.Purposes {
		text = append(text, w.purpose(p, w.basis(p)))
	}
	return text
}

func (w words) purpose(p desk.PurposeFact, basis string) string {
	return w.say("%s: %s (Art. %s DSGVO).", "%s: %s (GDPR Art. %s).", w.title(p), basis, p.Basis)
}

func (w words) basis(p desk.PurposeFact) string {
	switch p.Basis {
	case "6(1)(a)":
		return w.say("{Sie haben|du hast} eingewilligt", "you have consented")
	case "6(1)(b)":
		return w.say("es ist für {Ihren|deinen} Vertrag oder dessen Anbahnung nötig", "it is necessary for your contract or for preparing one")
	case "6(1)(c)":
		return w.say("ein Gesetz verpflichtet uns dazu", "a law obliges us to")
	case "6(1)(d)":
		return w.say("es schützt lebenswichtige Interessen", "it protects vital interests")
	case "6(1)(e)":
		return w.say("es dient einer öffentlichen Aufgabe", "it serves a public task")
	default:
		return w.say("wir haben daran ein berechtigtes Interesse, nämlich: %s", "we have a legitimate interest in it, namely: %s", w.in(p.Interest))
	}
}

// recipients names everybody who gets data, and what WhatsApp does by itself.
func (w words) recipients() (text []string) {
	for _, r := range w.Recipients {
		line := w.say("%s, %s (%s): %s", "%s, %s (%s): %s", r.Name, r.Address, r.Country, w.in(r.Service))
		switch {
		case r.Has(desk.RoleSubProcessor):
			line += w.say(", im Auftrag von %s", ", on behalf of %s", r.For)
		case r.Has(desk.RoleProcessor):
			line += w.say(", in unserem Auftrag und nach unserer Weisung", ", on our behalf and on our instructions")
		}
		text = append(text, line+".")
		if r.Has(desk.RoleController) {
			text = append(text, unless(r.OwnUse.IsEmpty() || r.PrivacyURL == "", w.say("%s verarbeitet in eigener Verantwortung: %s. Näheres: %s.",
				"%s processes as a controller in its own right: %s. More: %s.", r.Name, w.in(r.OwnUse), r.PrivacyURL)))
		}
		if r.Has(desk.RoleJoint) {
			text = append(text, unless(r.Essence.IsEmpty(), w.joint(r)))
		}
	}
	return text
}

// joint gives the essence of the arrangement with a joint controller, and that everybody may
// turn to either (GDPR Art. 26(2), (3)).
func (w words) joint(r desk.Recipient) string {
	return w.say("%s und wir sind gemeinsam verantwortlich. Das Wesentliche unserer Vereinbarung: %s. {Ihre Rechte können Sie|Deine Rechte kannst du} bei jedem von uns geltend machen (Art. 26 DSGVO).",
		"%s and we are joint controllers. The essence of our arrangement: %s. You may exercise your rights with each of us (GDPR Art. 26).",
		r.Name, strings.TrimSuffix(w.in(r.Essence), "."))
}

// transfers says of everybody abroad what the transfer rests on and where a copy is.
func (w words) transfers() (text []string) {
	for _, r := range w.Recipients {
		if r.IsAbroad() {
			text = append(text, w.say("%s (%s): %s Eine Kopie oder der Nachweis ist hier erhältlich: %s.", "%s (%s): %s A copy or the proof is available at %s.",
				r.Name, r.Country, w.mechanism(r.Transfer), r.Transfer.Source))
		}
	}
	return text
}

func (w words) mechanism(t desk.Transfer) string {
	switch t.Mechanism {
	case desk.TransferDPF:
		return w.say("Die EU-Kommission hält den Schutz für angemessen, weil das Unternehmen nach dem EU-U.S. Data Privacy Framework zertifiziert ist (Beschluss (EU) 2023/1795).",
			"The European Commission finds the protection adequate, because the company is certified under the EU-U.S. Data Privacy Framework (decision (EU) 2023/1795).")
	case desk.TransferAdequacy:
		return w.say("Die EU-Kommission hält den Schutz in diesem Land für angemessen (Art. 45 DSGVO).", "The European Commission finds the protection in this country adequate (GDPR Art. 45).")
	case desk.TransferClauses:
		return w.say("Es gelten die Standardvertragsklauseln der EU-Kommission, Modul %d (Beschluss (EU) 2021/914).", "The standard contractual clauses of the European Commission apply, module %d (decision (EU) 2021/914).", t.Module)
	case desk.TransferRules:
		return w.say("Es gelten genehmigte interne Datenschutzvorschriften (Art. 47 DSGVO).", "Approved binding corporate rules apply (GDPR Art. 47).")
	case desk.TransferException:
		return w.say("Die Übermittlung stützt sich auf eine Ausnahme (Art. 49 DSGVO).", "The transfer rests on an exception (GDPR Art. 49).")
	default:
		return ""
	}
}

// period gives the criterion, and what the register says of each Purpose.
func (w words) period() []string {
	return w.periods(w.say("Wir behalten {Ihre|deine} Daten so lange, wie wir sie für {Ihr|dein} Anliegen brauchen oder ein Gesetz uns zur Aufbewahrung verpflichtet. Danach löschen wir sie.",
		"We keep your data for as long as we need it for your matter or a law obliges us to keep it. Then we erase it."))
}

func (w words) periods(criterion string) []string {
	text := []string{criterion}
	for _, p := range w.Controller.Purposes {
		text = append(text, unless(p.Period.IsEmpty(), w.title(p)+": "+w.in(p.Period)))
	}
	return append(text, w.say("Meta behält Nachrichten höchstens 30 Tage, um sie zustellen zu können.", "Meta keeps messages for 30 days at most, in order to deliver them."))
}

func (w words) rights() []string {
	return []string{w.say(
		"{Sie können|Du kannst} Auskunft verlangen (Art. 15 DSGVO), Berichtigung (Art. 16), Löschung (Art. 17), Einschränkung der Verarbeitung (Art. 18) und {Ihre|deine} Daten in einem gängigen Format (Art. 20). Eine Nachricht genügt, auf jedem Weg. Bevor wir Daten herausgeben, prüfen wir, ob {Sie|du} es {sind|bist}.",
		"You may ask for access (GDPR Art. 15), rectification (Art. 16), erasure (Art. 17), restriction of processing (Art. 18), and your data in a common format (Art. 20). One message is enough, through any channel. Before we hand out data, we check that it is you.")}
}

// objection stands apart from all other information (GDPR Art. 21(4)).
func (w words) objection() []string {
	return w.objections(w.say("Dafür genügt STOP.", "STOP is enough."))
}

// objections say what is enough to object to advertising.
func (w words) objections(enough string) []string {
	return []string{
		w.say("{Sie können|Du kannst} jederzeit aus Gründen, die sich aus {Ihrer|deiner} besonderen Situation ergeben, widersprechen, soweit wir uns auf ein berechtigtes Interesse stützen (Art. 21 Abs. 1 DSGVO).",
			"You may object at any time, on grounds relating to your particular situation, where we rely on a legitimate interest (GDPR Art. 21(1))."),
		w.say("Werbung {können Sie|kannst du} jederzeit und ohne Angabe von Gründen widersprechen (Art. 21 Abs. 2 DSGVO). Dann gibt es keine mehr. %s",
			"You may object to advertising at any time and without giving reasons (GDPR Art. 21(2)). Then there is no more of it. %s", enough),
	}
}

func (w words) withdrawal() []string {
	return []string{w.say(
		"Eine Einwilligung {können Sie|kannst du} jederzeit widerrufen, so einfach, wie {Sie sie gegeben haben|du sie gegeben hast}; bei Werbung genügt STOP. Was wir bis dahin mit {Ihrer|deiner} Einwilligung getan haben, wird dadurch nicht rechtswidrig.",
		"You may withdraw a consent at any time, as easily as you gave it; for advertising STOP is enough. That does not make unlawful what we did with your consent until then.")}
}

func (w words) complaint() []string {
	a := w.Controller.Authority
	return []string{unless(a == "", w.say("{Sie können|Du kannst} bei jeder Aufsichtsbehörde Beschwerde einlegen. Für uns zuständig: %s.",
		"You may lodge a complaint with any supervisory authority. Competent for us: %s.", a))}
}

func (w words) duty() []string {
	return []string{w.say(
		"Niemand muss WhatsApp nutzen. Manche Angaben brauchen wir allerdings für den Vertrag oder weil ein Gesetz sie vorschreibt, etwa zu einem Schaden. Ohne sie können wir das Anliegen vielleicht nicht bearbeiten. Fehlen Angaben vor dem Vertrag oder zu einem Schaden, kann das den Versicherungsschutz mindern; darauf weisen wir dann gesondert hin.",
		"Nobody has to use WhatsApp. Some data, however, we need for the contract or because a law requires it, for example about a claim. Without it we may be unable to deal with the matter. If information is missing before the contract or about a claim, you may lose cover in part or in full; we will then tell you so separately.")}
}

// machines says that people decide, and names the machine that may answer, if policy has one
// (GDPR Art. 13(2)(f), 22; AI Act Art. 50(1)).
func (w words) machines() []string {
	return []string{w.say(
		"Über Vertrag, Leistung oder Kündigung entscheiden Menschen. Es gibt hier keine automatisierte Entscheidung und kein Profiling nach Art. 22 DSGVO. Automatische Antworten sind als solche gekennzeichnet.",
		"People decide about contracts, payments and terminations. There is no automated decision and no profiling here within the meaning of GDPR Art. 22. Automatic answers are marked as such."),
		unless(!w.hasBot(), w.answering())}
}

// answering says which machine may answer, that it decides nothing, and where texts go for it.
func (w words) answering() string {
	does := w.say("Ein Programm mit künstlicher Intelligenz kann hier antworten, bevor ein Mensch es tut.", "A program with artificial intelligence may answer here before a person does.")
	goes := ""
	switch w.Bot {
	case "rules":
		does = w.say("Ein Programm kann hier nach festen Regeln antworten, bevor ein Mensch es tut.", "A program may answer here by fixed rules before a person does.")
	case "model_inside":
		goes = w.say("Dafür verlassen {Ihre|deine} Nachrichten unser Haus nicht.", "Your messages do not leave our house for that.")
	case "model_outside":
		goes = w.say("Dafür verlassen {Ihre|deine} Nachrichten unser Haus.", "Your messages leave our house for that.")
	}
	return w.sentences(does, w.say("Das Programm entscheidet nichts.", "The program decides nothing."), goes)
}

// journey says the truth about encryption: it ends at Meta. So it is with the Cloud API,
// whatever the register says, as are the 30 days of periods.
func (w words) journey() []string {
	return []string{w.say(
		"Von {Ihrem|deinem} Gerät bis zu Meta ist eine Nachricht verschlüsselt. Meta entschlüsselt sie in unserem Auftrag und gibt sie über eine gesicherte Verbindung an uns weiter. Bei uns liegt sie verschlüsselt.",
		"A message is encrypted from your device to Meta. Meta decrypts it on our behalf and passes it on to us over a secured connection. We store it encrypted.")}
}
