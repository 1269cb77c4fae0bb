package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// RegisterView is a Controller's register at one moment (GDPR Art. 30).
type RegisterView struct {
	Facts      ControllerFacts `json:"facts"`
	Missing    []string        `json:"missing" nullable:"false" doc:"Facts without which no Notice can be put to use."`
	Recipients []RecipientView `json:"recipients" nullable:"false"`
	Policies   desk.Policies   `json:"policies"`
	Framework  FrameworkView   `json:"framework"`
	Duties     []DutyView      `json:"duties" nullable:"false" doc:"What is missing, and what must be looked at again within 30 days, the most urgent first."`
}

// DutyView is something that somebody must complete or look at again.
type DutyView struct {
	Kind    desk.DutyKind `json:"kind" enum:"complete,authority,review,framework,terms,notice,no_notice"`
	Row     string        `json:"row" format:"uuid" doc:"Of the Recipient, or of the Inbox whose Notice it is; the Controller's own id for its facts."`
	Name    string        `json:"name" doc:"Of the Recipient or the Inbox; empty for the Controller's facts."`
	Missing []string      `json:"missing" nullable:"false" doc:"What is missing or wrong, as field paths."`
	Title   string        `json:"title" doc:"Of the terms to be read again; of the authority that is competent."`
	Until   string        `json:"until" doc:"The last day on which it is in time; empty: it is late already."`
	Late    bool          `json:"late"`
}

// RecipientView is a row of the register.
type RecipientView struct {
	ID      string         `json:"id" format:"uuid"`
	Version int64          `json:"version"`
	At      time.Time      `json:"at"`
	By      string         `json:"by" doc:"Id of the Agent, or the kind of Actor."`
	Active  bool           `json:"active" doc:"Switched on. One that lacks anything cannot be."`
	Missing []string       `json:"missing" nullable:"false"`
	Abroad  bool           `json:"abroad" doc:"Outside the European Economic Area."`
	Facts   desk.Recipient `json:"facts"`
}

// FrameworkView says whether the Data Privacy Framework is held valid.
type FrameworkView struct {
	Valid  bool             `json:"valid"`
	Since  Maybe[time.Time] `json:"since" doc:"Since when it is held invalid."`
	Reason string           `json:"reason"`
}

// PolicyView is a choice that the law leaves.
type PolicyView struct {
	Key      string   `json:"key"`
	Options  []string `json:"options" nullable:"false"`
	Default  string   `json:"default"`
	InEffect bool     `json:"in_effect" doc:"Something depends on it; otherwise the choice is kept on record for what comes."`
	Means    Words    `json:"means" doc:"For data protection, in a sentence."`
}

type (
	registerInput struct {
		ID string    `path:"id" format:"uuid"`
		At time.Time `query:"at" doc:"The register as of this moment, which lies on no future day; now if missing."`
	}
	registerOutput    struct{ Body RegisterView }
	newRecipientInput struct {
		ID   string `path:"id" format:"uuid"`
		Body RecipientChange
	}
	recipientMade struct {
		Body struct {
			ID string `json:"id" format:"uuid"`
		}
	}
	recipientInput struct {
		ID   string `path:"id" format:"uuid"`
		Body RecipientChange
	}
	recipientVersionsInput struct {
		ID string `path:"id" format:"uuid"`
	}
	recipientVersionsOutput struct {
		Body struct {
			Items []RecipientView `json:"items" nullable:"false"`
			Kept  []string        `json:"kept" nullable:"false" doc:"Digests of terms whose files are kept: GET /recipients/{id}/terms/{digest}."`
		}
	}
	frameworkInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Valid  bool   `json:"valid"`
			Reason string `json:"reason" minLength:"1" maxLength:"500"`
		}
	}
	policiesInput struct {
		ID   string `path:"id" format:"uuid"`
		Body PoliciesChange
	}
	policiesChanged struct {
		Status int
		Body   struct {
			Approval string `json:"approval" doc:"Id of the Approval that a second person decides about; empty if the change has taken effect."`
		}
	}
	policiesOutput struct {
		Body struct {
			Items []PolicyView `json:"items" nullable:"false"`
		}
	}
)

// PoliciesChange is what a Controller is to choose.
type PoliciesChange struct {
	desk.Policies
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"For whoever decides."`
}

// RecipientChange is the next version of a row.
type RecipientChange struct {
	Active bool           `json:"active"`
	Facts  desk.Recipient `json:"facts"`
}

func (a *API) register() {
	register(a, operation("register-get", http.MethodGet, "/controllers/{id}/register", "A Controller's register, of today or any past moment (GDPR Art. 30)", http.StatusOK),
		auth.ReadGovernance, a.getRegister)
	register(a, operation("recipient-create", http.MethodPost, "/controllers/{id}/recipients", "Enter a Recipient", http.StatusCreated),
		auth.ChangeSettings, a.createRecipient)
	register(a, operation("recipient-change", http.MethodPut, "/recipients/{id}", "Write the next version of a Recipient, or switch it on or off", http.StatusNoContent),
		auth.ChangeSettings, a.changeRecipient)
	register(a, operation("recipient-versions", http.MethodGet, "/recipients/{id}/versions", "All versions of a Recipient, the newest first", http.StatusOK),
		auth.ReadGovernance, a.listRecipientVersions)
	register(a, operation("framework-hold", http.MethodPut, "/controllers/{id}/framework", "Hold the Data Privacy Framework invalid, or valid again (GDPR Art. 45)", http.StatusNoContent),
		auth.ChangeSettings, a.holdFramework)
	register(a, operation("policies-list", http.MethodGet, "/policies", "The choices that the law leaves, with their defaults", http.StatusOK),
		auth.ReadGovernance, a.listPolicies)
	change := operation("policies-change", http.MethodPut, "/controllers/{id}/policies", "Put other choices in the place of a Controller's, or ask for that", http.StatusOK)
	change.Description = "What only goes back to the defaults takes effect at once (200). Anything else waits for a second person (202)."
	register(a, change, auth.ChangeSettings, a.changePolicies)
}

// controllerWithin reads the id of a Controller in the caller's Scope.
func (a *API) controllerWithin(ctx context.Context, x *exchange, text string) (desk.ControllerID, error) {
	id, err := desk.ParseID[desk.Controller](text)
	if err != nil {
		return id, desk.NotFound("controller")
	}
	listed, err := a.People.Controllers(ctx, x.who)
	if err != nil {
		return id, err
	}
	for _, c := range listed {
		if c.ID == id {
			return id, nil
		}
	}
	return id, desk.NotFound("controller")
}

// recipientWithin reads the id of a Recipient of a Controller in the caller's Scope.
func (a *API) recipientWithin(ctx context.Context, x *exchange, text string) (controller desk.ControllerID, id desk.RegisterID, err error) {
	if id, err = desk.ParseID[desk.RegisterEntry](text); err != nil {
		return controller, id, desk.NotFound("recipient")
	}
	if controller, err = a.Settings.ControllerOf(ctx, id); err != nil {
		return controller, id, err
	}
	if _, err = a.controllerWithin(ctx, x, controller.String()); err != nil {
		err = desk.NotFound("recipient")
	}
	return controller, id, err
}

func (a *API) getRegister(ctx context.Context, x *exchange, in *registerInput) (*registerOutput, error) {
	id, err := a.controllerWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case in.At.IsZero():
		in.At = a.Now().Add(time.Minute) // a node's clock may be a little ahead of ours
	case a.dayOf(in.At) > a.dayOf(a.Now()):
		return nil, desk.Invalid("at", "lies in the future")
	}
	r, err := a.Settings.Register(ctx, id, in.At)
	if err != nil {
		return nil, err
	}
	out := &registerOutput{RegisterView{
		Facts:      controllerView(desk.Controller{Name: r.Controller.Name, Facts: r.Controller}).Facts,
		Missing:    orEmpty(r.Controller.Missing(r.Footing(a.dayOf(in.At)))),
		Recipients: make([]RecipientView, len(r.Recipients)), Policies: r.Policies,
		Framework: FrameworkView{r.InvalidAt.IsZero(), maybeTime(r.InvalidAt), r.Invalid.Reason},
	}}
	for i, l := range r.Recipients {
		out.Body.Recipients[i] = recipientView(l)
	}
	out.Body.Duties, err = a.duties(ctx, r, in.At)
	return out, err
}

// duties are those of a moment, by the calendar of the house.
func (a *API) duties(ctx context.Context, r desk.Register, at time.Time) ([]DutyView, error) {
	at = at.In(a.zone())
	due, err := a.Settings.Duties(ctx, r, at)
	out := make([]DutyView, len(due))
	for i, d := range due {
		out[i] = DutyView{d.Kind, d.Row.String(), d.Name, orEmpty(d.Fields), d.Title, d.Until, d.IsLate(at.Format(time.DateOnly))}
	}
	return out, err
}

// zone is where the days of the house begin and end.
func (a *API) zone() *time.Location {
	zone, err := time.LoadLocation(a.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// dayOf is a day of the calendar of the house: 2026-11-30.
func (a *API) dayOf(t time.Time) string { return t.In(a.zone()).Format(time.DateOnly) }

// orEmpty is a list that is never null.
func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func recipientView(l desk.Listed) RecipientView {
	return RecipientView{
		ID: l.ID.String(), Version: l.Version, At: l.At, By: l.By, Active: l.Active, Missing: orEmpty(l.Missing()), Abroad: l.IsAbroad(), Facts: l.Recipient,
	}
}

func (a *API) createRecipient(ctx context.Context, x *exchange, in *newRecipientInput) (*recipientMade, error) {
	controller, err := a.controllerWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	id, err := a.Settings.PutRecipient(ctx, x.who.Actor(), controller, desk.RegisterID{}, in.Body.Facts, in.Body.Active)
	if err != nil {
		return nil, err
	}
	out := &recipientMade{}
	out.Body.ID = id.String()
	return out, nil
}

func (a *API) changeRecipient(ctx context.Context, x *exchange, in *recipientInput) (*none, error) {
	controller, id, err := a.recipientWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	_, err = a.Settings.PutRecipient(ctx, x.who.Actor(), controller, id, in.Body.Facts, in.Body.Active)
	return nil, err
}

func (a *API) listRecipientVersions(ctx context.Context, x *exchange, in *recipientVersionsInput) (*recipientVersionsOutput, error) {
	controller, id, err := a.recipientWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	entries, err := a.Settings.RegisterVersions(ctx, controller, desk.RegisterRecipient, id)
	if err != nil {
		return nil, err
	}
	out := &recipientVersionsOutput{}
	out.Body.Items = []RecipientView{}
	for _, e := range entries {
		r, err := desk.ReadRegister([]desk.RegisterEntry{e})
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, recipientView(r.Recipients[0]))
	}
	kept, err := a.Settings.TermsKept(ctx, controller)
	out.Body.Kept = orEmpty(kept)
	return out, err
}

func (a *API) holdFramework(ctx context.Context, x *exchange, in *frameworkInput) (*none, error) {
	controller, err := a.controllerWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.HoldFramework(ctx, x.who.Actor(), controller, in.Body.Valid, in.Body.Reason)
}

func (a *API) listPolicies(context.Context, *exchange, *none) (*policiesOutput, error) {
	out := &policiesOutput{}
	for _, o := range desk.PolicyOptions() {
		out.Body.Items = append(out.Body.Items, PolicyView{o.Key, o.Options, o.Default, !o.Later, Words{o.Means.DE, o.Means.EN}})
	}
	return out, nil
}

func (a *API) changePolicies(ctx context.Context, x *exchange, in *policiesInput) (*policiesChanged, error) {
	controller, err := a.controllerWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	asked, err := a.Settings.SetPolicies(ctx, x.who.Actor(), controller, in.Body.Policies, private.NewText(in.Body.Reason))
	if err != nil {
		return nil, err
	}
	out := &policiesChanged{Status: http.StatusOK}
	if !asked.IsZero() {
		out.Status, out.Body.Approval = http.StatusAccepted, asked.String()
	}
	return out, nil
}
