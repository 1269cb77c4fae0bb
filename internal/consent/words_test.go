package consent

import (
	"embed"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What people write who want no advertising, and what looks like it and is none. The first
// set was written with the rules; the others by somebody who had not seen them.
//
//go:embed testdata
var testdata embed.FS

var sets = []struct {
	suffix string
	read   int // withdrawals that must be read as such
	missed int // at most, neither read nor left to a person
	unsure int // harmless texts left to a person, at most
}{
	{"", 57, 3, 10},
	{"-2", 57, 0, 14},
	{"-3", 48, 8, 15},
}

func texts(t *testing.T, name string) []string {
	t.Helper()
	text, err := testdata.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 60 {
		t.Errorf("%s has %d texts", name, len(lines))
	}
	return lines
}

// count reads texts and tells how many have each verdict.
func count(t *testing.T, lines []string) (n [3]int) {
	t.Helper()
	for _, line := range lines {
		v := Read(line)
		n[v]++
		t.Logf("%d %s", v, line)
	}
	return n
}

// TestWithdrawals reads what must be heard (GDPR Art. 7(3), 21(3)).
func TestWithdrawals(t *testing.T) {
	t.Parallel()
	for _, s := range sets {
		t.Run("set"+s.suffix, func(t *testing.T) {
			t.Parallel()
			if n := count(t, texts(t, "withdrawals"+s.suffix)); n[Withdrawn] < s.read || n[Silent] > s.missed {
				t.Errorf("%d are read, %d are left to a person, %d are missed", n[Withdrawn], n[Unsure], n[Silent])
			}
		})
	}
}

// TestHarmless reads what must cancel nothing.
func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, s := range sets {
		t.Run("set"+s.suffix, func(t *testing.T) {
			t.Parallel()
			if n := count(t, texts(t, "harmless"+s.suffix)); n[Withdrawn] > 0 || n[Unsure] > s.unsure {
				t.Errorf("%d are taken for a withdrawal, %d are left to a person", n[Withdrawn], n[Unsure])
			}
		})
	}
}

func TestReadSpellings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Verdict{
		"": Silent, "  \n": Silent, "!!!": Silent, "Bitte, danke": Silent,
		"ＳＴＯＰ": Withdrawn, "s t o p": Withdrawn, "Abmeldung": Unsure, "STOP! Bitte rufen Sie mich wegen meines Schadens an.": Unsure,
		"STOP\nMit freundlichen Grüßen\nErika Mustermann, Musterweg 5": Unsure, "Anmeldung bitte": Silent, "Stop.\nStop.": Withdrawn, "STOP ALL": Withdrawn,
		"Ende": Unsure, "cancel please": Unsure, "Shop": Silent, "Stoff": Silent, "Stopp mal kurz": Unsure,
		"Guten Tag, die Werkstatt ist fertig. Keine Werbung mehr bitte. Danke": Withdrawn,
		"Wie kann ich den Newsletter abbestellen?":                             Unsure,
		"Kein\u00a0Newsletter":                                                 Withdrawn,
	} {
		if got := Read(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

// Reading is the same whatever case, marks and empty space a text has.
func TestReadIsIndifferentToShouting(t *testing.T) {
	t.Parallel()
	all := append(texts(t, "withdrawals"), texts(t, "harmless")...)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(all).Draw(t, "text")
		want := Read(text)
		if got := Read("  " + strings.ToUpper(text) + " 🙂 "); got != want && !strings.Contains(text, "ß") {
			t.Fatalf("%q: got %d, want %d", text, got, want)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{"STOP", "Keine Werbung mehr, bitte!", "Stopp, da fehlt noch was", "Art. 21 Abs. 2", "\xff ß’"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := Read(text); got < Silent || got > Withdrawn {
			t.Errorf("got %d", got)
		}
	})
}

// What a rule needs is only a shortcut: whatever fits the rule has one of its parts.
func TestNeedsAreNecessary(t *testing.T) {
	t.Parallel()
	all := []*expression{refused, named, offered, bothered}
	for _, p := range phrases {
		all = append(all, p.says)
	}
	for _, name := range []string{"withdrawals", "withdrawals-2", "withdrawals-3", "harmless", "harmless-2", "harmless-3"} {
		for _, s := range split(strings.Join(texts(t, name), "\n")) {
			for _, e := range all {
				if e.Regexp.MatchString(s) && !e.MatchString(s) {
					t.Errorf("%q fits %s and has none of %q", s, e, e.needs)
				}
			}
		}
	}
}
