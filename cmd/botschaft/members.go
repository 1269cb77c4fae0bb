package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// whom names an Agent on the command line.
type whom struct {
	placement
	printing
	Email string `arg:"" help:"E-mail address of the agent."`
}

// withAgent runs a command about the Agent on the open house.
func (w whom) withAgent(ctx context.Context, do func(*ground, desk.AgentID) error) error {
	return w.withGround(ctx, func(g *ground) error {
		id, err := g.settings.FindAgent(ctx, private.NewText(w.Email))
		if err != nil {
			return err
		}
		return do(g, id)
	})
}

type agentEnableCmd struct{ whom }

// Run enables the Agent.
func (c *agentEnableCmd) Run(ctx context.Context) error {
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		if err := g.settings.EnableAgent(ctx, commandActor("agent enable"), id); err != nil {
			return err
		}
		return c.done("Enabled.")
	})
}

type agentRoleCmd struct {
	whom
	Role string `arg:"" help:"admin, agent or dpo." enum:"admin,agent,dpo"`
}

// Run changes the role.
func (c *agentRoleCmd) Run(ctx context.Context) error {
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		role := desk.Role(c.Role)
		if err := g.settings.ChangeAgent(ctx, commandActor("agent role"), id, settings.AgentChange{Role: &role}); err != nil {
			return err
		}
		return c.done("Changed.")
	})
}

type agentRenameCmd struct {
	whom
	Name string `arg:"" help:"Name as colleagues see it."`
}

// Run changes the name.
func (c *agentRenameCmd) Run(ctx context.Context) error {
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		name := private.NewText(c.Name)
		if err := g.settings.ChangeAgent(ctx, commandActor("agent rename"), id, settings.AgentChange{Name: &name}); err != nil {
			return err
		}
		return c.done("Changed.")
	})
}

type agentMembersCmd struct {
	whom
	serving
	Nowhere bool `help:"The agent serves no controller and no inbox any more."`
}

// Run shows where the Agent serves, or puts other places in their place, all of them.
func (c *agentMembersCmd) Run(ctx context.Context) error {
	controllers, inboxes, err := c.places()
	if err != nil {
		return err
	}
	some := len(controllers)+len(inboxes) > 0
	if c.Nowhere && some {
		return desk.Invalid("nowhere", "leaves no room for a controller or an inbox")
	}
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		if c.Nowhere || some {
			change := settings.AgentChange{Controllers: &controllers, Inboxes: &inboxes}
			if err := g.settings.ChangeAgent(ctx, commandActor("agent members"), id, change); err != nil {
				return err
			}
		}
		all, err := agentFacts(ctx, g)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a agentFact) bool { return a.Agent == id.String() })
		if i < 0 {
			return desk.NotFound("agent")
		}
		own := all[i]
		return c.facts(map[string][]string{"controllers": own.Controllers, "inboxes": own.Inboxes}, func() { tellPlaces(own) })
	})
}

func tellPlaces(a agentFact) {
	for _, id := range a.Controllers {
		fmt.Println("controller", id)
	}
	for _, id := range a.Inboxes {
		fmt.Println("inbox     ", id)
	}
	switch {
	case a.Role == desk.RoleAdmin:
		fmt.Println("An admin sees all inboxes anyway.")
	case len(a.Controllers)+len(a.Inboxes) == 0:
		fmt.Println("Nowhere.")
	}
}

type agentListCmd struct {
	placement
	printing
}

// agentFact is an Agent as the command line shows it.
type agentFact struct {
	Agent       string          `json:"agent"`
	Email       string          `json:"email"`
	Name        string          `json:"name"`
	Role        desk.Role       `json:"role"`
	State       desk.AgentState `json:"state"`
	Controllers []string        `json:"controllers"`
	Inboxes     []string        `json:"inboxes"`
	CreatedAt   time.Time       `json:"created_at"`
	DisabledAt  *time.Time      `json:"disabled_at"`
	Reason      string          `json:"reason"`
	InvitedTill *time.Time      `json:"invitation_expires_at"`
}

// Run lists the Agents.
func (c *agentListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		items, err := agentFacts(ctx, g)
		if err != nil {
			return err
		}
		return c.facts(map[string]any{"items": items}, func() {
			for _, a := range items {
				fmt.Printf("%s  %-8s  %-5s  %-30s  %s\n", a.Agent, a.State, a.Role, a.Email, a.Name)
			}
		})
	})
}

// agentFacts gives all Agents, by e-mail address.
func agentFacts(ctx context.Context, g *ground) ([]agentFact, error) {
	members, err := g.settings.Agents(ctx, desk.Scope{All: true})
	if err != nil {
		return nil, err
	}
	profiles, err := auth.NewPeople(g.store, g.vault).Profiles(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]agentFact, len(members))
	for i := range members {
		m := &members[i]
		a := agentFact{
			Agent: m.ID.String(), Email: profiles[m.ID].Email.Reveal(), Name: profiles[m.ID].Name.Reveal(), Role: m.Role, State: m.State(),
			Controllers: texts(m.Controllers), Inboxes: texts(m.Inboxes), CreatedAt: m.CreatedAt,
		}
		if m.Disabled != nil {
			a.DisabledAt, a.Reason = &m.Disabled.At, m.Disabled.Reason
		}
		if m.Invitation != nil {
			a.InvitedTill = &m.Invitation.ExpiresAt
		}
		out[i] = a
	}
	slices.SortFunc(out, func(a, b agentFact) int {
		return cmp.Or(strings.Compare(a.Email, b.Email), strings.Compare(a.Agent, b.Agent))
	})
	return out, nil
}

func texts[N any](ids []desk.ID[N]) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	slices.Sort(out)
	return out
}
