package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
)

// maxFormBody is the longest body with a signed form, which JSON carries in base64.
const maxFormBody = 5 << 20

type (
	consentRequestInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Purpose  string     `json:"purpose" minLength:"1" maxLength:"300" doc:"One that rests on a consent."`
			WishedAt *time.Time `json:"wished_at,omitempty" doc:"When the Contact told the wish elsewhere: it is asked to confirm it (double opt-in). Missing: it is asked in the chat."`
		}
	}
	customerInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Purpose    string    `json:"purpose" minLength:"1" maxLength:"300" doc:"One that rests on a legitimate interest."`
			Sale       string    `json:"sale" minLength:"1" maxLength:"500" doc:"The contract in connection with which the number was got (no. 1)."`
			SoldAt     time.Time `json:"sold_at"`
			OwnSimilar bool      `json:"own_similar" doc:"Only own and similar goods or services are advertised (no. 2)."`
			NotObject  bool      `json:"not_object" doc:"The Contact did not object (no. 3)."`
			Told       bool      `json:"told" doc:"The Contact was told of the right to object, and is told in each message (no. 4)."`
		}
	}
	formInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Purpose  string    `json:"purpose" minLength:"1" maxLength:"300" doc:"One that rests on a consent."`
			SignedAt time.Time `json:"signed_at"`
			Version  string    `json:"version" minLength:"1" maxLength:"100" doc:"Of the form, as it is printed on it."`
			Language string    `json:"language" enum:"de,en" doc:"Of the form."`
			Form     []byte    `json:"form" maxLength:"4200000" doc:"A PDF, PNG or JPEG of the signed sheet, 3 MiB at most."`
		}
	}
	paperInput struct {
		ID string `path:"id" format:"uuid" doc:"Of the entry of the Ledger."`
	}
	paperOutput struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
)

func (a *API) consents() {
	register(a, operation("consent-ask", http.MethodPost, "/conversations/{id}/consents/requests", "Ask the Contact for a consent to a Purpose (GDPR Art. 7)", http.StatusCreated),
		auth.WriteMessages, a.askConsent)
	register(a, operation("consent-customer", http.MethodPost, "/conversations/{id}/consents/customer", "Record the conditions of § 7(3) UWG for a customer", http.StatusNoContent),
		auth.WorkConversations, a.recordCustomer)
	form := operation("consent-paper", http.MethodPost, "/conversations/{id}/consents/paper", "Record a consent on a signed form, and keep the form (GDPR Art. 7(1))", http.StatusNoContent)
	form.MaxBodyBytes = maxFormBody
	register(a, form, auth.WorkConversations, a.recordForm)
	register(a, operation("paper-get", http.MethodGet, "/papers/{id}", "The signed form behind an entry of the Ledger; audited", http.StatusOK),
		auth.ReadGovernance, a.getPaper)
}

func (a *API) askConsent(ctx context.Context, x *exchange, in *consentRequestInput) (*messageOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	r := outbound.ConsentRequest{Conversation: id, Purpose: in.Body.Purpose}
	if in.Body.WishedAt != nil {
		r.Wished = *in.Body.WishedAt
	}
	m, err := a.Inbox.AskConsent(ctx, x.viewer(), r)
	if err != nil {
		return nil, err
	}
	return a.message(ctx, &m)
}

func (a *API) recordCustomer(ctx context.Context, x *exchange, in *customerInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.RecordCustomer(ctx, x.viewer(), inbox.Customer{
		Conversation: id, Purpose: in.Body.Purpose, Sale: private.NewText(in.Body.Sale), SoldAt: in.Body.SoldAt,
		Conditions: desk.CustomerGround{OwnSimilar: in.Body.OwnSimilar, NotObject: in.Body.NotObject, Told: in.Body.Told},
	})
}

func (a *API) recordForm(ctx context.Context, x *exchange, in *formInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.RecordForm(ctx, x.viewer(), inbox.SignedForm{
		Conversation: id, Purpose: in.Body.Purpose, SignedAt: in.Body.SignedAt, Version: in.Body.Version, Language: in.Body.Language, Form: in.Body.Form,
	})
}

func (a *API) getPaper(ctx context.Context, x *exchange, in *paperInput) (*paperOutput, error) {
	id, err := desk.ParseID[desk.ConsentEntry](in.ID)
	if err != nil {
		return nil, desk.NotFound("paper")
	}
	p, err := a.Evidence.Paper(ctx, x.who.Actor(), x.who.Scope(), id)
	if err != nil {
		return nil, err
	}
	return &paperOutput{p.Type, `attachment; filename="` + p.Name() + `"`, p.Form}, nil
}
