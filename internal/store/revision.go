package store

import (
	"context"
	"encoding/json"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

type revisionRow struct {
	desk.Revision
	changes string
}

var revisionRows = newInsert("revision", "",
	column[revisionRow]{"id", "bytea", func(r *revisionRow) any { return r.ID }},
	column[revisionRow]{"at", "bigint", func(r *revisionRow) any { return desk.AsMillis(r.At) }},
	column[revisionRow]{"actor_kind", "text", func(r *revisionRow) any { return string(r.Actor.Kind) }},
	column[revisionRow]{"actor_id", "bytea", func(r *revisionRow) any { return r.Actor.Agent }},
	column[revisionRow]{"via", "text", func(r *revisionRow) any { return r.Actor.Via }},
	column[revisionRow]{"act", "text", func(r *revisionRow) any { return string(r.Act) }},
	column[revisionRow]{"subject", "text", func(r *revisionRow) any { return r.Subject }},
	column[revisionRow]{"controller_id", "bytea", func(r *revisionRow) any { return r.Controller }},
	column[revisionRow]{"inbox_id", "bytea", func(r *revisionRow) any { return r.Inbox }},
	column[revisionRow]{"changes", "text", func(r *revisionRow) any { return r.changes }},
)

func (tx *Tx) insertHistory(ctx context.Context) error {
	written := make([]revisionRow, len(tx.history))
	for i, r := range tx.history {
		r.ID, r.At = desk.NewID[desk.Revision](), tx.now
		changes, err := json.Marshal(r.Changes)
		if err != nil {
			return fmt.Errorf("changes of a setting: %w", err)
		}
		written[i] = revisionRow{r, string(changes)}
	}
	return revisionRows.write(ctx, tx, written)
}

// RevisionOf reads a row.
func RevisionOf(row rows.Revision) (desk.Revision, error) {
	r := desk.Revision{
		ID: row.ID, At: row.At.Time, Act: row.Act, Subject: row.Subject, Controller: row.Controller, Inbox: row.Inbox,
		Actor: desk.Actor{Kind: row.ActorKind, Agent: row.ActorID, Via: row.Via},
	}
	err := json.Unmarshal([]byte(row.Changes), &r.Changes)
	return r, err
}
