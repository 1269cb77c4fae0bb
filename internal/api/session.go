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
	meOutput struct{ Body Me }
)

func (a *API) sessions() {
	register(a, operation("session-open", http.MethodPost, "/session", "Log in", http.StatusNoContent), anybody, a.logIn)
	register(a, operation("session-close", http.MethodDelete, "/session", "Log out", http.StatusNoContent), anyAgent, a.logOut)
	register(a, operation("me", http.MethodGet, "/me", "Who is logged in", http.StatusOK), anyAgent, a.me)
}

func (a *API) logIn(ctx context.Context, x *exchange, in *loginInput) (*cookieSet, error) {
	typed := private.NewText(in.Body.Password)
	verified, err := a.Login.Verify(ctx, auth.Attempted{
		Email: private.NewText(in.Body.Email), Password: typed, Peer: a.Client(x.r),
	})
	if err != nil {
		if desk.CodeOf(err) == desk.CodeUnauthorized {
			if noted := a.People.NoteRefusal(ctx); noted != nil {
				return nil, noted
			}
		}
		return nil, err
	}
	var rehash private.Text
	if verified.Rehash {
		if rehash, err = a.Hasher.Hash(ctx, typed); err != nil {
			return nil, err
		}
	}
	_, secret, err := a.People.StartSession(ctx, verified.Agent, rehash)
	if err != nil {
		return nil, err
	}
	return &cookieSet{*auth.SessionCookie(secret, a.Secure)}, nil
}

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
	own := profiles[x.who.Agent]
	me := Me{
		Agent:       Agent{x.who.Agent.String(), own.Name.Reveal(), own.Email.Reveal(), x.who.Role},
		Controllers: []Named{}, Inboxes: []Inbox{}, TimeZone: a.TimeZone,
	}
	for _, c := range controllers {
		me.Controllers = append(me.Controllers, Named{c.ID.String(), c.Name})
	}
	for _, e := range inboxes {
		me.Inboxes = append(me.Inboxes, inboxView(e))
	}
	return &meOutput{me}, nil
}

func inboxView(e *inbox.Served) Inbox {
	v := Inbox{ID: e.ID.String(), Name: e.Name, Controller: e.Inbox.Controller.String(), Channel: e.Channel}
	if e.Pause != nil {
		v.Paused = some(PauseView{e.Pause.At, e.Pause.Reason})
	}
	return v
}
