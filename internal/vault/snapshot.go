package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Table says what a backup does with a table.
type Table struct {
	Name    string
	LeftOut string // why a backup leaves it out; empty: it is kept
	order   string // what its rows are read by, so that equal vaults give equal archives
}

// Tables declares every table of the vault. One that is missing here fails the tests
// of this package.
var Tables = []Table{
	{Name: "vault_meta", order: "one"},
	{Name: "vault_key", order: "id, kind"},
	{Name: "vault_tombstone", order: "id, kind"},
	{Name: "vault_erasure", order: "contact"},
	{Name: "vault_schema", LeftOut: "the archive's header holds the version"},
}

// Snapshot is the whole vault as it was at one moment: wrapped keys, tombstones and
// the erasure log. The root key is not in it. It is for one goroutine.
type Snapshot struct {
	tx          *sql.Tx
	schema      int64
	fingerprint []byte
}

// Snapshot begins one. Close it soon: while it is read, SQLite's log cannot be emptied
// after a destruction.
func (v *Vault) Snapshot(ctx context.Context) (*Snapshot, error) {
	o := &sql.TxOptions{}
	if !v.db.sqlite {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := v.db.read.BeginTx(ctx, o)
	if err != nil {
		return nil, unavailable(err)
	}
	s := &Snapshot{tx: tx}
	err = tx.QueryRowContext(ctx, `SELECT MAX(version) FROM vault_schema`).Scan(&s.schema)
	if err == nil {
		err = tx.QueryRowContext(ctx, `SELECT fingerprint FROM vault_meta WHERE one = 1`).Scan(&s.fingerprint)
	}
	if err != nil {
		return nil, errors.Join(unavailable(err), s.Close())
	}
	return s, nil
}

// Close ends it.
func (s *Snapshot) Close() error {
	if err := s.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return unavailable(err)
	}
	return nil
}

// Schema gives the version of the tables.
func (s *Snapshot) Schema() int64 { return s.schema }

// Fingerprint tells which root key opens it, and reveals nothing of the key.
func (s *Snapshot) Fingerprint() []byte { return s.fingerprint }

// Count gives the number of rows of a table.
func (s *Snapshot) Count(ctx context.Context, t Table) (n int64, err error) {
	err = s.tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+t.Name).Scan(&n)
	return n, unavailable(err)
}

// Read gives a table: its columns to begin, then every row to row. A row is valid
// until row returns.
func (s *Snapshot) Read(ctx context.Context, t Table, begin func(columns []string) error, row func(values []any) error) error {
	found, err := s.tx.QueryContext(ctx, `SELECT * FROM `+t.Name+` ORDER BY `+t.order)
	if err != nil {
		return unavailable(err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return unavailable(err)
	}
	if err := begin(columns); err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(places...); err != nil {
			return fmt.Errorf("read table %s: %w", t.Name, err)
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return unavailable(found.Err())
}

// Engine names the engine.
func (v *Vault) Engine() string {
	if v.db.sqlite {
		return "sqlite"
	}
	return "postgresql"
}
