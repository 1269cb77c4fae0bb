package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
)

// MessageList is a page of a thread, the lowest Message first.
type MessageList struct {
	Items []Message `json:"items" nullable:"false"`
	Next  string    `json:"next" doc:"Cursor of the next page; empty at the end."`
}

// NewMessage is what an Agent asks to be sent.
type NewMessage struct {
	ClientID string        `json:"client_id" minLength:"1" maxLength:"128" doc:"The author's own name for it: asking twice sends once."`
	Kind     desk.Kind     `json:"kind" enum:"text,image,video,audio,document,sticker,location,contacts,reaction,interactive,template"`
	Text     string        `json:"text,omitempty" maxLength:"4096" doc:"The text, or that of an offer; missing of what has none."`
	Preview  bool          `json:"preview,omitempty" doc:"The page behind the first link of a text is shown."`
	About    string        `json:"about,omitempty" format:"uuid" doc:"The message that it answers or reacts to."`
	Emoji    string        `json:"emoji,omitempty" maxLength:"32" doc:"Of a reaction; missing: it is taken back."`
	Location *NewLocation  `json:"location,omitempty"`
	Cards    []NewCard     `json:"cards,omitempty" maxItems:"257"`
	Offer    *OfferPart    `json:"offer,omitempty"`
	Template *TemplatePart `json:"template,omitempty"`
	Image    *FilePart     `json:"image,omitempty"`
	Video    *FilePart     `json:"video,omitempty"`
	Audio    *FilePart     `json:"audio,omitempty"`
	Document *FilePart     `json:"document,omitempty"`
	Sticker  *FilePart     `json:"sticker,omitempty"`
	Class    string        `json:"class,omitempty" enum:"service,transactional,advertising" doc:"Service if missing; whatever promotes anything is advertising (§ 7 UWG)."`
	Purpose  string        `json:"purpose,omitempty" maxLength:"300" doc:"Of the register, by name; missing: the one that answers stand on."`
	After    *int64        `json:"after,omitempty" minimum:"0" doc:"The position the author has seen: 409 if a colleague answered behind it."`
}

// NewAttempt asks to send a Message again.
type NewAttempt struct {
	ConfirmDoubt bool `json:"confirm_doubt" doc:"The Message is in doubt and may arrive twice; send it all the same."`
}

type (
	threadInput struct {
		ID     string `path:"id" format:"uuid"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	threadOutput struct{ Body MessageList }
	composeInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewMessage
	}
	messageOutput struct{ Body Message }
	attemptInput  struct {
		ID   string `path:"id" format:"uuid"`
		Body NewAttempt
	}
)

func (a *API) messages() {
	register(a, operation("messages-list", http.MethodGet, "/conversations/{id}/messages", "Read a thread", http.StatusOK),
		auth.ReadConversations, a.listMessages)
	register(a, operation("message-compose", http.MethodPost, "/conversations/{id}/messages", "Write a Message", http.StatusCreated),
		auth.WriteMessages, a.compose)
	register(a, operation("message-abandon", http.MethodPost, "/messages/{id}/abandonment", "Let a Message in doubt rest", http.StatusOK),
		auth.WriteMessages, a.abandon)
	register(a, operation("message-attempt", http.MethodPost, "/messages/{id}/attempts", "Send a failed Message again", http.StatusCreated),
		auth.WriteMessages, a.attempt)
}

func (a *API) listMessages(ctx context.Context, x *exchange, in *threadInput) (*threadOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	page, err := a.Inbox.Messages(ctx, x.viewer(), id, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &threadOutput{MessageList{Items: make([]Message, len(page.Items)), Next: page.Next}}
	for i := range page.Items {
		out.Body.Items[i] = messageView(&page.Items[i], n)
	}
	return out, nil
}

func (a *API) compose(ctx context.Context, x *exchange, in *composeInput) (*messageOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	var about desk.MessageID
	if in.Body.About != "" {
		if about, err = desk.ParseID[desk.Message](in.Body.About); err != nil {
			return nil, desk.Invalid("about", "is no message of this contact")
		}
	}
	holds, text := in.Body.composition(), ""
	if holds.File, text, err = in.Body.sends(); err != nil {
		return nil, err
	}
	m, err := a.Inbox.Reply(ctx, x.viewer(), outbound.Submission{
		Conversation: id, ClientID: in.Body.ClientID, Kind: in.Body.Kind, Text: private.NewText(text), Holds: holds, About: about,
		Class: in.Body.Class, Purpose: in.Body.Purpose,
		After: in.Body.After, Takes: x.who.Token.IsZero(),
	})
	if err != nil {
		return nil, err
	}
	return a.message(ctx, &m)
}

func (a *API) attempt(ctx context.Context, x *exchange, in *attemptInput) (*messageOutput, error) {
	id, err := desk.ParseID[desk.Message](in.ID)
	if err != nil {
		return nil, desk.NotFound("message")
	}
	m, err := a.Inbox.Repeat(ctx, x.viewer(), id, in.Body.ConfirmDoubt)
	if err != nil {
		return nil, err
	}
	return a.message(ctx, &m)
}

func (a *API) abandon(ctx context.Context, x *exchange, in *oneInput) (*messageOutput, error) {
	id, err := desk.ParseID[desk.Message](in.ID)
	if err != nil {
		return nil, desk.NotFound("message")
	}
	m, err := a.Inbox.Abandon(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	return a.message(ctx, &m)
}

func (a *API) message(ctx context.Context, m *inbox.Message) (*messageOutput, error) {
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	return &messageOutput{messageView(m, n)}, nil
}
