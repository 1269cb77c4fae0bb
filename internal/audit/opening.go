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
	store *store.Store
	mu    sync.Mutex
	seen  map[opening]time.Time
}

// NewOpenings makes an empty record.
func NewOpenings(s *store.Store) *Openings {
	return &Openings{store: s, seen: map[opening]time.Time{}}
}

// Open commits the entry unless a recent one covers it. Only what Open let pass may
// be shown.
func (o *Openings) Open(ctx context.Context, e desk.AuditEntry) error {
	key := opening{e.Actor.Agent, e.Subject}
	if o.Covers(e.Actor.Agent, e.Subject) {
		return nil
	}
	if err := o.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(e)
		return nil
	}); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen[key] = o.store.Now()
	o.forgetOld()
	return nil
}

// Covers tells whether a recent entry says that the Agent looked at subject.
func (o *Openings) Covers(agent desk.AgentID, subject string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	at, ok := o.seen[opening{agent, subject}]
	return ok && o.store.Now().Sub(at) < openingFor
}

// Forget ends what covers an Agent, e.g. when its rights changed.
func (o *Openings) Forget(agent desk.AgentID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for key := range o.seen {
		if key.agent == agent {
			delete(o.seen, key)
		}
	}
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
