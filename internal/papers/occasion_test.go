package papers

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"botschaft/internal/desk"
)

// everyLine calls fn for each line that can be said, in each language and tone.
func everyLine(t *testing.T, fn func(t *testing.T, m desk.Occasion, f NoticeFacts, p desk.Policies)) {
	t.Helper()
	every(t, func(t *testing.T, f NoticeFacts) {
		for _, secure := range []string{"", f.SecureURL} {
			f.SecureURL = secure
			for _, m := range desk.Occasions {
				for _, p := range choices(m) {
					fn(t, m, f, p)
				}
			}
		}
	})
}

// choices are the policies that a Occasion's line depends on, with all they may be.
func choices(m desk.Occasion) []desk.Policies {
	key := map[desk.Occasion]string{
		desk.OccasionPhoto: "media", desk.OccasionDocument: "media", desk.OccasionVoice: "voice",
	}[m]
	if key == "" {
		return []desk.Policies{desk.DefaultPolicies()}
	}
	var all []desk.Policies
	for _, o := range desk.PolicyOptions() {
		if o.Key != key {
			continue
		}
		for _, value := range o.Options {
			p := desk.DefaultPolicies()
			switch key {
			case "media":
				p.Media = value
			case "voice":
				p.Voice = value
			}
			all = append(all, p)
		}
	}
	return all
}

// Each line is short, plain and true, and says where sensitive things go instead, in every
// language, tone and choice (GDPR Art. 12(1), 13).
func TestLines(t *testing.T) {
	everyLine(t, func(t *testing.T, m desk.Occasion, f NoticeFacts, p desk.Policies) {
		line := JustInTime(m, f, p)
		for _, problem := range LintLine(m, line, f) {
			t.Errorf("%s: %s: %s\n%s", m, problem.Item, problem.Text, line)
		}
		if strings.ContainsAny(line, "{}|%") || strings.Contains(line, "  ") || strings.Contains(line, ",;") {
			t.Errorf("a choice was not made: %s", line)
		}
		if f.Language == German && f.Tone == Casual && (strings.Contains(line, "Ihr") || strings.Contains(line, "Sie ")) || f.Tone == Formal && strings.Contains(line, "dein") {
			t.Errorf("the tones are mixed: %s", line)
		}
		t.Logf("%d characters, ease %.0f: %s", utf8.RuneCountInString(line), ReadingEase(line, f.Language), line)
	})
}

// What one may choose is heard in the line, and the fact it states is followed.
func TestLinesFollowTheRegister(t *testing.T) {
	t.Parallel()
	for _, m := range desk.Occasions {
		f := known(German, Formal)
		f.SecureURL = ""
		lines := map[string]bool{}
		for _, p := range choices(m) {
			lines[JustInTime(m, f, p)] = true
		}
		if want := map[desk.Occasion]int{desk.OccasionPhoto: 3, desk.OccasionDocument: 3, desk.OccasionVoice: 2}[m]; len(lines) != max(1, want) {
			t.Errorf("%s: %d lines", m, len(lines))
		}
		before := JustInTime(m, f, desk.DefaultPolicies())
		f.Controller.Alternative = "Telefon 030 111"
		after := JustInTime(m, f, desk.DefaultPolicies())
		if !strings.Contains(after, "Telefon 030 111") || LineDigest(before) == LineDigest(after) || LineDigest(after) != LineDigest(after+"") {
			t.Errorf("%s: %s", m, after)
		}
		f.SecureURL = "https://muster.example/sicher"
		if line := JustInTime(m, f, desk.DefaultPolicies()); !strings.Contains(line, f.SecureURL) || strings.Contains(line, "030 111") {
			t.Errorf("%s: %s", m, line)
		}
	}
	if line := JustInTime("", known(German, Formal), desk.DefaultPolicies()); line != "" {
		t.Errorf("on no occasion %q is said", line)
	}
}

// A line that is long, hard, silent about where to turn or what not to send, or untrue, is
// told (GDPR Art. 5(1)(a), 12(1)).
func TestLintLine(t *testing.T) {
	t.Parallel()
	f := known(German, Formal)
	f.SecureURL = ""
	good := JustInTime(desk.OccasionPhoto, f, desk.DefaultPolicies())
	bare := f
	bare.Controller.Alternative = ""
	for name, c := range map[string]struct {
		line, item string
		facts      NoticeFacts
	}{
		"long":         {good + strings.Repeat(" und so weiter", 20), "length", f},
		"sentences":    {good + " Ja. Nein. Doch.", "length", f},
		"no way":       {strings.ReplaceAll(good, f.Controller.Alternative, "anders"), "13(1)(a)", f},
		"none known":   {JustInTime(desk.OccasionPhoto, bare, desk.DefaultPolicies()), "13(1)(a)", bare},
		"no warning":   {strings.ReplaceAll(good, "Ausweis", "Auto"), "layer 1", f},
		"untrue":       {"Ende-zu-Ende verschlüsselt bis zu uns. " + good, "claim", f},
		"no consent":   {"Mit Ihrer Nachricht willigen Sie ein. " + good, "claim", f},
		"hard to read": {strings.Repeat("Datenschutzgrundverordnungsanforderungen ", 4) + good, "reading", f},
	} {
		if problems := LintLine(desk.OccasionPhoto, c.line, c.facts); !slices.ContainsFunc(problems, func(p Problem) bool { return p.Item == c.item }) {
			t.Errorf("%s: %v is told of %q", name, problems, c.line)
		}
	}
}
