package vault_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/vault"
)

func TestDigestsTellEverythingApart(t *testing.T) {
	v, w := open(t, "sqlite:"+t.TempDir()+"/v.db", nil), open(t, "sqlite:"+t.TempDir()+"/w.db", nil)
	ctx := context.Background()
	a, _ := newContact(t, v)
	b, _ := newContact(t, v)
	inputs := [][][]byte{nil, {[]byte("ab")}, {[]byte("a"), []byte("b")}, {[]byte("ab"), {}}, {{}, []byte("ab")}, {{}}, {[]byte("\x01a")}}
	seen := map[string]string{}
	note := func(what string, d []byte, err error) {
		t.Helper()
		if err != nil || len(d) != 32 {
			t.Fatalf("%s: %d bytes, %v", what, len(d), err)
		}
		if before, ok := seen[string(d)]; ok {
			t.Errorf("%s and %s have one digest", what, before)
		}
		seen[string(d)] = what
	}
	for _, domain := range []string{"", "phone", "wamid"} {
		for i, parts := range inputs {
			d, err := v.Digest(ctx, a, domain, parts...)
			note(fmt.Sprint("a ", domain, i), d, err)
			again, _ := v.Digest(ctx, a, domain, parts...)
			if string(again) != string(d) {
				t.Error("a digest is not stable")
			}
			d, err = v.Digest(ctx, b, domain, parts...)
			note(fmt.Sprint("b ", domain, i), d, err)
			note(fmt.Sprint("installation ", domain, i), v.InstallationDigest(domain, parts...), nil)
			note(fmt.Sprint("another installation ", domain, i), w.InstallationDigest(domain, parts...), nil)
		}
	}
	_, err := v.Digest(ctx, desk.NewID[desk.Controller](), "phone")
	wantErr(t, err, vault.ErrKeyGone)
}

func TestDigestConcurrently(t *testing.T) {
	v := open(t, "sqlite:"+t.TempDir()+"/v.db", nil)
	want := map[int]string{}
	for i := range 50 {
		want[i] = string(v.InstallationDigest("d", []byte{byte(i)}))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 50 {
				if got := v.InstallationDigest("d", []byte{byte(i)}); string(got) != want[i] {
					t.Errorf("digest %d differs", i)
				}
			}
		})
	}
	wg.Wait()
}
