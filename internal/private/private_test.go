package private_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"botschaft/internal/private"
)

const canary = "Kanarienvogel-4711"

type holder struct {
	Text private.Text
	Key  private.Key
	Ptr  *private.Text
	List []private.Text
}

func newHolder() holder {
	t := private.NewText(canary)
	return holder{t, private.NewKey([]byte(canary)), &t, []private.Text{t}}
}

func TestNothingPrints(t *testing.T) {
	h := newHolder()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+"\n", h.Text)
		fmt.Fprintf(&out, verb+"\n", h.Key)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", []any{h.Text, h.Key, &h})
	}
	fmt.Fprintln(&out, errors.Join(fmt.Errorf("send %v: %w", h.Text, errors.New("x"))))
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "text", h.Text, "key", h.Key, "all", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "text", h.Text, "key", h.Key, "all", h)
	if err := json.NewEncoder(&out).Encode(h); err != nil {
		t.Fatal(err)
	}
	hexed := fmt.Sprintf("%x", canary)
	for _, form := range []string{canary, hexed, strings.ToUpper(hexed)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("a private value was printed as %q in\n%s", form, out.String())
		}
	}
}

func TestReadableValuesAreNotStored(t *testing.T) {
	h := newHolder()
	if _, err := h.Text.Value(); err == nil {
		t.Error("a readable text was handed to a database driver")
	}
	if _, err := h.Key.Value(); err == nil {
		t.Error("a readable key was handed to a database driver")
	}
}

func TestSealedRoundTrip(t *testing.T) {
	s := private.SealedBytes[private.Text]([]byte{1, 2, 3})
	v, err := s.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back private.Sealed[private.Text]
	if err := back.Scan(v); err != nil || !bytes.Equal(back.Bytes(), s.Bytes()) {
		t.Fatalf("got %v, %v", back.Bytes(), err)
	}
	if err := back.Scan("text"); err == nil {
		t.Error("a text column was taken for a sealed one")
	}
}

func TestTextsAreCompared(t *testing.T) {
	none, a := private.Text{}, private.NewText("Anna")
	if !a.Equal(private.NewText("Anna")) || a.Equal(private.NewText("anna")) || a.Equal(none) || !none.Equal(private.NewText("")) {
		t.Error("two texts are equal exactly if they say the same")
	}
}
