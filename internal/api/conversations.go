package api

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
)

// ConversationList is a page of Conversations.
type ConversationList struct {
	Items []Conversation `json:"items" nullable:"false"`
	Next  string         `json:"next" doc:"Cursor of the next page; empty at the end."`
	AsOf  string         `json:"as_of" doc:"The event this state includes: follow the stream from here."`
}

// Decision is what the gate would say of a reply now.
type Decision struct {
	Outcome string       `json:"outcome" enum:"permit,refusal,notice_first"`
	Reasons []ReasonView `json:"reasons" nullable:"false"`
}

// ReasonView is one reason of a Refusal, in the caller's language.
type ReasonView struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Article  string `json:"article" doc:"The norm behind it."`
	Helps    string `json:"helps" doc:"What would help."`
}

// IdentityView is one way to reach a Contact, in full.
type IdentityView struct {
	Kind  desk.IdentityKind `json:"kind"`
	Value string            `json:"value"`
}

// ReasonInput says why.
type ReasonInput struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Not personal: it is kept readable."`
}

// Resolve trims the reason and refuses what is no text: it is kept as it is and shown
// to whoever asks, on terminals too.
func (in *ReasonInput) Resolve(huma.Context) []error {
	in.Reason = strings.TrimSpace(in.Reason)
	switch {
	case in.Reason == "":
		return []error{&huma.ErrorDetail{Location: "body.reason", Message: "expected words"}}
	case strings.ContainsFunc(in.Reason, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }):
		return []error{&huma.ErrorDetail{Location: "body.reason", Message: "expected text without control characters"}}
	}
	return nil
}

type (
	listInput struct {
		View   string `query:"view" enum:"mine,unassigned,all,closed" default:"all"`
		Sort   string `query:"sort" enum:"newest,due" default:"newest" doc:"due is the order of work: whose window ends first, then what was answered."`
		Inbox  string `query:"inbox"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	listOutput struct{ Body ConversationList }
	oneInput   struct {
		ID string `path:"id" format:"uuid"`
	}
	conversationOutput struct{ Body Conversation }
	decisionOutput     struct{ Body Decision }
	previewInput       struct {
		ID      string `path:"id" format:"uuid"`
		Class   string `query:"class" enum:",service,transactional,advertising" doc:"Empty: service."`
		Purpose string `query:"purpose" maxLength:"300" doc:"Empty: the one that answers stand on."`
	}
	identitiesOutput struct {
		Body struct {
			Items []IdentityView `json:"items" nullable:"false"`
		}
	}
	restrictInput struct {
		ID   string `path:"id" format:"uuid"`
		Body ReasonInput
	}
)

func (a *API) conversations() {
	register(a, operation("conversations-list", http.MethodGet, "/conversations", "List Conversations", http.StatusOK),
		auth.ReadConversations, a.listConversations)
	register(a, operation("conversation-get", http.MethodGet, "/conversations/{id}", "Open a Conversation", http.StatusOK),
		auth.ReadConversations, a.getConversation)
	register(a, byItself(operation("permit-preview", http.MethodGet, "/conversations/{id}/permit", "What the gate would say of a text", http.StatusOK)),
		auth.WriteMessages, a.previewPermit)
	register(a, operation("identities-reveal", http.MethodPost, "/conversations/{id}/revelations", "Show the Contact's number in full; audited", http.StatusOK),
		auth.RevealIdentities, a.revealIdentities)
	register(a, operation("contact-restrict", http.MethodPut, "/conversations/{id}/restriction", "Restrict processing (GDPR Art. 18)", http.StatusNoContent),
		auth.RestrictContacts, a.restrict)
	register(a, operation("contact-unrestrict", http.MethodDelete, "/conversations/{id}/restriction", "Lift the restriction", http.StatusNoContent),
		auth.UnrestrictContacts, a.unrestrict)
}

func (a *API) listConversations(ctx context.Context, x *exchange, in *listInput) (*listOutput, error) {
	q := inbox.Query{View: desk.View(in.View), Sort: desk.Sort(in.Sort), Limit: in.Limit, Cursor: in.Cursor}
	if in.Inbox != "" {
		id, err := desk.ParseID[desk.Inbox](in.Inbox)
		if err != nil {
			return nil, desk.Invalid("inbox", "is not an id")
		}
		q.Inbox = id
	}
	// The number is read first: what commits meanwhile is told twice, never not at all.
	last, err := a.LastEvent(ctx)
	if err != nil {
		return nil, err
	}
	page, err := a.Inbox.List(ctx, x.viewer(), q)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &listOutput{ConversationList{
		Items: conversationViews(page.Items, n, a.Now()), Next: page.Next, AsOf: a.cursor(last),
	}}
	return out, nil
}

func (a *API) names(ctx context.Context) (names, error) {
	profiles, err := a.People.Profiles(ctx)
	return profiles, err
}

func (a *API) getConversation(ctx context.Context, x *exchange, in *oneInput) (*conversationOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	c, err := a.Inbox.Open(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	return &conversationOutput{conversationView(&c, n, a.Now())}, nil
}

// conversationID reads a path's id. What is no id names no Conversation.
func conversationID(s string) (desk.ConversationID, error) {
	id, err := desk.ParseID[desk.Conversation](s)
	if err != nil {
		return id, desk.NotFound("conversation")
	}
	return id, nil
}

func (a *API) previewPermit(ctx context.Context, x *exchange, in *previewInput) (*decisionOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := a.Inbox.Preview(ctx, x.viewer(), id, in.Class, in.Purpose)
	if err != nil {
		return nil, err
	}
	return &decisionOutput{decisionView(p, x.language())}, nil
}

func decisionView(p outbound.Preview, language string) Decision {
	return Decision{Outcome: p.Outcome, Reasons: reasonViews(p.Reasons, language)}
}

func (a *API) revealIdentities(ctx context.Context, x *exchange, in *oneInput) (*identitiesOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	aliases, err := a.Inbox.Reveal(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	out := &identitiesOutput{}
	out.Body.Items = make([]IdentityView, len(aliases))
	for i, alias := range aliases {
		out.Body.Items[i] = IdentityView{alias.Kind, alias.Value.Reveal()}
	}
	return out, nil
}

func (a *API) restrict(ctx context.Context, x *exchange, in *restrictInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Restrict(ctx, x.viewer(), id, in.Body.Reason)
}

func (a *API) unrestrict(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Unrestrict(ctx, x.viewer(), id)
}
