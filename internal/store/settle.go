package store

import (
	"context"
	"encoding/json"
	"strconv"

	"botschaft/internal/desk"
)

// Settlement is what a house that comes back from a backup is told.
type Settlement struct {
	At    desk.Millis
	Feed  string          // name of the new feed
	Sends []string        // kinds of the lanes that send, or make what is sent
	Days  []int64         // days whose keys are there; the bodies of all others open nowhere
	Entry desk.AuditEntry // what the audit log shall say; its Detail is added to
}

// Settled is what became of what was under way when the backup was made.
type Settled struct {
	InDoubt        int64 // Messages that may have been sent since
	DeliveriesLost int64 // Deliveries whose key was destroyed since
	Numbered       int64 // entries of the audit log that had their number
}

// Settle brings what was under way into a state that is true today. Nothing that may
// have been sent since the backup is sent again; nobody holds a lane; the feed is new,
// so that no client goes on from numbers that mean something else now.
//
// Its statements name only columns that every schema has of which there are backups.
func (f *Filling) Settle(ctx context.Context, s Settlement) (Settled, error) {
	var done Settled
	err := f.makeIndexes(ctx)
	if err != nil {
		return done, err
	}
	done.InDoubt, err = f.count(ctx, "UPDATE message SET status = 'in_doubt', status_at = $1 WHERE direction = 'out' AND status IN ('queued', 'sending')", s.At)
	if err != nil {
		return done, err
	}
	if done.DeliveriesLost, err = f.dropDays(ctx, s.Days); err != nil {
		return done, err
	}
	for _, kind := range s.Sends {
		if err := f.exec(ctx, "DELETE FROM job WHERE lane IN (SELECT name FROM lane WHERE kind = $1)", kind); err != nil {
			return done, err
		}
		if err := f.exec(ctx, "DELETE FROM lane WHERE kind = $1", kind); err != nil {
			return done, err
		}
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{"UPDATE lane SET holder = '', until = 0", nil},
		{"UPDATE counter SET n = 0 WHERE name = 'event'", nil},
		{"UPDATE installation SET feed = $1", []any{s.Feed}},
	} {
		if err := f.exec(ctx, step.statement, step.args...); err != nil {
			return done, err
		}
	}
	if err := f.conn.QueryRowContext(ctx, "SELECT n FROM counter WHERE name = 'audit'").Scan(&done.Numbered); err != nil {
		return done, unavailable(err)
	}
	return done, f.note(ctx, s, done)
}

// dropDays removes the Deliveries of days whose key is gone, and what hangs from them,
// as destroying the day did in the house the backup is of. It gives the number of those
// that were still to be taken in.
func (f *Filling) dropDays(ctx context.Context, keep []int64) (lost int64, err error) {
	days, err := f.days(ctx)
	if err != nil {
		return 0, err
	}
	for _, day := range keep {
		delete(days, day)
	}
	for day := range days {
		var n int64
		if err := f.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM delivery WHERE day = $1 AND processed_at IS NULL", day).Scan(&n); err != nil {
			return lost, unavailable(err)
		}
		lost += n
		for _, statement := range []string{
			"DELETE FROM job WHERE ref IN (SELECT id FROM delivery WHERE day = $1)",
			"DELETE FROM set_aside WHERE day = $1 AND NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = set_aside.id)",
			"DELETE FROM delivery WHERE day = $1",
		} {
			if err := f.exec(ctx, statement, day); err != nil {
				return lost, err
			}
		}
	}
	return lost, nil
}

func (f *Filling) days(ctx context.Context) (map[int64]bool, error) {
	found, err := f.conn.QueryContext(ctx, "SELECT DISTINCT day FROM delivery")
	if err != nil {
		return nil, unavailable(err)
	}
	defer found.Close()
	days := map[int64]bool{}
	for found.Next() {
		var day int64
		if err := found.Scan(&day); err != nil {
			return nil, unavailable(err)
		}
		days[day] = true
	}
	return days, unavailable(found.Err())
}

// note writes the entry. It waits for its number like any other.
func (f *Filling) note(ctx context.Context, s Settlement, done Settled) error {
	e := s.Entry
	e.Detail["numbered"] = strconv.FormatInt(done.Numbered, 10)
	e.Detail["in_doubt"] = strconv.FormatInt(done.InDoubt, 10)
	e.Detail["deliveries_lost"] = strconv.FormatInt(done.DeliveriesLost, 10)
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	return f.exec(ctx, `INSERT INTO audit_entry (id, at, actor_kind, actor_id, via, act, subject, controller_id, inbox_id, detail)
		VALUES ($1, $2, $3, NULL, $4, $5, $6, NULL, NULL, $7)`,
		desk.NewID[desk.AuditEntry](), s.At, string(e.Actor.Kind), e.Actor.Via, string(e.Act), e.Subject, string(detail))
}
