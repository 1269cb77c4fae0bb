package postgres

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// errSilent says that a server did not answer for too long.
var errSilent = errors.New("the PostgreSQL server said nothing for too long")

// dialer opens lines that are hung up after a silence; zero: never.
func dialer(silence time.Duration) pgconn.DialFunc {
	d := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil || silence == 0 {
			return conn, err
		}
		return &line{Conn: conn, silence: silence}, nil
	}
}

// line is a connection that is hung up when nothing is heard on it for too long. The
// driver reads only while it waits for an answer.
type line struct {
	net.Conn
	silence time.Duration
}

// Read waits for the next part of an answer.
func (l *line) Read(b []byte) (int, error) {
	hangUp := time.AfterFunc(l.silence, func() { _ = l.Close() })
	n, err := l.Conn.Read(b)
	if !hangUp.Stop() && err != nil {
		err = errors.Join(errSilent, err)
	}
	return n, err
}
