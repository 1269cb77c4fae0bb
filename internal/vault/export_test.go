package vault

import (
	"context"
	"database/sql"
)

// Queries counts the reads this Vault has asked its store.
func (v *Vault) Queries() int64 { return v.db.queries.Load() }

// Exec runs a statement on the store, as somebody with access to it would.
func (v *Vault) Exec(ctx context.Context, q string, args ...any) error {
	_, err := v.db.write.ExecContext(ctx, q, args...)
	return err
}

// Row reads from the store.
func (v *Vault) Row(ctx context.Context, q string, args ...any) *sql.Row {
	return v.db.write.QueryRowContext(ctx, q, args...)
}

// Encode and Decode are the encoder by itself.
func Encode(value any) ([]byte, error) { return encode(value) }
func Decode(b []byte, dst any) error   { return decode(b, dst) }

// Patience is how long PostgreSQL lets the transaction of a Filling wait.
func (f *Filling) Patience(ctx context.Context) (patience string, err error) {
	err = f.tx.QueryRowContext(ctx, "SHOW idle_in_transaction_session_timeout").Scan(&patience)
	return patience, err
}
