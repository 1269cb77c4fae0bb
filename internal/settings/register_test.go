package settings_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// complete gives the Controller all that a Notice must state.
func (w *world) complete(t *testing.T) desk.ControllerFacts {
	t.Helper()
	facts, _ := storetest.Papers()
	must(t, w.ChangeController(t.Context(), shell, w.controller, facts))
	return facts
}

// register reads what the register says now.
func (w *world) register(t *testing.T) desk.Register {
	t.Helper()
	r, err := w.Register(t.Context(), w.controller, w.store.Now())
	must(t, err)
	return r
}

// A Recipient that lacks anything may be noted and not be switched on, and one that is on
// cannot lose what it needs (GDPR Art. 26(2), 28(3), 44).
func TestAnIncompleteRecipientStaysOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, whole := storetest.Papers()
		whole.Roles = []desk.RecipientRole{desk.RoleProcessor, desk.RoleSubProcessor, desk.RoleController, desk.RoleJoint}
		whole.Essence = desk.Bilingual{DE: "beide antworten"}
		holding := whole
		holding.Name, holding.Roles = "Carrier Holding", []desk.RecipientRole{desk.RoleController}
		_, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, holding, true)
		must(t, err)
		whole.For, whole.OwnUse, whole.PrivacyURL, whole.Country = "Carrier Holding", desk.Bilingual{DE: "Abrechnung"}, "https://carrier.example/privacy", "US"
		whole.Transfer = desk.Transfer{Mechanism: desk.TransferClauses, Module: 2, Checked: "2026-11-01", CheckedBy: "Einkauf", Source: "https://terms.example", Assessment: "done"}
		id, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, whole, true)
		must(t, err)
		for missing, spoil := range map[string]func(r *desk.Recipient){
			"address": func(r *desk.Recipient) { r.Address = "" }, "country": func(r *desk.Recipient) { r.Country = "Irland" },
			"service": func(r *desk.Recipient) { r.Service = desk.Bilingual{} }, "roles": func(r *desk.Recipient) { r.Roles = nil },
			"data": func(r *desk.Recipient) { r.Data = nil }, "review_by": func(r *desk.Recipient) { r.ReviewBy = "" },
			"for": func(r *desk.Recipient) { r.For = "" }, "own_use": func(r *desk.Recipient) { r.OwnUse = desk.Bilingual{} },
			"privacy_url":        func(r *desk.Recipient) { r.PrivacyURL = "" },
			"essence":            func(r *desk.Recipient) { r.Essence = desk.Bilingual{} },
			"contract.subject":   func(r *desk.Recipient) { r.Contract.Subject = "" },
			"contract.duration":  func(r *desk.Recipient) { r.Contract.Duration = "" },
			"contract.nature":    func(r *desk.Recipient) { r.Contract.Nature = "" },
			"transfer.mechanism": func(r *desk.Recipient) { r.Transfer.Mechanism = "" }, "transfer.module": func(r *desk.Recipient) { r.Transfer.Module = 5 },
			"transfer.assessment": func(r *desk.Recipient) { r.Transfer.Assessment = "" }, "transfer.checked": func(r *desk.Recipient) { r.Transfer.Checked = "" },
			"transfer.checked_by": func(r *desk.Recipient) { r.Transfer.CheckedBy = "" }, "transfer.source": func(r *desk.Recipient) { r.Transfer.Source = "" },
			"contract.clauses.c": func(r *desk.Recipient) {
				r.Contract.Clauses = map[string]string{"a": "1", "b": "1", "d": "1", "e": "1", "f": "1", "g": "1", "h": "1"}
			},
			"contract.terms": func(r *desk.Recipient) { r.Contract.Terms = nil },
			"contract.terms.url": func(r *desk.Recipient) {
				r.Contract.Terms = []desk.Terms{{Title: "T", Version: "1", AcceptedBy: "E", AcceptedAt: "2026-01-01"}}
			},
		} {
			r := whole
			spoil(&r)
			_, err := w.PutRecipient(ctx, shell, w.controller, id, r, true)
			refused(t, "without "+missing, err, desk.CodeInvalid, "active")
			if err == nil || !strings.Contains(err.Error(), missing) {
				t.Errorf("without %s: %v does not say so", missing, err)
			}
			if _, err := w.PutRecipient(ctx, shell, w.controller, id, r, false); err != nil {
				t.Errorf("switched off without %s: %v", missing, err)
			}
		}
		if _, err := w.PutRecipient(ctx, shell, w.controller, id, whole, true); err != nil {
			t.Errorf("completed: %v", err)
		}
		_, err = w.PutRecipient(ctx, shell, w.controller, desk.NewID[desk.RegisterEntry](), whole, true)
		refused(t, "one that nobody noted", err, desk.CodeNotFound, "")
		_, err = w.PutRecipient(ctx, shell, desk.NewID[desk.Controller](), desk.RegisterID{}, whole, true)
		refused(t, "of an unknown controller", err, desk.CodeInvalid, "controller")
	})
}

// The register of any past day can be read as it was on that day, whatever was changed since
// (GDPR Art. 5(2), 30).
func TestTheRegisterOfAPastDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if _, err := w.Register(ctx, w.controller, noon.Add(-time.Hour)); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("before there was one: %v", err)
		}
		_, carrier := storetest.Papers()
		var id desk.RegisterID
		days := []desk.Register{w.register(t)}
		for i, change := range []func() error{
			func() error { w.complete(t); return nil },
			func() (err error) {
				id, err = w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, carrier, true)
				return err
			},
			func() error { return w.HoldFramework(ctx, shell, w.controller, false, "Urteil") },
			func() error {
				carrier.Address = "2 Way, Dublin"
				_, err := w.PutRecipient(ctx, shell, w.controller, id, carrier, false)
				return err
			},
			func() error {
				p := desk.DefaultPolicies()
				p.DPFInvalid, p.Tone = desk.DPFBlock, "du"
				w.choose(t, p)
				return nil
			},
			func() error { return w.HoldFramework(ctx, shell, w.controller, true, "Neuer Beschluss") },
		} {
			w.clock.Add(24 * time.Hour)
			if err := change(); err != nil {
				t.Fatalf("day %d: %v", i+1, err)
			}
			now := w.register(t)
			if reflect.DeepEqual(now, days[len(days)-1]) {
				t.Errorf("day %d changed nothing", i+1)
			}
			days = append(days, now)
		}
		for i, was := range days {
			for _, at := range []time.Duration{0, 23 * time.Hour} {
				r, err := w.Register(ctx, w.controller, noon.Add(time.Duration(i)*24*time.Hour+at))
				must(t, err)
				if !reflect.DeepEqual(r, was) {
					t.Errorf("day %d, %v later: %+v\nand was %+v", i, at, r, was)
				}
			}
		}
		versions, err := w.RegisterVersions(ctx, w.controller, desk.RegisterRecipient, id)
		must(t, err)
		if len(versions) != 2 || versions[0].Version != 2 || versions[0].Active || !versions[1].Active {
			t.Errorf("the versions are %+v", versions)
		}
	})
}

// What is held already cannot be held again: the register says when it began, and once (GDPR
// Art. 45(5)).
func TestTheFrameworkIsHeldOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		hold := func(valid bool) error { return w.HoldFramework(ctx, shell, w.controller, valid, "Urteil") }
		again := func(valid bool) {
			t.Helper()
			if n := len(w.written(t, func() { must(t, hold(valid)) })); n != 0 {
				t.Errorf("what was held already left %d entries", n)
			}
		}
		again(true)
		written := w.written(t, func() { must(t, hold(false)) })
		if got := acts(written); !slices.Equal(got, []string{string(desk.ActRegisterChanged)}) {
			t.Errorf("the log says %v", got)
		}
		since := w.register(t).InvalidAt
		w.clock.Add(time.Hour)
		again(false)
		if r := w.register(t); !r.InvalidAt.Equal(since) || r.Invalid.Reason != "Urteil" {
			t.Errorf("invalid since %v, %+v", r.InvalidAt, r.Invalid)
		}
		must(t, hold(true))
		again(true)
		if r := w.register(t); !r.InvalidAt.IsZero() {
			t.Errorf("invalid since %v", r.InvalidAt)
		}
		refused(t, "without a reason", w.HoldFramework(ctx, shell, w.controller, false, " "), desk.CodeInvalid, "reason")
		refused(t, "of nobody", w.HoldFramework(ctx, shell, desk.NewID[desk.Controller](), false, "Urteil"), desk.CodeNotFound, "")
	})
}

// Everybody who serves a Controller is told when the framework is held invalid, and when it is
// not any more; and otherwise nobody.
func TestTheFrameworkIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		inbox, err := w.CreateWhatsAppInbox(ctx, shell, w.newInbox())
		must(t, err)
		told := func(what string, want bool, act func() error) {
			t.Helper()
			_, err := w.store.NumberEvents(ctx)
			must(t, err)
			before, err := w.store.LastEvent(ctx)
			must(t, err)
			must(t, act())
			_, err = w.store.NumberEvents(ctx)
			must(t, err)
			events, err := w.store.Read().ListEvents(ctx, rows.ListEventsParams{AfterN: before, Page: 10})
			must(t, err)
			got := len(events) == 1 && events[0].Kind == desk.EventInbox && events[0].Inbox == inbox
			if got != want {
				t.Errorf("%s: the events are %+v", what, events)
			}
		}
		told("held invalid", true, func() error { return w.HoldFramework(ctx, shell, w.controller, false, "Urteil") })
		told("held already", false, func() error { return w.HoldFramework(ctx, shell, w.controller, false, "Urteil") })
		told("held valid", true, func() error { return w.HoldFramework(ctx, shell, w.controller, true, "Beschluss") })
	})
}

// Nothing stands on a legitimate interest of which a single part of the balancing is missing;
// what is there is kept with every version (GDPR Art. 5(2), 6(1)(f), 21(1)).
func TestABalancingMustBeComplete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		facts := w.complete(t)
		whole := desk.PurposeFact{Name: "Betrug erkennen", Basis: "6(1)(f)", Interest: desk.Bilingual{DE: "Schaden abwenden"}, Balancing: &desk.Balancing{
			Necessity: "n", Balance: "b", Safeguards: "s", Objection: "o", ApprovedBy: "Datenschutz", ApprovedAt: "2026-11-02",
		}}
		for part, spoil := range map[string]func(p *desk.PurposeFact, b *desk.Balancing){
			"":                               func(*desk.PurposeFact, *desk.Balancing) {},
			"purposes.interest":              func(p *desk.PurposeFact, _ *desk.Balancing) { p.Interest = desk.Bilingual{} },
			"purposes.balancing":             func(p *desk.PurposeFact, _ *desk.Balancing) { p.Balancing = nil },
			"purposes.balancing.necessity":   func(_ *desk.PurposeFact, b *desk.Balancing) { b.Necessity = "" },
			"purposes.balancing.balance":     func(_ *desk.PurposeFact, b *desk.Balancing) { b.Balance = "" },
			"purposes.balancing.safeguards":  func(_ *desk.PurposeFact, b *desk.Balancing) { b.Safeguards = "" },
			"purposes.balancing.objection":   func(_ *desk.PurposeFact, b *desk.Balancing) { b.Objection = "" },
			"purposes.balancing.approved_by": func(_ *desk.PurposeFact, b *desk.Balancing) { b.ApprovedBy = "" },
			"purposes.balancing.approved_at": func(_ *desk.PurposeFact, b *desk.Balancing) { b.ApprovedAt = "" },
		} {
			p, b := whole, *whole.Balancing
			p.Balancing = &b
			spoil(&p, &b)
			facts.Purposes = []desk.PurposeFact{p}
			w.clock.Add(time.Second)
			must(t, w.ChangeController(t.Context(), shell, w.controller, facts))
			r := w.register(t)
			on := r.Footing("2026-11-02")
			_, usable := r.Controller.Purpose(on)
			missing := r.Controller.Missing(on)
			if usable != (part == "") || part != "" && !slices.Equal(missing, []string{part}) || part == "" && missing != nil {
				t.Errorf("without %q: usable %v, missing %v", part, usable, missing)
			}
		}
		for field, spoil := range map[string]func(b *desk.Balancing){
			"purposes.balancing.approved_at": func(b *desk.Balancing) { b.ApprovedAt = "2026-11-03" },
			"purposes.balancing.balance":     func(b *desk.Balancing) { b.Balance = strings.Repeat("x", 4001) },
		} {
			p, b := whole, *whole.Balancing
			p.Balancing = &b
			spoil(&b)
			facts.Purposes = []desk.PurposeFact{p}
			refused(t, field, w.ChangeController(t.Context(), shell, w.controller, facts), desk.CodeInvalid, field)
		}
	})
}

// A fresh installation has the careful choices, and they are the published ones (GDPR
// Art. 25(2)).
func TestAFreshHouseIsCareful(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		got := w.register(t).Policies
		if got != desk.DefaultPolicies() {
			t.Errorf("it has %+v", got)
		}
		must(t, got.Check())
		text, err := os.ReadFile("../../docs/policies.md")
		must(t, err)
		published := 0
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, " | ")
			if len(cells) != 5 || !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| Key") {
				continue
			}
			published++
			key, options, value := strings.TrimPrefix(cells[0], "| "), strings.Split(cells[1], ", "), cells[2]
			if got.Of(key) != value || !slices.Contains(options, value) {
				t.Errorf("%s is %q, and %q was published", key, got.Of(key), value)
			}
		}
		if n := len(desk.PolicyOptions()); published != n || published == 0 {
			t.Errorf("%d of %d policies are published", published, n)
		}
		bad := got
		bad.Tone = "ihr"
		_, err = w.SetPolicies(t.Context(), shell, w.controller, bad, private.Text{})
		refused(t, "a choice that is none", err, desk.CodeInvalid, "tone")
	})
}

// What somebody is said to have done has been done, by the calendar in Germany (GDPR Art. 5(2)),
// and whoever works for somebody works for another of the register (GDPR Art. 28(4)).
func TestTheRegisterIsPlausible(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, whole := storetest.Papers()
		put := func(r desk.Recipient) error {
			_, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, r, false)
			return err
		}
		w.clock.Add(10*time.Hour + 59*time.Minute) // 23:59 in Berlin, on 2 November
		later := whole
		later.Transfer.Checked = "2026-11-03"
		refused(t, "looked up tomorrow", put(later), desk.CodeInvalid, "transfer.checked")
		w.clock.Add(time.Minute)
		must(t, put(later))
		whole.For = "Carrier Holding"
		refused(t, "for nobody", put(whole), desk.CodeInvalid, "for")
		whole.For = whole.Name
		must(t, put(whole)) // later has that name

		// What an older release let in may be switched off as it is, and not stay on.
		whole.For, whole.Transfer.Checked = "Carrier Holding", "2027-01-01"
		e := desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterRecipient, Subject: desk.NewID[desk.RegisterEntry](), Active: true}
		storetest.Enter(t, w.store, e, whole)
		refused(t, "left on", second(w.PutRecipient(ctx, shell, w.controller, e.Subject, whole, true)), desk.CodeInvalid, "for")
		must(t, second(w.PutRecipient(ctx, shell, w.controller, e.Subject, whole, false)))
		whole.Address = "Elsewhere"
		refused(t, "changed while it is off", second(w.PutRecipient(ctx, shell, w.controller, e.Subject, whole, false)), desk.CodeInvalid, "for")
	})
}

// When a Recipient gets another name, whoever works for it goes on working for it.
func TestANewNameGoesAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, processor := storetest.Papers()
		id, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, processor, true)
		must(t, err)
		worker := processor
		worker.Name, worker.For, worker.Roles = "Worker, Inc.", processor.Name, []desk.RecipientRole{desk.RoleSubProcessor}
		its, err := w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, worker, true)
		must(t, err)
		processor.Name = "Carrier, Ltd."
		written := w.written(t, func() {
			_, err := w.PutRecipient(ctx, shell, w.controller, id, processor, true)
			must(t, err)
		})
		if got := acts(written); !slices.Equal(got, []string{string(desk.ActRegisterChanged), string(desk.ActRegisterChanged)}) {
			t.Errorf("the log says %v", got)
		}
		w.clock.Add(time.Second)
		for _, l := range w.register(t).Recipients {
			if l.ID == its && (l.For != "Carrier, Ltd." || l.Version != 2 || !l.Active) {
				t.Errorf("it works for %q in version %d, active %v", l.For, l.Version, l.Active)
			}
		}
		_, err = w.PutRecipient(ctx, shell, w.controller, id, processor, true)
		must(t, err)
		if versions, err := w.RegisterVersions(ctx, w.controller, desk.RegisterRecipient, its); err != nil || len(versions) != 2 {
			t.Errorf("%d versions, %v", len(versions), err)
		}
	})
}
