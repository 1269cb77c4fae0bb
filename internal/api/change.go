package api

import (
	"context"
	"slices"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
)

// Change is a committed change as the stream tells it. What it is not about is null.
type Change struct {
	Kind         desk.EventKind      `json:"kind" enum:"message,conversation,turn,reading,presence,counts,inbox,access,approval"`
	Conversation Maybe[Conversation] `json:"conversation"`
	Message      Maybe[Message]      `json:"message" doc:"Null unless the caller has opened the Conversation lately."`
	MessageID    string              `json:"message_id" doc:"Empty if the change is about no Message."`
	Turn         Maybe[Turn]         `json:"turn" doc:"Null unless the caller has opened the Conversation lately."`
	TurnID       string              `json:"turn_id" doc:"Empty if the change is about no Turn."`
	Reading      Maybe[ReadingView]  `json:"reading" doc:"How far the caller itself has read."`
	Presence     Maybe[PresenceView] `json:"presence"`
	Counts       Maybe[Counts]       `json:"counts"`
	Inbox        Maybe[Inbox]        `json:"inbox"`
}

// ReadingView says how far the caller has read a Conversation.
type ReadingView struct {
	Conversation string `json:"conversation" format:"uuid"`
	Position     int64  `json:"position"`
}

// PresenceView says who has a Conversation in front of them.
type PresenceView struct {
	Conversation string     `json:"conversation" format:"uuid"`
	People       []Attendee `json:"people" nullable:"false"`
}

// change shows an event to the listener.
func (s *stream) change(it *live.Item[inbox.News]) Change {
	c := Change{Kind: it.Kind}
	if seen := it.View.Conversation; seen != nil {
		own := *seen
		own.ReadTo = it.View.Read[s.who.Agent]
		c.Conversation = some(conversationView(&own, s.names, s.api.Now()))
	}
	opened := s.api.Inbox.HasOpened(s.who.Agent, it.Conversation)
	if !it.Message.IsZero() {
		c.MessageID = it.Message.String()
	}
	if it.View.Message != nil && opened {
		c.Message = some(messageView(it.View.Message, s.names))
	}
	if !it.Turn.IsZero() {
		c.TurnID = it.Turn.String()
	}
	if it.View.Turn != nil && opened {
		c.Turn = some(turnView(it.View.Turn, s.names))
	}
	switch it.Kind {
	case desk.EventReading:
		c.Reading = some(ReadingView{it.Conversation.String(), it.View.Read[s.who.Agent]})
	case desk.EventPresence:
		c.Presence = some(PresenceView{it.Conversation.String(), attendees(it.View.Attending, s.names)})
	case desk.EventInbox:
		if at := slices.IndexFunc(s.inboxes, func(e *inbox.Served) bool { return e.ID == it.Inbox }); at >= 0 {
			c.Inbox = some(inboxView(s.inboxes[at]))
		}
	}
	return c
}

// counted gives the counts behind a batch, and whether the listener must be told: what
// changed for others alone is no news.
func (s *stream) counted(ctx context.Context, items []live.Item[inbox.News]) (Counts, bool, error) {
	var tallies desk.Tallies
	own, unread := false, false
	for i := range items {
		e := &items[i]
		if !s.concerns(&e.Event) {
			continue
		}
		if e.View.Tallies != nil {
			tallies = e.View.Tallies
		}
		own = own || e.Kind == desk.EventReading || e.View.Conversation != nil
		unread = unread || s.mayUnread(e)
	}
	if !own {
		return Counts{}, false, nil
	}
	now, err := s.countedNow(ctx, tallies, unread)
	if err != nil {
		return Counts{}, false, err
	}
	same := s.counts.Items != nil && now.Unread == s.counts.Unread && slices.Equal(now.Items, s.counts.Items)
	s.counts = now
	return countsView(now), !same, nil
}

// mayUnread tells whether the listener may have more or less unread than before. Messages
// in what others have, or nobody, are most of what is told, and change nothing.
func (s *stream) mayUnread(e *live.Item[inbox.News]) bool {
	return e.Kind != desk.EventMessage || e.View.Conversation != nil && e.View.Conversation.Assignee == s.who.Agent
}

// countedNow takes what stands in the views from the tallies that came along. Without
// them it stands as it was told last, and what was never told is asked for.
func (s *stream) countedNow(ctx context.Context, tallies desk.Tallies, unread bool) (inbox.Counts, error) {
	v := inbox.Viewer{Actor: s.who.Actor(), Scope: s.who.Scope()}
	if tallies == nil && s.counts.Items == nil {
		return s.api.Inbox.Counts(ctx, v)
	}
	now, err := s.counts, error(nil)
	if unread || s.counts.Items == nil {
		now.Unread, err = s.api.Inbox.Unread(ctx, v)
	}
	if tallies != nil {
		now.Items = make([]inbox.Count, len(s.inboxes))
		for i, e := range s.inboxes {
			now.Items[i] = inbox.CountOf(tallies, e.ID, s.who.Agent)
		}
	}
	return now, err
}

// surround notes which Inboxes the listener serves. The counts of others than before are
// as good as none.
func (s *stream) surround(ctx context.Context, who auth.Principal) error {
	serves, err := s.api.Inbox.Inboxes(ctx, who.Scope())
	if err != nil {
		return err
	}
	if !slices.EqualFunc(s.inboxes, serves, func(a, b *inbox.Served) bool { return a.ID == b.ID }) {
		s.counts = inbox.Counts{}
	}
	s.inboxes = serves
	return nil
}
