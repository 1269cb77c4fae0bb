package inbox

import (
	"context"
	"slices"

	"botschaft/internal/desk"
)

// News is what an event is shown as, built once for all who listen. What the event is
// not about is nil.
type News struct {
	Conversation *Conversation
	Message      *Message
	Turn         *Turn
	Read         map[desk.AgentID]int64 // how far each Agent has read the Conversation
	Attending    []desk.Presence        // for EventPresence alone
	Tallies      desk.Tallies           // as they were when the news was built; nil if nothing is counted anew
}

// about gathers what events speak of, each once.
type about struct {
	conversations, read, attended []desk.ConversationID
	messages                      []desk.MessageID
	turns                         []desk.TurnID
}

// shows tells whether the event shows its Conversation.
func shows(k desk.EventKind) bool {
	return k == desk.EventMessage || k == desk.EventConversation || k == desk.EventTurn
}

func gather(events []desk.Event) about {
	var a about
	conversations, read, attended := map[desk.ConversationID]bool{}, map[desk.ConversationID]bool{}, map[desk.ConversationID]bool{}
	messages, turns := map[desk.MessageID]bool{}, map[desk.TurnID]bool{}
	for i := range events {
		e := &events[i]
		if shows(e.Kind) {
			once(conversations, e.Conversation, &a.conversations)
		}
		if shows(e.Kind) || e.Kind == desk.EventReading {
			once(read, e.Conversation, &a.read)
		}
		if e.Kind == desk.EventPresence {
			once(attended, e.Conversation, &a.attended)
		}
		once(messages, e.Message, &a.messages)
		once(turns, e.Turn, &a.turns)
	}
	return a
}

func once[N any](seen map[desk.ID[N]]bool, id desk.ID[N], into *[]desk.ID[N]) {
	if !id.IsZero() && !seen[id] {
		seen[id] = true
		*into = append(*into, id)
	}
}

// News builds what is shown of events, as things are now; equal ones share it. Whoever
// is told that an Inbox changed finds it changed, on every node.
func (b *Inbox) News(ctx context.Context, events []desk.Event) ([]News, error) {
	if slices.ContainsFunc(events, func(e desk.Event) bool { return e.Kind == desk.EventInbox }) {
		if err := b.inboxes.Refresh(ctx); err != nil {
			b.log.Warn("reading a changed inbox failed; it is shown as it was", "error", err)
		}
	}
	a := gather(events)
	conversations, err := b.findConversations(ctx, a.conversations)
	if err != nil {
		return nil, err
	}
	messages, err := b.findMessages(ctx, a.messages)
	if err != nil {
		return nil, err
	}
	turns, err := b.findTurns(ctx, a.turns)
	if err != nil {
		return nil, err
	}
	read, err := b.store.FindReadings(ctx, a.read)
	if err != nil {
		return nil, err
	}
	attending, err := b.store.FindPresences(ctx, a.attended)
	if err != nil {
		return nil, err
	}
	var tallies desk.Tallies
	if len(a.conversations) > 0 {
		if tallies, err = b.store.Tallies(ctx); err != nil {
			return nil, err
		}
	}
	news := make([]News, len(events))
	for i, e := range events {
		news[i] = News{
			Conversation: conversations[e.Conversation], Message: messages[e.Message], Turn: turns[e.Turn],
			Read: read[e.Conversation], Tallies: tallies,
		}
		if !shows(e.Kind) {
			news[i].Conversation = nil
		}
		if e.Kind == desk.EventPresence {
			news[i].Attending = attending[e.Conversation]
		}
	}
	return news, nil
}
