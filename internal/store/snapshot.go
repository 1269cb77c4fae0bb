package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"botschaft/internal/store/rows"
)

// Snapshot is the whole database as it was at one moment, however long it is read.
// Others go on writing meanwhile. It is for one goroutine.
type Snapshot struct {
	own    *sql.DB // PostgreSQL: a pool that waits as long as counting takes
	tx     *sql.Tx
	engine engine
}

// Snapshot begins one. Close it soon: on SQLite the log beside the file grows until
// then, and on PostgreSQL nothing that died since is vacuumed.
func (s *Store) Snapshot(ctx context.Context) (*Snapshot, error) {
	sn, from, o := &Snapshot{engine: s.engine}, s.readDB, &sql.TxOptions{}
	if s.engine == postgres {
		sn.own = s.address.OpenPatiently(1)
		from, o = sn.own, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	var err error
	if sn.tx, err = from.BeginTx(ctx, o); err != nil {
		return nil, errors.Join(unavailable(err), sn.Close())
	}
	if _, err := sn.Schema(ctx); err != nil { // the first statement is what fixes the moment
		return nil, errors.Join(err, sn.Close())
	}
	return sn, nil
}

// Close ends it.
func (sn *Snapshot) Close() error {
	var errs []error
	if sn.tx != nil {
		errs = append(errs, quietRollback(sn.tx))
	}
	if sn.own != nil {
		errs = append(errs, sn.own.Close())
	}
	return errors.Join(errs...)
}

// Engine names the engine.
func (sn *Snapshot) Engine() string { return sn.engine.String() }

func (e engine) String() string {
	if e == postgres {
		return "postgresql"
	}
	return "sqlite"
}

// Schema gives the version of the tables.
func (sn *Snapshot) Schema(ctx context.Context) (version int64, err error) {
	err = sn.tx.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&version)
	return version, unavailable(err)
}

// Installation gives whose data it is.
func (sn *Snapshot) Installation(ctx context.Context) (rows.Installation, error) {
	var in rows.Installation
	err := sn.tx.QueryRowContext(ctx, "SELECT id, feed, created_at FROM installation").Scan(&in.ID, &in.Feed, &in.CreatedAt)
	return in, unavailable(err)
}

// Count gives the number of rows of a table.
func (sn *Snapshot) Count(ctx context.Context, t Table) (n int64, err error) {
	err = sn.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+t.Name).Scan(&n)
	return n, unavailable(err)
}

// Read gives a table: its columns to begin, then every row, as nil, int64, []byte,
// string or bool each, to row. A row is valid until row returns.
func (sn *Snapshot) Read(ctx context.Context, t Table, begin func(columns []string) error, row func(values []any) error) error {
	found, err := sn.tx.QueryContext(ctx, "SELECT * FROM "+t.Name)
	if err != nil {
		return unavailable(err)
	}
	defer found.Close()
	types, err := found.ColumnTypes()
	if err != nil {
		return unavailable(err)
	}
	columns, isBool := make([]string, len(types)), make([]bool, len(types))
	values, places := make([]any, len(types)), make([]any, len(types))
	for i, c := range types {
		columns[i], isBool[i], places[i] = c.Name(), c.DatabaseTypeName() == "BOOLEAN", &values[i]
	}
	if err := begin(columns); err != nil {
		return err
	}
	for found.Next() {
		if err := found.Scan(places...); err != nil {
			return fmt.Errorf("read table %s: %w", t.Name, err)
		}
		for i := range values {
			if n, ok := values[i].(int64); ok && isBool[i] { // SQLite knows numbers alone
				values[i] = n != 0
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return unavailable(found.Err())
}
