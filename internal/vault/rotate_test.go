package vault_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

var nextKey = private.NewKey([]byte("fedcba9876543210fedcba9876543210"))

// node opens the vault as one of several does, with a root key and spares.
func node(t testing.TB, url string, c *clock, root private.Key, spares ...private.Key) (*vault.Vault, error) {
	t.Helper()
	v, err := vault.Open(t.Context(), vault.Config{URL: url, RootKey: root, Clock: c.now, Spares: func() []private.Key { return spares }})
	if err == nil {
		t.Cleanup(func() { _ = v.Close() })
	}
	return v, err
}

// anna is a value of a new Contact.
type anna struct {
	contact desk.ContactID
	value   private.Sealed[private.Text]
}

func annaOf(t testing.TB, v *vault.Vault, controller desk.ControllerID) anna {
	t.Helper()
	s := anna{contact: desk.NewID[desk.Contact]()}
	err := v.AddContacts(t.Context(), []vault.NewContact{{Controller: controller, Contact: s.contact}})
	if err == nil {
		s.value, err = vault.Seal(t.Context(), v, vault.ContactOwner(s.contact), vault.ProfilePlace(s.contact), private.NewText("Anna"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s anna) opens(t testing.TB, v *vault.Vault) {
	t.Helper()
	text, err := vault.OpenOne(t.Context(), v, vault.ReasonView, vault.ContactOwner(s.contact), vault.ProfilePlace(s.contact), s.value)
	if err != nil || text.Reveal() != "Anna" {
		t.Errorf("it opens as %q (%v)", text.Reveal(), err)
	}
}

// The root key is exchanged beside running nodes: one that has the next key goes on as if
// nothing had happened, reading and making keys; one that has not makes no key that the
// others could not open, and says so.
func TestRotateRoot(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := newClock()
		v, err := node(t, url, c, rootKey)
		check(t, err)
		controller := desk.NewID[desk.Controller]()
		check(t, v.AddController(t.Context(), controller))
		check(t, v.EnsureDay(t.Context(), 20_000))
		before := annaOf(t, v, controller)
		ready, err := node(t, url, c, rootKey, nextKey)
		check(t, err)
		before.opens(t, ready)
		unready, err := node(t, url, c, rootKey)
		check(t, err)

		n, err := v.RotateRoot(t.Context(), nextKey)
		if err != nil || n != 4 { // installation, signing, Controller, day
			t.Fatalf("rotated %d keys (%v)", n, err)
		}
		if n, err := v.RotateRoot(t.Context(), nextKey); err != nil || n != 0 {
			t.Errorf("once more: %d (%v)", n, err)
		}
		c.add(2 * vault.CacheTTL)
		for name, v := range map[string]*vault.Vault{"that rotated": v, "that was ready": ready} {
			before.opens(t, v)
			annaOf(t, v, controller).opens(t, v)
			check(t, v.EnsureDay(t.Context(), 20_001))
			if err := v.Ready(t.Context()); err != nil {
				t.Errorf("the node %s: %v", name, err)
			}
		}
		for what, do := range map[string]func() error{
			"ready":   func() error { return unready.Ready(t.Context()) },
			"a day":   func() error { return unready.EnsureDay(t.Context(), 20_002) },
			"reading": func() error { return unready.Prefetch(t.Context(), []vault.Owner{vault.ContactOwner(before.contact)}) },
		} {
			if err := do(); !errors.Is(err, vault.ErrRotated) || !errors.Is(err, vault.ErrWrongRootKey) {
				t.Errorf("a node without the next key, %s: %v", what, err)
			}
		}
		if days, err := v.Days(t.Context()); err != nil || len(days) != 2 {
			t.Errorf("days %v (%v)", days, err)
		}
		if _, err := node(t, url, c, rootKey); !errors.Is(err, vault.ErrWrongRootKey) {
			t.Errorf("a start with the old key: %v", err)
		}
		for _, keys := range [][]private.Key{{nextKey}, {rootKey, nextKey}} { // also where the files were not moved yet
			again, err := node(t, url, c, keys[0], keys[1:]...)
			check(t, err)
			before.opens(t, again)
			if !again.VerifyKey().Equal(v.VerifyKey()) {
				t.Error("the signing key is another")
			}
		}
	})
}

// While keys are made on several nodes the root is exchanged: every key opens afterwards.
func TestRotateRootUnderWriters(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := newClock()
		v, err := node(t, url, c, rootKey)
		check(t, err)
		var nodes sync.WaitGroup
		for i := range int64(3) {
			n, err := node(t, url, c, rootKey, nextKey)
			check(t, err)
			nodes.Go(func() {
				for d := range int64(15) {
					if err := n.EnsureDay(t.Context(), 100*i+d); err != nil {
						t.Errorf("a day during the rotation: %v", err)
					}
				}
			})
		}
		_, err = v.RotateRoot(t.Context(), nextKey)
		check(t, err)
		nodes.Wait()
		fresh, err := node(t, url, c, nextKey)
		check(t, err)
		days, err := fresh.Days(t.Context())
		check(t, err)
		for _, d := range days {
			check(t, fresh.Prefetch(t.Context(), []vault.Owner{vault.DayOwner(d)}))
		}
		if len(days) != 45 {
			t.Errorf("%d days have a key", len(days))
		}
	})
}

// A Controller's key is exchanged beside nodes that add Contacts, ended on the way and
// taken up again: what was sealed opens, what is found by digest is found, and the old
// key is gone.
func TestRotateController(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := newClock()
		v, err := node(t, url, c, rootKey)
		check(t, err)
		other, err := node(t, url, c, rootKey)
		check(t, err)
		controller, stranger := desk.NewID[desk.Controller](), desk.NewID[desk.Controller]()
		check(t, v.AddController(t.Context(), controller))
		check(t, v.AddController(t.Context(), stranger))
		digest, err := v.Digest(t.Context(), controller, "phone", []byte("1"))
		check(t, err)
		var batch []vault.NewContact
		for range 1100 {
			batch = append(batch, vault.NewContact{Controller: controller, Contact: desk.NewID[desk.Contact]()})
		}
		check(t, v.AddContacts(t.Context(), batch))
		all := []anna{annaOf(t, v, controller), annaOf(t, other, controller), annaOf(t, v, stranger)}

		ctx, end := context.WithCancel(t.Context())
		_, err = v.RotateController(ctx, controller, func(p vault.Rewrapping) {
			if p.Done > 0 {
				end() // as if the process had died
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("ended on the way: %v", err)
		}
		all = append(all, annaOf(t, other, controller), annaOf(t, v, controller)) // one of them has not heard of it yet
		var last vault.Rewrapping
		n, err := v.RotateController(t.Context(), controller, func(p vault.Rewrapping) { last = p })
		if err != nil || n != 602 || last.Done != last.Total {
			t.Errorf("taken up again: %d, %+v (%v)", n, last, err)
		}
		first := wrappers(t, v)
		if n, err := v.RotateController(t.Context(), controller, nil); err != nil || n != 1104 {
			t.Errorf("a second one: %d (%v)", n, err)
		}
		if second := wrappers(t, v); len(first) != 1 || len(second) != 1 || first[0] == second[0] {
			t.Errorf("the wrapping keys were %x and are %x", first, second)
		}
		all = append(all, annaOf(t, other, controller))
		c.add(2 * vault.CacheTTL)
		fresh, err := node(t, url, c, rootKey)
		check(t, err)
		for _, node := range []*vault.Vault{v, other, fresh} {
			for _, s := range all {
				s.opens(t, node)
			}
			if again, err := node.Digest(t.Context(), controller, "phone", []byte("1")); err != nil || string(again) != string(digest) {
				t.Errorf("the digest is another (%v)", err)
			}
		}
		check(t, v.Destroy(t.Context(), all[0].contact, "agent:x"))
		var whose []byte
		check(t, v.Row(t.Context(), "SELECT controller FROM vault_erasure").Scan(&whose))
		if string(whose) != string(controller[:]) {
			t.Error("the erasure log names another controller")
		}
		n2, err := v.RotateRoot(t.Context(), nextKey)
		if err != nil || n2 != 5 {
			t.Errorf("the root after it: %d (%v)", n2, err)
		}
		c.add(2 * vault.CacheTTL)
		all[1].opens(t, v)
		if _, err := v.RotateController(t.Context(), desk.NewID[desk.Controller](), nil); !errors.Is(err, vault.ErrKeyGone) {
			t.Errorf("nobody's key: %v", err)
		}
	})
}

func wrappers(t testing.TB, v *vault.Vault) (ids []string) {
	t.Helper()
	var n int
	var id []byte
	check(t, v.Row(t.Context(), "SELECT (SELECT COUNT(*) FROM vault_key WHERE kind = 6), id FROM vault_key WHERE kind = 6 LIMIT 1").Scan(&n, &id))
	for range n {
		ids = append(ids, string(id))
	}
	return ids
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
