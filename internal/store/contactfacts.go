package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// ContactFacts are what stands written about a Contact that matters to whoever writes to it.
type ContactFacts struct {
	WindowOpened time.Time // the latest of the Inbox; zero: never
	Restricted   bool
	Blocked      bool
	Doubted      bool
	Shown        []rows.ListShownAndObjectedRow // Notices and lines of the Inbox; objections
	Ledger       []desk.ConsentEntry            // only where it was asked for
}

// ManyContactFacts are those of many Contacts; of whom nothing is written, there are none.
type ManyContactFacts map[desk.ContactID]ContactFacts

// FindContactFacts reads those of many Contacts in one Inbox, a statement for each sort of fact
// and set of Contacts, and each sort beside the others.
func (s *Store) FindContactFacts(ctx context.Context, inbox desk.InboxID, ids []desk.ContactID, ledger bool) (ManyContactFacts, error) {
	found, values := &gathered{of: make(ManyContactFacts, len(ids))}, idBytes(ids)
	sorts := []func() error{
		func() error { return s.findWindows(ctx, found, inbox, values) },
		func() error { return s.findRestricted(ctx, found, values) },
		func() error { return s.findBlocked(ctx, found, inbox, values) },
		func() error { return s.findDoubted(ctx, found, values) },
		func() error { return s.findShown(ctx, found, inbox, values) },
		func() error { return s.findObjections(ctx, found, values) },
	}
	if ledger {
		sorts = append(sorts, func() error { return s.findLedgers(ctx, found, values) })
	}
	var all sync.WaitGroup
	errs := make([]error, len(sorts))
	for i, find := range sorts {
		all.Go(func() { errs[i] = find() })
	}
	all.Wait()
	return found.of, unavailable(errors.Join(errs...))
}

// gathered is what several find at once.
type gathered struct {
	mu sync.Mutex
	of ManyContactFacts
}

func (g *gathered) change(id desk.ContactID, with func(*ContactFacts)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.of[id]
	with(&f)
	g.of[id] = f
}

func (s *Store) findWindows(ctx context.Context, into *gathered, inbox desk.InboxID, ids [][]byte) error {
	return findSet(ctx, s.asked(), "SELECT contact_id, MAX(window_opened) FROM conversation WHERE inbox_id = $1 AND window_opened IS NOT NULL AND contact_id IN",
		"GROUP BY contact_id", []any{inbox}, ids, func(r *sql.Rows) error {
			var id desk.ContactID
			var at desk.Millis
			err := r.Scan(&id, &at)
			into.change(id, func(s *ContactFacts) { s.WindowOpened = at.Time })
			return err
		})
}

func (s *Store) findRestricted(ctx context.Context, into *gathered, ids [][]byte) error {
	return findSet(ctx, s.asked(), "SELECT contact_id FROM contact_restriction WHERE contact_id IN", "", nil, ids, func(r *sql.Rows) error {
		var id desk.ContactID
		err := r.Scan(&id)
		into.change(id, func(s *ContactFacts) { s.Restricted = true })
		return err
	})
}

func (s *Store) findBlocked(ctx context.Context, into *gathered, inbox desk.InboxID, ids [][]byte) error {
	return findSet(ctx, s.asked(), "SELECT contact_id FROM contact_block WHERE inbox_id = $1 AND lifted_at IS NULL AND contact_id IN", "", []any{inbox}, ids, func(r *sql.Rows) error {
		var id desk.ContactID
		err := r.Scan(&id)
		into.change(id, func(s *ContactFacts) { s.Blocked = true })
		return err
	})
}

func (s *Store) findDoubted(ctx context.Context, into *gathered, ids [][]byte) error {
	return findSet(ctx, s.asked(), "SELECT contact_id FROM identity_change WHERE vouched_at IS NULL AND heard = 'refusal' AND contact_id IN", "", nil, ids, func(r *sql.Rows) error {
		var id desk.ContactID
		err := r.Scan(&id)
		into.change(id, func(s *ContactFacts) { s.Doubted = true })
		return err
	})
}

func (s *Store) findShown(ctx context.Context, into *gathered, inbox desk.InboxID, ids [][]byte) error {
	return findSet(ctx, s.asked(), `SELECT s.contact_id, s.occasion, s.version, s.at, s.accepted_at IS NOT NULL, COALESCE(m.status, '')
		FROM showing s LEFT JOIN message m ON m.id = s.message_id WHERE s.inbox_id = $1 AND s.contact_id IN`, "", []any{inbox}, ids, func(r *sql.Rows) error {
		var id desk.ContactID
		shown := rows.ListShownAndObjectedRow{What: "showing"}
		err := r.Scan(&id, &shown.Occasion, &shown.Version, &shown.At, &shown.Accepted, &shown.Status)
		into.change(id, func(s *ContactFacts) { s.Shown = append(s.Shown, shown) })
		return err
	})
}

func (s *Store) findObjections(ctx context.Context, into *gathered, ids [][]byte) error {
	return findSet(ctx, s.asked(), "SELECT contact_id, purpose, at FROM objection WHERE contact_id IN", "", nil, ids, func(r *sql.Rows) error {
		var id desk.ContactID
		objection := rows.ListShownAndObjectedRow{What: "objection"}
		err := r.Scan(&id, &objection.Purpose, &objection.At)
		into.change(id, func(s *ContactFacts) { s.Shown = append(s.Shown, objection) })
		return err
	})
}

func (s *Store) findLedgers(ctx context.Context, into *gathered, ids [][]byte) error {
	return findSet(ctx, s.asked(), `SELECT id, controller_id, contact_id, n, at, acted_at, step, ground, purpose, means, identity_id, wording_digest,
		wording_version, wording_language, asked_id, answer_id, paper, customer, sale, actor_kind, actor_id, via FROM ledger WHERE contact_id IN`,
		"ORDER BY contact_id, n", nil, ids, func(r *sql.Rows) error {
			var l rows.Ledger
			if err := r.Scan(&l.ID, &l.Controller, &l.Contact, &l.N, &l.At, &l.ActedAt, &l.Step, &l.Ground, &l.Purpose, &l.Means, &l.IdentityID, &l.WordingDigest,
				&l.WordingVersion, &l.WordingLanguage, &l.AskedID, &l.AnswerID, &l.Paper, &l.Customer, &l.Sale, &l.ActorKind, &l.ActorID, &l.Via); err != nil {
				return err
			}
			e, err := ConsentEntryOf(l)
			into.change(l.Contact, func(s *ContactFacts) { s.Ledger = append(s.Ledger, e) })
			return err
		})
}
