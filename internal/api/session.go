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

// Credentials are what an Agent logs in with.
type Credentials struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" format:"password" maxLength:"1024"`
}

// Me is who is logged in and what they serve.
type Me struct {
	Agent       Agent   `json:"agent"`
	Controllers []Named `json:"controllers" nullable:"false"`
	Inboxes     []Inbox `json:"inboxes" nullable:"false"`
	TimeZone    string  `json:"time_zone" example:"Europe/Berlin" doc:"By which the house shows times."`

	Preferences Preferences       `json:"preferences"`
	Session     Maybe[SessionRef] `json:"session" doc:"Null if the caller shows a token."`
	Framework   []FrameworkHeld   `json:"framework" nullable:"false" doc:"Controllers of the caller that hold the Data Privacy Framework invalid, and what follows."`
}

// FrameworkHeld says that a Controller holds the Data Privacy Framework invalid, so that
// everybody who writes for it knows what becomes of that (GDPR Art. 45(5), 46).
type FrameworkHeld struct {
	Controller Named     `json:"controller"`
	Since      time.Time `json:"since"`
	Policy     string    `json:"policy" enum:"block,fallback_open,fallback,warn" doc:"What the Controller chose for this case."`
}

// SessionRef names a Session.
type SessionRef struct {
	ID string `json:"id" format:"uuid"`
}

// Session is one browser in which the caller is logged in.
type Session struct {
	ID        string    `json:"id" format:"uuid"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"To the minute."`
	Client    string    `json:"client" example:"Firefox · Windows" doc:"Empty if it says nothing we know."`
	Current   bool      `json:"current" doc:"It is the one that asks."`
}

// Agent is a colleague.
type Agent struct {
	ID    string    `json:"id" format:"uuid"`
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Role  desk.Role `json:"role" enum:"admin,agent,dpo"`
}

// Inbox is an Inbox.
type Inbox struct {
	ID         string           `json:"id" format:"uuid"`
	Name       string           `json:"name"`
	Controller string           `json:"controller" format:"uuid"`
	Channel    desk.Channel     `json:"channel"`
	Paused     Maybe[PauseView] `json:"paused" doc:"Sending has stopped; receiving goes on."`
}

// PauseView says since when and why an Inbox does not send.
type PauseView struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

type (
	none       struct{}
	loginInput struct{ Body Credentials }
	cookieSet  struct {
		Cookie http.Cookie `header:"Set-Cookie"`
	}
	meOutput       struct{ Body Me }
	sessionsOutput struct {
		Body struct {
			Items []Session `json:"items" nullable:"false"`
		}
	}
)

func (a *API) sessions() {
	register(a, operation("session-open", http.MethodPost, "/session", "Log in", http.StatusNoContent), anybody, a.logIn)
	register(a, operation("session-close", http.MethodDelete, "/session", "Log out", http.StatusNoContent), anyAgent, a.logOut)
	register(a, operation("me", http.MethodGet, "/me", "Who is logged in", http.StatusOK), anyAgent, a.me)
	register(a, operation("sessions-list", http.MethodGet, "/me/sessions", "Where the caller is logged in, the newest first", http.StatusOK),
		anyAgent, a.listSessions)
	register(a, operation("session-revoke", http.MethodDelete, "/me/sessions/{id}", "End a Session of the caller", http.StatusNoContent),
		anyAgent, a.revokeSession)
	register(a, operation("sessions-revoke", http.MethodDelete, "/me/sessions", "End all Sessions of the caller but the one that asks", http.StatusNoContent),
		anyAgent, a.revokeSessions)
}

func (a *API) logIn(ctx context.Context, x *exchange, in *loginInput) (*cookieSet, error) {
	secret, err := a.Entrance.LogIn(ctx, auth.Attempted{
		Email: private.NewText(in.Body.Email), Password: private.NewText(in.Body.Password), Peer: a.Client(x.r), Client: x.client(),
	})
	if err != nil {
		return nil, err
	}
	return &cookieSet{*auth.SessionCookie(secret, a.Secure)}, nil
}

// client names coarsely what the request comes from.
func (x *exchange) client() string { return auth.ClientOf(x.r.UserAgent()) }

func (a *API) logOut(ctx context.Context, x *exchange, _ *none) (*cookieSet, error) {
	if x.who.Session.IsZero() {
		return nil, desk.Conflict("a token has no session; revoke it with botschaft token revoke")
	}
	if err := a.People.EndSession(ctx, x.who); err != nil {
		return nil, err
	}
	return &cookieSet{*auth.ExpiredCookie(a.Secure)}, nil
}

func (a *API) me(ctx context.Context, x *exchange, _ *none) (*meOutput, error) {
	profiles, err := a.People.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	controllers, err := a.People.Controllers(ctx, x.who)
	if err != nil {
		return nil, err
	}
	inboxes, err := a.Uses.Inbox.Inboxes(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	preferences, err := a.People.Preferences(ctx, x.who.Agent)
	if err != nil {
		return nil, err
	}
	own := profiles[x.who.Agent]
	me := Me{
		Agent:       Agent{x.who.Agent.String(), own.Name.Reveal(), own.Email.Reveal(), x.who.Role},
		Controllers: []Named{}, Inboxes: []Inbox{}, TimeZone: a.TimeZone, Preferences: preferencesView(preferences),
	}
	if me.Framework, err = a.frameworks(ctx, controllers); err != nil {
		return nil, err
	}
	if !x.who.Session.IsZero() {
		me.Session = some(SessionRef{x.who.Session.String()})
	}
	for _, c := range controllers {
		me.Controllers = append(me.Controllers, Named{c.ID.String(), c.Name})
	}
	for _, e := range inboxes {
		me.Inboxes = append(me.Inboxes, inboxView(e))
	}
	return &meOutput{me}, nil
}

// frameworks names those of the Controllers that hold the Data Privacy Framework invalid.
func (a *API) frameworks(ctx context.Context, of []desk.Controller) ([]FrameworkHeld, error) {
	held := []FrameworkHeld{}
	for _, c := range of {
		r, err := a.Settings.Register(ctx, c.ID, a.Now().Add(time.Minute)) // a node's clock may be a little ahead of ours
		if desk.CodeOf(err) == desk.CodeNotFound {
			continue // it has no register yet
		} else if err != nil {
			return nil, err
		}
		if !r.InvalidAt.IsZero() {
			held = append(held, FrameworkHeld{Named{c.ID.String(), c.Name}, r.InvalidAt, r.Policies.DPFInvalid})
		}
	}
	return held, nil
}

func inboxView(e *inbox.Served) Inbox {
	v := Inbox{ID: e.ID.String(), Name: e.Name, Controller: e.Inbox.Controller.String(), Channel: e.Channel}
	if e.Pause != nil {
		v.Paused = some(PauseView{e.Pause.At, e.Pause.Reason})
	}
	return v
}

func (a *API) listSessions(ctx context.Context, x *exchange, _ *none) (*sessionsOutput, error) {
	sessions, err := a.People.Sessions(ctx, x.who.Agent)
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{}
	out.Body.Items = make([]Session, len(sessions))
	for i, s := range sessions {
		out.Body.Items[i] = Session{ID: s.ID.String(), CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, Client: s.Client, Current: s.ID == x.who.Session}
	}
	return out, nil
}

func (a *API) revokeSession(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := desk.ParseID[desk.Session](in.ID)
	if err != nil {
		return nil, desk.NotFound("session")
	}
	return nil, a.People.RevokeSession(ctx, x.who.Actor(), x.who.Agent, id)
}

func (a *API) revokeSessions(ctx context.Context, x *exchange, _ *none) (*none, error) {
	return nil, a.People.RevokeSessions(ctx, x.who.Actor(), x.who.Agent, x.who.Session)
}
