package sqlite

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const options = "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(1000)"

// open makes a database with one row, watched, with one connection.
func open(t testing.TB) (f *Files, db *sql.DB, path string) {
	t.Helper()
	f, path = new(Files), filepath.Join(t.TempDir(), "some.db")
	must(t, Make(path))
	db, err := f.Open(path, options)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(t.Context(), "CREATE TABLE word (word TEXT); INSERT INTO word VALUES ('kept')")
	must(t, err)
	must(t, f.Watch(path))
	must(t, f.Missing())
	return f, db, path
}

// TestMissing takes each file away in each way.
func TestMissing(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		suffix, says string
		do           func(path string) error
	}{
		"the database": {"", "some.db is gone", os.Remove},
		"its log":      {"-wal", "some.db-wal is gone", os.Remove},
		"its index":    {"-shm", "some.db-shm is gone", os.Remove},
		"a new log":    {"-wal", "some.db-wal was replaced", func(path string) error { return errors.Join(os.Rename(path, path+"2"), os.WriteFile(path, nil, 0o600)) }},
		"cut":          {"", "some.db was cut short", func(path string) error { return os.Truncate(path, 512) }},
	} {
		f, _, path := open(t)
		must(t, c.do(path+c.suffix))
		if err := f.Missing(); desk.CodeOf(err) != desk.CodeUnavailable || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, _, path := open(t)
	must(t, os.Rename(path, path+"2"))
	must(t, os.Rename(path+"2", path))
	must(t, f.Missing())
}

// A connection made later finds the first file or none.
func TestNoOtherFileIsOpened(t *testing.T) {
	t.Parallel()
	f, _, path := open(t)
	db, err := f.Open(path, options)
	must(t, err)
	defer db.Close()
	must(t, os.Rename(path, path+"2"))
	if err := db.PingContext(t.Context()); desk.CodeOf(err) != desk.CodeUnavailable {
		t.Errorf("without the file: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("a new file was made")
	}
	must(t, os.WriteFile(path, nil, 0o600))
	if err := db.PingContext(t.Context()); desk.CodeOf(err) != desk.CodeUnavailable {
		t.Errorf("with another file: %v", err)
	}
	must(t, os.Rename(path+"2", path))
	must(t, db.PingContext(t.Context()))
}

// What was committed is in the copy, though the file and its log are gone.
func TestCopyOfWhatIsGone(t *testing.T) {
	t.Parallel()
	_, db, path := open(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(path+suffix))
	}
	must(t, CopyTo(t.Context(), db, path+".copy"))
	at, err := os.Stat(path + ".copy")
	must(t, err)
	if at.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %v", at.Mode())
	}
	copied, err := new(Files).Open(path+".copy", options)
	must(t, err)
	defer copied.Close()
	var word string
	must(t, copied.QueryRowContext(t.Context(), "SELECT word FROM word").Scan(&word))
	if word != "kept" {
		t.Errorf("got %q", word)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	_, db, path := open(t)
	must(t, db.Close())
	must(t, Check(t.Context(), path))
	must(t, Check(t.Context(), path+"-none"))
	whole, err := os.ReadFile(path)
	must(t, err)
	for what, bytes := range map[string][]byte{
		"its second page": append(append([]byte{}, whole[:4096]...), make([]byte, len(whole)-4096)...),
		"its head":        append([]byte("no database at all"), whole[18:]...),
	} {
		must(t, os.WriteFile(path, bytes, 0o600))
		if err := Check(t.Context(), path); desk.CodeOf(err) != desk.CodeUnavailable || !strings.Contains(err.Error(), "some.db is damaged") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "some.db"), filepath.Join(t.TempDir(), "link.db")
	must(t, Make(path))
	must(t, os.Symlink(path, link))
	unlock, err := Lock(LockName(path))
	must(t, err)
	if _, err := Lock(LockName(link)); !errors.Is(err, ErrHeld) {
		t.Errorf("a second one, through a link: %v", err)
	}
	must(t, unlock())
	unlock, err = Lock(LockName(link))
	must(t, err)
	must(t, unlock())
}

// BenchmarkMissing tells what a look at the files costs.
func BenchmarkMissing(b *testing.B) {
	f, _, _ := open(b)
	for b.Loop() {
		must(b, f.Missing())
	}
}
