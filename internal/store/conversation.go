package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var conversationRows = newInsert("conversation", "", append([]column[desk.Conversation]{
	{"id", "bytea", func(c *desk.Conversation) any { return c.ID }},
	{"controller_id", "bytea", func(c *desk.Conversation) any { return c.Controller }},
	{"inbox_id", "bytea", func(c *desk.Conversation) any { return c.Inbox }},
	{"contact_id", "bytea", func(c *desk.Conversation) any { return c.Contact }},
	{"opened_at", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.OpenedAt) }},
	{"receiving", "boolean", func(c *desk.Conversation) any { return c.Closed == nil }},
}, conversationProgress...)...)

var conversationProgress = []column[desk.Conversation]{
	{"last_at", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.LastAt) }},
	{"last_message_id", "bytea", func(c *desk.Conversation) any { return c.LastMessage }},
	{"position", "bigint", func(c *desk.Conversation) any { return c.Position }},
	{"window_opened", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.WindowOpened) }},
}

var conversationUpdates = newUpdate("conversation",
	column[desk.Conversation]{"id", "bytea", func(c *desk.Conversation) any { return c.ID }}, conversationProgress...)

// AddConversations writes new Conversations.
func (tx *Tx) AddConversations(ctx context.Context, cs []desk.Conversation) error {
	return conversationRows.write(ctx, tx, cs)
}

// AdvanceConversations writes position, newest Message and Window.
func (tx *Tx) AdvanceConversations(ctx context.Context, cs []desk.Conversation) error {
	return conversationUpdates.write(ctx, tx, cs)
}

const conversationColumns = "id, controller_id, inbox_id, contact_id, opened_at, last_at, last_message_id, position, window_opened, assignee_id, closed_at"

// LockReceiving gives, locked, the Conversations that receive for the Contacts in
// the Inbox.
func (tx *Tx) LockReceiving(ctx context.Context, inbox desk.InboxID, contacts []desk.ContactID) (map[desk.ContactID]*desk.Conversation, error) {
	found := make(map[desk.ContactID]*desk.Conversation, len(contacts))
	err := findSet(ctx, tx.sql, "SELECT "+conversationColumns+" FROM conversation WHERE inbox_id = $1 AND receiving AND contact_id IN",
		"ORDER BY id "+tx.locked(), []any{inbox}, idBytes(contacts), func(r *sql.Rows) error {
			c, err := scanConversation(r)
			found[c.Contact] = c
			return err
		})
	return found, err
}

// LockConversation gives the Conversation, locked.
func (tx *Tx) LockConversation(ctx context.Context, id desk.ConversationID) (*desk.Conversation, error) {
	var found *desk.Conversation
	err := findSet(ctx, tx.sql, "SELECT "+conversationColumns+" FROM conversation WHERE id IN", tx.locked(), nil, [][]byte{id[:]},
		func(r *sql.Rows) (err error) {
			found, err = scanConversation(r)
			return err
		})
	if err == nil && found == nil {
		return nil, desk.NotFound("conversation")
	}
	return found, err
}

// FindConversations gives the Conversations with these ids.
func (s *Store) FindConversations(ctx context.Context, ids []desk.ConversationID) (map[desk.ConversationID]desk.Conversation, error) {
	found := make(map[desk.ConversationID]desk.Conversation, len(ids))
	err := findSet(ctx, s.readDB, "SELECT "+conversationColumns+" FROM conversation WHERE id IN", "", nil, idBytes(ids),
		func(r *sql.Rows) error {
			c, err := scanConversation(r)
			found[c.ID] = *c
			return err
		})
	return found, unavailable(err)
}

func scanConversation(r *sql.Rows) (*desk.Conversation, error) {
	var c rows.Conversation
	err := r.Scan(&c.ID, &c.Controller, &c.Inbox, &c.Contact, &c.OpenedAt, &c.LastAt, &c.LastMessageID, &c.Position,
		&c.WindowOpened, &c.AssigneeID, &c.ClosedAt)
	found := ConversationOf(c)
	return &found, err
}

// ConversationOf reads a row.
func ConversationOf(r rows.Conversation) desk.Conversation {
	c := desk.Conversation{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Contact: r.Contact, OpenedAt: r.OpenedAt.Time, LastAt: r.LastAt.Time,
		LastMessage: r.LastMessageID, Position: r.Position, WindowOpened: r.WindowOpened.Time, Assignee: r.AssigneeID,
	}
	if !r.ClosedAt.IsZero() {
		c.Closed = &desk.Closure{At: r.ClosedAt.Time}
	}
	return c
}
