package desk

import (
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"
)

func TestSafeName(t *testing.T) {
	for sent, want := range map[string]string{
		"Kostenvoranschlag.pdf":           "Kostenvoranschlag.pdf",
		"Rechnung März 2026.pdf":          "Rechnung März 2026.pdf",
		"../../etc/passwd":                "passwd",
		`C:\Users\Anna\Foto.jpg`:          "Foto.jpg",
		"Foto\u202egpj.exe":               "Fotogpj.exe",
		"a\x00b\r\n.pdf":                  "ab.pdf",
		"  .htaccess ":                    "htaccess",
		`a<b>"c"|d?*.pdf`:                 "a_b__c__d__.pdf",
		"..":                              "",
		strings.Repeat("ä", 300) + ".pdf": strings.Repeat("ä", 116) + ".pdf",
	} {
		if got := SafeName(sent); got != want {
			t.Errorf("%q is kept as %q, not %q", sent, got, want)
		}
	}
	if err := quick.Check(func(s string) bool {
		name := SafeName(s)
		return !strings.ContainsAny(name, "/\\\x00\r\n\"") && utf8.RuneCountInString(name) <= maxName && SafeName(name) == name
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestOnlyWhatCannotActIsShown(t *testing.T) {
	for _, kind := range []string{"image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/pdf", "text/plain", TypeUnknown, ""} {
		if ShapeOf(kind) != ShapeNone {
			t.Errorf("%s is shown", kind)
		}
	}
}

func TestCanBeAsked(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		a    Attachment
		at   time.Time
		want bool
	}{
		{Attachment{State: AttachmentWaiting, Until: noon}, noon.Add(-1), true},
		{Attachment{State: AttachmentFailed, Why: FileBefore, Until: noon}, noon.Add(-1), true},
		{Attachment{State: AttachmentFailed, Why: FileTooLarge, Until: noon}, noon.Add(-1), false},
		{Attachment{State: AttachmentFetched, Until: noon}, noon.Add(-1), false},
		{Attachment{State: AttachmentGone, Until: noon}, noon, false},
	} {
		if got := c.a.CanBeAsked(c.at); got != c.want {
			t.Errorf("%+v can be asked for: %t", c.a, got)
		}
	}
}
