package desk

import (
	"strconv"
	"strings"
	"time"
)

// EventKind names what changed.
type EventKind string

// The kinds.
const (
	EventMessage      EventKind = "message"      // a Message is new or its status climbed
	EventConversation EventKind = "conversation" // a Conversation changed otherwise
	EventTurn         EventKind = "turn"         // something happened to a Conversation beside Messages
	EventReading      EventKind = "reading"      // an Agent has read further; for that Agent alone
	EventPresence     EventKind = "presence"     // who has a Conversation in front of them
	EventCounts       EventKind = "counts"       // how many Conversations stand in the views; told, never stored
	EventInbox        EventKind = "inbox"        // an Inbox was paused, resumed or set up
	EventAccess       EventKind = "access"       // an Agent's rights or sessions changed
	EventApproval     EventKind = "approval"     // an Approval was asked for or decided; for those who may decide about some
)

// Event is a committed change, numbered after commit. It carries ids and scope,
// never content.
type Event struct {
	ID           EventID
	N            int64 // 0 until the sequencer numbered it
	At           time.Time
	Kind         EventKind
	Controller   ControllerID
	Inbox        InboxID
	Conversation ConversationID
	Message      MessageID
	Turn         TurnID
	Agent        AgentID
}

// Cursor is a place in the feed of events. A restore starts a new feed.
type Cursor struct {
	Feed string
	N    int64
}

// String writes the cursor as feed.n.
func (c Cursor) String() string { return c.Feed + "." + strconv.FormatInt(c.N, 10) }

// ParseCursor reads feed.n.
func ParseCursor(s string) (Cursor, error) {
	feed, n, ok := strings.Cut(s, ".")
	v, err := strconv.ParseInt(n, 10, 64)
	if !ok || err != nil || v < 0 || feed == "" {
		return Cursor{}, Invalid("Last-Event-ID", "is not a cursor of this feed")
	}
	return Cursor{Feed: feed, N: v}, nil
}
