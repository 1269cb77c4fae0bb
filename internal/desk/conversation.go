package desk

import (
	"time"

	"botschaft/internal/private"
)

// Conversation is one matter between a Contact and us in one Inbox; it is open
// until it has a Closure.
type Conversation struct {
	ID           ConversationID
	Controller   ControllerID
	Inbox        InboxID
	Contact      ContactID
	OpenedAt     time.Time
	LastAt       time.Time // of the newest Message; lists are sorted by it
	LastMessage  MessageID
	Position     int64     // of the newest Message; raised under the row's lock
	WindowOpened time.Time // Meta's time of the Contact's newest Message
	Assignee     AgentID
	Closed       *Closure
}

// Closure records who ended a Conversation, when and why.
type Closure struct {
	At     time.Time
	By     AgentID
	Reason string
}

// View is a slice of the Conversations an Agent may see.
type View string

// The views.
const (
	ViewMine       View = "mine"
	ViewUnassigned View = "unassigned"
	ViewAll        View = "all"
	ViewClosed     View = "closed"
)

// WindowLength is how long after a Contact's Message anything may be sent
// (Meta: customer service window).
const WindowLength = 24 * time.Hour

// WindowUntil gives the end of the Window; the zero time when none was opened.
func (c Conversation) WindowUntil() time.Time {
	if c.WindowOpened.IsZero() {
		return time.Time{}
	}
	return c.WindowOpened.Add(WindowLength)
}

// LateAfter is how much older than its arrival a Message may claim to be before
// it is shown at its arrival with a "late" mark.
const LateAfter = 10 * time.Minute

// ThreadTime places a Message: its own time, clamped to [arrival − LateAfter,
// arrival]. What is older stands at its arrival, late, never silently above what
// was read.
func ThreadTime(external, arrival time.Time) (at time.Time, late bool) {
	switch {
	case external.After(arrival):
		return arrival, false
	case external.Before(arrival.Add(-LateAfter)):
		return arrival, true
	default:
		return external, false
	}
}

// Preview is the last line of a Conversation as lists show it.
type Preview = private.Sealed[Content]

// Receive gives m the next position and notes it as the newest if it stands lowest
// in the thread. The caller holds the Conversation locked.
func (c *Conversation) Receive(m *Message) {
	c.Position++
	m.Position = c.Position
	if !m.ThreadAt.Before(c.LastAt) {
		c.LastAt, c.LastMessage = m.ThreadAt, m.ID
	}
}

// OpenWindow notes that the Contact wrote: by Meta's time, never later than the
// arrival, and never shortening what is open.
func (c *Conversation) OpenWindow(external, arrival time.Time) {
	if external.After(arrival) {
		external = arrival
	}
	if external.After(c.WindowOpened) {
		c.WindowOpened = external
	}
}
