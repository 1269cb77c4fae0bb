package vault_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onBoth runs f with an empty store on each engine.
func onBoth(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, "sqlite:"+filepath.Join(t.TempDir(), "vault.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, storetest.PostgresURL(t))
	})
}

var rootKey = private.NewKey([]byte("0123456789abcdef0123456789abcdef"))

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func open(t testing.TB, url string, c *clock) *vault.Vault {
	t.Helper()
	cfg := vault.Config{URL: url, RootKey: rootKey}
	if c != nil {
		cfg.Clock = c.now
	}
	v, err := vault.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

// newContact stores the keys of one Controller and one Contact.
func newContact(t testing.TB, v *vault.Vault) (desk.ControllerID, desk.ContactID) {
	t.Helper()
	n := vault.NewContact{Controller: desk.NewID[desk.Controller](), Contact: desk.NewID[desk.Contact]()}
	must(t, v.AddController(context.Background(), n.Controller))
	must(t, v.AddContacts(context.Background(), []vault.NewContact{n}))
	return n.Controller, n.Contact
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func place(column string) vault.Place {
	return vault.Place{Column: column, Row: desk.NewID[desk.Message]()}
}

func seal[T any](t testing.TB, v *vault.Vault, o vault.Owner, p vault.Place, value T) private.Sealed[T] {
	t.Helper()
	s, err := vault.Seal(context.Background(), v, o, p, value)
	must(t, err)
	return s
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		v := open(t, url, nil)
		controller, contact := newContact(t, v)
		p := place("message.content")
		s := seal(t, v, vault.ContactOwner(contact), p, private.NewText("Guten Tag"))
		signature := v.Sign([]byte("checkpoint"))
		digest, err := v.Digest(ctx, controller, "phone", []byte("+49"))
		must(t, err)
		must(t, v.Close())

		w := open(t, url, nil)
		if w.Installation() != v.Installation() {
			t.Error("the installation id changed")
		}
		must(t, w.Bind(v.Installation()))
		must(t, w.Ready(ctx))
		got, err := vault.OpenOne(ctx, w, vault.ReasonView, vault.ContactOwner(contact), p, s)
		if err != nil || got.Reveal() != "Guten Tag" {
			t.Errorf("got %q, %v", got.Reveal(), err)
		}
		if !ed25519.Verify(w.VerifyKey(), []byte("checkpoint"), signature) {
			t.Error("the signature does not verify")
		}
		again, err := w.Digest(ctx, controller, "phone", []byte("+49"))
		if err != nil || string(again) != string(digest) {
			t.Errorf("the digest changed: %v", err)
		}
		if string(v.InstallationDigest("d", []byte("x"))) != string(w.InstallationDigest("d", []byte("x"))) {
			t.Error("the installation digest changed")
		}
	})
}

func TestRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		v := open(t, url, nil)
		_, err := vault.Open(ctx, vault.Config{URL: url, RootKey: private.NewKey(make([]byte, 32))})
		wantErr(t, err, vault.ErrWrongRootKey)
		if err == nil || !strings.Contains(err.Error(), "Check") {
			t.Errorf("%v does not say what to check", err)
		}
		_, err = vault.Open(ctx, vault.Config{URL: url, RootKey: private.NewKey(make([]byte, 16))})
		if desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a short root key: %v", err)
		}
		wantErr(t, v.Bind([16]byte{1}), vault.ErrForeign)
		wantErr(t, v.Bind([16]byte{}), vault.ErrForeign)

		must(t, v.Exec(ctx, `INSERT INTO vault_schema (version) SELECT MAX(version) + 2 FROM vault_schema`))
		_, err = vault.Open(ctx, vault.Config{URL: url, RootKey: rootKey})
		wantErr(t, err, vault.ErrTooNew)

		must(t, v.Exec(ctx, `UPDATE vault_meta SET installation = $1`, make([]byte, 16)))
		wantErr(t, v.Ready(ctx), vault.ErrForeign)
	})
}

// While an upgrade rolls through the nodes, one that was not upgraded yet works on with
// the next version's tables, and can be started again.
func TestOneVersionAheadIsTolerated(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		v := open(t, url, nil)
		controller := desk.NewID[desk.Controller]()
		must(t, v.AddController(ctx, controller))
		digest, err := v.Digest(ctx, controller, "phone", []byte("+49"))
		must(t, err)
		must(t, v.Exec(ctx, `INSERT INTO vault_schema (version) SELECT MAX(version) + 1 FROM vault_schema`))
		w := open(t, url, nil)
		if again, err := w.Digest(ctx, controller, "phone", []byte("+49")); err != nil || string(again) != string(digest) {
			t.Errorf("one version ahead: %x, %v", again, err)
		}
	})
}

func TestUnknownURL(t *testing.T) {
	for _, url := range []string{"", "mysql://x", "sqlite:"} {
		_, err := vault.Open(context.Background(), vault.Config{URL: url, RootKey: rootKey})
		if desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestNodesStartTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		ids := make([][16]byte, 6)
		for i := range ids {
			wg.Go(func() {
				v, err := vault.Open(context.Background(), vault.Config{URL: url, RootKey: rootKey})
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = v.Installation()
				_ = v.Close()
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] || id == [16]byte{} {
				t.Fatalf("several installations: %x", ids)
			}
		}
	})
}
