package postgres

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// OpenReading is Open for a look that must change nothing: the server refuses to write.
func (a Address) OpenReading(lines int) *sql.DB {
	config := a.config.Copy()
	config.DialFunc = dialer(Silence)
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		// Not among the parameters of the start: an address that asks for a primary would
		// take a server that refuses to write for a standby.
		_, err := conn.Exec(ctx, "SET default_transaction_read_only = on")
		return err
	}))
	db.SetMaxOpenConns(lines)
	db.SetMaxIdleConns(lines)
	return db
}
