package desk

import (
	"time"

	"botschaft/internal/private"
)

// Turn is what happened to a Conversation beside Messages, as the thread shows it: a
// Note, an Assignment, a Transfer, a Closure, a Snooze. It never crosses the door.
type Turn struct {
	ID           TurnID
	Controller   ControllerID
	Inbox        InboxID
	Contact      ContactID
	Conversation ConversationID
	Kind         TurnKind
	Position     int64
	At           time.Time
	ThreadAt     time.Time // where it stands among Messages, whose times are whole seconds
	By           AgentID   // zero: the house itself
	To           AgentID   // who has it now
	Until        time.Time // of a Snooze; zero: until the Contact writes
	Content      private.Sealed[private.Text]
	ClientDigest []byte // keyed digest of the author's client_id; Notes alone
	BodyDigest   []byte
}

// TurnKind names what happened.
type TurnKind string

// The kinds.
const (
	TurnNote        TurnKind = "note"
	TurnAssigned    TurnKind = "assigned"
	TurnReleased    TurnKind = "released"
	TurnTransferred TurnKind = "transferred"
	TurnClosed      TurnKind = "closed"
	TurnReopened    TurnKind = "reopened"
	TurnSnoozed     TurnKind = "snoozed"
	TurnWoken       TurnKind = "woken"
	TurnSplit       TurnKind = "split" // whoever writes since is somebody else
)

// Turn notes what by did to c at now, at the next position. The caller holds the
// Conversation locked.
func (c *Conversation) Turn(kind TurnKind, by AgentID, now time.Time) Turn {
	c.Position++
	return Turn{
		ID: NewID[Turn](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID,
		Kind: kind, Position: c.Position, At: now, ThreadAt: now.Truncate(time.Second), By: by,
	}
}

// Wake ends the Snooze; false if there is none.
func (c *Conversation) Wake() bool {
	was := c.Snoozed != nil
	c.Snoozed = nil
	return was
}

// Event tells that t happened.
func (t *Turn) Event() Event {
	return Event{Kind: EventTurn, Controller: t.Controller, Inbox: t.Inbox, Conversation: t.Conversation, Turn: t.ID}
}

// Writing is what an Agent has typed and not sent.
type Writing struct {
	Reply private.Text
	Note  private.Text
}

// Draft is a Writing as the house keeps it, one per Agent and Conversation.
type Draft struct {
	ID           DraftID
	Agent        AgentID
	Conversation ConversationID
	Contact      ContactID
	At           time.Time
	Content      private.Sealed[Writing]
}

// PresenceState tells what an Agent does with an open Conversation.
type PresenceState string

// The states. What is gone is not kept.
const (
	PresenceViewing PresenceState = "viewing"
	PresenceWriting PresenceState = "writing"
	PresenceGone    PresenceState = "gone"
)

// Presence says that an Agent has a Conversation in front of them. It lasts a minute
// unless it is repeated, and leaves no history: colleagues should not collide, and
// nobody should be watched (BetrVG § 87(1) no. 6).
type Presence struct {
	Conversation ConversationID
	Agent        AgentID
	State        PresenceState
	Until        time.Time
}

// PresenceFor is how long a Presence lasts.
const PresenceFor = time.Minute
