package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/postgres"
	"botschaft/internal/private"
)

// ErrNone says that there is no vault at the address: no file, or no table of ours.
var ErrNone = errors.New("vault: there is none at this address")

// Inspect opens a vault that is there to look at it, beside a running server or without
// one. It changes nothing, and what would change something fails. It answers as Open
// does, and ErrNone.
func Inspect(ctx context.Context, c Config) (*Vault, error) {
	return open(ctx, c, inspectEngine, (*Vault).look)
}

func inspectEngine(rawURL string) (*engine, error) {
	e := &engine{}
	if path, ok := strings.CutPrefix(rawURL, "sqlite:"); ok {
		e.sqlite = true
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, ErrNone
		}
		mode := "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"
		if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
			mode += "&immutable=1" // nobody writes: look without making the files that readers share
		}
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+mode)
		if err != nil {
			return nil, desk.Unavailable("the key vault's file cannot be used", err)
		}
		e.read, e.write = db, db
		return e, nil
	}
	address, err := postgres.Parse(rawURL)
	if err != nil {
		return nil, desk.Invalid("vault_url", "cannot be read")
	}
	e.read = address.OpenReading(1)
	e.write = e.read
	return e, nil
}

// look is prepare without a lock and without making anything.
func (v *Vault) look(ctx context.Context, root []byte) error {
	there, table := 0, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'vault_meta'`
	if !v.db.sqlite {
		table = `SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('vault_meta')`
	}
	return v.db.change(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, table).Scan(&there); err != nil {
			return unavailable(err)
		}
		if there == 0 {
			return ErrNone
		}
		var version sql.NullInt64
		if err := tx.QueryRowContext(ctx, `SELECT MAX(version) FROM vault_schema`).Scan(&version); err != nil {
			return unavailable(err)
		}
		if version.Int64 > schemaVersion+1 {
			return fmt.Errorf("%w: it has version %d, this release knows %d", ErrTooNew, version.Int64, schemaVersion)
		}
		return v.recognise(ctx, tx, root)
	})
}

// ReadRootKey is RootKeyFile without making a key where there is none: then the error is
// fs.ErrNotExist.
func ReadRootKey(path string) (private.Key, error) { return readRootKey(path) }
