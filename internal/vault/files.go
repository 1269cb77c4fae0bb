package vault

import (
	"context"

	"botschaft/internal/sqlite"
)

// Missing is desk.CodeUnavailable if a file of a vault on SQLite is not what was opened;
// nil on PostgreSQL. Nothing that needs a key may be told as kept then.
func (v *Vault) Missing() error { return v.db.files.Missing() }

// CopyTo writes a whole copy of a vault on SQLite to a file that is not there yet, also
// when its own files were removed. Nothing is flushed to the disk.
func (v *Vault) CopyTo(ctx context.Context, path string) error {
	return unavailable(sqlite.CopyTo(ctx, v.db.write, path))
}

// IsUsed tells whether any key but the installation's own was made: then there is data
// somewhere that needs this vault.
func (v *Vault) IsUsed(ctx context.Context) (bool, error) {
	var n int
	err := v.db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM vault_key WHERE kind NOT IN ($1, $2)`, kindInstallation, kindSigning).Scan(&n)
	return n > 0, unavailable(err)
}
