package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/private"
)

// Turn is what happened to a Conversation beside Messages.
type Turn struct {
	ID           string           `json:"id" format:"uuid"`
	Conversation string           `json:"conversation" format:"uuid"`
	Kind         desk.TurnKind    `json:"kind" enum:"note,assigned,released,transferred,closed,reopened,snoozed,woken,split"`
	At           time.Time        `json:"at"`
	ThreadAt     time.Time        `json:"thread_at" doc:"Where it stands in the thread, together with position."`
	Position     int64            `json:"position"`
	By           Maybe[Named]     `json:"by" doc:"Null: the house itself."`
	To           Maybe[Named]     `json:"to" doc:"Who has the Conversation now."`
	Until        Maybe[time.Time] `json:"until" doc:"Of a Snooze; null: until the Contact writes."`
	Text         string           `json:"text" doc:"A Note, or the words of a Transfer or a Closure."`
	Hidden       bool             `json:"hidden" doc:"As with messages."`
}

// ThreadEntry is a Message or a Turn.
type ThreadEntry struct {
	Kind    string         `json:"kind" enum:"message,turn"`
	Message Maybe[Message] `json:"message"`
	Turn    Maybe[Turn]    `json:"turn"`
}

// ThreadPage is a page of a thread, the lowest entry first.
type ThreadPage struct {
	Items []ThreadEntry `json:"items" nullable:"false"`
	Next  string        `json:"next" doc:"Cursor of the next page; empty at the end."`
	AsOf  string        `json:"as_of" doc:"The event this state includes."`
}

// NewNote is what an Agent writes for colleagues.
type NewNote struct {
	ClientID string `json:"client_id" minLength:"1" maxLength:"128" doc:"The author's own name for it: asking twice writes once."`
	Text     string `json:"text" minLength:"1" maxLength:"4096"`
}

type (
	entriesOutput struct{ Body ThreadPage }
	noteInput     struct {
		ID   string `path:"id" format:"uuid"`
		Body NewNote
	}
	turnOutput  struct{ Body Turn }
	turnsOutput struct {
		Body struct {
			Items []Turn `json:"items" nullable:"false"`
		}
	}
)

func (a *API) thread() {
	register(a, operation("thread-get", http.MethodGet, "/conversations/{id}/thread", "Read a thread with what happened beside Messages", http.StatusOK),
		auth.ReadConversations, a.getThread)
	register(a, operation("note-write", http.MethodPost, "/conversations/{id}/notes", "Write a Note for colleagues; it never leaves the house", http.StatusCreated),
		auth.WriteMessages, a.writeNote)
	register(a, operation("notes-list", http.MethodGet, "/conversations/{id}/notes", "The Notes, newest first", http.StatusOK),
		auth.ReadConversations, a.listNotes)
}

func turnView(t *inbox.Turn, n names) Turn {
	return Turn{
		ID: t.ID.String(), Conversation: t.Conversation.String(), Kind: t.Kind, At: t.At, ThreadAt: t.ThreadAt, Position: t.Position,
		By: n.maybe(t.By), To: n.maybe(t.To), Until: maybeTime(t.Until), Text: t.Text.Reveal(), Hidden: t.Hidden,
	}
}

func (a *API) getThread(ctx context.Context, x *exchange, in *threadInput) (*entriesOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	// The number is read first: what commits meanwhile is told twice, never not at all.
	last, err := a.LastEvent(ctx)
	if err != nil {
		return nil, err
	}
	page, err := a.Inbox.Thread(ctx, x.viewer(), id, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &entriesOutput{ThreadPage{Items: make([]ThreadEntry, len(page.Items)), Next: page.Next, AsOf: a.cursor(last)}}
	for i, e := range page.Items {
		if e.Message != nil {
			out.Body.Items[i] = ThreadEntry{Kind: "message", Message: some(messageView(e.Message, n))}
		} else {
			out.Body.Items[i] = ThreadEntry{Kind: "turn", Turn: some(turnView(e.Turn, n))}
		}
	}
	return out, nil
}

func (a *API) cursor(n int64) string { return desk.Cursor{Feed: a.FeedName, N: n}.String() }

func (a *API) writeNote(ctx context.Context, x *exchange, in *noteInput) (*turnOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	t, err := a.Inbox.Note(ctx, x.viewer(), id, inbox.NewNote{ClientID: in.Body.ClientID, Text: private.NewText(in.Body.Text)})
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	return &turnOutput{turnView(&t, n)}, nil
}

func (a *API) listNotes(ctx context.Context, x *exchange, in *oneInput) (*turnsOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	notes, err := a.Inbox.Notes(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &turnsOutput{}
	out.Body.Items = make([]Turn, len(notes))
	for i := range notes {
		out.Body.Items[i] = turnView(&notes[i], n)
	}
	return out, nil
}
