package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/private"
)

// Reading says how far the caller has read.
type Reading struct {
	Position int64 `json:"position" minimum:"0" doc:"Of the newest entry that was read; lower than before marks as unread."`
}

// DraftView is what the caller has typed and not sent.
type DraftView struct {
	Reply string           `json:"reply"`
	Note  string           `json:"note"`
	At    Maybe[time.Time] `json:"at"`
}

// NewDraft replaces what the caller has typed; both empty forgets it.
type NewDraft struct {
	Reply string `json:"reply" maxLength:"4096"`
	Note  string `json:"note" maxLength:"4096"`
}

// Attention says what the caller does with an open Conversation.
type Attention struct {
	State   desk.PresenceState `json:"state" enum:"viewing,writing,gone"`
	Answers bool               `json:"answers,omitempty" doc:"Writes to the Contact, not a Note; the Contact is told if the Inbox tells so."`
}

// Attendee is an Agent who has a Conversation in front of them.
type Attendee struct {
	ID    string             `json:"id" format:"uuid"`
	Name  string             `json:"name"`
	State desk.PresenceState `json:"state" enum:"viewing,writing"`
	Until time.Time          `json:"until" doc:"Unless it is told again."`
}

// MaskedIdentity is one way to recognise a Contact, without revealing it.
type MaskedIdentity struct {
	ID     string            `json:"id" format:"uuid"`
	Kind   desk.IdentityKind `json:"kind" enum:"phone,bsuid,parentbsuid"`
	Masked string            `json:"masked"`
	Since  time.Time         `json:"since"`
}

// LanguageInput names a language.
type LanguageInput struct {
	Language string `json:"language" maxLength:"35" doc:"BCP 47; empty if it is not known."`
}

// Resolve refuses what is no language.
func (in *LanguageInput) Resolve(huma.Context) []error {
	if in.Language == "" {
		return nil
	}
	tag, err := language.Parse(in.Language)
	if err != nil {
		return []error{&huma.ErrorDetail{Location: "body.language", Message: "expected a language of BCP 47"}}
	}
	in.Language = tag.String()
	return nil
}

type (
	readingInput struct {
		ID   string `path:"id" format:"uuid"`
		Body Reading
	}
	draftInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewDraft
	}
	draftOutput    struct{ Body DraftView }
	attentionInput struct {
		ID   string `path:"id" format:"uuid"`
		Body Attention
	}
	attendeesOutput struct {
		Body struct {
			People []Attendee `json:"people" nullable:"false"`
		}
	}
	mattersOutput struct {
		Body struct {
			Items []Conversation `json:"items" nullable:"false"`
		}
	}
	maskedOutput struct {
		Body struct {
			Items []MaskedIdentity `json:"items" nullable:"false"`
		}
	}
	languageInput struct {
		ID   string `path:"id" format:"uuid"`
		Body LanguageInput
	}
)

func (a *API) attention() {
	register(a, byItself(operation("reading-set", http.MethodPut, "/conversations/{id}/reading", "Note how far the caller has read", http.StatusNoContent)),
		auth.ReadConversations, a.setReading)
	register(a, operation("draft-get", http.MethodGet, "/conversations/{id}/draft", "What the caller has typed and not sent", http.StatusOK),
		auth.WriteMessages, a.getDraft)
	register(a, operation("draft-set", http.MethodPut, "/conversations/{id}/draft", "Keep what the caller has typed", http.StatusNoContent),
		auth.WriteMessages, a.setDraft)
	register(a, operation("presence-get", http.MethodGet, "/conversations/{id}/presence", "Who has a Conversation in front of them", http.StatusOK),
		auth.ReadConversations, a.getPresence)
	register(a, byItself(operation("presence-set", http.MethodPut, "/conversations/{id}/presence", "Tell colleagues that one looks or writes; lasts a minute", http.StatusNoContent)),
		auth.ReadConversations, a.setPresence)
	register(a, operation("matters-list", http.MethodGet, "/conversations/{id}/matters", "Other Conversations of the same Contact", http.StatusOK),
		auth.ReadConversations, a.listMatters)
	register(a, operation("identities-list", http.MethodGet, "/conversations/{id}/identities", "The Contact's Identities, masked", http.StatusOK),
		auth.ReadConversations, a.listIdentities)
	register(a, operation("language-set", http.MethodPut, "/conversations/{id}/language", "Note which language the Contact reads", http.StatusNoContent),
		auth.WorkConversations, a.setLanguage)
}

func (a *API) setReading(ctx context.Context, x *exchange, in *readingInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.MarkRead(ctx, x.viewer(), id, in.Body.Position)
}

func (a *API) getDraft(ctx context.Context, x *exchange, in *oneInput) (*draftOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	d, err := a.Inbox.Draft(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	return &draftOutput{DraftView{Reply: d.Reply.Reveal(), Note: d.Note.Reveal(), At: maybeTime(d.At)}}, nil
}

func (a *API) setDraft(ctx context.Context, x *exchange, in *draftInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	w := desk.Writing{Reply: private.NewText(in.Body.Reply), Note: private.NewText(in.Body.Note)}
	return nil, a.Inbox.SaveDraft(ctx, x.viewer(), id, w)
}

func (a *API) getPresence(ctx context.Context, x *exchange, in *oneInput) (*attendeesOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Inbox.Attending(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &attendeesOutput{}
	out.Body.People = attendees(found, n)
	return out, nil
}

func attendees(found []desk.Presence, n names) []Attendee {
	out := make([]Attendee, len(found))
	for i, p := range found {
		out[i] = Attendee{ID: p.Agent.String(), Name: n[p.Agent].Name.Reveal(), State: p.State, Until: p.Until}
	}
	return out
}

func (a *API) setPresence(ctx context.Context, x *exchange, in *attentionInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Attend(ctx, x.viewer(), id, in.Body.State, in.Body.Answers)
}

func (a *API) listMatters(ctx context.Context, x *exchange, in *oneInput) (*mattersOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Inbox.Matters(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	return a.mattersOf(ctx, found)
}

func conversationViews(found []inbox.Conversation, n names, now time.Time) []Conversation {
	out := make([]Conversation, len(found))
	for i := range found {
		out[i] = conversationView(&found[i], n, now)
	}
	return out
}

func (a *API) listIdentities(ctx context.Context, x *exchange, in *oneInput) (*maskedOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Inbox.Identities(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	out := &maskedOutput{}
	out.Body.Items = make([]MaskedIdentity, len(found))
	for i, f := range found {
		out.Body.Items[i] = MaskedIdentity{ID: f.ID.String(), Kind: f.Kind, Masked: f.Masked.Reveal(), Since: f.Since}
	}
	return out, nil
}

func (a *API) setLanguage(ctx context.Context, x *exchange, in *languageInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.SetLanguage(ctx, x.viewer(), id, private.NewText(in.Body.Language))
}
