package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"botschaft/internal/durable"
)

func TestLinkTakesThePlaceOfNothing(t *testing.T) {
	dir := t.TempDir()
	draft, name := filepath.Join(dir, "draft"), filepath.Join(dir, "name")
	if err := durable.Link(draft, name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no draft: %v", err)
	}
	if err := os.WriteFile(draft, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.Link(draft, name); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other")
	if err := os.WriteFile(other, []byte("second"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.Link(other, name); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a taken name: %v", err)
	}
	if got, err := os.ReadFile(name); string(got) != "first" || err != nil {
		t.Errorf("under the name stands %q, %v", got, err)
	}
}
