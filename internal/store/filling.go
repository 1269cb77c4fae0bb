package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"botschaft/internal/desk"
	"botschaft/internal/durable"
)

// Filling is a house on its way back from a backup: one transaction, of which nothing
// is there before Commit. On SQLite it is a file beside the place, on PostgreSQL a
// transaction of the empty database. It is for one goroutine.
type Filling struct {
	engine engine
	path   string // SQLite: where the file goes
	db     *sql.DB
	conn   *sql.Conn
	later  []string // statements that make the indexes, once the rows are there
}

// What Fill may answer; test with errors.Is.
var (
	// ErrNotEmpty: there is a house, or what is left of one.
	ErrNotEmpty = errors.New("the place of the data is not empty")
	// ErrOlderSchema: the empty database has newer tables than the backup.
	ErrOlderSchema = errors.New("the database was made for newer data than this backup holds; create it anew")
)

// restoring ends the name of a SQLite file that is not complete.
const restoring = ".restoring"

// IsEmpty tells whether the address holds no house.
func IsEmpty(ctx context.Context, c Config) (bool, error) {
	if path, ok := strings.CutPrefix(c.URL, "sqlite:"); ok {
		return isNowhere(path)
	}
	db, err := connectPostgres(ctx, c.URL)
	if err != nil {
		return false, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, errors.Join(unavailable(err), db.Close())
	}
	bare, err := isBare(ctx, conn)
	return bare, errors.Join(err, conn.Close(), db.Close())
}

// isNowhere tells whether nothing of a SQLite database is there. A log without its
// file counts: it would be played into the new one.
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

// isBare tells whether a PostgreSQL database has no installation in it.
func isBare(ctx context.Context, conn *sql.Conn) (bool, error) {
	var there bool
	if err := conn.QueryRowContext(ctx, "SELECT to_regclass('installation') IS NOT NULL").Scan(&there); err != nil || !there {
		return !there, unavailable(err)
	}
	err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM installation) OR EXISTS (SELECT 1 FROM controller)").Scan(&there)
	return !there, unavailable(err)
}

// Fill begins to fill an empty place with tables of a schema's version. What a Fill
// before it left that was killed is taken away. ErrNotEmpty, ErrTooNew.
func Fill(ctx context.Context, c Config, schema int64) (*Filling, error) {
	f := &Filling{engine: postgres}
	var err error
	if path, ok := strings.CutPrefix(c.URL, "sqlite:"); ok {
		f.engine, f.path = sqlite, path
		err = f.makeFile()
	} else {
		f.db, err = connectPostgres(ctx, c.URL)
	}
	if err == nil {
		err = f.begin(ctx, schema)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// makeFile makes the file. It is on nobody's way and thrown away if anything fails, so
// it needs neither journal nor fsync until it is complete.
func (f *Filling) makeFile() error {
	if bare, err := isNowhere(f.path); err != nil || !bare {
		return errors.Join(err, notEmpty(bare))
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	draft := f.path + restoring
	if err := os.Remove(draft); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	f.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: draft}).EscapedPath()+
		"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)")
	if err == nil {
		f.db.SetMaxOpenConns(1)
	}
	return err
}

func notEmpty(bare bool) error {
	if bare {
		return nil
	}
	return ErrNotEmpty
}

func (f *Filling) begin(ctx context.Context, schema int64) error {
	p, err := newMigrations(f.db, f.engine)
	if err != nil {
		return err
	}
	if schema > newestSchema(p) {
		return ErrTooNew
	}
	if _, err := p.UpTo(ctx, schema); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	if found, err := p.GetDBVersion(ctx); err != nil {
		return unavailable(err)
	} else if found > schema {
		return ErrOlderSchema
	}
	if f.conn, err = f.db.Conn(ctx); err != nil {
		return unavailable(err)
	}
	if err := f.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	if f.engine == postgres {
		// Reading an archive may pause for longer than a transaction should.
		if err := f.exec(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
			return err
		}
		// A server that starts meanwhile waits for us when it looks whose data it has.
		if err := f.exec(ctx, "LOCK TABLE installation IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		if bare, err := isBare(ctx, f.conn); err != nil || !bare {
			return errors.Join(err, notEmpty(bare))
		}
	}
	if err := f.exec(ctx, "DELETE FROM counter"); err != nil { // the migrations begin it at zero
		return err
	}
	return f.putIndexesOff(ctx)
}

// Indexes that belong to no constraint, by engine: name and statement.
const (
	indexesSQLite   = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
	indexesPostgres = `SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname) ORDER BY i.indexname`
)

// putIndexesOff drops the indexes until the rows are there: sorting a million rows once
// is far quicker than finding the place of each.
func (f *Filling) putIndexesOff(ctx context.Context) error {
	list := indexesSQLite
	if f.engine == postgres {
		list = indexesPostgres
	}
	found, err := f.conn.QueryContext(ctx, list)
	if err != nil {
		return unavailable(err)
	}
	defer found.Close()
	var names []string
	for found.Next() {
		var name, statement string
		if err := found.Scan(&name, &statement); err != nil {
			return unavailable(err)
		}
		names, f.later = append(names, name), append(f.later, statement)
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		return unavailable(err)
	}
	for _, name := range names {
		if err := f.exec(ctx, "DROP INDEX "+pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	return nil
}

// makeIndexes makes the indexes that were put off; a row that breaks one is an error.
func (f *Filling) makeIndexes(ctx context.Context) error {
	for ; len(f.later) > 0; f.later = f.later[1:] {
		if err := f.exec(ctx, f.later[0]); err != nil {
			return fmt.Errorf("make the indexes: %w", err)
		}
	}
	return nil
}

func (f *Filling) exec(ctx context.Context, statement string, args ...any) error {
	_, err := f.count(ctx, statement, args...)
	return err
}

func (f *Filling) count(ctx context.Context, statement string, args ...any) (int64, error) {
	done, err := f.conn.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, unavailable(err)
	}
	n, err := done.RowsAffected()
	return n, err
}

// Table writes a table. next gives its rows, io.EOF behind the last one.
func (f *Filling) Table(ctx context.Context, name string, columns []string, next func() ([]any, error)) error {
	known := false
	for _, t := range Tables {
		known = known || t.Name == name && t.LeftOut == ""
	}
	if !known {
		return fmt.Errorf("the archive holds a table %q that is not kept in one", name)
	}
	var err error
	if f.engine == postgres {
		err = f.copyRows(ctx, name, columns, next)
	} else {
		err = f.insertRows(ctx, name, columns, next)
	}
	if err != nil {
		return fmt.Errorf("write table %s: %w", name, err)
	}
	return nil
}

func (f *Filling) insertRows(ctx context.Context, name string, columns []string, next func() ([]any, error)) error {
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	insert, err := f.conn.PrepareContext(ctx, "INSERT INTO "+name+" ("+quoted(columns)+") VALUES ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for {
		values, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
}

// quoted lists names of columns; they come from the archive.
func quoted(columns []string) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = pgx.Identifier{c}.Sanitize()
	}
	return strings.Join(all, ", ")
}

func (f *Filling) copyRows(ctx context.Context, name string, columns []string, next func() ([]any, error)) error {
	return f.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return errors.New("the driver cannot copy")
		}
		var failed error // the driver's error would hide it
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{name}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			values, err := next()
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			failed = err
			return values, err
		}))
		return errors.Join(failed, err)
	})
}

// Contacts gives the Contacts of the house in pages.
func (f *Filling) Contacts(ctx context.Context, each func([]desk.ContactID) error) error {
	return eachContact(ctx, f.conn, each)
}

// Commit makes the house be there.
func (f *Filling) Commit(ctx context.Context) error {
	if err := f.makeIndexes(ctx); err != nil {
		return err
	}
	if f.engine == postgres { // which gathers its statistics within a minute or so, and plans without them until then
		if err := f.exec(ctx, "ANALYZE"); err != nil {
			return err
		}
	}
	if err := f.exec(ctx, "COMMIT"); err != nil {
		return err
	}
	err := errors.Join(f.conn.Close(), f.db.Close())
	f.conn, f.db = nil, nil
	if err != nil || f.engine == postgres {
		return err
	}
	draft := f.path + restoring
	if err := durable.Link(draft, f.path); err != nil {
		return err
	}
	return os.Remove(draft)
}

// Close undoes what was not committed.
func (f *Filling) Close() error {
	var errs []error
	if f.conn != nil {
		if f.engine == postgres {
			_, _ = f.conn.ExecContext(context.Background(), "ROLLBACK") // the end of the connection does the same
		}
		errs = append(errs, f.conn.Close())
	}
	if f.db != nil {
		errs = append(errs, f.db.Close())
		if f.engine == sqlite {
			errs = append(errs, os.Remove(f.path+restoring))
		}
	}
	f.conn, f.db = nil, nil
	return errors.Join(errs...)
}
