package policy

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// settled returns Facts in which everything is assessed and nothing stands against sending.
func settled() Facts {
	return Facts{
		Now: noon, WindowUntil: noon.Add(time.Hour),
		ContactErased: No, Objected: No, ProcessorsComplete: Yes, TransferAllowed: Yes,
		Basis: "6(1)(b)", BasisKnown: Yes, InterestBarred: No, NoticeReady: Yes, NoticeShown: Yes,
		OptIn: Yes, AdvertisingConsent: Yes, QuietHours: No,
		SensitiveContent: No, Art9Content: No, AIDisclosed: Yes, MachineDecision: No, DocumentsComplete: Yes,
	}
}

func reply() Draft {
	return Draft{Kind: desk.KindText, Origin: desk.OriginAgent, Class: ClassService}
}

// TestDecide takes settled Facts and a reply, changes one thing and expects codes;
// the pseudo code notice_first stands for that Outcome.
func TestDecide(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*Facts, *Draft)
		want   []Code
	}{
		{"nothing_against_it", func(*Facts, *Draft) {}, nil},
		{"inbox_paused", func(f *Facts, _ *Draft) { f.InboxPaused = true }, []Code{CodeInboxPaused}},
		{"processor_incomplete", func(f *Facts, _ *Draft) { f.ProcessorsComplete = No }, []Code{CodeProcessorIncomplete}},
		{"transfer_blocked", func(f *Facts, _ *Draft) { f.TransferAllowed = No }, []Code{CodeTransferBlocked}},
		{"contact_restricted", func(f *Facts, _ *Draft) { f.ContactRestricted = true }, []Code{CodeContactRestricted}},
		{"contact_blocked", func(f *Facts, d *Draft) { f.ContactBlocked, d.Notice = true, true }, []Code{CodeContactBlocked}},
		{"identity_changed", func(f *Facts, d *Draft) { f.ContactDoubted, d.Notice = true, true }, []Code{CodeIdentityChanged}},
		{"contact_restricted_even_for_the_notice", func(f *Facts, d *Draft) { f.ContactRestricted, d.Notice = true, true }, []Code{CodeContactRestricted}},
		{"contact_erased", func(f *Facts, _ *Draft) { f.ContactErased = Yes }, []Code{CodeContactErased}},
		{"contact_objected", func(f *Facts, _ *Draft) { f.Objected = Yes }, []Code{CodeContactObjected}},
		{"interest_of_an_authority", func(f *Facts, _ *Draft) { f.InterestBarred = Yes }, []Code{CodeInterestBarred}},
		{"no_purpose", func(f *Facts, _ *Draft) { f.BasisKnown = No }, []Code{CodeBasisMissing}},
		{"notice_owed", func(f *Facts, _ *Draft) { f.NoticeShown = No }, []Code{"notice_first"}},
		{"notice_owed_and_there_is_none", func(f *Facts, _ *Draft) { f.NoticeShown, f.NoticeReady = No, No }, []Code{CodeNoticeMissing}},
		{"notice_owed_and_this_is_it", func(f *Facts, d *Draft) { f.NoticeShown, d.Notice = No, true }, nil},
		{"notice_owed_behind_a_refusal", func(f *Facts, _ *Draft) { f.NoticeShown, f.InboxPaused = No, true }, []Code{CodeInboxPaused}},
		{"window_never_opened", func(f *Facts, _ *Draft) { f.WindowUntil = time.Time{} }, []Code{CodeWindowClosed}},
		{"window_closed_without_template", func(f *Facts, _ *Draft) { f.WindowUntil = noon.Add(-time.Second) }, []Code{CodeWindowClosed}},
		{"window_closed_at_its_very_end", func(f *Facts, _ *Draft) { f.WindowUntil = noon }, []Code{CodeWindowClosed}},
		{"window_open_just_before_its_end", func(f *Facts, _ *Draft) { f.WindowUntil = noon.Add(time.Nanosecond) }, nil},
		{"window_closed_with_template", func(f *Facts, d *Draft) { f.WindowUntil, d.Template = noon, true }, nil},
		{"template_without_opt_in", func(f *Facts, d *Draft) { f.WindowUntil, d.Template, f.OptIn = noon, true, No }, []Code{CodeOptInMissing}},
		{"template_without_opt_in_in_the_window", func(f *Facts, d *Draft) { d.Template, f.OptIn = true, No }, nil},
		{"advertising_without_consent", func(f *Facts, d *Draft) { d.Class, f.AdvertisingConsent = ClassAdvertising, No }, []Code{CodeAdvertisingConsentMissing}},
		{"advertising_in_quiet_hours", func(f *Facts, d *Draft) { d.Class, f.QuietHours = ClassAdvertising, Yes }, []Code{CodeQuietHours}},
		{"service_in_quiet_hours_without_consent", func(f *Facts, _ *Draft) { f.QuietHours, f.AdvertisingConsent = Yes, No }, nil},
		{"advertising_nobody_looked_into", func(f *Facts, d *Draft) {
			d.Class, f.AdvertisingConsent, f.QuietHours, f.Objected = ClassAdvertising, NotAssessed, NotAssessed, NotAssessed
		}, []Code{CodeContactObjected, CodeAdvertisingConsentMissing, CodeQuietHours}},
		{"template_nobody_looked_into", func(f *Facts, d *Draft) { f.WindowUntil, d.Template, f.OptIn = noon, true, NotAssessed }, []Code{CodeOptInMissing}},
		{"the_notice_says_itself_that_it_is_automatic", func(f *Facts, d *Draft) { d.Origin, d.Notice, f.AIDisclosed = desk.OriginSystem, true, No }, nil},
		{"unknown_class_counts_as_advertising", func(f *Facts, d *Draft) { d.Class, f.AdvertisingConsent = "mixed", No }, []Code{CodeAdvertisingConsentMissing}},
		{"sensitive_content", func(f *Facts, _ *Draft) { f.SensitiveContent = Yes }, []Code{CodeSensitiveContent}},
		{"machine_not_disclosed", func(f *Facts, d *Draft) { d.Origin, f.AIDisclosed = desk.OriginSystem, No }, []Code{CodeAINotDisclosed}},
		{"machine_not_disclosed_but_a_colleague_writes", func(f *Facts, _ *Draft) { f.AIDisclosed = No }, nil},
		{"machine_decides", func(f *Facts, d *Draft) { d.Origin, f.MachineDecision = desk.OriginSystem, Yes }, []Code{CodeMachineDecision}},
		{"the_notice_decides", func(f *Facts, d *Draft) { d.Origin, d.Notice, f.MachineDecision = desk.OriginNotice, true, Yes }, []Code{CodeMachineDecision}},
		{"a_decision_nobody_looked_for", func(f *Facts, d *Draft) { d.Origin, f.MachineDecision = desk.OriginSystem, NotAssessed }, nil},
		{"a_colleague_decides", func(f *Facts, _ *Draft) { f.MachineDecision = Yes }, nil},
		{"special_categories", func(f *Facts, _ *Draft) { f.Art9Content = Yes }, []Code{CodeSpecialCategories}},
		{"document_missing", func(f *Facts, _ *Draft) { f.DocumentsComplete = No }, []Code{CodeDocumentMissing}},
		{"all_reasons_in_order", func(f *Facts, _ *Draft) {
			f.WindowUntil, f.ContactRestricted, f.InboxPaused = noon, true, true
		}, []Code{CodeInboxPaused, CodeContactRestricted, CodeWindowClosed}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, d := settled(), reply()
			c.change(&f, &d)
			if got := codes(Decide(f, d)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// codes gives the codes of a Refusal, notice_first, or nothing for a Permit.
func codes(dec Decision) []Code {
	var out []Code
	switch dec.Outcome {
	case OutcomeNoticeFirst:
		out = append(out, "notice_first")
	case OutcomeRefusal:
		for _, r := range dec.Refusal.Reasons {
			out = append(out, r.Code)
		}
	case OutcomePermit:
	}
	return out
}

func TestPermitRecordsWhatAllowedIt(t *testing.T) {
	t.Parallel()
	rec := Decide(settled(), reply()).Permit.Record()
	if rec.Policy != Version || rec.Basis != "6(1)(b)" || len(rec.NotAssessed) != 0 {
		t.Errorf("got %+v", rec)
	}
	bare := Decide(Facts{Now: noon, WindowUntil: noon.Add(time.Hour)}, reply()).Permit.Record()
	want := []string{"G1", "G2", "G3", "G4", "G8", "G10", "G11"}
	if !slices.Equal(bare.NotAssessed, want) {
		t.Errorf("not assessed: got %v, want %v", bare.NotAssessed, want)
	}
	machine := Draft{Kind: desk.KindText, Origin: "automation", Class: ClassService}
	if got := Decide(Facts{Now: noon, WindowUntil: noon.Add(time.Hour)}, machine).Permit.Record().NotAssessed; !slices.Contains(got, "G9") {
		t.Errorf("not assessed of a machine: got %v, want G9 among them", got)
	}
	bare.NotAssessed[0] = "changed by a caller"
	p := Decide(Facts{Now: noon, WindowUntil: noon.Add(time.Hour)}, reply()).Permit
	p.Record().NotAssessed[0] = "changed by a caller"
	if got := p.Record().NotAssessed; !slices.Equal(got, want) {
		t.Errorf("a caller changed the Permit: got %v", got)
	}
}

func TestPermitIsShortAndForOneDraft(t *testing.T) {
	t.Parallel()
	f, d := settled(), reply()
	p := Decide(f, d).Permit
	if got, want := p.Until(), noon.Add(Life); !got.Equal(want) {
		t.Errorf("until: got %v, want %v", got, want)
	}
	if p.Allows(d.Message, d.Kind) {
		t.Error("a permit asked for nothing allows a message")
	}
	d.Message = desk.NewID[desk.Message]()
	p = Decide(f, d).Permit
	if !p.Allows(d.Message, d.Kind) || p.Allows(d.Message, desk.KindImage) || p.Allows(desk.NewID[desk.Message](), d.Kind) {
		t.Error("the permit is not for this very message")
	}
	f.WindowUntil = noon.Add(5 * time.Second)
	if got := Decide(f, d).Permit.Until(); !got.Equal(f.WindowUntil) {
		t.Errorf("until: got %v, want the end of the Window %v", got, f.WindowUntil)
	}
	d.Template = true
	if got, want := Decide(f, d).Permit.Until(), noon.Add(Life); !got.Equal(want) {
		t.Errorf("until of a Template: got %v, want %v", got, want)
	}
}
