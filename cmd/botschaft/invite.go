package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

type agentInviteCmd struct {
	placement
	printing
	Email string `help:"E-mail address to log in with." required:""`
	Name  string `help:"Name as colleagues see it."`
	Role  string `help:"admin, agent or dpo." enum:"admin,agent,dpo" default:"agent"`
	serving
	Again bool `help:"Give an agent that is there a new link: the old password, sessions and tokens end at once."`
}

// Run invites the Agent.
func (c *agentInviteCmd) Run(ctx context.Context) error {
	n := newAgent(c.Email, c.Name, desk.Role(c.Role), private.Text{})
	var err error
	if n.Controllers, n.Inboxes, err = c.places(); err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		invited, err := c.invite(ctx, g, n)
		if err != nil {
			return err
		}
		link := auth.InvitationLink(strings.TrimSuffix(g.cfg.PublicURL.String(), "/"), invited.Secret).Reveal()
		until := invited.ExpiresAt.Format(time.RFC3339)
		return c.facts(map[string]string{"agent": invited.Agent.String(), "url": link, "expires_at": until}, func() {
			fmt.Println("Agent", invited.Agent)
			fmt.Printf("A link to set the password, once and until %s; shown this once: %s\n", until, link)
		})
	})
}

func (c *agentInviteCmd) invite(ctx context.Context, g *ground, n settings.NewAgent) (settings.Invited, error) {
	actor := commandActor("agent invite")
	if !c.Again {
		return g.settings.InviteAgent(ctx, actor, n)
	}
	id, err := g.settings.FindAgent(ctx, n.Email)
	if err != nil {
		return settings.Invited{}, err
	}
	return g.settings.InviteAnew(ctx, actor, id)
}
