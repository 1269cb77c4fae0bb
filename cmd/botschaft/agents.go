package main

import (
	"context"
	"fmt"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// agentCmd is about Agents.
type agentCmd struct {
	List          agentListCmd    `cmd:"" help:"List the agents."`
	Create        agentCreateCmd  `cmd:"" help:"Add an agent with a password."`
	Invite        agentInviteCmd  `cmd:"" help:"Add an agent who sets the password by a link; or give one a new link."`
	Disable       agentDisableCmd `cmd:"" help:"Take an agent's access; sessions and tokens end at once."`
	Enable        agentEnableCmd  `cmd:"" help:"Give a disabled agent its access back."`
	ResetPassword agentResetCmd   `cmd:"" help:"Give an agent a new password; sessions and tokens end at once."`
	Role          agentRoleCmd    `cmd:"" help:"Change what an agent may do."`
	Rename        agentRenameCmd  `cmd:"" help:"Change what colleagues see of an agent."`
	Members       agentMembersCmd `cmd:"" help:"Show or change where an agent serves."`
}

type agentCreateCmd struct {
	placement
	printing
	Email string `help:"E-mail address to log in with." required:""`
	Name  string `help:"Name as colleagues see it."`
	Role  string `help:"admin, agent or dpo." enum:"admin,agent,dpo" default:"agent"`
	serving
	PasswordFile secretFile `help:"File with the password; - reads standard input. Without it a random one is printed once." placeholder:"FILE"`
}

// Run adds the Agent.
func (c *agentCreateCmd) Run(ctx context.Context) error {
	password, made, err := passwordOrRandom(c.PasswordFile)
	if err != nil {
		return err
	}
	n := newAgent(c.Email, c.Name, desk.Role(c.Role), password)
	if n.Controllers, n.Inboxes, err = c.places(); err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.CreateAgent(ctx, commandActor("agent create"), n)
		if err != nil {
			return err
		}
		return c.facts(withPassword(map[string]string{"agent": id.String()}, password, made), func() {
			fmt.Println("Agent", id)
			tellPassword(password, made)
		})
	})
}

// serving says where an agent serves.
type serving struct {
	Controller []string `help:"All whose inboxes the agent serves, future ones too (repeatable); an admin needs none." placeholder:"ID"`
	Inbox      []string `help:"An inbox that the agent serves beside (repeatable)." placeholder:"ID"`
}

func (s serving) places() ([]desk.ControllerID, []desk.InboxID, error) {
	controllers, err := idsOf[desk.Controller]("controller", s.Controller)
	if err != nil {
		return nil, nil, err
	}
	inboxes, err := idsOf[desk.Inbox]("inbox", s.Inbox)
	return controllers, inboxes, err
}

func idsOf[N any](flag string, list []string) ([]desk.ID[N], error) {
	ids := make([]desk.ID[N], len(list))
	for i, s := range list {
		id, err := desk.ParseID[N](s)
		if err != nil {
			return nil, desk.Invalid(flag, "is not an id")
		}
		ids[i] = id
	}
	return ids, nil
}

func passwordOrRandom(f secretFile) (password private.Text, made bool, err error) {
	if f == "" {
		return auth.RandomPassword(), true, nil
	}
	password, err = f.text("password-file")
	return password, false, err
}

func withPassword(facts map[string]string, password private.Text, made bool) map[string]string {
	if made {
		facts["password"] = password.Reveal()
	}
	return facts
}

func tellPassword(password private.Text, made bool) {
	if made {
		fmt.Println("Password, shown this once:", password.Reveal())
	}
}

type agentDisableCmd struct {
	placement
	printing
	Email  string `arg:"" help:"E-mail address of the agent."`
	Reason string `help:"Why; kept in the log." default:"by command"`
}

// Run disables the Agent.
func (c *agentDisableCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.FindAgent(ctx, private.NewText(c.Email))
		if err != nil {
			return err
		}
		if err := g.settings.DisableAgent(ctx, commandActor("agent disable"), id, c.Reason); err != nil {
			return err
		}
		return c.done("Disabled.")
	})
}

type agentResetCmd struct {
	placement
	printing
	Email        string     `arg:"" help:"E-mail address of the agent."`
	PasswordFile secretFile `help:"File with the new password; without it a random one is printed once." placeholder:"FILE"`
}

// Run sets the new password.
func (c *agentResetCmd) Run(ctx context.Context) error {
	password, made, err := passwordOrRandom(c.PasswordFile)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.FindAgent(ctx, private.NewText(c.Email))
		if err != nil {
			return err
		}
		if err := g.settings.ResetPassword(ctx, commandActor("agent reset-password"), id, password); err != nil {
			return err
		}
		return c.facts(withPassword(map[string]string{"agent": id.String()}, password, made), func() {
			fmt.Println("The password was set; sessions and tokens have ended.")
			tellPassword(password, made)
		})
	})
}
