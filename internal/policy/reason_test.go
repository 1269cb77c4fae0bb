package policy

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryCodeHasAText(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, r := range rules {
		if r.row == "" || r.article == "" || r.ask == nil {
			t.Errorf("rule %q is incomplete", r.code)
		}
		if r.code == "" {
			continue
		}
		seen++
		if _, ok := texts[r.code]; !ok {
			t.Errorf("code %s has no text", r.code)
		}
		reason := r.reason(Facts{})
		for _, lang := range []string{"de", "en"} {
			for _, s := range []string{reason.Sentence(lang), reason.Helps(lang)} {
				if s == "" || strings.Contains(s, "!") || !strings.HasSuffix(s, ".") {
					t.Errorf("%s in %s reads badly: %q", r.code, lang, s)
				}
			}
		}
	}
	if _, ok := texts[CodeNoticePending]; !ok {
		t.Error("the gate's own code has no text")
	}
	if seen+1 != len(texts) {
		t.Errorf("%d texts for %d codes", len(texts), seen)
	}
}

func TestRowsStandInOrder(t *testing.T) {
	t.Parallel()
	var rows []string
	for _, r := range rules {
		rows = append(rows, r.row)
	}
	want := []string{"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"}
	if got := slices.Compact(rows); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	window := Reason{Code: CodeWindowClosed}
	for lang, want := range map[string]string{
		"de": "24-Stunden-Fenster", "de-AT": "24-Stunden-Fenster", "DE_de": "24-Stunden-Fenster",
		"en": "24-hour window", "": "24-hour window", "den": "24-hour window",
	} {
		if got := window.Sentence(lang); !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want it to contain %q", lang, got, want)
		}
	}
	if got := (Reason{Code: "other"}).Sentence("en"); got != unnamed.sentenceEN {
		t.Errorf("unknown code: got %q", got)
	}
	f := settled()
	f.InboxPaused, f.InboxPauseReason = true, "Wartung bis 14 Uhr."
	refusal := Decide(f, reply()).Refusal
	if got, want := refusal.Reasons[0].Sentence("de"), "Angegebener Grund: Wartung bis 14 Uhr."; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end in %q", got, want)
	}
	if got, want := refusal.Error(), "refused: inbox_paused"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What the audit log kept as a code is found again with its row and norm.
func TestReasonFor(t *testing.T) {
	t.Parallel()
	codes := Codes()
	if len(codes) != len(texts) {
		t.Errorf("%d codes for %d texts", len(codes), len(texts))
	}
	for _, c := range codes {
		if r := ReasonFor(c); r.Code != c || r.Row == "" || r.Article == "" {
			t.Errorf("%s is %+v", c, r)
		}
	}
	if r := ReasonFor("of_a_later_release"); r.Row != "" || r.Sentence("de") != unnamed.sentenceDE {
		t.Errorf("a code that nobody knows is %+v", r)
	}
}
