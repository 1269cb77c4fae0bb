package blob

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newStore(t testing.TB) *Store {
	t.Helper()
	s, err := New(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	return s
}

// keep seals content and gives where it stands.
func keep(t testing.TB, s *Store, content []byte) (ID, Key) {
	t.Helper()
	id, k := NewID(), NewKey()
	w, err := s.Create(id, k)
	must(t, err)
	_, err = w.Write(content)
	must(t, err)
	must(t, w.Commit())
	return id, k
}

func sized(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = r.Read(b)
	return b
}

// What is read is what was written, however long, in whatever pieces and from wherever.
func TestReadsWhatWasWritten(t *testing.T) {
	s := newStore(t)
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 3*chunkSize + 7} {
		content := sized(n)
		id, k := keep(t, s, content)
		r, err := s.Open(id, k)
		must(t, err)
		must(t, iotest.TestReader(r, content))
		must(t, r.Close())
	}
}

func TestReadsRanges(t *testing.T) {
	s := newStore(t)
	content := sized(4*chunkSize + 99)
	id, k := keep(t, s, content)
	rapid.Check(t, func(t *rapid.T) {
		r, err := s.Open(id, k)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		for range 5 {
			from := rapid.IntRange(0, len(content)).Draw(t, "from")
			n := rapid.IntRange(0, len(content)-from).Draw(t, "n")
			if _, err := r.Seek(int64(from), io.SeekStart); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, n)
			if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, content[from:from+n]) {
				t.Fatalf("bytes %d to %d are others: %v", from, from+n, err)
			}
		}
	})
}

func TestPieces(t *testing.T) {
	s := newStore(t)
	rapid.Check(t, func(rt *rapid.T) {
		id, k := NewID(), NewKey()
		w, err := s.Create(id, k)
		must(t, err)
		var whole []byte
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, chunkSize+10), 0, 5).Draw(rt, "pieces") {
			piece := sized(n)
			whole = append(whole, piece...)
			_, err := w.Write(piece)
			must(t, err)
		}
		if w.Size() != int64(len(whole)) {
			rt.Fatalf("size is %d, not %d", w.Size(), len(whole))
		}
		must(t, w.Commit())
		r, err := s.Open(id, k)
		must(t, err)
		got, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		if !bytes.Equal(got, whole) {
			rt.Fatal("the file is another")
		}
	})
}

// read gives the whole file, or why it does not open.
func read(s *Store, id ID, k Key) ([]byte, error) {
	r, err := s.Open(id, k)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

// Nothing but the very bytes that were sealed opens, under their own name and key alone.
func TestRefusesWhatWasAltered(t *testing.T) {
	s := newStore(t)
	content := sized(3*chunkSize + 500)
	id, k := keep(t, s, content)
	sealed, err := os.ReadFile(s.path(id))
	must(t, err)
	swapped := bytes.Clone(sealed)
	copy(swapped[headerSize:], sealed[headerSize+sealedSize:headerSize+2*sealedSize])
	copy(swapped[headerSize+sealedSize:], sealed[headerSize:headerSize+sealedSize])
	for name, bad := range map[string][]byte{
		"cut":                  sealed[:len(sealed)-1],
		"cut at a chunk":       sealed[:headerSize+2*sealedSize],
		"cut to its header":    sealed[:headerSize],
		"cut within it":        sealed[:3],
		"empty":                {},
		"lengthened":           append(bytes.Clone(sealed), 0),
		"with its first twice": append(bytes.Clone(sealed[:headerSize+sealedSize]), sealed[headerSize:]...),
		"without its first":    append(bytes.Clone(sealed[:headerSize]), sealed[headerSize+sealedSize:]...),
		"swapped":              swapped,
	} {
		must(t, os.WriteFile(s.path(id), bad, 0o600))
		if _, err := read(s, id, k); !errors.Is(err, ErrAltered) {
			t.Errorf("a file that is %s: %v", name, err)
		}
	}
	must(t, os.WriteFile(s.path(id), sealed, 0o600))
	if _, err := read(s, id, NewKey()); !errors.Is(err, ErrAltered) {
		t.Errorf("another key opens it: %v", err)
	}
	other := NewID()
	must(t, os.MkdirAll(filepath.Dir(s.path(other)), 0o700))
	must(t, os.WriteFile(s.path(other), sealed, 0o600))
	if _, err := read(s, other, k); !errors.Is(err, ErrAltered) {
		t.Errorf("it opens under another name: %v", err)
	}
	newer := bytes.Clone(sealed)
	newer[0]++
	must(t, os.WriteFile(s.path(id), newer, 0o600))
	if _, err := read(s, id, k); !errors.Is(err, ErrVersion) {
		t.Errorf("a form of the future: %v", err)
	}
}

// FuzzOpen flips a byte anywhere: the file does not open, or is found altered when it is read.
func FuzzOpen(f *testing.F) {
	for _, at := range []int{0, 1, headerSize, headerSize + chunkSize, headerSize + sealedSize + 1} {
		f.Add(at, byte(1))
	}
	s := newStore(f)
	content := sized(chunkSize + 300)
	id, k := keep(f, s, content)
	sealed, err := os.ReadFile(s.path(id))
	must(f, err)
	f.Fuzz(func(t *testing.T, at int, by byte) {
		if at < 0 || by == 0 {
			return
		}
		bad := bytes.Clone(sealed)
		bad[at%len(bad)] ^= by
		must(t, os.WriteFile(s.path(id), bad, 0o600))
		if _, err := read(s, id, k); !errors.Is(err, ErrAltered) && !errors.Is(err, ErrVersion) {
			t.Fatalf("byte %d altered: %v", at%len(bad), err)
		}
	})
}

func TestNothingStandsBeforeItIsWhole(t *testing.T) {
	s := newStore(t)
	id, k := NewID(), NewKey()
	w, err := s.Create(id, k)
	must(t, err)
	_, err = w.Write(sized(3 * chunkSize))
	must(t, err)
	if _, err := s.Open(id, k); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a file is there: %v", err)
	}
	must(t, w.Discard())
	left, err := os.ReadDir(filepath.Join(s.dir, drafts))
	must(t, err)
	if len(left) != 0 {
		t.Errorf("%d drafts are left over", len(left))
	}
}

func TestDraftsOfTheDeadAreSwept(t *testing.T) {
	s := newStore(t)
	_, err := s.Create(NewID(), NewKey())
	must(t, err)
	kept, _ := keep(t, s, []byte("whole"))
	must(t, s.SweepDrafts(time.Now().Add(-time.Hour)))
	if left, _ := os.ReadDir(filepath.Join(s.dir, drafts)); len(left) != 1 {
		t.Error("a draft that is being written was taken away")
	}
	must(t, s.SweepDrafts(time.Now().Add(time.Hour)))
	if left, _ := os.ReadDir(filepath.Join(s.dir, drafts)); len(left) != 0 {
		t.Error("a draft of the dead is left over")
	}
	var found []ID
	must(t, s.Each(func(id ID, _ time.Time) error { found = append(found, id); return nil }))
	if len(found) != 1 || found[0] != kept {
		t.Errorf("there are %d whole files", len(found))
	}
}

func TestDelete(t *testing.T) {
	s := newStore(t)
	id, k := keep(t, s, []byte("away"))
	must(t, s.Delete(id))
	must(t, s.Delete(id))
	if _, err := s.Open(id, k); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a deleted file is there: %v", err)
	}
}

// Nothing of the content is readable on the disk.
func TestNothingIsReadable(t *testing.T) {
	s := newStore(t)
	id, _ := keep(t, s, bytes.Repeat([]byte("kanarienvogel "), 20_000))
	sealed, err := os.ReadFile(s.path(id))
	must(t, err)
	if bytes.Contains(sealed, []byte("kanarie")) {
		t.Error("the content stands readable on the disk")
	}
}
