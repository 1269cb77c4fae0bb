package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Preferences are how the caller wants the workspace.
type Preferences struct {
	Language      string            `json:"language" enum:",de,en" doc:"Empty: the browser's."`
	Theme         desk.Theme        `json:"theme" enum:"system,light,dark"`
	Density       desk.Density      `json:"density" enum:"comfortable,compact"`
	SendKey       desk.SendKey      `json:"send_key" enum:"enter,ctrl_enter" doc:"What sends; the other one breaks the line."`
	Shortcuts     bool              `json:"shortcuts" doc:"Single keys act."`
	Keys          map[string]string `json:"keys" doc:"Other keys, by command."`
	Sound         bool              `json:"sound"`
	Notifications bool              `json:"notifications"`
	Announce      bool              `json:"announce" doc:"New messages are read out."`
	Panel         Panel             `json:"panel"`
}

// Panel is how the caller arranged the side panel.
type Panel struct {
	Order     []string `json:"order" nullable:"false"`
	Collapsed []string `json:"collapsed" nullable:"false"`
}

// NewPassword is the caller's own new password, with the present one as proof.
type NewPassword struct {
	Current  string `json:"current" format:"password" maxLength:"1024"`
	Password string `json:"password" format:"password" maxLength:"1024"`
}

type (
	preferencesInput struct{ Body Preferences }
	passwordInput    struct{ Body NewPassword }
)

func (a *API) preferences() {
	register(a, operation("preferences-set", http.MethodPut, "/me/preferences", "Keep the caller's preferences, all of them", http.StatusNoContent),
		anyAgent, a.setPreferences)
	register(a, operation("password-change", http.MethodPut, "/me/password", "Change the caller's password; other Sessions end", http.StatusNoContent),
		anyAgent, a.changePassword)
}

func preferencesView(p desk.Preferences) Preferences {
	v := Preferences{
		Language: p.Language, Theme: p.Theme, Density: p.Density, SendKey: p.SendKey, Shortcuts: p.Shortcuts, Keys: p.Keys,
		Sound: p.Sound, Notifications: p.Notifications, Announce: p.Announce, Panel: Panel(p.Panel),
	}
	if v.Keys == nil {
		v.Keys = map[string]string{}
	}
	for _, list := range []*[]string{&v.Panel.Order, &v.Panel.Collapsed} {
		if *list == nil {
			*list = []string{}
		}
	}
	return v
}

func (a *API) setPreferences(ctx context.Context, x *exchange, in *preferencesInput) (*none, error) {
	p := in.Body
	return nil, a.People.SetPreferences(ctx, x.who.Agent, desk.Preferences{
		Language: p.Language, Theme: p.Theme, Density: p.Density, SendKey: p.SendKey, Shortcuts: p.Shortcuts, Keys: p.Keys,
		Sound: p.Sound, Notifications: p.Notifications, Announce: p.Announce, Panel: desk.Panel(p.Panel),
	})
}

func (a *API) changePassword(ctx context.Context, x *exchange, in *passwordInput) (*none, error) {
	return nil, a.Entrance.ReplacePassword(ctx, x.who, auth.Replacement{
		Current: private.NewText(in.Body.Current), Password: private.NewText(in.Body.Password), Peer: a.Client(x.r),
	})
}
