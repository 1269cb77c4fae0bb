package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var turnRows = newInsert("turn", "",
	column[desk.Turn]{"id", "bytea", func(t *desk.Turn) any { return t.ID }},
	column[desk.Turn]{"controller_id", "bytea", func(t *desk.Turn) any { return t.Controller }},
	column[desk.Turn]{"inbox_id", "bytea", func(t *desk.Turn) any { return t.Inbox }},
	column[desk.Turn]{"contact_id", "bytea", func(t *desk.Turn) any { return t.Contact }},
	column[desk.Turn]{"conversation_id", "bytea", func(t *desk.Turn) any { return t.Conversation }},
	column[desk.Turn]{"kind", "text", func(t *desk.Turn) any { return string(t.Kind) }},
	column[desk.Turn]{"position", "bigint", func(t *desk.Turn) any { return t.Position }},
	column[desk.Turn]{"at", "bigint", func(t *desk.Turn) any { return desk.AsMillis(t.At) }},
	column[desk.Turn]{"thread_at", "bigint", func(t *desk.Turn) any { return desk.AsMillis(t.ThreadAt) }},
	column[desk.Turn]{"agent_id", "bytea", func(t *desk.Turn) any { return t.By }},
	column[desk.Turn]{"to_id", "bytea", func(t *desk.Turn) any { return t.To }},
	column[desk.Turn]{"until", "bigint", func(t *desk.Turn) any { return desk.AsMillis(t.Until) }},
	column[desk.Turn]{"content", "bytea", func(t *desk.Turn) any { return t.Content }},
	column[desk.Turn]{"client_digest", "bytea", func(t *desk.Turn) any { return t.ClientDigest }},
	column[desk.Turn]{"body_digest", "bytea", func(t *desk.Turn) any { return t.BodyDigest }},
)

// AddTurns writes new Turns.
func (tx *Tx) AddTurns(ctx context.Context, ts []desk.Turn) error { return turnRows.write(ctx, tx, ts) }

// FindTurns gives the Turns with these ids.
func (s *Store) FindTurns(ctx context.Context, ids []desk.TurnID) (map[desk.TurnID]desk.Turn, error) {
	found := make(map[desk.TurnID]desk.Turn, len(ids))
	err := findSet(ctx, s.asked(), `SELECT id, controller_id, inbox_id, contact_id, conversation_id, kind, position, at, thread_at,
		agent_id, to_id, until, content, client_digest, body_digest FROM turn WHERE id IN`, "", nil, idBytes(ids), func(r *sql.Rows) error {
		var t rows.Turn
		err := r.Scan(&t.ID, &t.Controller, &t.Inbox, &t.Contact, &t.Conversation, &t.Kind, &t.Position, &t.At, &t.ThreadAt,
			&t.Agent, &t.ToID, &t.Until, &t.Content, &t.ClientDigest, &t.BodyDigest)
		found[t.ID] = TurnOf(t)
		return err
	})
	return found, unavailable(err)
}

// TurnOf reads a row.
func TurnOf(r rows.Turn) desk.Turn {
	return desk.Turn{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Contact: r.Contact, Conversation: r.Conversation, Kind: r.Kind,
		Position: r.Position, At: r.At.Time, ThreadAt: r.ThreadAt.Time, By: r.Agent, To: r.ToID, Until: r.Until.Time,
		Content: r.Content, ClientDigest: r.ClientDigest, BodyDigest: r.BodyDigest,
	}
}
