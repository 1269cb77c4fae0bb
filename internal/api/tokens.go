package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// Token lets a program act for an Agent.
type Token struct {
	ID        string           `json:"id" format:"uuid"`
	Name      string           `json:"name" doc:"What it is for; may be empty."`
	Agent     Named            `json:"agent" doc:"For whom it acts."`
	CreatedAt time.Time        `json:"created_at"`
	ExpiresAt time.Time        `json:"expires_at"`
	RevokedAt Maybe[time.Time] `json:"revoked_at"`
}

// NewToken is what a Token is made of.
type NewToken struct {
	Name string `json:"name" maxLength:"100"`
	Days int    `json:"days" minimum:"1" maximum:"366" doc:"How long it lives."`
}

// TokenMade is a Token with its secret, which is shown this once.
type TokenMade struct {
	ID    string `json:"id" format:"uuid"`
	Token string `json:"token" doc:"Authorization: Bearer …"`
}

type (
	tokensInput struct {
		All bool `query:"all" doc:"Everybody's, for those who may read settings."`
	}
	tokensOutput struct {
		Body struct {
			Items []Token `json:"items" nullable:"false"`
		}
	}
	tokenInput  struct{ Body NewToken }
	tokenOutput struct{ Body TokenMade }
)

func (a *API) tokens() {
	register(a, operation("tokens-list", http.MethodGet, "/tokens", "The caller's Tokens, the newest first", http.StatusOK), anyAgent, a.listTokens)
	register(a, operation("token-create", http.MethodPost, "/tokens", "Make a Token; a Session alone may", http.StatusCreated), auth.OwnTokens, a.createToken)
	register(a, operation("token-revoke", http.MethodDelete, "/tokens/{id}", "End a Token", http.StatusNoContent), auth.OwnTokens, a.revokeToken)
}

func (a *API) listTokens(ctx context.Context, x *exchange, in *tokensInput) (*tokensOutput, error) {
	of := x.who.Agent
	if in.All {
		if err := x.who.Require(auth.ReadSettings); err != nil {
			return nil, err
		}
		of = desk.AgentID{}
	}
	tokens, err := a.Settings.Tokens(ctx, of)
	if err != nil {
		return nil, err
	}
	if in.All && !x.who.Scope().All {
		if tokens, err = a.withinScope(ctx, x, tokens); err != nil {
			return nil, err
		}
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &tokensOutput{}
	out.Body.Items = make([]Token, len(tokens))
	for i, t := range tokens {
		v := Token{ID: t.ID.String(), Name: t.Name.Reveal(), Agent: n.of(t.Agent), CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt}
		if t.RevokedAt != nil {
			v.RevokedAt = some(*t.RevokedAt)
		}
		out.Body.Items[i] = v
	}
	return out, nil
}

// withinScope leaves the Tokens of those whom the caller sees among the Agents.
func (a *API) withinScope(ctx context.Context, x *exchange, tokens []settings.NamedToken) ([]settings.NamedToken, error) {
	members, err := a.Settings.Agents(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	seen := make(map[desk.AgentID]bool, len(members))
	for _, m := range members {
		seen[m.ID] = true
	}
	return slices.DeleteFunc(tokens, func(t settings.NamedToken) bool { return !seen[t.Agent] }), nil
}

// createToken needs a Session: a Token that was found must not outlive its end by
// making others.
func (a *API) createToken(ctx context.Context, x *exchange, in *tokenInput) (*tokenOutput, error) {
	if x.who.Session.IsZero() {
		return nil, desk.Conflict("a token cannot make tokens; log in")
	}
	t, secret, err := a.Settings.CreateToken(ctx, x.who.Actor(), settings.NewToken{
		Agent: x.who.Agent, Name: private.NewText(in.Body.Name), Lifetime: time.Duration(in.Body.Days) * 24 * time.Hour,
	})
	if err != nil {
		return nil, err
	}
	return &tokenOutput{TokenMade{t.ID.String(), secret.Reveal()}}, nil
}

func (a *API) revokeToken(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := desk.ParseID[desk.Token](in.ID)
	if err != nil {
		return nil, desk.NotFound("token")
	}
	of := x.who.Agent
	if auth.May(x.who.Role, auth.ManageAgents) {
		of = desk.AgentID{} // anybody's
	}
	return nil, a.Settings.RevokeToken(ctx, x.who.Actor(), of, id)
}
