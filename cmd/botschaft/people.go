package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/BurntSushi/toml"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// secretFile names a file that holds a secret; "-" is standard input. A secret on the
// command line would be seen by every process of the machine.
type secretFile string

// read gives the secret without the line break at its end.
func (f secretFile) read(flag string) (private.Key, error) {
	var b []byte
	var err error
	if f == "-" {
		b, err = io.ReadAll(io.LimitReader(os.Stdin, 64<<10))
	} else {
		b, err = os.ReadFile(string(f))
	}
	if err != nil {
		return private.Key{}, desk.Invalid(flag, "cannot be read: "+err.Error())
	}
	if b = bytes.TrimRight(b, "\r\n"); len(b) == 0 {
		return private.Key{}, desk.Invalid(flag, "names an empty file")
	}
	return private.NewKey(b), nil
}

func (f secretFile) text(flag string) (private.Text, error) {
	k, err := f.read(flag)
	return private.NewText(string(k.Reveal())), err
}

// setupCmd sets up an empty house.
type setupCmd struct {
	placement
	printing
	ControllerFile string     `help:"File with the facts of the controller (TOML); this or --controller." type:"path" placeholder:"FILE" xor:"controller" required:""`
	Controller     string     `help:"Name of the controller alone; its facts can follow by controller change." placeholder:"NAME" xor:"controller" required:""`
	Email          string     `help:"E-mail address of the first admin." required:""`
	Name           string     `help:"Name of the first admin, as colleagues see it."`
	PasswordFile   secretFile `help:"File with the password of the first admin; - reads standard input." required:"" placeholder:"FILE"`
}

// Run sets up.
func (c *setupCmd) Run(ctx context.Context) error {
	facts, err := controllerFacts(c.ControllerFile, c.Controller)
	if err != nil {
		return err
	}
	password, err := c.PasswordFile.text("password-file")
	if err != nil {
		return err
	}
	return c.withNewGround(ctx, func(g *ground) error {
		controller, agent, err := g.settings.SetUp(ctx, commandActor("setup"), firstSetup(facts, c.Email, c.Name, password))
		if err != nil {
			return err
		}
		return c.facts(map[string]string{"controller": controller.String(), "agent": agent.String()}, func() {
			fmt.Printf("Set up. Controller %s, admin %s.\n", controller, agent)
			if g.cfg.RootKeyFile != "" {
				fmt.Printf("The root key is in %s. Keep a copy elsewhere: its loss is final.\n", g.cfg.RootKeyFile)
			}
			fmt.Println("Next: botschaft inbox create whatsapp --help, then botschaft serve")
		})
	})
}

// controllerFacts reads the facts from a file, or takes the name alone.
func controllerFacts(file, name string) (desk.ControllerFacts, error) {
	if file == "" {
		return desk.ControllerFacts{Name: name}, nil
	}
	var f desk.ControllerFacts
	meta, err := toml.DecodeFile(file, &f)
	if err != nil {
		return f, desk.Invalid("controller-file", "cannot be read: "+err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return f, desk.Invalid("controller-file", fmt.Sprintf("has the unknown key %q", unknown[0].String()))
	}
	return f, f.Check()
}

// controllerCmd is about Controllers.
type controllerCmd struct {
	List   controllerListCmd   `cmd:"" help:"List the controllers."`
	Create controllerCreateCmd `cmd:"" help:"Add a further controller."`
	Change controllerChangeCmd `cmd:"" help:"Put other facts in the place of a controller's."`
}

type controllerCreateCmd struct {
	placement
	printing
	ControllerFile string `help:"File with its facts (TOML); this or --controller." type:"path" placeholder:"FILE" xor:"controller" required:""`
	Controller     string `help:"Its name alone; the facts can follow by controller change." placeholder:"NAME" xor:"controller" required:""`
}

// Run adds the Controller.
func (c *controllerCreateCmd) Run(ctx context.Context) error {
	facts, err := controllerFacts(c.ControllerFile, c.Controller)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.AddController(ctx, commandActor("controller create"), facts)
		if err != nil {
			return err
		}
		return c.facts(map[string]string{"controller": id.String()}, func() { fmt.Println("Controller", id) })
	})
}

type controllerChangeCmd struct {
	placement
	printing
	ID             string `arg:"" help:"Id of the controller."`
	ControllerFile string `help:"File with all its facts (TOML)." type:"path" placeholder:"FILE" required:""`
}

// Run changes the facts.
func (c *controllerChangeCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Controller](c.ID)
	if err != nil {
		return err
	}
	facts, err := controllerFacts(c.ControllerFile, "")
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.ChangeController(ctx, commandActor("controller change"), id, facts); err != nil {
			return err
		}
		return c.done("Changed.")
	})
}

// agentCmd is about Agents.
type agentCmd struct {
	Create        agentCreateCmd  `cmd:"" help:"Add an agent."`
	Disable       agentDisableCmd `cmd:"" help:"Take an agent's access; sessions and tokens end at once."`
	ResetPassword agentResetCmd   `cmd:"" help:"Give an agent a new password; sessions and tokens end at once."`
}

type agentCreateCmd struct {
	placement
	printing
	Email        string     `help:"E-mail address to log in with." required:""`
	Name         string     `help:"Name as colleagues see it."`
	Role         string     `help:"admin, agent or dpo." enum:"admin,agent,dpo" default:"agent"`
	Controller   []string   `help:"Whose inboxes the agent serves (repeatable); an admin needs none." placeholder:"ID"`
	PasswordFile secretFile `help:"File with the password; - reads standard input. Without it a random one is printed once." placeholder:"FILE"`
}

// Run adds the Agent.
func (c *agentCreateCmd) Run(ctx context.Context) error {
	password, made, err := passwordOrRandom(c.PasswordFile)
	if err != nil {
		return err
	}
	var controllers []desk.ControllerID
	for _, s := range c.Controller {
		id, err := desk.ParseID[desk.Controller](s)
		if err != nil {
			return desk.Invalid("controller", "is not an id")
		}
		controllers = append(controllers, id)
	}
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.CreateAgent(ctx, commandActor("agent create"), newAgent(c.Email, c.Name, desk.Role(c.Role), password, controllers))
		if err != nil {
			return err
		}
		return c.facts(withPassword(map[string]string{"agent": id.String()}, password, made), func() {
			fmt.Println("Agent", id)
			tellPassword(password, made)
		})
	})
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

// tokenCmd is about Tokens.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token; it is shown once."`
	Revoke tokenRevokeCmd `cmd:"" help:"End a token."`
}

type tokenCreateCmd struct {
	placement
	printing
	Agent    string        `help:"E-mail address of the agent it acts for." required:"" placeholder:"EMAIL"`
	Lifetime time.Duration `help:"How long it lives." default:"2160h"`
}

// Run makes the Token.
func (c *tokenCreateCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		agent, err := g.settings.FindAgent(ctx, private.NewText(c.Agent))
		if err != nil {
			return err
		}
		t, secret, err := g.settings.CreateToken(ctx, commandActor("token create"), settings.NewToken{Agent: agent, Lifetime: c.Lifetime})
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
