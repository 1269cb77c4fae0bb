package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	pg "botschaft/internal/postgres"
	"botschaft/internal/store/rows"
)

// Inspection is a database that is only looked at: nothing is migrated, prepared or
// written, and a session on PostgreSQL refuses to.
type Inspection struct {
	engine engine
	clock  func() time.Time
	db     *sql.DB
	read   *rows.Queries
}

// ErrNoDatabase says that there is no file at a SQLite address.
var ErrNoDatabase = errors.New("there is no database file")

// Inspect opens a database to look at it, beside a running server or without one. Any
// database may be looked at, one of ours or not; one that is not there is an error.
func Inspect(ctx context.Context, c Config) (*Inspection, error) {
	i := &Inspection{engine: sqlite, clock: c.Clock}
	if i.clock == nil {
		i.clock = time.Now
	}
	var err error
	if file, ok := strings.CutPrefix(c.URL, "sqlite:"); ok {
		err = i.openSQLite(file)
	} else {
		i.engine = postgres
		err = i.openPostgres(c.URL)
	}
	if err != nil {
		return nil, err
	}
	i.read = rows.New(i.db)
	if err := i.db.PingContext(ctx); err != nil {
		return nil, errors.Join(pg.WithoutAddress(err), i.db.Close())
	}
	return i, nil
}

// openSQLite opens the file for reading. Beside nobody's log the file is all there is,
// and is read without making the files that readers share.
func (i *Inspection) openSQLite(file string) (err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return ErrNoDatabase
	}
	mode := "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"
	if _, err := os.Stat(file + "-wal"); errors.Is(err, fs.ErrNotExist) {
		mode += "&immutable=1"
	}
	if i.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+mode); err == nil {
		i.db.SetMaxOpenConns(1)
	}
	return err
}

func (i *Inspection) openPostgres(url string) error {
	address, err := pg.Parse(url)
	if err != nil {
		return err
	}
	i.db = address.OpenReading(1)
	return nil
}

// Close ends the look.
func (i *Inspection) Close() error { return i.db.Close() }

// Read gives the statements of package store. On a schema older than this program's some
// of them fail.
func (i *Inspection) Read() *rows.Queries { return i.read }

// Skew tells how far the database's clock is ahead of this machine's; zero on SQLite.
func (i *Inspection) Skew(ctx context.Context) (time.Duration, error) {
	return (&Store{engine: i.engine, clock: i.clock, readDB: i.db}).Skew(ctx)
}

// Schema gives the version of the schema that was found, 0 if there is none, and the
// newest one that this program knows.
func (i *Inspection) Schema(ctx context.Context) (found, known int64, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	for _, name := range files {
		number, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("the name of migration %s has no number", name)
		}
		known = max(known, n)
	}
	there, table := 0, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if i.engine == postgres {
		table = `SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')`
	}
	if err := i.db.QueryRowContext(ctx, table).Scan(&there); err != nil || there == 0 {
		return 0, known, err
	}
	err = i.db.QueryRowContext(ctx, `SELECT CAST(COALESCE(MAX(version_id), 0) AS BIGINT) FROM goose_db_version WHERE is_applied`).Scan(&found)
	return found, known, err
}

// Journal gives SQLite's journal mode: "wal" once a server has used the file.
func (i *Inspection) Journal(ctx context.Context) (mode string, err error) {
	var version int // of the file's format: 2 is the write-ahead log, and what an immutable file hides
	if err = i.db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil || mode == "wal" {
		return mode, err
	}
	if version, err = i.format(ctx); version == 2 {
		mode = "wal"
	}
	return mode, err
}

// format reads the write version from the file's head, byte 18.
func (i *Inspection) format(ctx context.Context) (int, error) {
	var file string
	if err := i.db.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		return 0, err
	}
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	head := make([]byte, 1)
	_, err = f.ReadAt(head, 18)
	return int(head[0]), err
}

// Intact runs SQLite's quick check, which reads the whole file, and gives the first
// thing it finds; "ok" if there is none.
func (i *Inspection) Intact(ctx context.Context) (says string, err error) {
	err = i.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&says)
	return says, err
}
