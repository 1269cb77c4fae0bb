package vault_test

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

func roundTrip[T any](t *testing.T, v *vault.Vault, o vault.Owner, values ...T) {
	t.Helper()
	var zero T
	for i, value := range append(values, zero) {
		p := place("test.column")
		s := seal(t, v, o, p, value)
		got, err := vault.OpenOne(context.Background(), v, vault.ReasonView, o, p, s)
		if err != nil || !reflect.DeepEqual(got, value) {
			t.Errorf("%T %d of %s came back different: %v", value, i, o, err)
		}
	}
}

func text(s string) private.Text  { return private.NewText(s) }
func secret(s string) private.Key { return private.NewKey([]byte(s)) }

func TestRoundTrips(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		v := open(t, url, nil)
		controller, contact := newContact(t, v)
		must(t, v.EnsureDay(context.Background(), 20_000))
		for _, o := range []vault.Owner{
			vault.OwnerInstallation(), vault.ControllerOwner(controller),
			vault.ContactOwner(contact), vault.DayOwner(20_000),
		} {
			roundTrip(t, v, o, text("Grüße \x00 \xff"), text(strings.Repeat("ß", 1<<16)))
			roundTrip(t, v, o, secret("token"))
			roundTrip(t, v, o, []byte{0}, bytes.Repeat([]byte("x"), 3<<20))
			roundTrip(t, v, o, desk.Content{Text: text("a"), Raw: text(`{"b":1}`)}, desk.Content{Raw: text("r")})
			roundTrip(t, v, o, desk.Profile{Name: text("Anna"), Username: text("@a"), Masked: text("+49 ••• 34")})
			roundTrip(t, v, o, desk.AgentProfile{Name: text("Ben"), Email: text("ben@example.org")})
			roundTrip(t, v, o, desk.InboxSecrets{
				AppSecrets: []private.Key{secret("new"), secret("old")}, AccessToken: secret("t"),
				VerifyTokens: []private.Key{secret("v")},
			})
		}
	})
}

// What is passed on opens with the other's key, at its new place, and with no other.
func TestPass(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, v := context.Background(), open(t, url, nil)
		_, one := newContact(t, v)
		_, two := newContact(t, v)
		from, to, was, now := vault.ContactOwner(one), vault.ContactOwner(two), place("test.column"), place("test.column")
		sealed := seal(t, v, from, was, text("Grüße"))
		b, err := v.Pass(ctx, from, was, to, now, sealed.Bytes())
		must(t, err)
		passed := private.SealedBytes[private.Text](b)
		if got, err := vault.OpenOne(ctx, v, vault.ReasonView, to, now, passed); err != nil || got.Reveal() != "Grüße" {
			t.Errorf("passed on: %v", err)
		}
		if _, err := vault.OpenOne(ctx, v, vault.ReasonView, from, now, passed); !errors.Is(err, vault.ErrUnreadable) {
			t.Errorf("the one before opens it: %v", err)
		}
		if _, err := v.Pass(ctx, to, was, from, now, sealed.Bytes()); !errors.Is(err, vault.ErrUnreadable) {
			t.Errorf("passed on by whose it is not: %v", err)
		}
		if _, err := v.Pass(ctx, from, was, vault.ContactOwner(desk.NewID[desk.Contact]()), now, sealed.Bytes()); !errors.Is(err, vault.ErrKeyGone) {
			t.Errorf("passed on to nobody: %v", err)
		}
	})
}

func TestOtherTypesAreRefused(t *testing.T) {
	v := open(t, "sqlite:"+t.TempDir()+"/v.db", nil)
	ctx, o := context.Background(), vault.OwnerInstallation()
	if _, err := vault.Seal(ctx, v, o, place("c"), "a plain string"); err == nil || strings.Contains(err.Error(), "plain string") {
		t.Errorf("a string was sealed, or printed: %v", err)
	}
	if _, err := vault.OpenOne(ctx, v, vault.ReasonView, o, place("c"), private.SealedBytes[int](make([]byte, 50))); err == nil {
		t.Error("an int was opened")
	}
	if _, err := vault.Seal(ctx, v, vault.Owner{}, place("c"), text("x")); err == nil {
		t.Error("nobody sealed something")
	}
	if _, err := vault.Seal(ctx, v, o, vault.Place{}, text("x")); err == nil {
		t.Error("something was sealed nowhere")
	}
	if _, err := vault.OpenOne(ctx, v, "", o, place("c"), seal(t, v, o, place("c"), text("x"))); err == nil {
		t.Error("something was opened without a reason")
	}
	p := place("c")
	s := seal(t, v, o, p, text("x"))
	if _, err := vault.OpenOne(ctx, v, vault.ReasonView, o, p, private.SealedBytes[private.Key](s.Bytes())); err == nil {
		t.Error("a text was opened as a key")
	}
}

func TestEmptySealedIsZero(t *testing.T) {
	v := open(t, "sqlite:"+t.TempDir()+"/v.db", nil)
	got, err := vault.OpenOne(context.Background(), v, vault.ReasonView, vault.ContactOwner(desk.NewID[desk.Contact]()),
		place("c"), private.Sealed[private.Text]{})
	if err != nil || !got.IsEmpty() {
		t.Errorf("got %v", err)
	}
}

func TestTamperingFails(t *testing.T) {
	v := open(t, "sqlite:"+t.TempDir()+"/v.db", nil)
	ctx := context.Background()
	_, contact := newContact(t, v)
	_, other := newContact(t, v)
	o, p := vault.ContactOwner(contact), place("message.content")
	const canary = "Kanarienvogel"
	s := seal(t, v, o, p, text(canary))
	try := func(what string, o vault.Owner, p vault.Place, b []byte) {
		t.Helper()
		got, err := vault.OpenOne(ctx, v, vault.ReasonView, o, p, private.SealedBytes[private.Text](b))
		if err == nil || !got.IsEmpty() {
			t.Errorf("%s: opened", what)
			return
		}
		if !strings.Contains(err.Error(), p.Column) || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: the error should name the place and no content: %v", what, err)
		}
	}
	for i := range s.Bytes() {
		for bit := range 8 {
			b := bytes.Clone(s.Bytes())
			b[i] ^= 1 << bit
			try("a flipped bit", o, p, b)
		}
		if i > 0 {
			try("cut short", o, p, s.Bytes()[:i])
		}
	}
	try("longer", o, p, append(bytes.Clone(s.Bytes()), 0))
	try("another contact", vault.ContactOwner(other), p, s.Bytes())
	try("the installation", vault.OwnerInstallation(), p, s.Bytes())
	try("another row", o, place(p.Column), s.Bytes())
	try("another column", o, vault.Place{Column: "message.wamid", Row: p.Row}, s.Bytes())
}

func TestWrappedKeysAreBound(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		v := open(t, url, c)
		_, a := newContact(t, v)
		_, b := newContact(t, v)
		p := place("message.content")
		s := seal(t, v, vault.ContactOwner(a), p, text("x"))
		must(t, v.Exec(ctx, `UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE id = $1 AND kind = 3),
			parent = (SELECT parent FROM vault_key WHERE id = $1 AND kind = 3) WHERE id = $2 AND kind = 3`, a[:], b[:]))
		c.add(vault.CacheTTL)
		if _, err := vault.Seal(ctx, v, vault.ContactOwner(b), p, text("y")); err == nil {
			t.Error("a key moved to another contact was used")
		}
		if _, err := vault.OpenOne(ctx, v, vault.ReasonView, vault.ContactOwner(a), p, s); err != nil {
			t.Error(err)
		}
	})
}

func TestOneQueryPerBatch(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, c := context.Background(), newClock()
		v := open(t, url, c)
		controller, _ := newContact(t, v)
		must(t, v.EnsureDay(ctx, 7))
		batch := make([]vault.NewContact, 60)
		for i := range batch {
			batch[i] = vault.NewContact{Controller: controller, Contact: desk.NewID[desk.Contact]()}
		}
		must(t, v.AddContacts(ctx, batch))
		places, sealed := make([]vault.Place, len(batch)), make([]private.Sealed[desk.Content], len(batch))
		before := v.Queries()
		for i, n := range batch {
			places[i] = place("message.content")
			sealed[i] = seal(t, v, vault.ContactOwner(n.Contact), places[i], desk.Content{Text: text("Nr."), Raw: text("{}")})
		}
		if n := v.Queries() - before; n != 0 {
			t.Errorf("sealing for contacts just added asked %d times", n)
		}
		day := place("delivery.body")
		body := seal(t, v, vault.DayOwner(7), day, []byte("body"))
		gone := vault.ContactOwner(desk.NewID[desk.Contact]())

		open := func() int64 {
			t.Helper()
			before := v.Queries()
			b := v.Opening(vault.ReasonView)
			got := make([]desk.Content, len(batch))
			var gotBody []byte
			for i, n := range batch {
				vault.Add(b, vault.ContactOwner(n.Contact), places[i], sealed[i], &got[i])
			}
			vault.Add(b, vault.DayOwner(7), day, body, &gotBody)
			left := desk.Content{Text: text("left over")}
			vault.Add(b, gone, places[0], sealed[0], &left)
			must(t, b.Run(ctx))
			if b.Gone() != 1 || !left.Text.IsEmpty() {
				t.Errorf("got %d gone", b.Gone())
			}
			for i := range got {
				if got[i].Text.Reveal() != "Nr." {
					t.Fatalf("item %d came back different", i)
				}
			}
			if string(gotBody) != "body" {
				t.Error("the body came back different")
			}
			return v.Queries() - before
		}
		c.add(vault.CacheTTL)
		if n := open(); n != 1 {
			t.Errorf("a cold page asked %d times", n)
		}
		c.add(vault.CacheTTL)
		before = v.Queries()
		owners := []vault.Owner{vault.ControllerOwner(controller), vault.DayOwner(7), vault.OwnerInstallation()}
		for _, n := range batch {
			owners = append(owners, vault.ContactOwner(n.Contact), vault.ContactOwner(n.Contact))
		}
		must(t, v.Prefetch(ctx, owners))
		must(t, v.Prefetch(ctx, owners))
		if n := v.Queries() - before; n != 1 {
			t.Errorf("Prefetch asked %d times", n)
		}
	})
}

func TestRunOpensTheRest(t *testing.T) {
	v := open(t, "sqlite:"+t.TempDir()+"/v.db", nil)
	_, contact := newContact(t, v)
	o, p := vault.ContactOwner(contact), place("message.content")
	good := seal(t, v, o, p, text("good"))
	bad := private.SealedBytes[private.Text](append(bytes.Clone(good.Bytes()), 1))
	var a, b, c private.Text
	batch := v.Opening(vault.ReasonView)
	vault.Add(batch, o, p, bad, &a)
	vault.Add(batch, o, p, good, &b)
	vault.Add(batch, o, p, bad, &c)
	if err := batch.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "1 more of 3") {
		t.Errorf("got %v", err)
	}
	if !a.IsEmpty() || b.Reveal() != "good" {
		t.Error("a good value suffered from a bad one")
	}
}
