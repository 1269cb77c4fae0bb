package auth

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

func TestPasswordRoundTrip(t *testing.T) {
	t.Parallel()
	h, ctx := NewHasher(), t.Context()
	phc, err := h.Hash(ctx, private.NewText("Gr\u00fc\u00dfe aus K\u00f6ln"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc.Reveal(), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %s", phc.Reveal())
	}
	for password, want := range map[string]bool{
		"Gr\u00fc\u00dfe aus K\u00f6ln":   true,
		"Gru\u0308\u00dfe aus Ko\u0308ln": true, // the same letters, typed on a Mac
		"Gruesse aus Koeln":               false,
		"":                                false,
	} {
		got, rehash, err := h.Verify(ctx, phc, private.NewText(password))
		if err != nil || got != want || rehash {
			t.Errorf("%q: got %v, rehash %v, %v", password, got, rehash, err)
		}
	}
	if err := h.VerifyNobody(ctx, private.NewText("x")); err != nil {
		t.Error(err)
	}
}

func TestRehashAfterCostChange(t *testing.T) {
	t.Parallel()
	h, password := NewHasher(), private.NewText("correct horse")
	old := hash{cost: cost{memory: 8, time: 1, threads: 1}, salt: make([]byte, 8)}
	key, err := h.run(t.Context(), old, 32, password)
	if err != nil {
		t.Fatal(err)
	}
	old.key = key
	ok, rehash, err := h.Verify(t.Context(), private.NewText(old.String()), password)
	if !ok || !rehash || err != nil {
		t.Errorf("got %v, %v, %v", ok, rehash, err)
	}
	if ok, rehash, _ := h.Verify(t.Context(), private.NewText(old.String()), private.NewText("wrong")); ok || rehash {
		t.Error("a wrong password must not hint at the hash")
	}
}

func TestHasherWaitsForASlot(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	for range runsAtOnce {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, private.NewText("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	h.waiting.Store(queueLimit)
	if _, err := h.Hash(t.Context(), private.NewText("x")); desk.CodeOf(err) != desk.CodeUnavailable {
		t.Errorf("got %v", err)
	}
	if got := h.waiting.Load(); got != queueLimit {
		t.Errorf("a refused waiter stayed counted: %d", got)
	}
}

func TestPHCRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bytesOf := func(low, high int, name string) []byte {
			return rapid.SliceOfN(rapid.Byte(), low, high).Draw(t, name)
		}
		x := hash{
			cost: cost{
				memory:  rapid.Uint32Range(1, 256*1024).Draw(t, "m"),
				time:    rapid.Uint32Range(1, 16).Draw(t, "t"),
				threads: rapid.Uint8Range(1, 8).Draw(t, "p"),
			},
			salt: bytesOf(8, 64, "salt"), key: bytesOf(16, 64, "key"),
		}
		back, err := parseHash(x.String())
		if err != nil || back.cost != x.cost || !bytes.Equal(back.salt, x.salt) || !bytes.Equal(back.key, x.key) {
			t.Fatalf("%s came back as %v, %v", x, back, err)
		}
	})
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if x, err := parseHash(s); err == nil && x.String() != s {
			t.Errorf("%q was read as %q", s, x)
		}
	})
}

func TestParseHashRefuses(t *testing.T) {
	t.Parallel()
	const salt, key = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, s := range []string{
		"", "secret", "$2a$10$x", "$argon2i$v=19$m=8,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=16$m=8,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=4194304,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=8,t=0,p=1$" + salt + "$" + key,
		"$argon2id$v=19$t=1,m=8,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=+8,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + key + "=",
		"$argon2id$v=19$m=8,t=1,p=1$AA$" + key, "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$",
	} {
		if _, err := parseHash(s); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]bool{
		"":                              false,
		"neunzeich":                     false,
		"zehnzeiche":                    true,
		"üüüüäääö":                      false, // eight characters, sixteen bytes
		strings.Repeat("ab", 128):       true,
		strings.Repeat("ab", 128) + "c": false,
		strings.Repeat("x", 20):         false,
		"zehn\x00zeichen":               false,
		"zehnzeichen\xff":               false,
	} {
		if err := CheckPassword(private.NewText(password)); (err == nil) != want {
			t.Errorf("%q: got %v", password, err)
		}
	}
}

func TestRandomPassword(t *testing.T) {
	t.Parallel()
	a, b := RandomPassword().Reveal(), RandomPassword().Reveal()
	if len(a) != 23 || a == b || CheckPassword(private.NewText(a)) != nil {
		t.Errorf("got %s, %s", a, b)
	}
}
