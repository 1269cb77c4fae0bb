package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Resealing seals anew, for somebody else, what stands sealed in a row: column as "message.content".
type Resealing func(ctx context.Context, column string, row [16]byte, sealed []byte) ([]byte, error)

// spoken is a table whose rows belong to what is said: which of them go with it, and what in them
// is sealed with the Contact's key.
type spoken struct {
	table, key            string
	contact, conversation bool // whether a row names them
	sealed                []string
	where                 string // $1 is the Contact, $2 the moment
}

const (
	inThreads  = "conversation_id IN (SELECT id FROM conversation WHERE contact_id = $1) AND "
	ofNotes    = inThreads + "thread_at >= $2"
	ofSaid     = inThreads + "external_at >= $2 AND (external_at > $2 OR kind <> 'system')" // desk.Trace.IsSince
	ofMessages = "message_id IN (SELECT id FROM message WHERE " + ofSaid + ")"
	atDesks    = "contact_id = $1 AND at >= $2"
)

// allSpoken are these tables, Messages last: the others are found by them.
var allSpoken = []spoken{
	{"attachment", "message_id", true, false, []string{"blob_key"}, ofMessages},
	{"showing", "message_id", true, false, nil, ofMessages},
	{"dispatch", "message_id", false, true, []string{"media"}, ofMessages},
	{"task", "id", true, true, []string{"note", "reason"}, ofMessages},
	{"upload", "id", true, true, []string{"blob_key"}, atDesks},
	{"draft", "id", true, true, []string{"content"}, atDesks},
	{"turn", "id", true, true, []string{"content"}, ofNotes},
	{"message", "id", true, true, []string{"content", "wamid"}, ofSaid},
}

// place is where the vault has it that a column stands: the key of a file is sealed once, before
// anybody knows which Message it goes with.
func (s spoken) place(column string) string {
	if s.table == "upload" {
		return "attachment." + column
	}
	return s.table + "." + column
}

// HandOver gives what was said since the Split, and what belongs to it, to whoever said it. A
// Conversation is never given over itself: what somebody is about to write into it was sealed for
// the Contact that it had.
func (tx *Tx) HandOver(ctx context.Context, s *desk.Split, reseal Resealing) error {
	for _, t := range allSpoken {
		found, err := t.find(ctx, tx, s)
		if err != nil {
			return err
		}
		for _, r := range found {
			if err := t.give(ctx, tx, s, r, reseal); err != nil {
				return fmt.Errorf("hand over %s: %w", t.table, err)
			}
		}
	}
	for from, to := range s.Homes {
		if err := tx.copyReadings(ctx, from, to); err != nil {
			return err
		}
	}
	return nil
}

// copyReadings lets those who have read a Conversation have read its continuation.
func (tx *Tx) copyReadings(ctx context.Context, from, to desk.ConversationID) error {
	read, err := tx.ListReadings(ctx, from)
	for _, r := range read {
		if err := tx.SetReading(ctx, rows.SetReadingParams{Agent: r.Agent, Conversation: to, Position: r.Position, At: r.At}); err != nil {
			return err
		}
	}
	return err
}

// spokenRow is one of them.
type spokenRow struct {
	key          [16]byte
	conversation desk.ConversationID
	sealed       [][]byte
}

func (s spoken) find(ctx context.Context, tx *Tx, split *desk.Split) (out []spokenRow, err error) {
	columns := []string{s.key}
	if s.conversation {
		columns = append(columns, "conversation_id")
	}
	columns = append(columns, s.sealed...)
	found, err := tx.sql.QueryContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+s.table+" WHERE "+s.where, split.From, desk.AsMillis(split.Since))
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		r, err := s.scan(found)
		if err != nil {
			return nil, err
		}
		if _, moves := split.Homes[r.conversation]; moves || !s.conversation {
			out = append(out, r)
		}
	}
	return out, found.Err()
}

func (s spoken) scan(found *sql.Rows) (spokenRow, error) {
	var key desk.MessageID
	r := spokenRow{sealed: make([][]byte, len(s.sealed))}
	into := []any{&key}
	if s.conversation {
		into = append(into, &r.conversation)
	}
	for i := range r.sealed {
		into = append(into, &r.sealed[i])
	}
	err := found.Scan(into...)
	r.key = key
	return r, err
}

func (s spoken) give(ctx context.Context, tx *Tx, split *desk.Split, r spokenRow, reseal Resealing) error {
	var set []string
	args := []any{r.key[:]}
	put := func(column string, value any) {
		args = append(args, value)
		set = append(set, fmt.Sprintf("%s = $%d", column, len(args)))
	}
	if s.contact {
		put("contact_id", split.To)
	}
	if s.conversation {
		put("conversation_id", split.Homes[r.conversation])
	}
	for i, column := range s.sealed {
		if len(r.sealed[i]) == 0 {
			continue
		}
		again, err := reseal(ctx, s.place(column), r.key, r.sealed[i])
		if err != nil {
			return err
		}
		put(column, again)
	}
	if len(set) == 0 {
		return nil
	}
	_, err := tx.sql.ExecContext(ctx, "UPDATE "+s.table+" SET "+strings.Join(set, ", ")+" WHERE "+s.key+" = $1", args...)
	return err
}

// Traces gives what the Messages of a Conversation leave in its row, in their order.
func (tx *Tx) Traces(ctx context.Context, id desk.ConversationID) ([]desk.Trace, error) {
	listed, err := tx.ListTraces(ctx, id)
	out := make([]desk.Trace, len(listed))
	for i, r := range listed {
		out[i] = desk.Trace{
			ID: r.ID, Direction: r.Direction, Kind: r.Kind, Origin: r.Origin, Position: r.Position,
			At: r.At.Time, ExternalAt: r.ExternalAt.Time, ThreadAt: r.ThreadAt.Time,
		}
	}
	return out, err
}

var givenRows = newUpdate("identity",
	column[desk.Identity]{"id", "bytea", func(i *desk.Identity) any { return i.ID }},
	column[desk.Identity]{"contact_id", "bytea", func(i *desk.Identity) any { return i.Contact }},
	column[desk.Identity]{"value", "bytea", func(i *desk.Identity) any { return i.Value }},
)

// GiveIdentities makes Identities somebody else's, as if they had never been another's.
func (tx *Tx) GiveIdentities(ctx context.Context, given []desk.Identity) error {
	return givenRows.write(ctx, tx, given)
}

// IsHeld tells whether a Contact held one of these Identities at a moment, or holds it now, while no
// other transaction can split the Contact.
func (tx *Tx) IsHeld(ctx context.Context, c desk.ContactID, digests [][]byte, at desk.Millis) (held bool, err error) {
	if tx.store.engine == postgres {
		if _, err := tx.sql.ExecContext(ctx, "SELECT 1 FROM contact WHERE id = $1 FOR SHARE", c); err != nil {
			return false, err
		}
	}
	err = findSet(ctx, tx, "SELECT 1 FROM identity WHERE contact_id = $1 AND (valid_until IS NULL OR valid_until >= $2) AND digest IN", "",
		[]any{c, at}, digests, func(*sql.Rows) error {
			held = true
			return nil
		})
	return held, err
}

// LockConversationsOf gives, locked, all Conversations with a Contact.
func (tx *Tx) LockConversationsOf(ctx context.Context, id desk.ContactID) (found []desk.Conversation, err error) {
	err = findSet(ctx, tx, "SELECT "+conversationColumns+" FROM conversation WHERE contact_id IN", "ORDER BY id "+tx.locked(), nil, [][]byte{id[:]},
		func(r *sql.Rows) error {
			c, err := scanConversation(r)
			found = append(found, *c)
			return err
		})
	return found, err
}
