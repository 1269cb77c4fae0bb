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

// NewAssignment says who is to have a Conversation.
type NewAssignment struct {
	Agent string  `json:"agent" format:"uuid"`
	Was   *string `json:"was,omitempty" doc:"Who has it as far as the caller knows, empty for nobody: 409 if that is not so any more."`
}

// NewTransfer passes a Conversation on, with words for who gets it.
type NewTransfer struct {
	Agent string `json:"agent" format:"uuid"`
	Note  string `json:"note" minLength:"1" maxLength:"1000"`
}

// NewClosure ends a Conversation.
type NewClosure struct {
	Reason string `json:"reason,omitempty" maxLength:"500"`
}

// NewSnooze lets a Conversation rest.
type NewSnooze struct {
	Until *time.Time `json:"until,omitempty" doc:"Null or absent: until the Contact writes."`
}

type (
	assignInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewAssignment
	}
	transferInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewTransfer
	}
	closeInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewClosure
	}
	snoozeInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewSnooze
	}
	namedOutput struct {
		Body struct {
			Items []Named `json:"items" nullable:"false"`
		}
	}
)

func (a *API) work() {
	register(a, operation("conversation-assign", http.MethodPut, "/conversations/{id}/assignment", "Give a Conversation to an Agent", http.StatusOK),
		auth.WorkConversations, a.assign)
	register(a, operation("conversation-release", http.MethodDelete, "/conversations/{id}/assignment", "Take a Conversation from whoever has it", http.StatusOK),
		auth.WorkConversations, acting(a, a.Inbox.Release))
	register(a, operation("conversation-transfer", http.MethodPost, "/conversations/{id}/transfers", "Pass a Conversation on, with a note", http.StatusOK),
		auth.WorkConversations, a.transfer)
	register(a, operation("conversation-close", http.MethodPost, "/conversations/{id}/closure", "Close a Conversation", http.StatusOK),
		auth.WorkConversations, a.close)
	register(a, operation("conversation-reopen", http.MethodDelete, "/conversations/{id}/closure", "Reopen a Conversation", http.StatusOK),
		auth.WorkConversations, acting(a, a.Inbox.Reopen))
	register(a, operation("conversation-snooze", http.MethodPut, "/conversations/{id}/snooze", "Let a Conversation rest", http.StatusOK),
		auth.WorkConversations, a.snooze)
	register(a, operation("conversation-wake", http.MethodDelete, "/conversations/{id}/snooze", "End the rest of a Conversation", http.StatusOK),
		auth.WorkConversations, acting(a, a.Inbox.Wake))
	register(a, operation("inbox-agents", http.MethodGet, "/inboxes/{id}/agents", "Who may have Conversations of an Inbox", http.StatusOK),
		auth.WorkConversations, a.colleagues)
}

// acting makes a handler of an act that needs no input.
func acting(a *API, act func(context.Context, inbox.Viewer, desk.ConversationID) (inbox.Conversation, error)) func(context.Context, *exchange, *oneInput) (*conversationOutput, error) {
	return func(ctx context.Context, x *exchange, in *oneInput) (*conversationOutput, error) {
		return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) { return act(ctx, x.viewer(), id) })
	}
}

// acted does something to the Conversation of a path and shows it.
func (a *API) acted(ctx context.Context, path string, act func(desk.ConversationID) (inbox.Conversation, error)) (*conversationOutput, error) {
	id, err := conversationID(path)
	if err != nil {
		return nil, err
	}
	c, err := act(id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	return &conversationOutput{conversationView(&c, n, a.Now())}, nil
}

func agentID(field, s string) (desk.AgentID, error) {
	id, err := desk.ParseID[desk.Agent](s)
	if err != nil {
		return id, desk.Invalid(field, "is not an id")
	}
	return id, nil
}

func (a *API) assign(ctx context.Context, x *exchange, in *assignInput) (*conversationOutput, error) {
	to, err := agentID("agent", in.Body.Agent)
	if err != nil {
		return nil, err
	}
	var was *desk.AgentID
	if in.Body.Was != nil {
		was = new(desk.AgentID)
		if *in.Body.Was != "" {
			if *was, err = agentID("was", *in.Body.Was); err != nil {
				return nil, err
			}
		}
	}
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Assign(ctx, x.viewer(), id, to, was)
	})
}

func (a *API) transfer(ctx context.Context, x *exchange, in *transferInput) (*conversationOutput, error) {
	to, err := agentID("agent", in.Body.Agent)
	if err != nil {
		return nil, err
	}
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Transfer(ctx, x.viewer(), id, to, private.NewText(in.Body.Note))
	})
}

func (a *API) close(ctx context.Context, x *exchange, in *closeInput) (*conversationOutput, error) {
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Close(ctx, x.viewer(), id, private.NewText(in.Body.Reason))
	})
}

func (a *API) snooze(ctx context.Context, x *exchange, in *snoozeInput) (*conversationOutput, error) {
	var until time.Time
	if in.Body.Until != nil {
		until = in.Body.Until.UTC().Truncate(time.Millisecond)
	}
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Snooze(ctx, x.viewer(), id, until)
	})
}

func (a *API) colleagues(ctx context.Context, x *exchange, in *oneInput) (*namedOutput, error) {
	id, err := desk.ParseID[desk.Inbox](in.ID)
	if err != nil {
		return nil, desk.NotFound("inbox")
	}
	agents, err := a.Inbox.Colleagues(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &namedOutput{}
	out.Body.Items = make([]Named, len(agents))
	for i, agent := range agents {
		out.Body.Items[i] = n.of(agent)
	}
	return out, nil
}
