package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// InvitationLink is where an Agent sets its password. It is shown this once.
type InvitationLink struct {
	URL       string    `json:"url" doc:"Works once. The secret stands behind the #, so that it comes into no log."`
	ExpiresAt time.Time `json:"expires_at"`
}

// InvitationSecret is what stood behind the # of the link.
type InvitationSecret struct {
	Secret string `json:"secret" maxLength:"100"`
}

// Invitee is who was invited.
type Invitee struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Acceptance takes an Invitation up.
type Acceptance struct {
	Secret   string `json:"secret" maxLength:"100"`
	Password string `json:"password" format:"password" maxLength:"1024"`
}

type (
	secretInput     struct{ Body InvitationSecret }
	inviteeOutput   struct{ Body Invitee }
	acceptanceInput struct{ Body Acceptance }
)

// The secret is in the body, never in a path: paths are logged on the way here.
func (a *API) invitations() {
	register(a, operation("invitation-look", http.MethodPost, "/invitations", "Whom an Invitation is for", http.StatusOK),
		anybody, a.lookAtInvitation)
	register(a, operation("invitation-accept", http.MethodPost, "/invitations/acceptance", "Set the password and log in; once", http.StatusNoContent),
		anybody, a.acceptInvitation)
}

func (a *API) lookAtInvitation(ctx context.Context, x *exchange, in *secretInput) (*inviteeOutput, error) {
	profile, err := a.Entrance.Look(ctx, private.NewText(in.Body.Secret), a.Client(x.r))
	if err != nil {
		return nil, err
	}
	return &inviteeOutput{Invitee{profile.Name.Reveal(), profile.Email.Reveal()}}, nil
}

func (a *API) acceptInvitation(ctx context.Context, x *exchange, in *acceptanceInput) (*cookieSet, error) {
	secret, err := a.Entrance.Accept(ctx, auth.Accepted{
		Secret: private.NewText(in.Body.Secret), Password: private.NewText(in.Body.Password), Peer: a.Client(x.r), Client: x.client(),
	})
	if err != nil {
		return nil, err
	}
	return &cookieSet{*auth.SessionCookie(secret, a.Secure)}, nil
}

func (a *API) link(i settings.Invited) InvitationLink {
	return InvitationLink{URL: auth.InvitationLink(a.PublicURL, i.Secret).Reveal(), ExpiresAt: i.ExpiresAt}
}
