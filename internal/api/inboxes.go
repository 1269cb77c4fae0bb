package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// InboxFacts are what may be known about an Inbox; its secrets are written and never
// read back.
type InboxFacts struct {
	ID            string                 `json:"id" format:"uuid"`
	Name          string                 `json:"name"`
	Controller    string                 `json:"controller" format:"uuid"`
	Channel       desk.Channel           `json:"channel"`
	PhoneNumberID string                 `json:"phone_number_id" doc:"Meta's id of the number; not a telephone number."`
	WABA          string                 `json:"waba_id" doc:"Id of the WhatsApp Business Account."`
	GraphURL      string                 `json:"graph_url" doc:"Base address of the provider."`
	GraphVersion  string                 `json:"graph_version" example:"v25.0"`
	Auth          desk.AuthMode          `json:"auth" enum:"meta_signature,d360_signature,secret_header" doc:"How webhooks prove where they come from."`
	WebhookPath   string                 `json:"webhook_path" doc:"Where webhooks go, below the public URL."`
	Signals       desk.Signals           `json:"signals" enum:"none,read,typing" doc:"What people are told beside Messages: nothing, what was read, or also that somebody writes."`
	Paused        Maybe[PauseView]       `json:"paused" doc:"Sending has stopped; receiving goes on."`
	Coexistence   Maybe[CoexistenceView] `json:"coexistence" doc:"What is written in the WhatsApp Business app is taken in; null: nothing of it is kept."`
	Secrets       KeptSecrets            `json:"secrets"`
	CreatedAt     time.Time              `json:"created_at"`
}

// KeptSecrets counts secrets.
type KeptSecrets struct {
	AppSecrets   int  `json:"app_secrets" doc:"More than one while one is rotated."`
	VerifyTokens int  `json:"verify_tokens"`
	AccessToken  bool `json:"access_token"`
}

// NewInbox is what a WhatsApp Inbox is made of.
type NewInbox struct {
	Controller    string   `json:"controller" format:"uuid"`
	Name          string   `json:"name" minLength:"1" maxLength:"200"`
	PhoneNumberID string   `json:"phone_number_id" maxLength:"32" doc:"Meta's id of the number, digits alone."`
	WABA          string   `json:"waba_id" maxLength:"32" doc:"Id of the WhatsApp Business Account, digits alone."`
	GraphURL      string   `json:"graph_url,omitempty" maxLength:"300" doc:"Base address of the provider; without it Meta's."`
	GraphVersion  string   `json:"graph_version,omitempty" maxLength:"20" example:"v25.0"`
	Auth          string   `json:"auth,omitempty" enum:"meta_signature,d360_signature,secret_header" doc:"Without it meta_signature."`
	AppSecrets    []string `json:"app_secrets" nullable:"false" minItems:"1" maxItems:"10"`
	AccessToken   string   `json:"access_token" format:"password" maxLength:"4096"`
	VerifyTokens  []string `json:"verify_tokens" nullable:"false" maxItems:"10" doc:"meta_signature needs one."`
}

// NewSecrets replace the kinds of secrets that are given; the others stay.
type NewSecrets struct {
	AppSecrets   []string `json:"app_secrets,omitempty" nullable:"false" maxItems:"10" doc:"The old and the new one while it is rotated."`
	AccessToken  string   `json:"access_token,omitempty" format:"password" maxLength:"4096"`
	VerifyTokens []string `json:"verify_tokens,omitempty" nullable:"false" maxItems:"10"`
}

type (
	inboxesOutput struct {
		Body struct {
			Items []InboxFacts `json:"items" nullable:"false"`
		}
	}
	newInboxInput struct{ Body NewInbox }
	signalsInput  struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Signals desk.Signals `json:"signals" enum:"none,read,typing" doc:"WhatsApp knows no typing without the read mark."`
		}
	}
	madeOutput struct {
		Body struct {
			ID          string `json:"id" format:"uuid"`
			WebhookPath string `json:"webhook_path"`
		}
	}
	renameInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"200"`
		}
	}
	secretsInput struct {
		ID   string `path:"id" format:"uuid"`
		Body NewSecrets
	}
	pauseInput struct {
		ID   string `path:"id" format:"uuid"`
		Body ReasonInput
	}
)

func (a *API) inboxes() {
	register(a, operation("inboxes-list", http.MethodGet, "/inboxes", "What may be known about the Inboxes, by name", http.StatusOK),
		auth.ReadSettings, a.listInboxes)
	register(a, operation("inbox-create", http.MethodPost, "/inboxes", "Add a WhatsApp number", http.StatusCreated),
		auth.ChangeSettings, a.createInbox)
	register(a, operation("inbox-rename", http.MethodPut, "/inboxes/{id}", "Give an Inbox another name", http.StatusNoContent),
		auth.ChangeSettings, a.renameInbox)
	register(a, operation("inbox-secrets", http.MethodPut, "/inboxes/{id}/secrets", "Give an Inbox new secrets", http.StatusNoContent),
		auth.ChangeSettings, a.replaceSecrets)
	register(a, operation("inbox-signals", http.MethodPut, "/inboxes/{id}/signals", "Choose what people are told beside Messages", http.StatusNoContent),
		auth.ChangeSettings, a.chooseSignals)
	register(a, operation("inbox-pause", http.MethodPut, "/inboxes/{id}/pause", "Stop sending at once; everything is kept", http.StatusNoContent),
		auth.ChangeSettings, a.pause)
	register(a, operation("inbox-resume", http.MethodDelete, "/inboxes/{id}/pause", "Send again what waited", http.StatusNoContent),
		auth.ChangeSettings, a.resume)
	a.coexistence()
}

func inboxID(s string) (desk.InboxID, error) {
	id, err := desk.ParseID[desk.Inbox](s)
	if err != nil {
		return id, desk.NotFound("inbox")
	}
	return id, nil
}

// listInboxes shows those in the caller's Scope.
func (a *API) listInboxes(ctx context.Context, x *exchange, _ *none) (*inboxesOutput, error) {
	all, err := a.Settings.Inboxes(ctx)
	if err != nil {
		return nil, err
	}
	own, err := a.Uses.Inbox.Inboxes(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	served := map[desk.InboxID]bool{}
	for _, e := range own {
		served[e.ID] = true
	}
	out := &inboxesOutput{}
	out.Body.Items = []InboxFacts{}
	for _, in := range all {
		if x.who.Scope().All || served[in.ID] {
			out.Body.Items = append(out.Body.Items, inboxFacts(in))
		}
	}
	return out, nil
}

func inboxFacts(in settings.InboxFacts) InboxFacts {
	v := InboxFacts{
		ID: in.ID.String(), Name: in.Name, Controller: in.Controller.String(), Channel: in.Channel, PhoneNumberID: in.PhoneNumberID,
		WABA: in.WABA, GraphURL: in.GraphURL, GraphVersion: in.GraphVersion, Auth: in.Auth, Signals: in.Signals, WebhookPath: in.WebhookPath(),
		Secrets: KeptSecrets(in.Kept), CreatedAt: in.CreatedAt,
	}
	if in.Pause != nil {
		v.Paused = some(PauseView{in.Pause.At, in.Pause.Reason})
	}
	if c := in.Coexistence; c != nil {
		v.Coexistence = some(CoexistenceView{c.At, c.Reason})
	}
	return v
}

func (a *API) createInbox(ctx context.Context, x *exchange, in *newInboxInput) (*madeOutput, error) {
	n := settings.NewInbox{
		Name: in.Body.Name, PhoneNumberID: in.Body.PhoneNumberID, WABA: in.Body.WABA, GraphURL: in.Body.GraphURL,
		GraphVersion: in.Body.GraphVersion, Auth: desk.AuthMode(in.Body.Auth),
		Secrets: secretsOf(NewSecrets{in.Body.AppSecrets, in.Body.AccessToken, in.Body.VerifyTokens}),
	}
	var err error
	if n.Controller, err = desk.ParseID[desk.Controller](in.Body.Controller); err != nil {
		return nil, desk.Invalid("controller", "is not an id")
	}
	made := desk.Inbox{}
	if made.ID, err = a.Settings.CreateWhatsAppInbox(ctx, x.who.Actor(), n); err != nil {
		return nil, err
	}
	out := &madeOutput{}
	out.Body.ID, out.Body.WebhookPath = made.ID.String(), made.WebhookPath()
	return out, nil
}

func secretsOf(n NewSecrets) desk.InboxSecrets {
	s := desk.InboxSecrets{AppSecrets: keysOf(n.AppSecrets), VerifyTokens: keysOf(n.VerifyTokens)}
	if n.AccessToken != "" {
		s.AccessToken = private.NewKey([]byte(n.AccessToken))
	}
	return s
}

func keysOf(given []string) []private.Key {
	keys := make([]private.Key, len(given))
	for i, s := range given {
		keys[i] = private.NewKey([]byte(s))
	}
	return keys
}

func (a *API) renameInbox(ctx context.Context, x *exchange, in *renameInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.RenameInbox(ctx, x.who.Actor(), id, in.Body.Name)
}

func (a *API) chooseSignals(ctx context.Context, x *exchange, in *signalsInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.ChooseSignals(ctx, x.who.Actor(), id, in.Body.Signals)
}

func (a *API) replaceSecrets(ctx context.Context, x *exchange, in *secretsInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.ReplaceSecrets(ctx, x.who.Actor(), id, secretsOf(in.Body))
}

func (a *API) pause(ctx context.Context, x *exchange, in *pauseInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.PauseInbox(ctx, x.who.Actor(), id, in.Body.Reason)
}

func (a *API) resume(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.ResumeInbox(ctx, x.who.Actor(), id)
}
