package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// How long a server is waited for.
const (
	Silence        = 20 * time.Second // without a byte of its answer
	connectTimeout = 5 * time.Second  // per host of the address, unless the address says otherwise
)

// ErrAddress says that an address cannot be read. The driver's own error would repeat it,
// password and all.
var ErrAddress = errors.New("the address of the PostgreSQL cannot be read")

// Address is where a PostgreSQL is found and how it is spoken to.
type Address struct{ config *pgx.ConnConfig }

// Parse reads a postgres:// address. It may name several hosts, of which
// target_session_attrs=read-write chooses the primary.
func Parse(url string) (Address, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return Address{}, ErrAddress
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "botschaft"
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout > time.Minute {
		config.ConnectTimeout = connectTimeout
	}
	return Address{config}, nil
}

// Open gives a pool of at most so many lines. It connects to nobody yet.
func (a Address) Open(lines int) *sql.DB { return a.open(lines, Silence) }

// OpenPatiently is Open for work that may take as long as it takes, such as changing
// large tables.
func (a Address) OpenPatiently(lines int) *sql.DB { return a.open(lines, 0) }

func (a Address) open(lines int, silence time.Duration) *sql.DB {
	config := a.config.Copy()
	config.DialFunc = dialer(silence)
	if silence > 0 {
		config.AfterConnect = endIdle
	}
	var options []stdlib.OptionOpenDB
	if config.ValidateConnect != nil {
		options = append(options, stdlib.OptionResetSession(leaveStandby))
	}
	db := stdlib.OpenDB(*config, options...)
	db.SetMaxOpenConns(lines)
	db.SetMaxIdleConns(lines)
	return db
}

// Listen gives a line of its own that hears what is said on the channel. It may be silent
// for ever: whoever listens must ask now and then whether the server is there.
func (a Address) Listen(ctx context.Context, channel string) (*pgx.Conn, error) {
	config := a.config.Copy()
	config.DialFunc = dialer(0)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, WithoutAddress(err)
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// maxIdle is how long a transaction may rest between two statements, in PostgreSQL's words.
const maxIdle = "8s"

// endIdle lets the server undo a transaction of ours whose node has stopped in the middle
// of it, with a paused machine for instance. What it had locked, the right to number events
// among it, would be kept from all others for as long as the machine rests. (A statement,
// because a pooler refuses settings it does not know among those of the connection.)
func endIdle(ctx context.Context, conn *pgconn.PgConn) error {
	return conn.Exec(ctx, "SET idle_in_transaction_session_timeout = '"+maxIdle+"'").Close()
}

// leaveStandby gives up a line to a server that takes no writes any more; the next one is
// opened to the host that does. Servers report both settings when they change.
func leaveStandby(_ context.Context, conn *pgx.Conn) error {
	for _, setting := range []string{"in_hot_standby", "default_transaction_read_only"} {
		if conn.PgConn().ParameterStatus(setting) == "on" {
			return driver.ErrBadConn
		}
	}
	return nil
}

// WithoutAddress keeps the driver's words about a failed connection, which name host and
// user, to their cause.
func WithoutAddress(err error) error {
	for {
		next, ok := err.(interface{ Unwrap() error })
		if !ok || next.Unwrap() == nil {
			return err
		}
		err = next.Unwrap()
	}
}
