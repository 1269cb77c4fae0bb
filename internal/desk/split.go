package desk

import "time"

// Split is an Agent's word that whoever writes since a moment is not the Contact who wrote
// before, but somebody else, who is a Contact of their own from then on: neither is told what the
// other said, and what each may be sent is asked anew (GDPR Art. 5(1)(d), (f)).
type Split struct {
	From, To ContactID
	Since    time.Time // by the Provider's word
	// Homes are the Conversations in which something was said since, and those in which it stands
	// from now on.
	Homes map[ConversationID]ConversationID
}

// Trace is what a Message leaves in its Conversation's row.
type Trace struct {
	ID         MessageID
	Direction  Direction
	Kind       Kind
	Origin     Origin
	Position   int64
	At         time.Time
	ExternalAt time.Time
	ThreadAt   time.Time
}

// IsSince tells whether it was said by whoever writes since a moment. WhatsApp's own word on the
// change that happened then is not: it tells of the person before.
func (t Trace) IsSince(at time.Time) bool {
	return t.ExternalAt.After(at) || t.ExternalAt.Equal(at) && t.Kind != KindSystem
}

// Retrace gives the Conversation as it would be if these Messages alone had been said, in this
// order, each at the position that it has.
func (c Conversation) Retrace(said []Trace) Conversation {
	c.LastAt, c.LastMessage, c.Received, c.WaitingSince, c.WindowOpened = c.OpenedAt, MessageID{}, 0, time.Time{}, time.Time{}
	for _, t := range said {
		m := Message{ID: t.ID, Direction: t.Direction, Kind: t.Kind, Origin: t.Origin, Position: t.Position, At: t.At, ThreadAt: t.ThreadAt}
		c.follow(&m)
		if t.Direction == In && t.Kind.Asks() {
			c.OpenWindow(t.ExternalAt, t.At)
		}
	}
	return c
}

// Stranger tells which of all the Identities that a Contact has or had are whoever's it is since a
// moment: those that came then; of a kind of which it has none such now, all that it has.
func (s Split) Stranger(ever []Identity) []Identity {
	came := map[IdentityKind]bool{}
	since := func(id Identity) bool { return !id.ValidFrom.Before(s.Since) }
	for _, id := range ever {
		came[id.Kind] = came[id.Kind] || id.ValidUntil == nil && since(id)
	}
	var out []Identity
	for _, id := range ever {
		if since(id) || id.ValidUntil == nil && !came[id.Kind] {
			out = append(out, id)
		}
	}
	return out
}
