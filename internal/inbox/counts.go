package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Count is how many Conversations of an Inbox stand in each view of an Agent.
type Count struct {
	Inbox                         desk.InboxID
	Mine, Unassigned, All, Closed int64
}

// Counts are those of all Inboxes in a Scope, by name of the Inbox.
type Counts struct {
	Items  []Count
	Unread int64 // unread Conversations in the view "mine"
}

// Counts gives how many Conversations stand in each view.
func (b *Inbox) Counts(ctx context.Context, v Viewer) (Counts, error) {
	inboxes, err := b.Inboxes(ctx, v.Scope)
	if err != nil {
		return Counts{}, err
	}
	tallies, err := b.store.Tallies(ctx)
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{Items: make([]Count, len(inboxes))}
	for i, e := range inboxes {
		counts.Items[i] = CountOf(tallies, e.ID, v.Actor.Agent)
	}
	counts.Unread, err = b.Unread(ctx, v)
	return counts, err
}

// CountOf reads an Agent's views of one Inbox from the tallies.
func CountOf(tallies desk.Tallies, in desk.InboxID, agent desk.AgentID) Count {
	c := Count{Inbox: in}
	for t, n := range tallies {
		if t.Inbox != in {
			continue
		}
		switch {
		case t.State == desk.TallyClosed:
			c.Closed += n
			continue
		case t.State == desk.TallyOpen && t.Owner.IsZero():
			c.Unassigned += n
		case t.State == desk.TallyOpen && t.Owner == agent:
			c.Mine += n
		}
		c.All += n
	}
	return c
}

// Unread counts the Conversations the Agent has and has not read to their end.
func (b *Inbox) Unread(ctx context.Context, v Viewer) (int64, error) {
	return b.store.Read().CountUnread(ctx, rows.CountUnreadParams{Agent: v.Actor.Agent, AssigneeID: v.Actor.Agent, Everything: v.Scope.All})
}
