package audit_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/backup"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// What people say, are called and are reached by, and what is secret. None of it may
// stand in the log, which nobody can erase from.
const (
	canaryNumber   = "+4915199887766"
	canaryBSUID    = "DE.CanaryBusinessUser"
	canaryName     = "Canary Kundin"
	canaryWamid    = "wamid.CanaryWamid"
	canaryWords    = "canary words of the contact"
	canaryReply    = "canary words of the agent"
	canaryClient   = "canary-client-id"
	canaryEmail    = "canary.agent@muster.example"
	canaryAgent    = "Canary Agentin"
	canaryPassword = "canary password"
	canaryAccess   = "canary-access-token"
	canaryApp      = "canary-app-secret"
	canaryVerify   = "canary-verify-token"
	canaryReason   = "Frau Canary hat angerufen"
	canaryError    = "the provider repeats +4915199887766"
)

var canaries = []string{
	canaryNumber, strings.TrimPrefix(canaryNumber, "+"), canaryBSUID, canaryName, canaryWamid, canaryWords, canaryReply, canaryClient,
	canaryEmail, canaryAgent, canaryPassword, canaryAccess, canaryApp, canaryVerify, canaryReason, canaryError,
}

// forms are the ways in which a word may show: as it is, in hexadecimal, in base64 at
// each of its three offsets.
func forms(word string) []string {
	out := []string{word, hex.EncodeToString([]byte(word))}
	for offset := range 3 {
		padded := []byte(strings.Repeat(" ", offset) + word)
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			out = append(out, e.EncodeToString(padded)[(offset*8+5)/6:len(padded)*8/6])
		}
	}
	return out
}

// allActs reads the acts there are from where they are declared.
func allActs(t *testing.T) []desk.Act {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../desk/audit.go", nil, 0)
	must(t, err)
	var out []desk.Act
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Act" && len(spec.Values) == 1 {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			must(t, err)
			out = append(out, desk.Act(value))
		}
		return true
	})
	if len(out) < 20 {
		t.Fatalf("only %d acts are declared", len(out))
	}
	return out
}

// Every act there is happens with personal data in every field that takes some, and
// no entry holds any of it.
func TestNoEntryHoldsPersonalData(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := openHouse(t, w)
		h.settle(t)
		h.receive(t)
		h.answer(t)
		h.work(t)
		h.recognise(t)
		h.decide(t)
		h.leave(t)
		must(t, h.settings.NoteRootRotated(t.Context(), shell, ourID, 3))
		must(t, h.settings.NoteControllerRotated(t.Context(), shell, h.controller, 3))
		restored := h.comeBack(t)
		must(t, w.log.Checkpoint(context.Background()))
		well(t, w.verify(t), int64(len(w.numbered(t))), int64(len(w.numbered(t))))

		happened := map[desk.Act]bool{}
		for _, e := range append(w.numbered(t), restored...) {
			happened[e.Act] = true
			shown := fmt.Sprintf("%s %s %s %s %s %s %s %s %s", e.ActorKind, e.ActorID, e.Via, e.Act, e.Subject, e.Controller, e.Inbox, e.Detail, e.ID)
			for _, word := range append(canaries, h.secrets...) {
				if slices.ContainsFunc(forms(word), func(form string) bool { return strings.Contains(shown, form) }) {
					t.Errorf("%s shows %q: %s", e.Act, word, shown)
				}
			}
		}
		for _, act := range allActs(t) {
			if !happened[act] {
				t.Errorf("%s did not happen, so nobody knows what its entry holds", act)
			}
		}
	})
}

// comeBack makes a backup and gives what a house says of itself that comes back from it.
func (h *house) comeBack(t *testing.T) []rows.AuditEntry {
	t.Helper()
	dir := t.TempDir()
	recipient, err := archive.NewIdentity(filepath.Join(dir, "identity"))
	must(t, err)
	recipients, err := archive.Recipients([]string{recipient}, nil)
	must(t, err)
	identities, err := archive.Identities([]string{filepath.Join(dir, "identity")})
	must(t, err)
	made, err := backup.Make(t.Context(), h.Store, h.vault, backup.Order{Dir: dir, Recipients: recipients, Actor: shell})
	must(t, err)
	place := "sqlite:" + filepath.Join(dir, "botschaft.db")
	_, err = backup.Restore(t.Context(), backup.Plan{
		Data: made.Data.Name, Vault: made.Vault.Name, Identities: identities, Actor: shell, Now: h.clock.Now, DataPlace: store.Config{URL: place},
		VaultPlace: vault.Config{URL: "sqlite:" + filepath.Join(dir, "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: h.clock.Now},
	})
	must(t, err)
	w := newWorld(t, place)
	must(t, w.log.Number(t.Context()))
	all := w.numbered(t)
	return all[len(all)-1:]
}

// The search finds what it looks for, in the middle of other things.
func TestFormsAreFound(t *testing.T) {
	for n := range 4 {
		hidden := []byte(strings.Repeat("x", n) + canaryName + strings.Repeat("?", n))
		for _, written := range []string{string(hidden), hex.EncodeToString(hidden), base64.StdEncoding.EncodeToString(hidden), base64.RawURLEncoding.EncodeToString(hidden)} {
			if !slices.ContainsFunc(forms(canaryName), func(form string) bool { return strings.Contains(written, form) }) {
				t.Errorf("not found in %q", written)
			}
		}
	}
}

// await waits for what other goroutines do, turning the clock meanwhile.
func (h *house) await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		h.clock.Add(200 * time.Millisecond)
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

var errProvider = errors.New(canaryError)
