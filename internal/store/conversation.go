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
}, conversationProgress...)...)

// conversationProgress is what changes in the life of a Conversation.
var conversationProgress = []column[desk.Conversation]{
	{"last_at", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.LastAt) }},
	{"last_message_id", "bytea", func(c *desk.Conversation) any { return c.LastMessage }},
	{"position", "bigint", func(c *desk.Conversation) any { return c.Position }},
	{"received", "bigint", func(c *desk.Conversation) any { return c.Received }},
	{"waiting_since", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.WaitingSince) }},
	{"due", "bigint", func(c *desk.Conversation) any { return c.Due() }},
	{"window_opened", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(c.WindowOpened) }},
	{"assignee_id", "bytea", func(c *desk.Conversation) any { return c.Assignee }},
	{"receiving", "boolean", func(c *desk.Conversation) any { return c.Receiving }},
	{"snoozed_at", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(snoozeOf(c).At) }},
	{"snoozed_by", "bytea", func(c *desk.Conversation) any { return snoozeOf(c).By }},
	{"snoozed_until", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(snoozeOf(c).Until) }},
	{"closed_at", "bigint", func(c *desk.Conversation) any { return desk.AsMillis(closureOf(c).At) }},
	{"closed_by", "bytea", func(c *desk.Conversation) any { return closureOf(c).By }},
	{"closed_reason", "bytea", func(c *desk.Conversation) any { return closureOf(c).Reason }},
}

func snoozeOf(c *desk.Conversation) desk.Snooze {
	if c.Snoozed == nil {
		return desk.Snooze{}
	}
	return *c.Snoozed
}

func closureOf(c *desk.Conversation) desk.Closure {
	if c.Closed == nil {
		return desk.Closure{}
	}
	return *c.Closed
}

var conversationUpdates = newUpdate("conversation",
	column[desk.Conversation]{"id", "bytea", func(c *desk.Conversation) any { return c.ID }}, conversationProgress...)

// AddConversations writes new Conversations.
func (tx *Tx) AddConversations(ctx context.Context, cs []desk.Conversation) error {
	for i := range cs {
		tx.counts[cs[i].Tally()]++
	}
	return conversationRows.write(ctx, tx, cs)
}

// SaveConversations writes what changes in the life of Conversations. The caller holds
// them locked, and tells Count when one counts as something else now.
func (tx *Tx) SaveConversations(ctx context.Context, cs []desk.Conversation) error {
	return conversationUpdates.write(ctx, tx, cs)
}

const conversationColumns = `id, controller_id, inbox_id, contact_id, opened_at, last_at, last_message_id, position, received,
	waiting_since, window_opened, assignee_id, receiving, snoozed_at, snoozed_by, snoozed_until, closed_at, closed_by, closed_reason`

// LockReceiving gives, locked, the Conversations that receive for the Contacts in
// the Inbox.
func (tx *Tx) LockReceiving(ctx context.Context, inbox desk.InboxID, contacts []desk.ContactID) (map[desk.ContactID]*desk.Conversation, error) {
	found := make(map[desk.ContactID]*desk.Conversation, len(contacts))
	err := findSet(ctx, tx, "SELECT "+conversationColumns+" FROM conversation WHERE inbox_id = $1 AND receiving AND contact_id IN",
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
	err := findSet(ctx, tx, "SELECT "+conversationColumns+" FROM conversation WHERE id IN", tx.locked(), nil, [][]byte{id[:]},
		func(r *sql.Rows) (err error) {
			found, err = scanConversation(r)
			return err
		})
	if err == nil && found == nil {
		return nil, desk.NotFound("conversation")
	}
	return found, err
}

// LockLost gives, locked, the open Conversations an Agent has and may not have any more,
// those that rest too: its access has ended, or it does not serve their Inbox. The Agent
// is locked.
func (tx *Tx) LockLost(ctx context.Context, agent desk.AgentID) ([]desk.Conversation, error) {
	var found []desk.Conversation
	err := findSet(ctx, tx, "SELECT "+conversationColumns+" FROM conversation WHERE assignee_id IN", `AND closed_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM agent a WHERE a.id = assignee_id AND a.role <> 'dpo'
			AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id)
			AND (a.role = 'admin'
				OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = a.id AND m.controller_id = conversation.controller_id)
				OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = a.id AND n.inbox_id = conversation.inbox_id)))
		ORDER BY id `+tx.locked(), nil, [][]byte{agent[:]}, func(r *sql.Rows) error {
		c, err := scanConversation(r)
		found = append(found, *c)
		return err
	})
	return found, err
}

// ConversationWithin gives a Conversation in the Scope; desk.CodeNotFound if it is none.
func (s *Store) ConversationWithin(ctx context.Context, scope desk.Scope, id desk.ConversationID) (desk.Conversation, error) {
	row, err := s.Read().GetConversation(ctx, rows.GetConversationParams{ID: id, Everything: scope.All, Agent: scope.Agent})
	if IsNone(err) {
		return desk.Conversation{}, desk.NotFound("conversation")
	}
	return ConversationOf(row), err
}

// FindConversations gives the Conversations with these ids.
func (s *Store) FindConversations(ctx context.Context, ids []desk.ConversationID) (map[desk.ConversationID]desk.Conversation, error) {
	found := make(map[desk.ConversationID]desk.Conversation, len(ids))
	err := findSet(ctx, s.asked(), "SELECT "+conversationColumns+" FROM conversation WHERE id IN", "", nil, idBytes(ids),
		func(r *sql.Rows) error {
			c, err := scanConversation(r)
			found[c.ID] = *c
			return err
		})
	return found, unavailable(err)
}

func scanConversation(r *sql.Rows) (*desk.Conversation, error) {
	var c rows.Conversation
	err := r.Scan(&c.ID, &c.Controller, &c.Inbox, &c.Contact, &c.OpenedAt, &c.LastAt, &c.LastMessageID, &c.Position, &c.Received,
		&c.WaitingSince, &c.WindowOpened, &c.AssigneeID, &c.Receiving, &c.SnoozedAt, &c.SnoozedBy, &c.SnoozedUntil,
		&c.ClosedAt, &c.ClosedBy, &c.ClosedReason)
	found := ConversationOf(c)
	return &found, err
}

// ConversationOf reads a row.
func ConversationOf(r rows.Conversation) desk.Conversation {
	c := desk.Conversation{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Contact: r.Contact, OpenedAt: r.OpenedAt.Time, LastAt: r.LastAt.Time,
		LastMessage: r.LastMessageID, Position: r.Position, Received: r.Received, WaitingSince: r.WaitingSince.Time,
		WindowOpened: r.WindowOpened.Time, Assignee: r.AssigneeID, Receiving: r.Receiving,
	}
	if !r.SnoozedAt.IsZero() {
		c.Snoozed = &desk.Snooze{At: r.SnoozedAt.Time, By: r.SnoozedBy, Until: r.SnoozedUntil.Time}
	}
	if !r.ClosedAt.IsZero() {
		c.Closed = &desk.Closure{At: r.ClosedAt.Time, By: r.ClosedBy, Reason: r.ClosedReason}
	}
	return c
}
