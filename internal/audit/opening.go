package audit

import (
	"context"
	"sync"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// openingFor is how long one entry covers an Agent's look at the same thing.
const openingFor = 10 * time.Minute

const manyOpenings = 50_000

type opening struct {
	agent   desk.AgentID
	subject string
}

// Openings record that an Agent looked: one entry per Agent, thing and ten minutes,
// committed before anything is shown. Each node counts for itself, so an Agent who
// moves between nodes may leave two entries, never none.
type Openings struct {
	store   *store.Store
	mu      sync.Mutex
	seen    map[opening]time.Time
	writing map[opening]chan struct{} // closed when the entry is committed or failed
}

// NewOpenings makes an empty record.
func NewOpenings(s *store.Store) *Openings {
	return &Openings{store: s, seen: map[opening]time.Time{}, writing: map[opening]chan struct{}{}}
}

// Open commits the entry unless a recent one covers it. Only what Open let pass may
// be shown. Several that come at the same moment leave one entry: the first writes,
// the others wait for it, and one of them writes if it failed.
func (o *Openings) Open(ctx context.Context, e desk.AuditEntry) error {
	key := opening{e.Actor.Agent, e.Subject}
	for {
		covered, written := o.begin(key)
		if covered {
			return nil
		}
		if written == nil {
			break
		}
		select {
		case <-written:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	at := o.store.Now()
	err := o.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(e)
		return nil
	})
	o.end(key, at, err)
	return err
}

// begin makes the caller the one who writes, unless there is a recent entry, or one
// that is being written: then it gives what to wait for.
func (o *Openings) begin(key opening) (covered bool, written <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.covers(key) {
		return true, nil
	}
	if under, ok := o.writing[key]; ok {
		return false, under
	}
	o.writing[key] = make(chan struct{})
	return false, nil
}

func (o *Openings) end(key opening, at time.Time, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.writing[key])
	delete(o.writing, key)
	if err == nil {
		o.seen[key] = at
		o.forgetOld()
	}
}

// Covers tells whether a recent entry says that the Agent looked at subject.
func (o *Openings) Covers(agent desk.AgentID, subject string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.covers(opening{agent, subject})
}

func (o *Openings) covers(key opening) bool {
	at, ok := o.seen[key]
	return ok && o.store.Now().Sub(at) < openingFor
}

func (o *Openings) forgetOld() {
	if len(o.seen) < manyOpenings {
		return
	}
	now := o.store.Now()
	for key, at := range o.seen {
		if now.Sub(at) >= openingFor {
			delete(o.seen, key)
		}
	}
}
