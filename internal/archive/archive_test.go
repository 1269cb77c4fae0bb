package archive_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/archive"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func signer() (ed25519.PublicKey, func([]byte) []byte) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	return key.Public().(ed25519.PublicKey), func(b []byte) []byte { return ed25519.Sign(key, b) }
}

// small writes a stream with two tables and gives it.
func small(t testing.TB) []byte {
	t.Helper()
	var to bytes.Buffer
	w := archive.NewWriter(&to, archive.Header{Kind: archive.Data, TakenAt: time.Unix(1, 0)})
	for _, name := range []string{"one", "two"} {
		must(t, w.Table(archive.Table{Name: name, Columns: []string{"a", "b"}}))
		for i := range int64(3) {
			must(t, w.Row([]any{i, []byte(name)}))
		}
	}
	key, sign := signer()
	_, err := w.Finish(key, sign)
	must(t, err)
	return to.Bytes()
}

func read(b []byte) error {
	r, err := archive.NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	return skip(r)
}

// skip reads what is left of an archive.
func skip(r *archive.Reader) error {
	for {
		for {
			if _, err := r.Row(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
		}
		if _, err := r.Table(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Whatever is written reads back.
func TestEveryValueComesBack(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.Int64(), func(v int64) any { return v }), rapid.Map(rapid.String(), func(v string) any { return v }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(v []byte) any { return v }), rapid.Map(rapid.Bool(), func(v bool) any { return v }))
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOf(rapid.SliceOfN(value, 3, 3)).Draw(rt, "rows")
		var to bytes.Buffer
		w := archive.NewWriter(&to, archive.Header{})
		must(t, w.Table(archive.Table{Name: "t", Columns: []string{"a", "b", "c"}}))
		for _, row := range rows {
			must(t, w.Row(row))
		}
		key, sign := signer()
		_, err := w.Finish(key, sign)
		must(t, err)
		r, err := archive.NewReader(&to)
		must(t, err)
		_, err = r.Table()
		must(t, err)
		for _, want := range rows {
			got, err := r.Row()
			must(t, err)
			if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) && !(fmt.Sprint(got) == fmt.Sprint(want)) {
				rt.Fatalf("%#v came back as %#v", want, got)
			}
		}
		if _, err := r.Row(); !errors.Is(err, io.EOF) {
			rt.Fatalf("behind the last row: %v", err)
		}
		if _, err := r.Table(); !errors.Is(err, io.EOF) {
			rt.Fatalf("behind the last table: %v", err)
		}
		if m, ok := r.Manifest(); !ok || m.Rows != int64(len(rows)) {
			rt.Fatalf("the manifest: %+v", m)
		}
	})
}

// A stream that is cut or changed anywhere, in any byte, is no archive.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	whole := small(t)
	must(t, read(whole))
	for i := range whole {
		if err := read(whole[:i]); !errors.Is(err, archive.ErrDamaged) {
			t.Fatalf("cut behind byte %d: %v", i, err)
		}
		for bit := range 8 {
			changed := bytes.Clone(whole)
			changed[i] ^= 1 << bit
			if err := read(changed); err == nil {
				t.Fatalf("bit %d of byte %d was changed and nobody noticed:\n%q", bit, i, changed)
			}
		}
	}
	if err := read(append(bytes.Clone(whole), 0)); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("a byte behind the end: %v", err)
	}
	newer := bytes.Replace(whole, []byte(`"format":1`), []byte(`"format":2`), 1)
	if err := read(newer); !errors.Is(err, archive.ErrTooNew) {
		t.Errorf("a newer format: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small(f))
	f.Fuzz(func(_ *testing.T, b []byte) { _ = read(b) })
}

// A file has its name when it is complete and not before; what a killed process left is
// tidied, what is being written is not.
func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	identity := filepath.Join(dir, "identity")
	recipient, err := archive.NewIdentity(identity)
	must(t, err)
	if _, err := archive.NewIdentity(identity); err == nil {
		t.Error("an identity was overwritten")
	}
	recipients, err := archive.Recipients([]string{recipient}, nil)
	must(t, err)
	f, err := archive.Create(dir, "a"+archive.Suffix, archive.Header{Kind: archive.Vault}, recipients, nil)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "killed"+archive.Suffix+".part"), []byte("half"), 0o600))
	if n, err := archive.Tidy(dir); err != nil || n != 1 {
		t.Errorf("tidied %d (%v)", n, err)
	}
	must(t, f.Table(archive.Table{Name: "t", Columns: []string{"a"}}))
	must(t, f.Row([]any{"Geheimnis"}))
	key, sign := signer()
	w, err := f.Finish(key, sign)
	must(t, err)
	if _, err := os.Stat(w.Name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("before it is published: %v", err)
	}
	must(t, f.Publish())
	raw, err := os.ReadFile(w.Name)
	must(t, err)
	if int64(len(raw)) != w.Bytes || bytes.Contains(raw, []byte("Geheimnis")) {
		t.Errorf("%d bytes, told %d", len(raw), w.Bytes)
	}
	if info, err := os.Stat(w.Name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode: %v (%v)", info.Mode(), err)
	}
	identities, err := archive.Identities([]string{identity})
	must(t, err)
	a, err := archive.Open(w.Name, identities)
	must(t, err)
	must(t, skip(a.Reader))
	must(t, a.Close())
	if _, err := archive.Create(dir, "a"+archive.Suffix, archive.Header{}, recipients, nil); err == nil {
		t.Error("an archive was overwritten")
	}
	for _, wrong := range []string{"", "age1", "ssh-ed25519 AAAA", recipient + "\nx"} {
		if _, err := archive.Recipients([]string{wrong}, nil); err == nil {
			t.Errorf("%q is a recipient", wrong)
		}
	}
	text, err := os.ReadFile(identity)
	must(t, err)
	must(t, os.WriteFile(identity, []byte(strings.ToLower(string(text))), 0o600))
	if _, err := archive.Identities([]string{identity}); err == nil || strings.Contains(err.Error(), "secret-key-1q") {
		t.Errorf("a spoilt identity: %v", err)
	}
}

// Writing takes constant memory.
func TestMemory(t *testing.T) {
	w := archive.NewWriter(io.Discard, archive.Header{})
	must(t, w.Table(archive.Table{Name: "t", Columns: []string{"a"}}))
	row := []any{make([]byte, 1<<20)}
	var before, after runtime.MemStats
	must(t, w.Row(row))
	runtime.ReadMemStats(&before)
	for range 64 {
		must(t, w.Row(row))
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("64 MiB took %d KiB of memory", grown>>10)
	}
}
