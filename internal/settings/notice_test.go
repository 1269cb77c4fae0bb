package settings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
)

// A Notice that would not say all it must is not put to use, and whoever tries is told all
// that is missing (GDPR Art. 12(1), 13).
func TestANoticeMustBeComplete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		inbox := w.inbox(t) // of a Controller with a name and nothing else
		listed, err := w.Notices(ctx, inbox)
		must(t, err)
		if len(listed) != 0 {
			t.Errorf("a notice of nothing is in use: %+v", listed)
		}
		err = w.ActivateNotice(ctx, shell, inbox, true)
		refused(t, "by name alone", err, desk.CodeConflict, "")
		said := fmt.Sprint(err)
		for _, what := range []string{
			"the controller's address is not known", "the way without WhatsApp is not known", "the data-protection officer is not known",
			"the data-protection officer's address is not known", "the supervisory authority is not known", "no purpose is known",
		} {
			if !strings.Contains(said, what) {
				t.Errorf("%q does not name: %s", said, what)
			}
		}
		whole := w.complete(t)
		for what, spoil := range map[string]func(f *desk.ControllerFacts){
			"address is not known":     func(f *desk.ControllerFacts) { f.Address = "" },
			"without WhatsApp":         func(f *desk.ControllerFacts) { f.Alternative = "" },
			"data-protection officer":  func(f *desk.ControllerFacts) { f.DPO.Name = "" },
			"officer's address":        func(f *desk.ControllerFacts) { f.DPO.Email = "" },
			"supervisory authority":    func(f *desk.ControllerFacts) { f.Authority = "" },
			"no purpose is known":      func(f *desk.ControllerFacts) { f.Purposes = nil },
			"the legitimate interest ": func(f *desk.ControllerFacts) { f.Purposes = []desk.PurposeFact{{Name: "Betrug", Basis: "6(1)(f)"}} },
		} {
			facts := whole
			spoil(&facts)
			must(t, w.ChangeController(ctx, shell, w.controller, facts))
			err := w.ActivateNotice(ctx, shell, inbox, true)
			if refused(t, "without "+what, err, desk.CodeConflict, ""); !strings.Contains(fmt.Sprint(err), what) {
				t.Errorf("%v does not name: %s", err, what)
			}
		}
		must(t, w.ChangeController(ctx, shell, w.controller, whole))
		must(t, w.ActivateNotice(ctx, shell, inbox, false))
		refused(t, "twice", w.ActivateNotice(ctx, shell, inbox, true), desk.CodeConflict, "")
		listed, err = w.Notices(ctx, inbox)
		must(t, err)
		if len(listed) != 2 || listed[0].Version != 1 || !listed[0].Material || listed[0].Language == listed[1].Language {
			t.Errorf("in use are %+v", listed)
		}
	})
}

// lines checks what people are told beside a Notice: something on each Occasion, as it is sent.
func (w *world) lines(t *testing.T, d settings.NoticeDraft) {
	t.Helper()
	if len(d.Lines) != len(desk.Occasions) {
		t.Errorf("%d lines", len(d.Lines))
	}
	for _, l := range d.Lines {
		if l.Text == "" || len(l.Problems) > 0 {
			t.Errorf("%s, %s: %q has %+v", d.Language, l.On, l.Text, l.Problems)
		}
	}
}

// stale tells which Notices say something else than the register gives today: "leben de".
func (w *world) stale(t *testing.T, inboxes map[string]desk.InboxID) (found []string) {
	t.Helper()
	for name, id := range inboxes {
		drafts, err := w.DraftNotice(t.Context(), id)
		must(t, err)
		for _, d := range drafts {
			if d.InUse == nil {
				t.Fatalf("%s has no notice in use: %+v", name, d.Problems)
			}
			w.lines(t, d)
			if d.Stale {
				found = append(found, name+" "+d.Language)
			}
		}
	}
	slices.Sort(found)
	return found
}

// alteration is a change of one fact of the register, and which Notices state that fact.
type alteration struct {
	what      string
	languages string // "de en": those of the Inboxes of this Controller, or some, or none
	do        func(f *desk.ControllerFacts, r *desk.Recipient, p *desk.Policies)
}

// alterations change each fact by itself.
func alterations() []alteration {
	facts := func(what, languages string, do func(f *desk.ControllerFacts)) alteration {
		return alteration{what, languages, func(f *desk.ControllerFacts, _ *desk.Recipient, _ *desk.Policies) { do(f) }}
	}
	carrier := func(what, languages string, do func(r *desk.Recipient)) alteration {
		return alteration{what, languages, func(_ *desk.ControllerFacts, r *desk.Recipient, _ *desk.Policies) { do(r) }}
	}
	policy := func(what, languages string, do func(p *desk.Policies)) alteration {
		return alteration{what, languages, func(_ *desk.ControllerFacts, _ *desk.Recipient, p *desk.Policies) { do(p) }}
	}
	const both = "de en"
	return []alteration{
		facts("name", both, func(f *desk.ControllerFacts) { f.Name = "Andere AG" }),
		facts("address", both, func(f *desk.ControllerFacts) { f.Address = "Andere Straße 1" }),
		facts("alternative", both, func(f *desk.ControllerFacts) { f.Alternative = "Telefon 0221 1" }),
		facts("privacy_url", both, func(f *desk.ControllerFacts) { f.PrivacyURL = "https://andere.example" }),
		facts("authority", both, func(f *desk.ControllerFacts) { f.Authority = "Andere Behörde" }),
		facts("dpo.name", both, func(f *desk.ControllerFacts) { f.DPO.Name = "Anderes Amt" }),
		facts("dpo.email", both, func(f *desk.ControllerFacts) { f.DPO.Email = "anders@muster.example" }),
		facts("seat", "", func(f *desk.ControllerFacts) { f.Seat = "Bonn" }),
		facts("land", "", func(f *desk.ControllerFacts) { f.Land = "BY" }),
		facts("purposes.name", both, func(f *desk.ControllerFacts) { f.Purposes[0].Name = "Anderes" }),
		facts("purposes.name_en", "en", func(f *desk.ControllerFacts) { f.Purposes[0].NameEN = "Contracts" }),
		facts("purposes.basis", both, func(f *desk.ControllerFacts) { f.Purposes[0].Basis = "6(1)(c)" }),
		facts("purposes.period.de", both, func(f *desk.ControllerFacts) { f.Purposes[0].Period.DE = "Zehn Jahre." }),
		facts("a purpose less", both, func(f *desk.ControllerFacts) { f.Purposes = f.Purposes[:1] }),
		carrier("name", both, func(r *desk.Recipient) { r.Name = "Other Ltd" }),
		carrier("address", both, func(r *desk.Recipient) { r.Address = "Elsewhere" }),
		carrier("service.de", "de", func(r *desk.Recipient) { r.Service.DE = "hilft" }),
		carrier("service.en", "en", func(r *desk.Recipient) { r.Service.EN = "helps" }),
		carrier("country", both, func(r *desk.Recipient) { r.Country = "FR" }),
		carrier("roles", both, func(r *desk.Recipient) {
			r.Roles, r.For = []desk.RecipientRole{desk.RoleSubProcessor}, desk.MetaIreland
		}),
		carrier("review_by", "", func(r *desk.Recipient) { r.ReviewBy = "2031-01-01" }),
		carrier("data", "", func(r *desk.Recipient) { r.Data = []desk.DataClass{desk.DataMetadata} }),
		carrier("contract", "", func(r *desk.Recipient) { r.Contract.Terms = append(r.Contract.Terms, r.Contract.Terms[0]) }),
		carrier("contract.subject", "", func(r *desk.Recipient) { r.Contract.Subject = "anderes" }),
		carrier("essence of no joint controller", "", func(r *desk.Recipient) { r.Essence.DE = "beide antworten" }),
		carrier("a joint controller", both, func(r *desk.Recipient) {
			r.Roles, r.Essence = append(r.Roles, desk.RoleJoint), desk.Bilingual{DE: "beide antworten"}
		}),
		policy("tone", "de", func(p *desk.Policies) { p.Tone = "du" }),
		policy("a bot by rules", both, func(p *desk.Policies) { p.Bot = "rules" }),
		policy("a bot with a model", both, func(p *desk.Policies) { p.Bot = "model_outside" }),
		policy("translation", "", func(p *desk.Policies) { p.Translation = "inside" }),
		policy("local_storage", "", func(p *desk.Policies) { p.LocalStorage = "off" }),
		policy("quiet_hours", "", func(p *desk.Policies) { p.QuietHours = "22-8" }),
		policy("outbound", "", func(p *desk.Policies) { p.Outbound = "advertising" }),
	}
}

// Whatever changes in the register, exactly those Notices are stale that state it, and they
// are not once it is as it was (GDPR Art. 12(1), 13; 5(1)(d)).
func TestExactlyWhatStatesAFactIsStale(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		facts := func() desk.ControllerFacts { f, _ := storetest.Papers(); return f }
		carrier := func() desk.Recipient {
			_, r := storetest.Papers()
			r.Service = desk.Bilingual{DE: "befördert", EN: "carries"}
			return r
		}
		w.complete(t)
		own := map[string]desk.InboxID{"leben": w.inbox(t), "schaden": w.inbox(t)}
		inboxes := map[string]desk.InboxID{"leben": own["leben"], "schaden": own["schaden"]}
		id, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, carrier(), true)
		must(t, err)
		for _, in := range own {
			must(t, w.ActivateNotice(ctx, shell, in, false))
		}
		inboxes["andere"] = w.elsewhere(t)
		check := func(what, languages string) {
			t.Helper()
			var want []string
			for _, l := range strings.Fields(languages) {
				want = append(want, "leben "+l, "schaden "+l)
			}
			slices.Sort(want)
			if got := w.stale(t, inboxes); !slices.Equal(got, want) {
				t.Errorf("%s: stale are %q, want %q", what, got, want)
			}
			if got, want := w.asksFor(t, desk.DutyNotice), min(len(want), len(own)); got != want {
				t.Errorf("%s: %d duties to put a notice to use, want %d", what, got, want)
			}
		}
		put := func(f desk.ControllerFacts, r desk.Recipient, p desk.Policies, active bool) {
			t.Helper()
			must(t, w.ChangeController(ctx, shell, w.controller, f))
			must(t, second(w.PutRecipient(ctx, shell, w.controller, id, r, active)))
			w.choose(t, p)
		}
		check("nothing", "")
		for _, a := range alterations() {
			f, r, p := facts(), carrier(), desk.DefaultPolicies()
			a.do(&f, &r, &p)
			put(f, r, p, true)
			check(a.what, a.languages)
		}
		put(facts(), carrier(), desk.DefaultPolicies(), true)
		check("as it was", "")
		put(facts(), carrier(), desk.DefaultPolicies(), false)
		check("a recipient switched off", "de en")
		put(facts(), carrier(), desk.DefaultPolicies(), true)
		must(t, w.HoldFramework(ctx, shell, w.controller, false, "Urteil"))
		check("the framework", "de en")
		must(t, w.ActivateNotice(ctx, shell, own["leben"], true))
		if got := w.stale(t, inboxes); !slices.Equal(got, []string{"schaden de", "schaden en"}) {
			t.Errorf("put to use in one inbox: stale are %q", got)
		}
	})
}

// asksFor counts the Duties of a kind.
func (w *world) asksFor(t *testing.T, kind desk.DutyKind) (n int) {
	t.Helper()
	at := w.clock.Now().Add(time.Minute) // versions of the same moment are a millisecond apart
	r, err := w.Register(t.Context(), w.controller, at)
	must(t, err)
	duties, err := w.Duties(t.Context(), r, at)
	must(t, err)
	for _, d := range duties {
		if d.Kind == kind {
			n++
		}
	}
	return n
}

// elsewhere makes an Inbox of another Controller, with its Notice in use.
func (w *world) elsewhere(t *testing.T) desk.InboxID {
	t.Helper()
	facts, _ := storetest.Papers()
	facts.Name = "Muster Auto AG"
	other, err := w.AddController(t.Context(), shell, facts)
	must(t, err)
	in := w.newInbox()
	in.Controller = other
	id, err := w.CreateWhatsAppInbox(t.Context(), shell, in)
	must(t, err)
	return id
}
