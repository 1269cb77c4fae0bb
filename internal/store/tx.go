package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Tx is one transaction. It is valid until the function it was given to returns.
type Tx struct {
	*rows.Queries
	store    *Store
	sql      *sql.Tx
	now      time.Time
	events   []desk.Event
	audit    []desk.AuditEntry
	history  []desk.Revision
	wakes    []string
	numbered bool // events, which other nodes show too
	counts   desk.Tallies
}

// Now gives the transaction's time, the same throughout.
func (tx *Tx) Now() time.Time { return tx.now }

// Today gives the transaction's day in Germany: 2026-11-30.
func (tx *Tx) Today() string { return deadline.DateOf(tx.now).String() }

// Stamp gives the transaction's time as a column.
func (tx *Tx) Stamp() desk.Millis { return desk.AsMillis(tx.now) }

// Emit tells events when the transaction commits.
func (tx *Tx) Emit(events ...desk.Event) { tx.events = append(tx.events, events...) }

// Audit writes entries with the transaction.
func (tx *Tx) Audit(entries ...desk.AuditEntry) { tx.audit = append(tx.audit, entries...) }

// Changed is Audit for an act that changes a setting: what differs before and after it
// is kept in the setting's history, too. Nothing of that may be a secret, nor a name or
// an address of a person.
func (tx *Tx) Changed(e desk.AuditEntry, changes ...desk.Alteration) {
	tx.Audit(e)
	changes = slices.DeleteFunc(changes, func(a desk.Alteration) bool { return !a.Differs() })
	if len(changes) > 0 {
		tx.history = append(tx.history, desk.Revision{
			Actor: e.Actor, Act: e.Act, Subject: e.Subject, Controller: e.Controller, Inbox: e.Inbox, Changes: changes,
		})
	}
}

// Wake wakes the workers of a kind of lane after commit.
func (tx *Tx) Wake(kind string) { tx.wakes = append(tx.wakes, kind) }

// Priority orders waiting transactions on SQLite.
type Priority int

// Urgent is for the webhook's door, which goes first.
const (
	Normal Priority = iota
	Urgent
)

// Update runs fn in one transaction and commits it with what fn emitted and
// audited. An error of fn rolls back and is returned. fn must be quick and must do
// no I/O but the transaction's: on SQLite it holds the one writer. On PostgreSQL
// fn may run again after a deadlock.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return s.update(ctx, Normal, fn)
}

// UpdateUrgently is Update ahead of all others.
func (s *Store) UpdateUrgently(ctx context.Context, fn func(*Tx) error) error {
	return s.update(ctx, Urgent, fn)
}

// Once runs one statement and commits it. On PostgreSQL it is one question where a
// transaction asks three, which counts for what is asked often or must be quick.
func (s *Store) Once(ctx context.Context, fn func(*rows.Queries) error) error {
	if s.commits != nil {
		return s.Update(ctx, func(tx *Tx) error { return fn(tx.Queries) })
	}
	return s.guarded(func() error { return fn(s.write) })
}

func (s *Store) update(ctx context.Context, p Priority, fn func(*Tx) error) error {
	if s.commits != nil {
		return s.commits.do(ctx, p, fn)
	}
	var err error
	for attempt := 0; attempt < 4; attempt++ {
		if err = s.updatePostgres(ctx, fn); !isDeadlock(err) {
			return err
		}
	}
	return err
}

func (s *Store) updatePostgres(ctx context.Context, fn func(*Tx) error) error {
	sqlTx, err := s.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	tx := s.newTx(sqlTx)
	if err := tx.run(ctx, fn); err != nil {
		return errors.Join(unavailable(err), quietRollback(sqlTx))
	}
	if err := s.guarded(sqlTx.Commit); err != nil {
		return errors.Join(err, quietRollback(sqlTx))
	}
	s.wake.after(tx)
	return nil
}

func (s *Store) newTx(sqlTx *sql.Tx) *Tx {
	return &Tx{Queries: s.write.WithTx(sqlTx), store: s, sql: sqlTx, now: s.Now(), counts: desk.Tallies{}}
}

// run calls fn and writes what it emitted, audited and changed.
func (tx *Tx) run(ctx context.Context, fn func(*Tx) error) error {
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.insertTallies(ctx); err != nil {
		return err
	}
	if err := tx.insertEvents(ctx); err != nil {
		return err
	}
	if err := tx.insertAudit(ctx); err != nil {
		return err
	}
	return tx.insertHistory(ctx)
}

func quietRollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return unavailable(err)
	}
	return nil
}

// isDeadlock recognises PostgreSQL's "deadlock detected" and "could not serialize".
func isDeadlock(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001")
}
