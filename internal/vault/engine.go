package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"botschaft/internal/desk"
	"botschaft/internal/postgres"
	"botschaft/internal/sqlite"
)

// Connections is how many a Vault holds to a PostgreSQL at most.
const Connections = 8

// engine is the store of the keys. One SQL runs on both engines; what differs
// stands in this file.
type engine struct {
	write   *sql.DB // SQLite: one connection
	read    *sql.DB
	sqlite  bool
	path    string // of the file on SQLite, when it is opened to be used
	files   sqlite.Files
	queries atomic.Int64 // reads asked so far; tests count them
}

// openEngine opens "sqlite:/path" or "postgres://…".
func openEngine(rawURL string) (*engine, error) {
	if path, ok := strings.CutPrefix(rawURL, "sqlite:"); ok {
		return openSQLite(path)
	}
	if strings.HasPrefix(rawURL, "postgres://") || strings.HasPrefix(rawURL, "postgresql://") {
		return openPostgres(rawURL)
	}
	return nil, desk.Invalid("vault_url", "must begin with sqlite: or postgres://")
}

func openPostgres(rawURL string) (*engine, error) {
	address, err := postgres.Parse(rawURL)
	if err != nil {
		return nil, desk.Unavailable("the key vault's address cannot be used", err)
	}
	db := address.Open(Connections)
	return &engine{write: db, read: db}, nil
}

// openSQLite makes the file readable for its owner alone before SQLite writes
// to it; SQLite gives its -wal and -shm the same permissions.
func openSQLite(path string) (*engine, error) {
	abs, err := filepath.Abs(path)
	if err != nil || path == "" {
		return nil, desk.Invalid("vault_url", "needs a file path after sqlite:")
	}
	if err := sqlite.Make(abs); err != nil {
		return nil, desk.Unavailable("the key vault's file cannot be opened", err)
	}
	e := &engine{sqlite: true, path: abs}
	if e.write, err = e.files.Open(abs, sqliteOptions+"&_txlock=immediate"); err != nil {
		return nil, desk.Unavailable("the key vault's file cannot be used", err)
	}
	e.write.SetMaxOpenConns(1)
	if e.read, err = e.files.Open(abs, sqliteOptions+"&_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(desk.Unavailable("the key vault's file cannot be used", err), e.write.Close())
	}
	e.read.SetMaxOpenConns(4)
	e.read.SetMaxIdleConns(4)
	return e, nil
}

// sqliteOptions: secure_delete overwrites what is removed with zeros.
const sqliteOptions = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)"

// watch begins to guard the files of a vault on SQLite; they are there once it was written to.
func (e *engine) watch() error {
	if e.path == "" {
		return nil
	}
	if err := e.files.Watch(e.path); err != nil {
		return desk.Unavailable("the key vault's file cannot be looked at", err)
	}
	return nil
}

func (e *engine) close() error {
	if e.read == e.write {
		return e.write.Close()
	}
	return errors.Join(e.read.Close(), e.write.Close())
}

// query runs a read and hands each row to each.
func (e *engine) query(ctx context.Context, each func(*sql.Rows) error, q string, args ...any) error {
	e.queries.Add(1)
	return rows(ctx, e.read, each, q, args...)
}

// rows is query on a pool or a transaction.
func rows(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, each func(*sql.Rows) error, q string, args ...any,
) error {
	rs, err := db.QueryContext(ctx, q, args...)
	if err != nil {
		return unavailable(err)
	}
	defer rs.Close()
	for rs.Next() {
		if err := each(rs); err != nil {
			return err
		}
	}
	return unavailable(rs.Err())
}

// change runs f in a transaction that is durable, in files that have their names, when
// change returns nil.
func (e *engine) change(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return unavailable(err)
	}
	return e.files.Missing()
}

// lock lets one node at a time create the store. SQLite's immediate transaction
// does so already.
func (e *engine) lock(ctx context.Context, tx *sql.Tx) error {
	if e.sqlite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(3208469217704153)")
	return unavailable(err)
}

// forget removes what deleted rows left beside the table: SQLite's log. It fails
// while somebody reads for longer than the busy timeout; then repeat it. (GDPR
// Art. 17; PostgreSQL's vacuum is set to run at once, see schema.go.)
func (e *engine) forget(ctx context.Context) error {
	if !e.sqlite {
		return nil
	}
	var busy, frames, done int
	err := e.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done)
	if err != nil {
		return unavailable(err)
	}
	if busy != 0 {
		return desk.Unavailable("the key is destroyed, but the vault's log is in use and could not be emptied yet", nil)
	}
	return nil
}

// unavailable marks a failure of the store as worth a retry.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return desk.Unavailable("the key vault does not answer", err)
}

// maxList bounds the placeholders of one list; SQLite allows 32,766 per statement.
const maxList = 8192

// padded is the length of the placeholder list for n values: the next power of
// two, so that the engines prepare few different statements. Callers repeat
// their last value to fill it.
func padded(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// list writes "$from,$from+1,…", n of them.
func list(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// idArgs appends the ids of owners to args, padded.
func idArgs(args []any, owners []Owner) []any {
	for i := range padded(len(owners)) {
		args = append(args, owners[min(i, len(owners)-1)].id[:])
	}
	return args
}

// ids gives owners' ids as a placeholder list that starts at $from.
func ids(from int, owners []Owner) string { return list(from, padded(len(owners))) }

// scanOwner reads kind and id.
func scanOwner(k int64, id []byte) (Owner, error) {
	o := Owner{kind: kind(k)}
	if len(id) != len(o.id) {
		return o, fmt.Errorf("vault: a key has an id of %d bytes; the store was altered", len(id))
	}
	copy(o.id[:], id)
	return o, nil
}
