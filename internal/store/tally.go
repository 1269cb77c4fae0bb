package store

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Count notes that a Conversation counts as something else now. The tallies are
// written last and in one order, so that no two transactions wait for each other.
func (tx *Tx) Count(before, after desk.Tally) {
	tx.counts[before]--
	tx.counts[after]++
}

type tallyChange struct {
	desk.Tally
	n int64
}

var tallyRows = newInsert("tally", "ON CONFLICT (inbox_id, owner, state) DO UPDATE SET n = tally.n + excluded.n",
	column[tallyChange]{"inbox_id", "bytea", func(c *tallyChange) any { return c.Inbox }},
	column[tallyChange]{"owner", "text", func(c *tallyChange) any { return ownerText(c.Owner) }},
	column[tallyChange]{"state", "text", func(c *tallyChange) any { return string(c.State) }},
	column[tallyChange]{"n", "bigint", func(c *tallyChange) any { return c.n }},
)

// ownerText names an owner in a key, which cannot be NULL; nobody is empty.
func ownerText(id desk.AgentID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

func (tx *Tx) insertTallies(ctx context.Context) error {
	var changes []tallyChange
	for t, n := range tx.counts {
		if n != 0 {
			changes = append(changes, tallyChange{t, n})
		}
	}
	slices.SortFunc(changes, func(a, b tallyChange) int {
		return cmp.Or(bytes.Compare(a.Inbox[:], b.Inbox[:]), bytes.Compare(a.Owner[:], b.Owner[:]), cmp.Compare(a.State, b.State))
	})
	return tallyRows.write(ctx, tx, changes)
}

// Tallies reads how many Conversations count as what, in all Inboxes.
func (s *Store) Tallies(ctx context.Context) (desk.Tallies, error) {
	listed, err := s.read.ListTallies(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	found := make(desk.Tallies, len(listed))
	for _, r := range listed {
		t := desk.Tally{Inbox: r.Inbox, State: r.State}
		if r.Owner != "" {
			if t.Owner, err = desk.ParseID[desk.Agent](r.Owner); err != nil {
				return nil, err
			}
		}
		found[t] = r.N
	}
	return found, nil
}

// Recount puts the Tallies right where they drifted and tells how many were wrong. They
// drift while an upgrade rolls: nodes of the release before may write Conversations past
// them. Rows and Tallies change in one transaction, so what differs in one look is the
// drift, whatever else is written meanwhile; adding it needs no lock on either.
func (s *Store) Recount(ctx context.Context) (mended int, err error) {
	if drift, err := driftOf(ctx, s.read); err != nil || len(drift) == 0 {
		return 0, unavailable(err)
	}
	err = s.Update(ctx, func(tx *Tx) error {
		if err := tx.lock(ctx, lockTallies); err != nil { // two nodes would mend it twice
			return err
		}
		drift, err := driftOf(ctx, tx.Queries)
		mended = len(drift)
		for t, n := range drift {
			tx.counts[t] += n
		}
		return err
	})
	return mended, err
}

// driftOf tells by how much each Tally falls short of what it counts, in one statement.
func driftOf(ctx context.Context, q *rows.Queries) (desk.Tallies, error) {
	listed, err := q.CountTallies(ctx)
	if err != nil {
		return nil, err
	}
	drift := desk.Tallies{}
	for _, r := range listed {
		t := desk.Tally{Inbox: r.Inbox, Owner: r.OwnerID, State: desk.TallyState(r.State)}
		if t.State == desk.TallyClosed {
			t.Owner = desk.AgentID{}
		}
		if r.Owner != "" {
			if t.Owner, err = desk.ParseID[desk.Agent](r.Owner); err != nil {
				return nil, err
			}
		}
		drift[t] += r.N
	}
	maps.DeleteFunc(drift, func(_ desk.Tally, n int64) bool { return n == 0 })
	return drift, nil
}
