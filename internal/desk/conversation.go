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
	Position     int64     // of the newest Message or Turn; raised under the row's lock
	Received     int64     // position of the newest Message from the Contact
	WaitingSince time.Time // when the Contact began to wait for an answer; zero if it does not
	WindowOpened time.Time // Meta's time of the Contact's newest Message
	Assignee     AgentID
	Receiving    bool // what the Contact writes next belongs here; one at most per Contact and Inbox
	Snoozed      *Snooze
	Closed       *Closure
}

// Closure records who ended a Conversation, when and why.
type Closure struct {
	At     time.Time
	By     AgentID
	Reason private.Sealed[private.Text] // empty if none was given
}

// Snooze records who let a Conversation rest, since when, and until when.
type Snooze struct {
	At    time.Time
	By    AgentID
	Until time.Time // zero: until the Contact writes
}

// MaxSnooze is how far ahead a Conversation may rest.
const MaxSnooze = 366 * 24 * time.Hour

// View is a slice of the Conversations an Agent may see.
type View string

// The views. What is snoozed stands in ViewAll alone.
const (
	ViewMine       View = "mine"
	ViewUnassigned View = "unassigned"
	ViewAll        View = "all"
	ViewClosed     View = "closed"
)

// Sort is the order of a list.
type Sort string

// The orders. SortDue is the order of work: whose Window ends first stands first
// among those who wait for an answer; what was answered follows, the newest first.
const (
	SortNewest Sort = "newest"
	SortDue    Sort = "due"
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

// answered is above every moment in milliseconds, so that what waits comes first.
const answered = int64(1) << 52

// Due is the place in SortDue, ascending.
func (c *Conversation) Due() int64 {
	switch {
	case c.WaitingSince.IsZero():
		return answered - c.LastAt.UnixMilli()
	case c.WindowOpened.IsZero():
		return 0
	default:
		return c.WindowOpened.UnixMilli()
	}
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
// in the thread. The Contact waits from its first Message that asks for an answer
// until we write. The caller holds the Conversation locked.
func (c *Conversation) Receive(m *Message) {
	c.Position++
	m.Position = c.Position
	c.follow(m)
}

func (c *Conversation) follow(m *Message) {
	if m.IsAutomatic() {
		return // it answers nothing: the Contact waits as before, and lists show what was said last
	}
	if !m.ThreadAt.Before(c.LastAt) {
		c.LastAt, c.LastMessage = m.ThreadAt, m.ID
	}
	switch {
	case m.Origin == OriginApp: // nobody can tell an answer from a greeting that the app sends by itself
	case m.Direction == Out:
		c.WaitingSince = time.Time{}
	case m.Kind.Asks():
		c.Received = m.Position
		if c.WaitingSince.IsZero() {
			c.WaitingSince = m.At
		}
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

// TallyState is what a Conversation counts as.
type TallyState string

// The states.
const (
	TallyOpen    TallyState = "open"
	TallySnoozed TallyState = "snoozed"
	TallyClosed  TallyState = "closed"
)

// Tally counts the Conversations of an Inbox that share owner and state. Closed ones
// are counted without owner: no view tells them apart.
type Tally struct {
	Inbox InboxID
	Owner AgentID
	State TallyState
}

// Tallies are how many Conversations count as what.
type Tallies map[Tally]int64

// Tally tells what c counts as.
func (c *Conversation) Tally() Tally {
	switch {
	case c.Closed != nil:
		return Tally{Inbox: c.Inbox, State: TallyClosed}
	case c.Snoozed != nil:
		return Tally{c.Inbox, c.Assignee, TallySnoozed}
	default:
		return Tally{c.Inbox, c.Assignee, TallyOpen}
	}
}
