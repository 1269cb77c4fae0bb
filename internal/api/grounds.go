package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// Protection reads what data protection asks about.
type Protection interface {
	Ledger(ctx context.Context, actor desk.Actor, q desk.LedgerQuery) (entries []desk.ConsentEntry, next string, err error)
	Refusals(ctx context.Context, actor desk.Actor, q desk.RefusalQuery) (entries []desk.AuditEntry, next int64, err error)
	Destinations(ctx context.Context, scope desk.Scope) ([]desk.Destination, error)
}

// Grounds say why we may write to a Contact, or why not (GDPR Art. 5(2)).
type Grounds struct {
	Decision
	Purpose     string         `json:"purpose" doc:"That a reply stands on; empty if there is none."`
	Basis       string         `json:"basis" example:"6(1)(b)"`
	Purposes    []PurposeView  `json:"purposes" nullable:"false" doc:"All of the Controller's."`
	NotAssessed []string       `json:"not_assessed" nullable:"false" doc:"Rows of the gate that nobody assesses yet."`
	Restricted  bool           `json:"restricted"`
	Objections  []string       `json:"objections" nullable:"false" doc:"Purposes."`
	Consents    []ConsentState `json:"consents" nullable:"false" doc:"For each Purpose that advertising may go out for."`
	Showings    []ShowingView  `json:"showings" nullable:"false" doc:"Notices that were shown, the newest first."`
	Ledger      []LedgerEntry  `json:"ledger" nullable:"false" doc:"Everything about advertising, in order."`
}

// PurposeView is a Purpose of the register.
type PurposeView struct {
	Name  string `json:"name"`
	Basis string `json:"basis" example:"6(1)(b)"`
}

// ConsentState is how a Purpose stands.
type ConsentState struct {
	Purpose string           `json:"purpose"`
	Stands  bool             `json:"stands" doc:"There is a ground for it."`
	Held    bool             `json:"held" doc:"Nothing goes out until a person has read what the Contact wrote."`
	Step    desk.ConsentStep `json:"step" doc:"Of the entry that decided; empty if there is none."`
	Since   Maybe[time.Time] `json:"since"`
}

// ShowingView is that a Notice was shown.
type ShowingView struct {
	Message   string           `json:"message" format:"uuid"`
	Inbox     string           `json:"inbox" format:"uuid"`
	Version   int64            `json:"version"`
	Language  string           `json:"language"`
	Digest    string           `json:"digest"`
	At        time.Time        `json:"at"`
	Accepted  Maybe[time.Time] `json:"accepted" doc:"By the Provider."`
	Delivered Maybe[time.Time] `json:"delivered"`
	Read      Maybe[time.Time] `json:"read"`
}

// LedgerEntry is one line of the Ledger.
type LedgerEntry struct {
	ID         string             `json:"id" format:"uuid"`
	N          int64              `json:"n" doc:"Its place among those of the Contact."`
	At         time.Time          `json:"at"`
	ActedAt    Maybe[time.Time]   `json:"acted_at" doc:"When the Contact did it."`
	Controller string             `json:"controller" format:"uuid"`
	Contact    string             `json:"contact" format:"uuid"`
	Step       desk.ConsentStep   `json:"step" enum:"asked,granted,declined,withdrawn,doubted,cleared"`
	Purpose    string             `json:"purpose" doc:"Empty in a withdrawal: all advertising."`
	Ground     desk.ConsentGround `json:"ground"`
	Means      desk.ConsentMeans  `json:"means"`
	Message    string             `json:"message" doc:"Of the Contact; empty if there is none."`
	Wording    string             `json:"wording" doc:"Digest of what was shown."`
	Paper      bool               `json:"paper" doc:"A signed form is kept: GET /papers/{id of the entry}."`
	Actor      Actor              `json:"actor"`
	Digest     string             `json:"digest" doc:"Of the whole entry; the audit log has the same."`
}

type (
	groundsOutput   struct{ Body Grounds }
	withdrawalInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Purpose string `json:"purpose" maxLength:"300" doc:"Empty: all advertising."`
		}
	}
	clearanceInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Message string `json:"message" format:"uuid"`
		}
	}
	objectionInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Purpose string `json:"purpose" minLength:"1" maxLength:"300"`
		}
	}
	ledgerInput struct {
		Controller string `query:"controller" doc:"Id of the one whose entries are asked for; without it, all in the caller's Scope."`
		Step       string `query:"step" enum:",asked,granted,declined,withdrawn,doubted,cleared"`
		Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor     string `query:"cursor" maxLength:"200"`
	}
	ledgerOutput struct {
		Body struct {
			Items []LedgerEntry `json:"items" nullable:"false"`
			Next  string        `json:"next" doc:"Empty at the end."`
		}
	}
)

func (a *API) grounds() {
	register(a, operation("grounds-get", http.MethodGet, "/conversations/{id}/grounds", "Why we may write to the Contact, or why not", http.StatusOK),
		auth.ReadConversations, a.getGrounds)
	register(a, operation("consent-withdraw", http.MethodPost, "/conversations/{id}/withdrawals", "The Contact wants no advertising any more (GDPR Art. 7(3), 21(3))", http.StatusNoContent),
		auth.WorkConversations, a.withdraw)
	register(a, operation("doubt-clear", http.MethodPost, "/conversations/{id}/clearances", "A colleague has read the Message: it withdraws nothing", http.StatusNoContent),
		auth.WorkConversations, a.clearDoubt)
	register(a, operation("contact-object", http.MethodPost, "/conversations/{id}/objections", "The Contact objects to a Purpose (GDPR Art. 21)", http.StatusNoContent),
		auth.RestrictContacts, a.object)
	register(a, operation("objection-lift", http.MethodDelete, "/conversations/{id}/objections", "End an objection", http.StatusNoContent),
		auth.UnrestrictContacts, a.liftObjection)
	register(a, operation("ledger-list", http.MethodGet, "/ledger", "Entries of the Ledger, the newest first; audited", http.StatusOK),
		auth.ReadGovernance, a.listLedger)
}

func (a *API) getGrounds(ctx context.Context, x *exchange, in *oneInput) (*groundsOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	g, err := a.Inbox.Grounds(ctx, x.viewer(), id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &groundsOutput{Grounds{
		Decision: decisionView(g.Now, x.language()), Purpose: g.Purpose.Name, Basis: g.Purpose.Basis, NotAssessed: orEmpty(g.Now.Permit.NotAssessed),
		Purposes: []PurposeView{}, Restricted: !g.Restricted.IsZero(), Objections: []string{}, Consents: []ConsentState{}, Showings: []ShowingView{}, Ledger: []LedgerEntry{},
	}}
	for _, p := range g.Controller.Purposes {
		out.Body.Purposes = append(out.Body.Purposes, PurposeView{p.Name, p.Basis})
	}
	for _, o := range g.Objections {
		out.Body.Objections = append(out.Body.Objections, o.Purpose)
	}
	for _, s := range g.Consents {
		out.Body.Consents = append(out.Body.Consents, ConsentState{s.Purpose, s.Stands, s.Held, s.By.Step, maybeTime(s.By.At)})
	}
	for _, s := range g.Showings {
		out.Body.Showings = append(out.Body.Showings, ShowingView{
			Message: s.Message.String(), Inbox: s.Inbox.String(), Version: s.Version, Language: s.Language, Digest: s.Digest, At: s.At,
			Accepted: maybeTime(s.Accepted), Delivered: maybeTime(s.Delivered), Read: maybeTime(s.Read),
		})
	}
	for _, e := range g.Ledger {
		out.Body.Ledger = append(out.Body.Ledger, ledgerEntry(e, n))
	}
	return out, nil
}

func ledgerEntry(e desk.ConsentEntry, n names) LedgerEntry {
	v := LedgerEntry{
		ID: e.ID.String(), N: e.N, At: e.At, ActedAt: maybeTime(e.ActedAt), Controller: e.Controller.String(), Contact: e.Contact.String(),
		Step: e.Step, Purpose: e.Purpose, Ground: e.Ground, Means: e.Means, Wording: e.Wording.Digest, Paper: e.Paper != "", Digest: e.Digest(),
		Actor: Actor{Kind: e.Actor.Kind, Via: e.Actor.Via},
	}
	if !e.Answer.IsZero() {
		v.Message = e.Answer.String()
	}
	if !e.Actor.Agent.IsZero() {
		by := n.of(e.Actor.Agent)
		v.Actor.ID, v.Actor.Name = by.ID, by.Name
	}
	return v
}

func (a *API) withdraw(ctx context.Context, x *exchange, in *withdrawalInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Withdraw(ctx, x.viewer(), id, in.Body.Purpose)
}

func (a *API) clearDoubt(ctx context.Context, x *exchange, in *clearanceInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	message, err := desk.ParseID[desk.Message](in.Body.Message)
	if err != nil {
		return nil, desk.Invalid("message", "is not an id")
	}
	return nil, a.Inbox.ClearDoubt(ctx, x.viewer(), id, message)
}

func (a *API) object(ctx context.Context, x *exchange, in *objectionInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.Object(ctx, x.viewer(), id, in.Body.Purpose)
}

func (a *API) liftObjection(ctx context.Context, x *exchange, in *objectionInput) (*none, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Inbox.LiftObjection(ctx, x.viewer(), id, in.Body.Purpose)
}

// listLedger names a colleague only to those who may know them: the id of others is left out.
func (a *API) listLedger(ctx context.Context, x *exchange, in *ledgerInput) (*ledgerOutput, error) {
	q := desk.LedgerQuery{Scope: x.who.Scope(), Step: desk.ConsentStep(in.Step), Limit: in.Limit, Cursor: in.Cursor}
	var err error
	if in.Controller != "" {
		if q.Controller, err = desk.ParseID[desk.Controller](in.Controller); err != nil {
			return nil, desk.Invalid("controller", "is not an id")
		}
	}
	entries, next, err := a.Protection.Ledger(ctx, x.who.Actor(), q)
	if err != nil {
		return nil, err
	}
	out := &ledgerOutput{}
	out.Body.Next = next
	out.Body.Items = make([]LedgerEntry, len(entries))
	for i, e := range entries {
		e.Actor.Agent = desk.AgentID{}
		out.Body.Items[i] = ledgerEntry(e, nil)
	}
	return out, nil
}
