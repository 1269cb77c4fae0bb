package store

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// hintChannel is where the nodes on one PostgreSQL tell each other what they committed.
const hintChannel = "botschaft"

const (
	gatherHints = 20 * time.Millisecond // lets hints of a busy moment share one word
	tellTime    = 2 * time.Second       // what cannot be told within is left to the others' own look
	hearAgain   = time.Second           // pause before listening anew
	askEvery    = 15 * time.Second      // whether the server is there still
	askTime     = 5 * time.Second
)

// Listen passes hints on between the nodes of a PostgreSQL until ctx ends. It tells after
// the commit, on a line of its own: a NOTIFY within the transaction would make all commits
// of the server wait in one row. A hint that is lost costs nothing but the time until
// somebody looks by himself. SQLite has one node.
func (s *Store) Listen(ctx context.Context, log *slog.Logger) error {
	if s.engine == postgres {
		told := make(chan struct{})
		go func() { defer close(told); s.tell(ctx) }()
		s.hear(ctx, log)
		<-told
	}
	<-ctx.Done()
	return nil
}

// tell tells other nodes what was committed here.
func (s *Store) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake.telling:
		}
		s.tellNow(ctx)
		pause(ctx, gatherHints)
	}
}

func (s *Store) tellNow(ctx context.Context) {
	kinds := s.wake.untold()
	if len(kinds) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	_, _ = s.writeDB.ExecContext(ctx, "SELECT pg_notify($1, $2)", hintChannel, s.wake.node+" "+strings.Join(kinds, " "))
}

// hear wakes whoever waits here for what another node committed.
func (s *Store) hear(ctx context.Context, log *slog.Logger) {
	for quiet := false; ctx.Err() == nil; pause(ctx, hearAgain) {
		conn, err := s.address.Listen(ctx, hintChannel)
		if err == nil {
			quiet = false
			s.wake.all() // what was said meanwhile was not heard
			err = s.hearOn(ctx, conn)
			_ = conn.Close(context.WithoutCancel(ctx))
		}
		if err != nil && !quiet && ctx.Err() == nil {
			quiet = true
			log.Warn("other nodes are not heard; this one looks for itself meanwhile", "error", err)
		}
	}
}

func (s *Store) hearOn(ctx context.Context, conn *pgx.Conn) error {
	for {
		waiting, cancel := context.WithTimeout(ctx, askEvery)
		said, err := conn.WaitForNotification(waiting)
		cancel()
		if err == nil {
			s.wake.heard(said.Payload)
			continue
		}
		if ctx.Err() != nil || conn.IsClosed() {
			return err
		}
		asking, cancel := context.WithTimeout(ctx, askTime)
		err = conn.Ping(asking)
		cancel()
		if err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// nodeMark tells this store's words from those of others.
func nodeMark() string { return rand.Text() }
