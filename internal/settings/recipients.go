package settings

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// asShipped is the day on which what follows was looked up, and reviewDays how long it may
// be relied on before somebody of the house looks again.
const (
	asShipped  = "2026-11-23"
	shippedBy  = "Botschaft, as shipped"
	reviewDays = 90
)

// carriers are those who carry WhatsApp's Messages, as Meta's public terms name them. The
// terms are those that whoever opens a WhatsApp Business Account accepts; the clauses are
// named by their subject, since the public texts carry no numbers; what the processing is, how
// long it lasts and what it is for is said as the terms have it. A review is due after 90 days
// (GDPR Art. 28(3), 44 to 46; WhatsApp Business Data Transfer Addendum of 2024-02-16).
func carriers(today time.Time) []desk.Recipient {
	day := today.Format(time.DateOnly)
	review := today.AddDate(0, 0, reviewDays).Format(time.DateOnly)
	whatsapp := []desk.Channel{desk.ChannelWhatsApp}
	all := []desk.DataClass{desk.DataContent, desk.DataIdentity, desk.DataMetadata}
	abroad := desk.Transfer{
		Mechanism: desk.TransferDPF, Checked: asShipped, CheckedBy: shippedBy, Source: "https://www.dataprivacyframework.gov/list",
		Fallback: &desk.Transfer{
			Mechanism: desk.TransferClauses, Module: 3, Checked: asShipped, CheckedBy: shippedBy,
			Source:     "https://www.whatsapp.com/legal/business-data-transfer-addendum",
			Assessment: "Meta decrypts messages: without an adequacy decision no technical measure protects them from access in the USA (EDPB Recommendations 01/2020, use case 6). To be assessed anew when the framework falls.",
		},
	}
	return []desk.Recipient{
		{
			Name: desk.MetaIreland, Address: "Merrion Road, Dublin 4, D04 X2K5", Country: "IE", Carries: whatsapp, Data: all,
			Service: desk.Bilingual{DE: "betreibt die WhatsApp Business Platform (Cloud API) und befördert Nachrichten", EN: "runs the WhatsApp Business Platform (Cloud API) and carries messages"},
			Roles:   []desk.RecipientRole{desk.RoleProcessor}, ReviewBy: review,
			Contract: contract(day, "Meta Hosting Terms for Cloud API", "https://www.facebook.com/legal/Meta-Hosting-Terms-Cloud-API",
				"running the WhatsApp Business Platform (Cloud API)", "receiving, decrypting, keeping for a while and passing on messages, so that the controller can answer the people who write to it"),
		},
		{
			Name: "WhatsApp Ireland Limited", Address: "Merrion Road, Dublin 4, D04 X2K5", Country: "IE", Carries: whatsapp, Data: all,
			Service: desk.Bilingual{DE: "stellt Nachrichten in WhatsApp zu", EN: "delivers messages in WhatsApp"},
			Roles:   []desk.RecipientRole{desk.RoleProcessor, desk.RoleController}, ReviewBy: review,
			OwnUse: desk.Bilingual{
				DE: "Telefonnummer, Konto, Gerät sowie Zeiten und Art der Nutzung, um WhatsApp zu betreiben, zu sichern und vor Missbrauch zu schützen",
				EN: "telephone number, account, device, and times and manner of use, to run WhatsApp, to secure it and to protect it from abuse",
			},
			PrivacyURL: "https://www.whatsapp.com/legal/privacy-policy-eea",
			Contract: contract(day, "WhatsApp Business Data Processing Terms", "https://www.whatsapp.com/legal/business-data-processing-terms",
				"delivering messages in WhatsApp", "transporting messages between the controller and people who use WhatsApp, so that the controller can answer them"),
		},
		{
			Name: "WhatsApp LLC", Address: "1601 Willow Road, Menlo Park, California 94025", Country: "US", Carries: whatsapp, Data: all,
			Service: desk.Bilingual{DE: "hilft, Nachrichten zuzustellen", EN: "helps to deliver messages"},
			Roles:   []desk.RecipientRole{desk.RoleSubProcessor}, For: "WhatsApp Ireland Limited", ReviewBy: review, Transfer: abroad,
		},
		{
			Name: "Meta Platforms, Inc.", Address: "1 Meta Way, Menlo Park, California 94025", Country: "US", Carries: whatsapp, Data: all,
			Service: desk.Bilingual{DE: "betreibt Rechenzentren und Netze von WhatsApp", EN: "runs data centres and networks of WhatsApp"},
			Roles:   []desk.RecipientRole{desk.RoleSubProcessor}, For: desk.MetaIreland, ReviewBy: review, Transfer: abroad,
		},
	}
}

// operator is whoever runs this installation for the Controller: to be completed and switched
// on where that is another company, and left as it is where it is the Controller itself.
var operator = desk.Recipient{
	Name: "Operator of this installation", Country: "DE", Roles: []desk.RecipientRole{desk.RoleProcessor},
	Service: desk.Bilingual{DE: "betreibt Botschaft für uns", EN: "runs Botschaft for us"},
	Data:    []desk.DataClass{desk.DataContent, desk.DataIdentity, desk.DataMetadata},
}

func contract(day, title, url, subject, nature string) desk.Contract {
	c := desk.Contract{Subject: subject, Duration: "for as long as the WhatsApp Business Account exists", Nature: nature, Clauses: map[string]string{}, Terms: []desk.Terms{{
		Title: title, URL: url, Version: "in force on " + day, AcceptedBy: "whoever opened the WhatsApp Business Account", AcceptedAt: day,
	}}}
	for letter, subject := range map[string]string{
		"a": "instructions", "b": "confidentiality", "c": "security", "d": "sub-processors", "e": "help with the rights of data subjects",
		"f": "help with security, breaches and assessments", "g": "erasure and return", "h": "proof and audits",
	} {
		c.Clauses[letter] = title + ": " + subject
	}
	return c
}

// seed enters those who carry WhatsApp's Messages, switched on, and the operator, switched
// off, unless the register knows a carrier already.
func seed(ctx context.Context, tx *store.Tx, actor desk.Actor, controller desk.ControllerID) error {
	r, err := store.RegisterNow(ctx, tx.Queries, controller, tx.Now())
	if err != nil {
		return err
	}
	if len(r.Recipients) > 0 {
		return nil
	}
	for _, c := range append(carriers(tx.Now()), operator) {
		e := desk.RegisterEntry{
			Controller: controller, Kind: desk.RegisterRecipient, Subject: desk.NewID[desk.RegisterEntry](), Active: len(c.Missing()) == 0,
		}
		tx.Changed(registerAct(actor, e), recipientChanges(desk.Listed{}, c, e.Active)...)
		if err := enter(ctx, tx, actor, e, c); err != nil {
			return err
		}
	}
	return nil
}
