package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"botschaft/internal/desk"
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
