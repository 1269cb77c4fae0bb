package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	pg "botschaft/internal/postgres"
	lite "botschaft/internal/sqlite"
	"botschaft/internal/store/rows"
)

// Config names the database and the clock.
type Config struct {
	URL   string           // sqlite:/path/to/botschaft.db or postgres://…
	Clock func() time.Time // nil: the system's clock
}

// Store is an open database.
type Store struct {
	engine  engine
	clock   func() time.Time
	read    *rows.Queries
	write   *rows.Queries
	readDB  *sql.DB
	writeDB *sql.DB
	commits *committer // SQLite alone
	reads   *kept      // SQLite alone, as are
	writes  *kept
	files   lite.Files // SQLite alone
	guards  []func() error
	failing atomic.Bool // a guard, when it was asked last
	address pg.Address  // PostgreSQL alone
	wake    wakers
}

// ErrTooNew says that a newer program has used this database.
var ErrTooNew = errors.New("the database has a newer schema than this program knows; start the newer program, or restore a backup")

// Open opens the database, brings its schema up to date and prepares every
// statement. It waits for nothing: a database that is not there is an error.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{clock: c.Clock}
	if s.clock == nil {
		s.clock = time.Now
	}
	var err error
	switch {
	case strings.HasPrefix(c.URL, "sqlite:"):
		s.engine = sqlite
		err = s.openSQLite(ctx, strings.TrimPrefix(c.URL, "sqlite:"))
	case strings.HasPrefix(c.URL, "postgres://"), strings.HasPrefix(c.URL, "postgresql://"):
		s.engine = postgres
		err = s.openPostgres(ctx, c.URL)
	default:
		return nil, desk.Invalid("database-url", "starts neither with sqlite: nor with postgres://")
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// finishOpen migrates and prepares. On PostgreSQL each line prepares a statement by itself
// when it is first asked for, which saves every command and every new line the others.
func (s *Store) finishOpen(ctx context.Context) (err error) {
	if err = s.migrate(ctx); err != nil {
		return err
	}
	if s.engine == postgres {
		s.write = rows.New(s.writeDB)
		s.read = s.write
		return nil
	}
	if s.write, err = rows.Prepare(ctx, s.writeDB); err != nil {
		return fmt.Errorf("prepare statements: %w", err)
	}
	if s.read, err = rows.Prepare(ctx, s.readDB); err != nil {
		return fmt.Errorf("prepare statements: %w", err)
	}
	return nil
}

// Close ends the committer and closes the database. Transactions under way are
// finished first.
func (s *Store) Close() error {
	if s.commits != nil {
		s.commits.close()
	}
	if s.wake.node != "" && s.write != nil {
		s.tellNow(context.Background()) // what a command did
	}
	var errs []error
	for _, db := range []*sql.DB{s.readDB, s.writeDB} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// asked is where questions outside a transaction go.
func (s *Store) asked() querier {
	if s.engine == sqlite {
		return s.reads
	}
	return s.readDB
}

// Read gives the statements outside a transaction: each sees what is committed.
func (s *Store) Read() *rows.Queries { return s.read }

// Now gives the house's time, to the millisecond that columns keep.
func (s *Store) Now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// Instant gives the time as the clock has it, to measure by.
func (s *Store) Instant() time.Time { return s.clock() }

// Today gives the day in Germany: 2026-11-30.
func (s *Store) Today() string { return deadline.DateOf(s.Now()).String() }

// IsSQLite tells whether the database is a local file with one serving process.
func (s *Store) IsSQLite() bool { return s.engine == sqlite }

// Ready probes the database: that its files are there and that it can be read.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.Missing(); err != nil {
		return err
	}
	_, err := s.read.GetCounter(ctx, "event")
	return unavailable(err)
}

// Skew tells how far the database's clock is ahead of this node's. It is zero on
// SQLite, which has no clock of its own.
func (s *Store) Skew(ctx context.Context) (time.Duration, error) {
	if s.engine == sqlite {
		return 0, nil
	}
	var ms float64
	before := s.clock()
	row := s.readDB.QueryRowContext(ctx, "SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000")
	if err := row.Scan(&ms); err != nil {
		return 0, unavailable(err)
	}
	middle := before.Add(s.clock().Sub(before) / 2)
	return time.UnixMicro(int64(ms * 1000)).Sub(middle), nil
}

// unavailable marks a failure of the database itself, as opposed to an answer or a
// refusal, which trying again does not help.
func unavailable(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) || errors.Is(err, context.Canceled) || IsRefused(err) {
		return err
	}
	var known *desk.Error
	if errors.As(err, &known) {
		return err
	}
	return desk.Unavailable("the database cannot be used now", err)
}

// IsNone tells whether a statement found no row.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// IsConstraint tells whether a statement broke a unique key or another constraint.
func IsConstraint(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "23")
	}
	var lite *sqlitedriver.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteConstraint
}

// IsRefused tells whether the database refused what a statement holds, be it for a
// constraint, because such a value cannot be kept or because it holds a row twice: the same
// statement fails again.
func IsRefused(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "21") || strings.HasPrefix(pg.Code, "22") || IsConstraint(err)
	}
	var lite *sqlitedriver.Error
	return IsConstraint(err) || errors.As(err, &lite) && (lite.Code()&0xff == sqliteTooBig || lite.Code()&0xff == sqliteMismatch)
}

// SQLite's codes: SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH.
const (
	sqliteTooBig     = 18
	sqliteConstraint = 19
	sqliteMismatch   = 20
)
