package desktest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseScript(t *testing.T) {
	s, err := parseScript("scenarios/greeting.txtar", "# One line.\n# And another.\n\ncustomer anna says \"Hallo # \\\"Du\\\"\" # at once\n"+
		"clock +25h\n\n-- a.json --\n{\"a\":1}\n-- b.txt --\nb\n")
	if err != nil {
		t.Fatal(err)
	}
	if s.name != "greeting" || s.about != "One line. And another." || len(s.lines) != 2 {
		t.Fatalf("got %+v", s)
	}
	first := s.lines[0]
	if first.at != "scenarios/greeting.txtar:4" || len(first.words) != 4 || first.words[3] != (word{`Hallo # "Du"`, true}) || first.words[1] != (word{"anna", false}) {
		t.Errorf("got %+v", first)
	}
	if s.lines[1].at != "scenarios/greeting.txtar:5" || s.files["a.json"] != "{\"a\":1}\n" || !strings.HasPrefix(s.files["b.txt"], "b\n") {
		t.Errorf("got %+v and files %q", s.lines[1], s.files)
	}
}

func TestParseScriptNamesFaults(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no explanation":        {"clock +1h\n", "says what it is about"},
		"no line":               {"# Nothing happens.\n", "and lines"},
		"a quotation left open": {"# x\nclock \"1h\n", "a.txtar:2: a quotation is not closed"},
	} {
		if _, err := parseScript("a.txtar", c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestLoadScriptsWantsSome(t *testing.T) {
	if _, err := loadScripts(t.TempDir()); err == nil {
		t.Error("an empty directory was taken for scenarios")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txtar"), []byte("# x\nclock \"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadScripts(dir); err == nil {
		t.Error("a broken scenario was taken")
	}
}

// Each sentence is understood as itself: none hides behind another that comes first.
func TestEverySentenceCanBeSaid(t *testing.T) {
	all := language()
	for _, s := range all {
		form, err := splitWords(s.form)
		if err != nil {
			t.Fatal(err)
		}
		var said []word
		for _, f := range form {
			switch text := strings.TrimSuffix(f.text, "..."); {
			case text == "":
				said = append(said, said[len(said)-1])
			case text != f.text:
				said = append(said, word{"anna", false}, word{"kim", false})
			case isOpen(f.text):
				said = append(said, word{"17", f.quoted})
			default:
				said = append(said, f)
			}
		}
		got, a, err := understand(all, said)
		if err != nil || got.form != s.form {
			t.Errorf("%q is understood as %q, %v", s.form, got.form, err)
		}
		for _, f := range form {
			if name := strings.TrimSuffix(f.text, "..."); isOpen(name) && len(a[name]) == 0 {
				t.Errorf("%q does not tell %s", s.form, name)
			}
		}
	}
}

func TestUnderstand(t *testing.T) {
	words := func(text string) []word {
		all, err := splitWords(text)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	_, a, err := understand(language(), words(`phone anna shows "eins" "zwei"`))
	if err != nil || len(a["TEXT"]) != 2 || a.one("CUSTOMER") != "anna" {
		t.Errorf("got %v, %v", a, err)
	}
	for _, text := range []string{`phone anna shows eins`, `phone "anna" shows "eins"`, `phone anna shows "eins" zwei`, `phone anna`, `bird sings`} {
		if _, _, err := understand(language(), words(text)); err == nil {
			t.Errorf("%s is understood", text)
		} else if strings.HasPrefix(text, "phone") && !strings.Contains(err.Error(), "shows nothing") {
			t.Errorf("%s: the error does not say what one can say: %v", text, err)
		}
	}
}

func TestWantNo(t *testing.T) {
	refused := &problem{Code: "refused", Reasons: []reasonSeen{{Code: "window_closed"}, {Code: "inbox_paused"}}}
	for name, c := range map[string]struct {
		err   error
		no    string
		codes []string
		right bool
	}{
		"refused as told":     {refused, "refused", []string{"window_closed", "inbox_paused"}, true},
		"refused otherwise":   {refused, "refused", []string{"window_closed"}, false},
		"denied as told":      {&problem{Code: "forbidden"}, "denied", []string{"forbidden"}, true},
		"denied otherwise":    {&problem{Code: "not_found"}, "denied", []string{"forbidden"}, false},
		"it went through":     {nil, "denied", []string{"forbidden"}, false},
		"something else":      {os.ErrClosed, "denied", []string{"forbidden"}, false},
		"denied, not refused": {refused, "denied", []string{"refused"}, false},
	} {
		if err := wantNo(c.err, c.no, c.codes); (err == nil) != c.right {
			t.Errorf("%s: %v", name, err)
		}
	}
}
