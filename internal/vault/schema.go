package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// schemaVersion is the version of the tables below. Raise it with every change
// and add the step from the version before to create. A release works with the next
// version too, because an upgrade rolls through the nodes: add in one release what
// the next one needs, and take away only what the one before no longer uses.
const schemaVersion = 1

// schema holds on both engines. No column is personal: ids, keys (wrapped),
// times in Unix milliseconds, and actors in the form "agent:<id>".
var schema = []string{
	`CREATE TABLE vault_meta (
		one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
		installation BYTEA NOT NULL,
		fingerprint BYTEA NOT NULL,
		created_at BIGINT NOT NULL)`,
	`CREATE TABLE vault_key (
		id BYTEA NOT NULL,
		kind BIGINT NOT NULL,
		parent BYTEA,
		wrapped BYTEA NOT NULL,
		created_at BIGINT NOT NULL,
		PRIMARY KEY (id, kind))`,
	`CREATE TABLE vault_tombstone (
		id BYTEA NOT NULL,
		kind BIGINT NOT NULL,
		at BIGINT NOT NULL,
		PRIMARY KEY (id, kind))`,
	`CREATE TABLE vault_erasure (
		contact BYTEA NOT NULL PRIMARY KEY,
		controller BYTEA,
		at BIGINT NOT NULL,
		actor TEXT NOT NULL)`,
}

// vacuumAtOnce has PostgreSQL reclaim destroyed keys at its next naptime instead
// of when a fifth of the table is dead.
const vacuumAtOnce = `ALTER TABLE vault_key SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)`

const insertKey = `INSERT INTO vault_key (id, kind, parent, wrapped, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`

// prepare creates an empty store or checks the one that is there, under a lock.
func (v *Vault) prepare(ctx context.Context, root []byte) error {
	return v.db.change(ctx, func(tx *sql.Tx) error {
		if err := v.db.lock(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS vault_schema (version BIGINT NOT NULL)`); err != nil {
			return unavailable(err)
		}
		var version sql.NullInt64
		if err := tx.QueryRowContext(ctx, `SELECT MAX(version) FROM vault_schema`).Scan(&version); err != nil {
			return unavailable(err)
		}
		if version.Int64 > schemaVersion+1 {
			return fmt.Errorf("%w: it has version %d, this release knows %d", ErrTooNew, version.Int64, schemaVersion)
		}
		if version.Int64 == 0 {
			return v.create(ctx, tx, root)
		}
		return v.recognise(ctx, tx, root)
	})
}

// makeTables makes the tables in an empty store.
func (v *Vault) makeTables(ctx context.Context, tx *sql.Tx) error {
	const versions = `CREATE TABLE IF NOT EXISTS vault_schema (version BIGINT NOT NULL)`
	if _, err := tx.ExecContext(ctx, versions); err != nil {
		return unavailable(err)
	}
	for _, s := range schema {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return unavailable(err)
		}
	}
	if !v.db.sqlite {
		if _, err := tx.ExecContext(ctx, vacuumAtOnce); err != nil {
			return unavailable(err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO vault_schema (version) VALUES ($1)`, schemaVersion)
	return unavailable(err)
}

// create fills an empty store.
func (v *Vault) create(ctx context.Context, tx *sql.Tx, root []byte) error {
	if err := v.makeTables(ctx, tx); err != nil {
		return err
	}
	v.installation = uuid.New()
	present, err := deriveRoot(root, v.installation)
	if err != nil {
		return err
	}
	v.root.Store(present)
	now := v.now().UnixMilli()
	if _, err := tx.ExecContext(ctx, `INSERT INTO vault_meta (one, installation, fingerprint, created_at) VALUES (1, $1, $2, $3)`,
		v.installation[:], present.fingerprint, now); err != nil {
		return unavailable(err)
	}
	for _, o := range []Owner{OwnerInstallation(), signingOwner} {
		raw := freshKey()
		wrapped := sealEnvelope(v.root.Load().wraps[o.kind], raw, wrapAssociated(o))
		if _, err := tx.ExecContext(ctx, insertKey, o.id[:], int64(o.kind), nil, wrapped, now); err != nil {
			return unavailable(err)
		}
		if err := v.adopt(o, raw); err != nil {
			return err
		}
	}
	return nil
}

// recognise checks that the root key is the one the store was made with, and
// unwraps the installation's own keys.
func (v *Vault) recognise(ctx context.Context, tx *sql.Tx, root []byte) error {
	var installation, stored []byte
	err := tx.QueryRowContext(ctx, `SELECT installation, fingerprint FROM vault_meta WHERE one = 1`).Scan(&installation, &stored)
	if err != nil {
		return unavailable(err)
	}
	if len(installation) != len(v.installation) {
		return errors.New("vault: the installation id is damaged; restore the newest backup of the vault")
	}
	copy(v.installation[:], installation)
	fits, err := v.rootFor(stored, root)
	if err != nil {
		return err
	}
	if fits == nil {
		return fmt.Errorf("%w: this vault needs another one. Check that the configured root key or its file is the one of this "+
			"installation, that it was not rotated since, and that the vault was restored together with it", ErrWrongRootKey)
	}
	v.root.Store(fits)
	return v.loadOwn(ctx, tx)
}

// loadOwn unwraps the installation key and the signing key.
func (v *Vault) loadOwn(ctx context.Context, tx *sql.Tx) error {
	for _, o := range []Owner{OwnerInstallation(), signingOwner} {
		var wrapped []byte
		err := tx.QueryRowContext(ctx, `SELECT wrapped FROM vault_key WHERE id = $1 AND kind = $2`, o.id[:], int64(o.kind)).Scan(&wrapped)
		if err != nil {
			return unavailable(err)
		}
		raw, err := openEnvelope(v.root.Load().wraps[o.kind], wrapped, wrapAssociated(o))
		if err != nil {
			return damaged(o, err)
		}
		if err := v.adopt(o, raw); err != nil {
			return err
		}
	}
	return nil
}

func damaged(o Owner, err error) error {
	return fmt.Errorf("vault: the key of %s cannot be unwrapped; restore the newest backup of the vault: %w", o, err)
}
