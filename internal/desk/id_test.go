package desk_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

func TestIDRoundTrips(t *testing.T) {
	id := desk.NewID[desk.Message]()
	if id.IsZero() || id == desk.NewID[desk.Message]() {
		t.Fatal("a new id is not new")
	}
	parsed, err := desk.ParseID[desk.Message](id.String())
	if err != nil || parsed != id {
		t.Errorf("parsed %v, %v", parsed, err)
	}
	text, err := json.Marshal(map[string]desk.MessageID{"id": id, "none": {}})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]desk.MessageID
	if err := json.Unmarshal(text, &back); err != nil || back["id"] != id || !back["none"].IsZero() {
		t.Errorf("JSON %s came back as %v, %v", text, back, err)
	}
	for _, id := range []desk.MessageID{id, {}} {
		stored, err := id.Value()
		if err != nil {
			t.Fatal(err)
		}
		scanned := desk.NewID[desk.Message]()
		if err := scanned.Scan(stored); err != nil || scanned != id {
			t.Errorf("column came back as %v, %v", scanned, err)
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	id := desk.NewID[desk.Inbox]().String()
	for _, s := range []string{"", "x", id[:35], id + "0", "{" + id + "}", "urn:uuid:" + id, strings.ReplaceAll(id, "-", ""), " " + id[1:], id[:35] + "g"} {
		_, err := desk.ParseID[desk.Inbox](s)
		if desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("%q: got %v", s, err)
		}
		if s != "" && s != "x" && strings.Contains(err.Error(), s) {
			t.Errorf("the error repeats the input %q", s)
		}
	}
	var scanned desk.InboxID
	for _, src := range []any{"text", int64(3), []byte("too short")} {
		if scanned.Scan(src) == nil {
			t.Errorf("a column of %T was read as an id", src)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add(desk.NewID[desk.Inbox]().String())
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := desk.ParseID[desk.Inbox](s); err == nil && !strings.EqualFold(id.String(), s) {
			t.Errorf("%q was read as %s", s, id)
		}
	})
}

func TestMillis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.UnixMilli(rapid.Int64Range(-1<<40, 1<<43).Draw(t, "ms")).UTC()
		stored, err := desk.AsMillis(want).Value()
		if err != nil {
			t.Fatal(err)
		}
		var got desk.Millis
		if err := got.Scan(stored); err != nil || !got.Equal(want) {
			t.Fatalf("got %v, %v; want %v", got, err, want)
		}
	})
	var m desk.Millis
	if stored, err := m.Value(); stored != nil || err != nil {
		t.Errorf("the zero time is stored as %v, %v", stored, err)
	}
	if err := m.Scan("yesterday"); err == nil {
		t.Error("text was read as a time")
	}
}

func TestParseCursor(t *testing.T) {
	c := desk.Cursor{Feed: "a1", N: 42}
	if got, err := desk.ParseCursor(c.String()); err != nil || got != c {
		t.Errorf("got %v, %v", got, err)
	}
	for _, s := range []string{"", ".", "a1", "a1.", ".42", "a1.-1", "a1.x", "a1.4.2", "a1.99999999999999999999"} {
		if got, err := desk.ParseCursor(s); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("%q was read as %v, %v", s, got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	err := desk.Unavailable("not now", cause)
	if !errors.Is(err, cause) || desk.CodeOf(err) != desk.CodeUnavailable {
		t.Errorf("%v hides its cause or code", err)
	}
	if desk.CodeOf(cause) != desk.CodeInternal {
		t.Error("an unknown error is not internal")
	}
	if got := desk.Invalid("name", "is missing").Error(); got != "invalid: name: is missing" {
		t.Errorf("got %q", got)
	}
}

func TestControllerFactsCheck(t *testing.T) {
	good := desk.ControllerFacts{Name: "Muster Versicherung AG", Land: "NW", Purposes: []desk.PurposeFact{{Name: "Schaden", Basis: "6(1)(b)"}}}
	if err := good.Check("2026-11-30"); err != nil {
		t.Errorf("good facts: %v", err)
	}
	if err := (desk.ControllerFacts{Name: "Muster Versicherung AG"}).Check("2026-11-30"); err != nil {
		t.Errorf("facts may be missing: %v", err)
	}
	for field, spoil := range map[string]func(*desk.ControllerFacts){
		"name":           func(f *desk.ControllerFacts) { f.Name = "" },
		"land":           func(f *desk.ControllerFacts) { f.Land = "XX" },
		"purposes.name":  func(f *desk.ControllerFacts) { f.Purposes = []desk.PurposeFact{{Basis: "6(1)(b)"}} },
		"purposes.basis": func(f *desk.ControllerFacts) { f.Purposes = []desk.PurposeFact{{Name: "Schaden", Basis: "9(2)(a)"}} },
	} {
		f := good
		spoil(&f)
		var invalid *desk.Error
		if err := f.Check("2026-11-30"); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
