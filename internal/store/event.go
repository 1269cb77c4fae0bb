package store

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var eventRows = newInsert("event", "",
	column[desk.Event]{"id", "bytea", func(e *desk.Event) any { return e.ID }},
	column[desk.Event]{"at", "bigint", func(e *desk.Event) any { return desk.AsMillis(e.At) }},
	column[desk.Event]{"kind", "text", func(e *desk.Event) any { return string(e.Kind) }},
	column[desk.Event]{"controller_id", "bytea", func(e *desk.Event) any { return e.Controller }},
	column[desk.Event]{"inbox_id", "bytea", func(e *desk.Event) any { return e.Inbox }},
	column[desk.Event]{"conversation_id", "bytea", func(e *desk.Event) any { return e.Conversation }},
	column[desk.Event]{"message_id", "bytea", func(e *desk.Event) any { return e.Message }},
	column[desk.Event]{"turn_id", "bytea", func(e *desk.Event) any { return e.Turn }},
	column[desk.Event]{"agent_id", "bytea", func(e *desk.Event) any { return e.Agent }},
)

func (tx *Tx) insertEvents(ctx context.Context) error {
	for i := range tx.events {
		tx.events[i].ID = desk.NewID[desk.Event]()
		tx.events[i].At = tx.now
	}
	return eventRows.write(ctx, tx, tx.events)
}

// Locks that one node at a time holds.
const (
	lockEvents  = 0x626f7401
	lockAudit   = 0x626f7402
	lockTallies = 0x626f7403
)

// lock makes this transaction the only one of its sort, on all nodes.
func (tx *Tx) lock(ctx context.Context, key int64) error {
	if tx.store.engine != postgres {
		return nil
	}
	_, err := tx.sql.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", key)
	return err
}

// numberPage is how many events one transaction numbers at most.
const numberPage = 5000

// NumberEvents gives committed events dense numbers and says whether more wait. A
// reader who has seen n never later finds a smaller one: numbers are given after
// commit, by one transaction at a time.
func (s *Store) NumberEvents(ctx context.Context) (numbered int64, err error) {
	if fresh, err := s.read.CountFreshEvents(ctx); err != nil || fresh == 0 {
		return 0, unavailable(err)
	}
	err = s.Update(ctx, func(tx *Tx) error {
		if err := tx.lock(ctx, lockEvents); err != nil {
			return err
		}
		base, err := tx.GetCounter(ctx, "event")
		if err != nil {
			return err
		}
		if numbered, err = tx.Queries.NumberEvents(ctx, rows.NumberEventsParams{Base: base, Page: numberPage}); err != nil || numbered == 0 {
			return err
		}
		tx.numbered = true
		return tx.SetCounter(ctx, rows.SetCounterParams{Name: "event", N: base + numbered})
	})
	return numbered, err
}

// EventsAfter reads up to page events in order of their numbers.
func (s *Store) EventsAfter(ctx context.Context, n int64, page int) ([]desk.Event, error) {
	found, err := s.read.ListEvents(ctx, rows.ListEventsParams{AfterN: n, Page: int32(page)})
	if err != nil {
		return nil, unavailable(err)
	}
	events := make([]desk.Event, len(found))
	for i, e := range found {
		events[i] = desk.Event{
			ID: e.ID, N: e.N.Int64, At: e.At.Time, Kind: e.Kind, Controller: e.Controller, Inbox: e.Inbox,
			Conversation: e.Conversation, Message: e.Message, Turn: e.TurnID, Agent: e.Agent,
		}
	}
	return events, nil
}

// OldestEvent gives the number of the oldest event that is kept, 0 if there is none.
func (s *Store) OldestEvent(ctx context.Context) (int64, error) {
	n, err := s.read.OldestEvent(ctx)
	return n, unavailable(err)
}

// LastEvent gives the number of the newest event.
func (s *Store) LastEvent(ctx context.Context) (int64, error) {
	n, err := s.read.GetCounter(ctx, "event")
	return n, unavailable(err)
}
