package vault

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"botschaft/internal/durable"
	"botschaft/internal/private"
)

// ErrNotEmpty: there is a vault, or what is left of one.
var ErrNotEmpty = errors.New("vault: its place is not empty")

// Filling is a vault on its way back from a backup: one transaction, of which nothing
// is there before Commit. It is for one goroutine.
type Filling struct {
	v    *Vault
	tx   *sql.Tx
	path string // SQLite: where the file goes
}

// restoring ends the name of a SQLite file that is not complete.
const restoring = ".restoring"

// IsEmpty tells whether the address holds no vault.
func IsEmpty(ctx context.Context, url string) (bool, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return isNowhere(path)
	}
	db, err := openEngine(url)
	if err != nil {
		return false, err
	}
	var there bool
	err = db.read.QueryRowContext(ctx, `SELECT to_regclass('vault_meta') IS NOT NULL`).Scan(&there)
	return !there, errors.Join(unavailable(err), db.close())
}

// isNowhere tells whether nothing of a SQLite vault is there. A log without its file
// counts: it would be played into the new one.
func isNowhere(path string) (bool, error) {
	for _, name := range []string{path, path + "-wal", path + "-journal"} {
		if _, err := os.Lstat(name); err == nil {
			return false, nil
		} else if !errors.Is(err, os.ErrNotExist) {
			return false, err
		}
	}
	return true, nil
}

// Fill begins to fill an empty place with tables of a schema's version. What a Fill
// before it left that was killed is taken away. ErrNotEmpty, ErrTooNew.
func Fill(ctx context.Context, c Config, version int64) (*Filling, error) {
	if version != schemaVersion {
		return nil, fmt.Errorf("%w: the archive has version %d, this release knows %d", ErrTooNew, version, schemaVersion)
	}
	f, url := &Filling{v: &Vault{now: c.Clock, spares: c.Spares}}, c.URL
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		empty, err := isNowhere(path)
		if err != nil || !empty {
			return nil, errors.Join(err, notEmpty(empty))
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		f.path = path
		if err := f.clear(); err != nil {
			return nil, err
		}
		url += restoring
	}
	var err error
	if f.v.db, err = openEngine(url); err != nil {
		return nil, err
	}
	if f.v.cache, err = newCache(); err == nil {
		err = f.begin(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func notEmpty(empty bool) error {
	if empty {
		return nil
	}
	return ErrNotEmpty
}

// clear removes an incomplete file with what SQLite keeps beside it.
func (f *Filling) clear() error {
	var errs []error
	for _, beside := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(f.path + restoring + beside); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (f *Filling) begin(ctx context.Context) (err error) {
	if f.tx, err = f.v.db.write.BeginTx(ctx, nil); err != nil {
		return unavailable(err)
	}
	if err := f.v.db.lock(ctx, f.tx); err != nil { // a server that starts meanwhile waits for us
		return err
	}
	if !f.v.db.sqlite {
		// The keys wait for the data, however long those take.
		if _, err := f.tx.ExecContext(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return unavailable(err)
		}
		var there bool
		if err := f.tx.QueryRowContext(ctx, `SELECT to_regclass('vault_meta') IS NOT NULL`).Scan(&there); err != nil || there {
			return errors.Join(unavailable(err), notEmpty(!there))
		}
	}
	return f.v.makeTables(ctx, f.tx)
}

// batchRows is how many rows one statement inserts.
const batchRows = 256

// Table writes a table. next gives its rows, io.EOF behind the last one.
func (f *Filling) Table(ctx context.Context, name string, columns []string, next func() ([]any, error)) error {
	known := slices.ContainsFunc(Tables, func(t Table) bool { return t.Name == name && t.LeftOut == "" })
	if !known {
		return fmt.Errorf("the archive holds a table %q that is not kept in one", name)
	}
	var args []any
	for {
		values, err := next()
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return err
		}
		if !ended {
			for _, v := range values {
				if b, ok := v.([]byte); ok {
					v = slices.Clone(b) // the row is valid until the next
				}
				args = append(args, v)
			}
		}
		if n := len(args) / len(columns); n == batchRows || ended && n > 0 {
			if err := f.insert(ctx, name, columns, args); err != nil {
				return err
			}
			args = args[:0]
		}
		if ended {
			return nil
		}
	}
}

func (f *Filling) insert(ctx context.Context, name string, columns []string, args []any) error {
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO %s (%s) VALUES `, name, quoted(columns))
	for i := range len(args) / len(columns) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + list(1+i*len(columns), len(columns)) + ")")
	}
	if _, err := f.tx.ExecContext(ctx, b.String(), args...); err != nil {
		return fmt.Errorf("write table %s: %w", name, unavailable(err))
	}
	return nil
}

// quoted lists names of columns; they come from the archive.
func quoted(columns []string) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
	}
	return strings.Join(all, ", ")
}

// Recognise checks that a root key opens the vault, and gives the installation's id and
// public key. ErrWrongRootKey.
func (f *Filling) Recognise(ctx context.Context, root private.Key) (installation [16]byte, key ed25519.PublicKey, err error) {
	if len(root.Reveal()) != keySize {
		return installation, nil, errRootKeySize
	}
	if err := f.v.recognise(ctx, f.tx, root.Reveal()); err != nil {
		return installation, nil, err
	}
	return f.v.installation, f.v.VerifyKey(), nil
}

// Commit makes the vault be there.
func (f *Filling) Commit(ctx context.Context) error {
	if !f.v.db.sqlite { // PostgreSQL gathers its statistics later, and plans without them until then
		if _, err := f.tx.ExecContext(ctx, `ANALYZE`); err != nil {
			return unavailable(err)
		}
	}
	if err := f.tx.Commit(); err != nil {
		return unavailable(err)
	}
	err := f.v.db.forget(ctx)
	err = errors.Join(err, f.v.db.close())
	f.v.db = nil
	if err != nil || f.path == "" {
		return err
	}
	if err := durable.Link(f.path+restoring, f.path); err != nil {
		return err
	}
	return f.clear()
}

// Close undoes what was not committed.
func (f *Filling) Close() error {
	if f.v.db == nil {
		return nil
	}
	if f.tx != nil {
		_ = f.tx.Rollback()
	}
	err := f.v.db.close()
	f.v.db = nil
	if f.path != "" {
		err = errors.Join(err, f.clear())
	}
	return err
}
