package main

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// tokenCmd is about Tokens.
type tokenCmd struct {
	List   tokenListCmd   `cmd:"" help:"List tokens, the newest first; ended ones too."`
	Create tokenCreateCmd `cmd:"" help:"Make a token; it is shown once."`
	Revoke tokenRevokeCmd `cmd:"" help:"End a token."`
}

type tokenCreateCmd struct {
	placement
	printing
	Agent    string        `help:"E-mail address of the agent it acts for." required:"" placeholder:"EMAIL"`
	Name     string        `help:"What it is for."`
	Lifetime time.Duration `help:"How long it lives." default:"2160h"`
}

// Run makes the Token.
func (c *tokenCreateCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		agent, err := g.settings.FindAgent(ctx, private.NewText(c.Agent))
		if err != nil {
			return err
		}
		t, secret, err := g.settings.CreateToken(ctx, commandActor("token create"), settings.NewToken{
			Agent: agent, Name: private.NewText(c.Name), Lifetime: c.Lifetime,
		})
		if err != nil {
			return err
		}
		facts := map[string]string{"id": t.ID.String(), "token": secret.Reveal(), "expires_at": t.ExpiresAt.Format(time.RFC3339)}
		return c.facts(facts, func() {
			fmt.Println("Token", t.ID, "until", t.ExpiresAt.Format(time.RFC3339))
			fmt.Println("Shown this once:", secret.Reveal())
		})
	})
}

type tokenRevokeCmd struct {
	placement
	printing
	ID string `arg:"" help:"Id of the token, as token create gave it."`
}

// Run revokes the Token.
func (c *tokenRevokeCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Token](c.ID)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.RevokeToken(ctx, commandActor("token revoke"), desk.AgentID{}, id); err != nil {
			return err
		}
		return c.done("Revoked.")
	})
}

type tokenListCmd struct {
	placement
	printing
	Agent string `help:"E-mail address of the agent whose tokens to list; without it, everybody's." placeholder:"EMAIL"`
}

// tokenFact is a Token as the command line shows it.
type tokenFact struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Agent     string     `json:"agent"`
	Email     string     `json:"email"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

// Run lists the Tokens.
func (c *tokenListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		var of desk.AgentID
		var err error
		if c.Agent != "" {
			if of, err = g.settings.FindAgent(ctx, private.NewText(c.Agent)); err != nil {
				return err
			}
		}
		tokens, err := g.settings.Tokens(ctx, of)
		if err != nil {
			return err
		}
		profiles, err := auth.NewPeople(g.store, g.vault).Profiles(ctx)
		if err != nil {
			return err
		}
		items := make([]tokenFact, len(tokens))
		for i, t := range tokens {
			items[i] = tokenFact{
				t.ID.String(), t.Name.Reveal(), t.Agent.String(), profiles[t.Agent].Email.Reveal(), t.CreatedAt, t.ExpiresAt, t.RevokedAt,
			}
		}
		return c.facts(map[string]any{"items": items}, func() { tellTokens(items, g.store.Now()) })
	})
}

func tellTokens(items []tokenFact, now time.Time) {
	for _, t := range items {
		state := "until " + t.ExpiresAt.Format(time.RFC3339)
		if t.RevokedAt != nil {
			state = "revoked " + t.RevokedAt.Format(time.RFC3339)
		} else if !now.Before(t.ExpiresAt) {
			state = "expired " + t.ExpiresAt.Format(time.RFC3339)
		}
		fmt.Printf("%s  %-30s  %s  %s\n", t.ID, t.Email, state, t.Name)
	}
	if len(items) == 0 {
		fmt.Println("There are no tokens.")
	}
}
