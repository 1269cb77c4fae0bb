package policy

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

func drawAnswer(t *rapid.T, label string) Answer {
	return rapid.SampledFrom([]Answer{NotAssessed, Yes, No, 7}).Draw(t, label)
}

func drawFacts(t *rapid.T) Facts {
	f := Facts{
		Now:                noon,
		InboxPaused:        rapid.IntRange(0, 9).Draw(t, "paused") == 0,
		ContactRestricted:  rapid.IntRange(0, 9).Draw(t, "restricted") == 0,
		Basis:              rapid.SampledFrom([]string{"", "6(1)(b)"}).Draw(t, "basis"),
		ContactErased:      drawAnswer(t, "erased"),
		Objected:           drawAnswer(t, "objected"),
		ProcessorsComplete: drawAnswer(t, "processors"),
		TransferAllowed:    drawAnswer(t, "transfer"),
		BasisKnown:         drawAnswer(t, "basis known"),
		InterestBarred:     drawAnswer(t, "interest barred"),
		NoticeShown:        drawAnswer(t, "notice"),
		NoticeReady:        drawAnswer(t, "ready"),
		OptIn:              drawAnswer(t, "optin"),
		AdvertisingConsent: drawAnswer(t, "consent"),
		QuietHours:         drawAnswer(t, "quiet"),
		SensitiveContent:   drawAnswer(t, "sensitive"),
		Art9Content:        drawAnswer(t, "art9"),
		AIDisclosed:        drawAnswer(t, "ai"),
		MachineDecision:    drawAnswer(t, "decision"),
		DocumentsComplete:  drawAnswer(t, "documents"),
	}
	if rapid.Bool().Draw(t, "opened") {
		f.WindowUntil = noon.Add(time.Duration(rapid.IntRange(-60, 60).Draw(t, "window")) * time.Second)
	}
	if rapid.Bool().Draw(t, "kindly") { // otherwise hardly any draw would be permitted
		kindly(&f)
	}
	return f
}

// kindly turns every Answer that refuses into NotAssessed and opens the Window.
func kindly(f *Facts) {
	f.InboxPaused, f.ContactRestricted, f.WindowUntil = false, false, noon.Add(time.Hour)
	for _, w := range worse {
		before := *f
		w(f)
		if *f == before {
			reflect.ValueOf(f).Elem().FieldByName(changed(w)).SetUint(uint64(NotAssessed))
		} else {
			*f = before
		}
	}
}

// worse lists every way in which one Answer can turn against sending.
var worse = []func(*Facts){
	func(f *Facts) { f.ContactErased = Yes },
	func(f *Facts) { f.Objected = Yes },
	func(f *Facts) { f.ProcessorsComplete = No },
	func(f *Facts) { f.TransferAllowed = No },
	func(f *Facts) { f.BasisKnown = No },
	func(f *Facts) { f.InterestBarred = Yes },
	func(f *Facts) { f.NoticeShown = No },
	func(f *Facts) { f.NoticeReady, f.NoticeShown = No, No },
	func(f *Facts) { f.OptIn = No },
	func(f *Facts) { f.AdvertisingConsent = No },
	func(f *Facts) { f.QuietHours = Yes },
	func(f *Facts) { f.SensitiveContent = Yes },
	func(f *Facts) { f.Art9Content = Yes },
	func(f *Facts) { f.AIDisclosed = No },
	func(f *Facts) { f.MachineDecision = Yes },
	func(f *Facts) { f.DocumentsComplete = No },
}

// changed names the field that w sets.
func changed(w func(*Facts)) string {
	var f Facts
	w(&f)
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			return v.Type().Field(i).Name
		}
	}
	return ""
}

func drawDraft(t *rapid.T) Draft {
	return Draft{
		Kind:     rapid.SampledFrom([]desk.Kind{desk.KindText, desk.KindImage, ""}).Draw(t, "kind"),
		Origin:   rapid.SampledFrom([]desk.Origin{desk.OriginAgent, desk.OriginSystem, "automation", ""}).Draw(t, "origin"),
		Class:    rapid.SampledFrom([]Class{ClassService, ClassTransactional, ClassAdvertising, ""}).Draw(t, "class"),
		Template: rapid.Bool().Draw(t, "template"),
		Notice:   rapid.Bool().Draw(t, "is notice"),
	}
}

func TestDecisionFollowsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, d := drawFacts(t), drawDraft(t)
		got := Decide(f, d)
		var no, open []string
		owed := false
		for _, r := range rules {
			switch r.ask(f, d) {
			case refuses:
				no = append(no, string(r.code))
			case unknown:
				open = append(open, r.row)
			case noticeFirst:
				owed = true
			case passes:
			}
		}
		open = slices.Compact(open)
		if (got.Outcome == OutcomeRefusal) != (len(no) > 0) || (got.Refusal != nil) != (len(no) > 0) {
			t.Fatalf("rules %v say no, the outcome is %s", no, got.Outcome)
		}
		if (got.Outcome == OutcomeNoticeFirst) != (len(no) == 0 && owed) {
			t.Fatalf("notice owed: %v, the outcome is %s", owed, got.Outcome)
		}
		if (got.Permit != nil) != (got.Outcome == OutcomePermit) {
			t.Fatalf("outcome %s with permit %v", got.Outcome, got.Permit)
		}
		if got.Permit == nil {
			return
		}
		if rec := got.Permit.Record(); !slices.Equal(rec.NotAssessed, open) {
			t.Fatalf("not assessed: got %v, want %v", rec.NotAssessed, open)
		}
		if u := got.Permit.Until(); !u.After(f.Now) || u.Sub(f.Now) > Life {
			t.Fatalf("the permit ends at %v, decided at %v", u, f.Now)
		}
	})
}

func TestDecideIsDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, d := drawFacts(t), drawDraft(t)
		if a, b := Decide(f, d), Decide(f, d); !reflect.DeepEqual(a, b) {
			t.Fatalf("got %+v and %+v", a, b)
		}
	})
}

// TestDecideIsMonotone: news against sending never lets a Draft through, and never
// takes a reason away. It may close the Window too, for Drafts that need it.
func TestDecideIsMonotone(t *testing.T) {
	t.Parallel()
	against := append(slices.Clone(worse),
		func(f *Facts) { f.InboxPaused = true },
		func(f *Facts) { f.ContactRestricted = true },
		func(f *Facts) { f.WindowUntil = time.Time{} })
	rapid.Check(t, func(t *rapid.T) {
		f, d := drawFacts(t), drawDraft(t)
		before := Decide(f, d)
		rapid.SampledFrom(against).Draw(t, "news")(&f)
		after := Decide(f, d)
		if before.Outcome != OutcomePermit && after.Outcome == OutcomePermit {
			t.Fatalf("%s became a permit", before.Outcome)
		}
		if before.Outcome == OutcomeRefusal {
			for _, c := range codes(before) {
				if !slices.Contains(codes(after), c) {
					t.Fatalf("reason %s went away: %v", c, codes(after))
				}
			}
		}
	})
}

// TestEveryAnswerIsAsked guards against a Fact that no rule looks at.
func TestEveryAnswerIsAsked(t *testing.T) {
	t.Parallel()
	answers := 0
	typ := reflect.TypeFor[Facts]()
	for i := range typ.NumField() {
		if typ.Field(i).Type == reflect.TypeFor[Answer]() {
			answers++
		}
	}
	if answers != len(worse) {
		t.Fatalf("Facts has %d answers, the properties know %d", answers, len(worse))
	}
	d := Draft{Origin: "automation", Class: ClassAdvertising, Template: true}
	for _, w := range worse {
		f := settled()
		f.WindowUntil = noon
		w(&f)
		if Decide(f, d).Outcome == OutcomePermit {
			t.Errorf("no rule looks at %s", changed(w))
		}
	}
}
