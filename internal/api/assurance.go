package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
)

// AssuranceView says why a Contact may be somebody else than before.
type AssuranceView struct {
	Since  time.Time       `json:"since" doc:"When the oldest change happened, by the provider's word."`
	News   desk.SystemNews `json:"news" enum:"new_number,new_user_id,new_identity" doc:"The newest change: another number, another id of WhatsApp's, another device."`
	Hidden bool            `json:"hidden" doc:"What was said before is not shown until somebody vouches."`
	Other  string          `json:"other" doc:"The Contact that wrote by the new number already; empty: none."`
}

// IdentityChangeView is one change of how a Contact is reached.
type IdentityChangeView struct {
	News      desk.SystemNews     `json:"news" enum:"new_number,new_user_id,new_identity"`
	Heard     desk.Heard          `json:"heard" enum:"notice,message,refusal" doc:"WhatsApp said so; it was seen in Messages; a Message was refused."`
	ChangedAt time.Time           `json:"changed_at" doc:"By the provider's word."`
	Vouched   Maybe[VouchingView] `json:"vouched" doc:"Null: nobody has said who it is."`
}

// VouchingView says who told who a Contact is since, and how they know.
type VouchingView struct {
	At    time.Time       `json:"at"`
	By    Named           `json:"by"`
	Means desk.VouchMeans `json:"means" enum:"callback,portal,details,in_person,split" doc:"Split: it is somebody else, and a Contact of their own since."`
}

// NewVouching is an Agent's word that a Contact is the same person.
type NewVouching struct {
	Means desk.VouchMeans `json:"means" enum:"callback,portal,details,in_person" doc:"Called back on a number known before; logged in to the portal; knew what only the person knows; was there."`
}

// NewMerge names the Contact that is the same person.
type NewMerge struct {
	Contact string `json:"contact" format:"uuid"`
}

type (
	vouchInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewVouching
	}
	blockInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Reason desk.BlockReason `json:"reason" enum:"insult,threat,harassment,spam,other"`
		}
	}
	mergeInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewMerge
	}
	unmergeInput struct {
		ID      string `path:"id" format:"uuid"`
		Contact string `path:"contact" format:"uuid"`
	}
	changesOutput struct {
		Body struct {
			Items []IdentityChangeView `json:"items" nullable:"false"`
		}
	}
	seekInput struct {
		Body struct {
			Text string `json:"text" minLength:"1" maxLength:"200" doc:"A telephone number in any spelling, or an id of WhatsApp's."`
		}
	}
)

func (a *API) assurance() {
	register(a, operation("identity-changes-list", http.MethodGet, "/conversations/{id}/identity-changes", "What changed about how the Contact is reached", http.StatusOK),
		auth.ReadConversations, a.listIdentityChanges)
	register(a, operation("contact-vouch", http.MethodPost, "/conversations/{id}/vouchings", "Say that it is the same person as before, and how you know; audited", http.StatusOK),
		auth.WorkConversations, a.vouch)
	register(a, operation("contact-split", http.MethodPost, "/conversations/{id}/splits", "Say that it is somebody else since the change: a Contact of their own, with what was said since. Gives the Conversation in which it stands now; audited", http.StatusOK),
		auth.WorkConversations, a.split)
	register(a, operation("contact-block", http.MethodPut, "/conversations/{id}/block", "Block the Contact in this Inbox; audited. Asks WhatsApp again where it did not take it", http.StatusNoContent),
		auth.BlockContacts, a.block)
	register(a, operation("contact-unblock", http.MethodDelete, "/conversations/{id}/block", "End that; audited", http.StatusNoContent),
		auth.BlockContacts, a.unblock)
	register(a, operation("merges-list", http.MethodGet, "/conversations/{id}/merges", "The other Contacts that are the same person, by their newest Conversations", http.StatusOK),
		auth.ReadConversations, a.listMerges)
	register(a, operation("contact-merge", http.MethodPost, "/conversations/{id}/merges", "Say that another Contact is the same person; audited, and can be undone", http.StatusOK),
		auth.WorkConversations, a.merge)
	register(a, operation("contact-unmerge", http.MethodDelete, "/conversations/{id}/merges/{contact}", "Undo that; the records are what they were", http.StatusOK),
		auth.WorkConversations, a.unmerge)
	register(a, operation("contacts-seek", http.MethodPost, "/contacts/searches", "Find Contacts by a number, by their newest Conversations; audited", http.StatusOK),
		auth.ReadConversations, a.seek)
}

func assuranceView(s *inbox.Assurance) Maybe[AssuranceView] {
	if len(s.Changes) == 0 {
		return Maybe[AssuranceView]{}
	}
	v := AssuranceView{Since: s.Changes[0].ChangedAt, News: s.Changes[len(s.Changes)-1].News, Hidden: s.Hides()}
	for _, c := range s.Changes {
		if !c.Other.IsZero() {
			v.Other = c.Other.String()
		}
	}
	return some(v)
}

func (a *API) listIdentityChanges(ctx context.Context, x *exchange, in *oneInput) (*changesOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Inbox.Changes(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Items = make([]IdentityChangeView, len(found))
	for i, c := range found {
		v := IdentityChangeView{News: c.News, Heard: c.Heard, ChangedAt: c.ChangedAt}
		if c.Vouched != nil {
			v.Vouched = some(VouchingView{c.Vouched.At, n.of(c.Vouched.By), c.Vouched.Means})
		}
		out.Body.Items[i] = v
	}
	return out, nil
}

func (a *API) vouch(ctx context.Context, x *exchange, in *vouchInput) (*conversationOutput, error) {
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Vouch(ctx, x.viewer(), id, in.Body.Means)
	})
}

func (a *API) split(ctx context.Context, x *exchange, in *oneInput) (*conversationOutput, error) {
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Split(ctx, x.viewer(), id)
	})
}

func (a *API) block(ctx context.Context, x *exchange, in *blockInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Block(ctx, x.viewer(), id, in.Body.Reason)
}

func (a *API) unblock(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Unblock(ctx, x.viewer(), id)
}

func (a *API) merge(ctx context.Context, x *exchange, in *mergeInput) (*conversationOutput, error) {
	other, err := desk.ParseID[desk.Contact](in.Body.Contact)
	if err != nil {
		return nil, desk.Invalid("contact", "is not an id")
	}
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Merge(ctx, x.viewer(), id, other)
	})
}

func (a *API) unmerge(ctx context.Context, x *exchange, in *unmergeInput) (*conversationOutput, error) {
	other, err := desk.ParseID[desk.Contact](in.Contact)
	if err != nil {
		return nil, desk.NotFound("contact")
	}
	return a.acted(ctx, in.ID, func(id desk.ConversationID) (inbox.Conversation, error) {
		return a.Inbox.Unmerge(ctx, x.viewer(), id, other)
	})
}

func (a *API) listMerges(ctx context.Context, x *exchange, in *oneInput) (*mattersOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Inbox.Kin(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	return a.mattersOf(ctx, found)
}

func (a *API) seek(ctx context.Context, x *exchange, in *seekInput) (*mattersOutput, error) {
	found, err := a.Inbox.Seek(ctx, x.viewer(), in.Body.Text)
	if err != nil {
		return nil, err
	}
	return a.mattersOf(ctx, found)
}

func (a *API) mattersOf(ctx context.Context, found []inbox.Conversation) (*mattersOutput, error) {
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &mattersOutput{}
	out.Body.Items = conversationViews(found, n, a.Now())
	return out, nil
}
