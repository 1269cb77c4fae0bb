package directory_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func key(s string) private.Key { return private.NewKey([]byte(s)) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a store and a vault with one Controller.
type house struct {
	*store.Store
	vault      *vault.Vault
	controller desk.ControllerID
}

func open(t *testing.T, s *store.Store) *house {
	t.Helper()
	v, err := vault.Open(t.Context(), vault.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32))})
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	h := &house{s, v, desk.NewID[desk.Controller]()}
	must(t, v.AddController(t.Context(), h.controller))
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddController(t.Context(), rows.AddControllerParams{
			ID: h.controller, Name: "Muster Versicherung AG", Facts: `{"name":"Muster Versicherung AG","seat":"Köln"}`, CreatedAt: tx.Stamp(),
		})
	}))
	return h
}

// add makes an Inbox and tells nobody, as another process would.
func (h *house) add(t *testing.T, number string, secrets ...string) desk.InboxID {
	t.Helper()
	id := desk.NewID[desk.Inbox]()
	var kept desk.InboxSecrets
	for _, s := range secrets {
		kept.AppSecrets = append(kept.AppSecrets, key(s))
	}
	sealed, err := vault.Seal(t.Context(), h.vault, vault.ControllerOwner(h.controller), vault.SecretsPlace(id), kept)
	must(t, err)
	must(t, h.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddInbox(t.Context(), rows.AddInboxParams{
			ID: id, Controller: h.controller, Channel: desk.ChannelWhatsApp, Name: number, PhoneNumberID: number, WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: sealed, CreatedAt: tx.Stamp(),
		})
	}))
	return id
}

func TestInboxes(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		first := h.add(t, "100", "one", "shared")
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		second := h.add(t, "200", "shared")
		third := h.add(t, "300", "three")
		entries := map[string]*directory.Entry{}
		for name, id := range map[string]desk.InboxID{"first": first, "second": second, "third": third} {
			e, err := d.Inbox(t.Context(), id)
			must(t, err)
			entries[name] = e
			if e.Controller.Facts.Seat != "Köln" {
				t.Errorf("%s: the controller's facts are %+v", name, e.Controller.Facts)
			}
		}
		if _, err := d.Inbox(t.Context(), desk.NewID[desk.Inbox]()); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("an unknown inbox: %v", err)
		}
		if e := d.ByNumber("200"); e == nil || e.ID != second {
			t.Errorf("number 200 leads to %v", e)
		}
		if d.ByNumber("2") != nil || d.ByNumber("") != nil {
			t.Error("an unknown number leads to an inbox")
		}
		if all := d.All(); len(all) != 3 || all[0].Name != "100" {
			t.Errorf("%d inboxes", len(all))
		}
		for _, c := range []struct {
			a, b   string
			shares bool
		}{{"first", "first", true}, {"first", "second", true}, {"second", "first", true}, {"second", "third", false}, {"third", "first", false}} {
			if got := entries[c.a].SharesSecret(entries[c.b]); got != c.shares {
				t.Errorf("%s shares a secret with %s: %v", c.a, c.b, got)
			}
		}
	})
}

// A number that came a moment ago is known at once, and strange ones cost one look.
func TestNewNumberIsFoundAtOnce(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		id, turn := h.add(t, "100", "one"), d.Turn()
		if e, err := d.ByNumberSince(t.Context(), "100", turn); err != nil || e == nil || e.ID != id {
			t.Fatalf("found %v, %v", e, err)
		}
		looked := d.Turn()
		for range 3 {
			if e, err := d.ByNumberSince(t.Context(), "200", turn); err != nil || e != nil {
				t.Fatalf("found %v, %v", e, err)
			}
		}
		if d.Turn() != looked {
			t.Errorf("%d more looks for a strange number", d.Turn()-looked)
		}
	})
}

// Ids that somebody makes up cost a few looks in a second, however many they are; then
// what came meanwhile is found.
func TestStrangersCostLittle(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		first := h.add(t, "100", "one")
		if e, err := d.Claimed(t.Context(), first); err != nil || e.ID != first {
			t.Fatalf("a new inbox: %v, %v", e, err)
		}
		before := d.Turn()
		for range 50 {
			if _, err := d.Claimed(t.Context(), desk.NewID[desk.Inbox]()); desk.CodeOf(err) != desk.CodeNotFound {
				t.Fatalf("an id nobody knows: %v", err)
			}
		}
		if looks := d.Turn() - before; looks > 4 {
			t.Errorf("50 ids nobody knows cost %d looks", looks)
		}
		if e, err := d.Claimed(t.Context(), first); err != nil || e.ID != first {
			t.Errorf("a known inbox among them: %v, %v", e, err)
		}
		second := h.add(t, "200", "two")
		if e, err := d.Inbox(t.Context(), second); err != nil || e.ID != second {
			t.Errorf("a new inbox, asked for by the house itself: %v, %v", e, err)
		}
		third := h.add(t, "300", "three")
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.Run(ctx, slog.New(slog.DiscardHandler)) }()
		defer func() { stop(); must(t, <-ended) }()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			if e, err := d.Claimed(ctx, third); err == nil && e.ID == third {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("an inbox that came meanwhile is not found")
			}
		}
		looked := d.Turn()
		_, _ = d.Claimed(ctx, desk.NewID[desk.Inbox]())
		if d.Turn() == looked {
			t.Error("nothing is looked for any more")
		}
	})
}

func TestRunFollowsChanges(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		id := h.add(t, "100", "one")
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.Run(ctx, slog.New(slog.DiscardHandler)) }()
		defer func() { stop(); must(t, <-ended) }()
		must(t, s.Update(ctx, func(tx *store.Tx) error {
			tx.Wake(store.WakeDirectory)
			return tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: id, At: tx.Stamp(), Actor: "agent", Reason: "Umzug"})
		}))
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			e, err := d.Inbox(ctx, id)
			must(t, err)
			if e.Pause != nil && e.Pause.Reason == "Umzug" {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("the pause was not noticed")
			}
		}
	})
}

// Whoever asks finds what was there when they asked, in a crowd of others too.
func TestNewInboxIsFoundAtOnce(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		ctx, stop := context.WithCancel(t.Context())
		var crowd sync.WaitGroup
		for range 8 {
			crowd.Go(func() {
				for ctx.Err() == nil {
					_, _ = d.Inbox(ctx, desk.NewID[desk.Inbox]())
				}
			})
		}
		for i := range 20 {
			if _, err := d.Inbox(ctx, h.add(t, string(rune('a'+i)), "one")); err != nil {
				t.Fatalf("inbox %d: %v", i, err)
			}
		}
		stop()
		crowd.Wait()
	})
}

// The last known Inboxes stay when the store is gone.
func TestStoreGone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Config{URL: url})
		must(t, err)
		h := open(t, s)
		id := h.add(t, "100", "one")
		d, err := directory.New(t.Context(), s, h.vault)
		must(t, err)
		must(t, s.Close())
		if d.Refresh(t.Context()) == nil {
			t.Error("reading a closed store succeeded")
		}
		if e, err := d.Inbox(t.Context(), id); err != nil || e.ID != id {
			t.Errorf("a known inbox: %v", err)
		}
		if _, err := d.Inbox(t.Context(), desk.NewID[desk.Inbox]()); err == nil || desk.CodeOf(err) == desk.CodeNotFound {
			t.Errorf("an inbox that cannot be looked up: %v", err)
		}
	})
}
