package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Nodes that wait for another one's migration look every second, for an hour. A deadlock
// takes the server a second to see.
const (
	migrationLook     = 1
	migrationWait     = 3600
	migrationAttempts = 60
)

// migrate brings the schema up to date. A large table takes its time on PostgreSQL, too.
func (s *Store) migrate(ctx context.Context) error {
	if s.engine != postgres {
		return migrate(ctx, s.writeDB, s.engine)
	}
	db := s.address.OpenPatiently(2)
	return errors.Join(migrate(ctx, db, s.engine), db.Close())
}

// newMigrations gives the migrations for a database. With several nodes starting at once,
// one migrates and the others wait.
func newMigrations(db *sql.DB, e engine) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if e == postgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(migrationLook, migrationWait))
		if err != nil {
			return nil, err
		}
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, dir, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// newestSchema is the version of the tables that this program makes.
func newestSchema(p *goose.Provider) int64 {
	known := p.ListSources()
	return known[len(known)-1].Version
}

func migrate(ctx context.Context, db *sql.DB, e engine) error {
	provider, err := newMigrations(db, e)
	if err != nil {
		return err
	}
	newest := newestSchema(provider)
	found, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	// A schema one version ahead is tolerated: an upgrade is rolling through the nodes.
	if found > newest+1 {
		return ErrTooNew
	}
	if found >= newest {
		return nil
	}
	if err := up(ctx, provider); err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	return nil
}

// up applies what is missing. While nodes of the release before serve, a migration and one
// of their transactions may wait for each other's tables, and PostgreSQL may end either. A
// migration that was ended has left nothing behind and begins anew.
func up(ctx context.Context, provider *goose.Provider) error {
	for attempt := 1; ; attempt++ {
		_, err := provider.Up(ctx)
		if !isDeadlock(err) || attempt == migrationAttempts {
			return err
		}
	}
}
