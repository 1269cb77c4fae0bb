package settings_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
)

// A file of terms is kept once, sealed, found by its digest and by no other Controller (GDPR
// Art. 28(9)).
func TestKeepTerms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		file := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("what the processor owes "), 50)...)
		for what, bad := range map[string][]byte{
			"nothing": nil, "a page": []byte("<html>terms</html>"), "too large": append([]byte("%PDF-"), make([]byte, settings.MaxTerms)...),
		} {
			if _, err := w.KeepTerms(ctx, shell, w.controller, bad); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		sum := sha256.Sum256(file)
		want := hex.EncodeToString(sum[:])
		for range 2 {
			digest, err := w.KeepTerms(ctx, shell, w.controller, file)
			must(t, err)
			if digest != want {
				t.Errorf("the digest is %s", digest)
			}
		}
		f, err := w.Terms(ctx, w.controller, want)
		must(t, err)
		if !bytes.Equal(f.File, file) || f.Type != "application/pdf" || f.Name() != "terms-"+want[:12]+".pdf" {
			t.Errorf("opened: %s %s, %d bytes", f.Type, f.Name(), len(f.File))
		}
		other, err := w.AddController(ctx, shell, desk.ControllerFacts{Name: "Muster Lebensversicherung AG"})
		must(t, err)
		if _, err := w.Terms(ctx, other, want); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("another Controller: %v", err)
		}
		kept, err := w.TermsKept(ctx, w.controller)
		must(t, err)
		if !slices.Equal(kept, []string{want}) {
			t.Errorf("kept: %v", kept)
		}
	})
}

// What the register calls a digest is one.
func TestTheDigestOfTermsIsOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, whole := storetest.Papers()
		whole.Name = "Carrier with terms"
		for digest, good := range map[string]bool{"": true, "abc": false, strings.Repeat("0", 64): true, strings.Repeat("X", 64): false} {
			whole.Contract.Terms[0].Digest = digest
			_, err := w.PutRecipient(t.Context(), shell, w.controller, desk.RegisterID{}, whole, false)
			if good == (desk.CodeOf(err) == desk.CodeInvalid) {
				t.Errorf("%q: %v", digest, err)
			}
			whole.Name += " again"
		}
	})
}
