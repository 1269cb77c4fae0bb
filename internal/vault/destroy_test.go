package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

func TestDestroyedKeyIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		v, other := open(t, url, c), open(t, url, c)
		controller, contact := newContact(t, v)
		_, neighbour := newContact(t, v)
		o, p := vault.ContactOwner(contact), place("message.content")
		s := seal(t, v, o, p, text("x"))
		openWith := func(v *vault.Vault) error {
			_, err := vault.OpenOne(ctx, v, vault.ReasonView, o, p, s)
			return err
		}
		must(t, openWith(other))
		must(t, v.Destroy(ctx, contact, "agent:x"))
		wantErr(t, openWith(v), vault.ErrKeyGone)
		c.add(vault.CacheTTL)
		wantErr(t, openWith(v), vault.ErrKeyGone)
		wantErr(t, openWith(other), vault.ErrKeyGone)
		if _, err := vault.Seal(ctx, other, o, p, text("y")); !errors.Is(err, vault.ErrKeyGone) {
			t.Errorf("sealed for an erased contact: %v", err)
		}

		must(t, v.Destroy(ctx, contact, "agent:y")) // idempotent, keeps the first record
		var actor string
		var logged []byte
		var n int
		must(t, v.Row(ctx, `SELECT actor, controller FROM vault_erasure WHERE contact = $1`, contact[:]).Scan(&actor, &logged))
		must(t, v.Row(ctx, `SELECT COUNT(*) FROM vault_key WHERE id = $1`, contact[:]).Scan(&n))
		if actor != "agent:x" || !bytes.Equal(logged, controller[:]) || n != 0 {
			t.Errorf("got actor %q, controller %x, %d keys", actor, logged, n)
		}

		// No way back, not even by hand; a batch goes on for the others.
		fresh := desk.NewID[desk.Contact]()
		must(t, v.AddContacts(ctx, []vault.NewContact{{controller, contact}, {controller, fresh}}))
		wantErr(t, openWith(v), vault.ErrKeyGone)
		seal(t, v, vault.ContactOwner(fresh), p, text("z"))
		seal(t, v, vault.ContactOwner(neighbour), p, text("z"))
		must(t, v.Exec(ctx, `INSERT INTO vault_key (id, kind, parent, wrapped, created_at)
			SELECT $1, kind, parent, wrapped, created_at FROM vault_key WHERE id = $2`, contact[:], fresh[:]))
		wantErr(t, openWith(v), vault.ErrKeyGone)
	})
}

func TestAddContactsIsIdempotent(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		v, other := open(t, url, c), open(t, url, c)
		controller, contact := newContact(t, v)
		p := place("message.content")
		s := seal(t, v, vault.ContactOwner(contact), p, text("x"))
		must(t, v.AddController(ctx, controller))
		again := []vault.NewContact{{controller, contact}, {controller, contact}, {controller, desk.NewID[desk.Contact]()}}
		must(t, other.AddContacts(ctx, again))
		must(t, v.AddContacts(ctx, again))
		must(t, v.AddContacts(ctx, nil))
		for _, h := range []*vault.Vault{v, other} {
			if _, err := vault.OpenOne(ctx, h, vault.ReasonView, vault.ContactOwner(contact), p, s); err != nil {
				t.Error(err)
			}
		}
		err := v.AddContacts(ctx, []vault.NewContact{{desk.NewID[desk.Controller](), desk.NewID[desk.Contact]()}})
		wantErr(t, err, vault.ErrKeyGone)
	})
}

func TestAddContactsConcurrently(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		a, b := open(t, url, nil), open(t, url, nil)
		controller, _ := newContact(t, a)
		batch := make([]vault.NewContact, 100)
		for i := range batch {
			batch[i] = vault.NewContact{Controller: controller, Contact: desk.NewID[desk.Contact]()}
		}
		var wg sync.WaitGroup
		for i, v := range []*vault.Vault{a, b, a, b} {
			wg.Go(func() {
				if err := v.AddContacts(ctx, append(batch[25*i:len(batch):len(batch)], batch[:25*i]...)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, n := range batch {
			p := place("c")
			s := seal(t, a, vault.ContactOwner(n.Contact), p, text("x"))
			if _, err := vault.OpenOne(ctx, b, vault.ReasonView, vault.ContactOwner(n.Contact), p, s); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestSweepOrphans(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		v := open(t, url, c)
		controller, kept := newContact(t, v)
		batch := make([]vault.NewContact, 1100)
		for i := range batch {
			batch[i] = vault.NewContact{Controller: controller, Contact: desk.NewID[desk.Contact]()}
		}
		must(t, v.AddContacts(ctx, batch))
		c.add(7 * 24 * time.Hour)
		_, young := newContact(t, v)
		asked := 0
		exists := func(_ context.Context, ids []desk.ContactID) (map[desk.ContactID]bool, error) {
			asked += len(ids)
			return map[desk.ContactID]bool{kept: true}, nil
		}
		n, err := v.SweepOrphans(ctx, c.now(), exists)
		if err != nil || n != len(batch) || asked != len(batch)+1 {
			t.Errorf("got %d swept of %d asked, %v", n, asked, err)
		}
		p := place("c")
		seal(t, v, vault.ContactOwner(kept), p, text("x"))
		seal(t, v, vault.ContactOwner(young), p, text("x"))
		_, err = vault.Seal(ctx, v, vault.ContactOwner(batch[0].Contact), p, text("x"))
		wantErr(t, err, vault.ErrKeyGone)
		fault := errors.New("the data store is gone")
		_, err = v.SweepOrphans(ctx, c.now(), func(context.Context, []desk.ContactID) (map[desk.ContactID]bool, error) { return nil, fault })
		wantErr(t, err, fault)
		seal(t, v, vault.ContactOwner(kept), p, text("x"))
	})
}

func TestDays(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		nodes := []*vault.Vault{open(t, url, c), open(t, url, c), open(t, url, c)}
		v := nodes[0]
		day := v.Day(c.now())
		if got := v.Day(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)); got != 1 {
			t.Errorf("got day %d", got)
		}
		sealed, p := make([]private.Sealed[[]byte], 12), place("delivery.body")
		var wg sync.WaitGroup
		for i := range sealed {
			wg.Go(func() {
				n := nodes[i%len(nodes)]
				err := n.EnsureDay(ctx, day)
				if err == nil {
					sealed[i], err = vault.Seal(ctx, n, vault.DayOwner(day), p, []byte{byte(i)})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, s := range sealed {
			got, err := vault.OpenOne(ctx, nodes[(i+1)%3], vault.ReasonProcess, vault.DayOwner(day), p, s)
			if err != nil || !bytes.Equal(got, []byte{byte(i)}) {
				t.Errorf("nodes made different keys: %v", err)
			}
		}
		must(t, v.EnsureDay(ctx, day+1))
		if days, err := nodes[1].Days(ctx); err != nil || len(days) != 2 || days[0] != day || days[1] != day+1 {
			t.Errorf("got %v, %v", days, err)
		}
		must(t, v.DestroyDay(ctx, day))
		must(t, v.DestroyDay(ctx, day))
		c.add(vault.CacheTTL)
		for _, n := range nodes {
			_, err := vault.OpenOne(ctx, n, vault.ReasonProcess, vault.DayOwner(day), p, sealed[0])
			wantErr(t, err, vault.ErrKeyGone)
			wantErr(t, n.EnsureDay(ctx, day), vault.ErrKeyGone)
		}
		if days, err := v.Days(ctx); err != nil || len(days) != 1 {
			t.Errorf("got %v, %v", days, err)
		}
	})
}

// TestNothingReadableInTheFiles looks at the bytes of an SQLite vault: no secret
// of ours ever, and of a destroyed key not even its wrapped form.
func TestNothingReadableInTheFiles(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "vault.db")
	v := open(t, "sqlite:"+path, nil)
	const canary = "Kanarienvogel-4711"
	var wrapped [][]byte
	for range 50 {
		_, contact := newContact(t, v)
		seal(t, v, vault.ContactOwner(contact), place("c"), text(canary))
		var w []byte
		must(t, v.Row(ctx, `SELECT wrapped FROM vault_key WHERE id = $1`, contact[:]).Scan(&w))
		wrapped = append(wrapped, w)
		if found(t, path, w) == 0 {
			t.Fatal("the search finds nothing, so it proves nothing")
		}
		must(t, v.Destroy(ctx, contact, "command:test"))
	}
	for _, s := range append(wrapped, []byte(canary), rootKey.Reveal()) {
		if n := found(t, path, s); n != 0 {
			t.Errorf("%d files hold %x", n, s)
		}
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log was not emptied: %v", err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(path + suffix); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("vault.db%s: %v, %v", suffix, info.Mode(), err)
		}
	}
}

// found counts the files of the store that hold b.
func found(t *testing.T, path string, b []byte) (n int) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		data, err := os.ReadFile(path + suffix)
		must(t, err)
		if bytes.Contains(data, b) {
			n++
		}
	}
	return n
}
