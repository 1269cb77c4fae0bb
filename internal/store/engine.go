package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	pg "botschaft/internal/postgres"
	lite "botschaft/internal/sqlite"
)

type engine int

const (
	sqlite engine = iota
	postgres
)

// Connections is how many a Store holds to a PostgreSQL at most: its pool, and the one that
// listens.
const Connections = postgresMaxConns + 1

const (
	sqliteReaders    = 4
	postgresMaxConns = 24
	minPostgres      = 150000
)

func (s *Store) openSQLite(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := lite.Make(path); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	const options = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=secure_delete(1)"
	var err error
	if s.writeDB, err = s.files.Open(path, options+"&_txlock=immediate&_pragma=cache_size(-16000)"); err != nil {
		return err
	}
	s.writeDB.SetMaxOpenConns(1)
	if err = s.writeDB.PingContext(ctx); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if s.readDB, err = s.files.Open(path, options+"&_pragma=query_only(1)&_pragma=cache_size(-4000)"); err != nil {
		return err
	}
	s.readDB.SetMaxOpenConns(sqliteReaders)
	s.readDB.SetMaxIdleConns(sqliteReaders)
	s.reads, s.writes = newKept(s.readDB), newKept(s.writeDB)
	if err = s.finishOpen(ctx); err != nil {
		return err
	}
	if err = s.files.Watch(path); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	s.guards = []func() error{s.files.Missing}
	s.commits = newCommitter(s)
	return nil
}

func (s *Store) openPostgres(ctx context.Context, dsn string) error {
	address, err := pg.Parse(dsn)
	if err != nil {
		return fmt.Errorf("database-url: %w", err)
	}
	s.address = address
	s.wake.reach(nodeMark())
	s.writeDB = address.Open(postgresMaxConns)
	s.readDB = s.writeDB
	if err := newEnough(ctx, s.writeDB); err != nil {
		return err
	}
	return s.finishOpen(ctx)
}

// newEnough asks a server how old it is.
func newEnough(ctx context.Context, db *sql.DB) error {
	var version int
	if err := db.QueryRowContext(ctx, "SELECT CAST(current_setting('server_version_num') AS INTEGER)").Scan(&version); err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", pg.WithoutAddress(err))
	}
	if version < minPostgres {
		return fmt.Errorf("PostgreSQL 15 or newer is needed; this server is %d", version/10000)
	}
	return nil
}

// connectPostgres opens a pool that waits as long as it takes.
func connectPostgres(ctx context.Context, dsn string) (*sql.DB, error) {
	address, err := pg.Parse(dsn)
	if err != nil {
		return nil, fmt.Errorf("database-url: %w", err)
	}
	db := address.OpenPatiently(2)
	if err := newEnough(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
