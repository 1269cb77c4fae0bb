package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/BurntSushi/toml"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/private"
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
	first := firstSetup(facts, c.Email, c.Name, password)
	if err := first.Check(today()); err != nil { // before a slip makes stores and a root key
		return err
	}
	return c.withNewGround(ctx, func(g *ground) error {
		controller, agent, err := g.settings.SetUp(ctx, commandActor("setup"), first)
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

// today is the day in Germany, before there is a house whose clock could tell it.
func today() string { return deadline.DateOf(time.Now()).String() }

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
	return f, f.Check(today())
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
