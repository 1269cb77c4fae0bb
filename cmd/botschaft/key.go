package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"botschaft/internal/archive"
	"botschaft/internal/desk"
	"botschaft/internal/vault"
)

// keyCmd is about keys.
type keyCmd struct {
	CreateIdentity   createIdentityCmd   `cmd:"" help:"Make the identity that opens backups, and print its public half."`
	NewRoot          newRootCmd          `cmd:"" help:"Make the root key that shall take the place of the present one."`
	RotateRoot       rotateRootCmd       `cmd:"" help:"Put the next root key in the place of the present one, beside running servers."`
	RotateController rotateControllerCmd `cmd:"" help:"Exchange the key that wraps those of a controller's contacts, beside running servers."`
}

type createIdentityCmd struct {
	printing
	File string `arg:"" help:"Where to write it. Keep it away from the server." type:"path"`
}

// Run makes an identity.
func (c *createIdentityCmd) Run() error {
	recipient, err := archive.NewIdentity(c.File)
	if err != nil {
		return err
	}
	return c.facts(map[string]string{"recipient": recipient, "file": c.File}, func() {
		fmt.Println(recipient)
	})
}

type newRootCmd struct {
	placement
	printing
}

// errNoNext says that it is not configured where the next root key is.
var errNoNext = desk.Invalid("next_root_key_file", "is missing: the root key is not in a file, so name one for the next")

// Run makes the next root key.
func (c *newRootCmd) Run() error {
	cfg, err := c.load(nil)
	if err != nil {
		return err
	}
	if cfg.NextRootKeyFile == "" {
		return errNoNext
	}
	if err := vault.NewRootKeyFile(cfg.NextRootKeyFile); errors.Is(err, fs.ErrExist) {
		return desk.Invalid("next_root_key_file", "is there already: "+cfg.NextRootKeyFile+". If the root key was rotated to it, move it to where the root key is configured; otherwise use it")
	} else if err != nil {
		return err
	}
	return c.facts(map[string]string{"file": cfg.NextRootKeyFile}, func() {
		fmt.Println("The next root key is in", cfg.NextRootKeyFile)
		fmt.Println("Keep a copy elsewhere, and put it in the same place on every node. Then: botschaft key rotate-root")
	})
}

type rotateRootCmd struct {
	placement
	printing
}

// Run rotates the root key.
func (c *rotateRootCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		if g.cfg.NextRootKeyFile == "" {
			return errNoNext
		}
		next, err := vault.ReadRootKey(g.cfg.NextRootKeyFile)
		if errors.Is(err, fs.ErrNotExist) {
			return desk.Invalid("next_root_key_file", "is missing: make it with botschaft key new-root, and put it on every node")
		} else if err != nil {
			return err
		}
		n, err := g.vault.RotateRoot(ctx, next)
		if err != nil {
			return err
		}
		// Said again when it is asked for again: a process that died in between said nothing.
		if err := g.settings.NoteRootRotated(ctx, commandActor("key rotate-root"), g.installation.ID, n); err != nil {
			return err
		}
		return c.facts(map[string]int{"keys": n}, func() {
			if n == 0 {
				fmt.Println("It is the vault's root key already.")
			} else {
				fmt.Printf("%d keys hang from the new root key; the old one opens this vault no more.\n", n)
			}
			fmt.Println("On every node put", g.cfg.NextRootKeyFile, "where the root key is configured. Running servers use it already; until then a start finds it there, too.")
			fmt.Println("Keep the old root key for as long as there are backups of the vault from before, and make a backup now.")
		})
	})
}

type rotateControllerCmd struct {
	placement
	printing
	Controller string `arg:"" help:"Id of the controller." placeholder:"ID"`
}

// Run rotates the key of a Controller.
func (c *rotateControllerCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Controller](c.Controller)
	if err != nil {
		return desk.Invalid("controller", "is not an id; botschaft controller list shows them")
	}
	return c.withGround(ctx, func(g *ground) error {
		bar := newBar(os.Stderr)
		n, err := g.vault.RotateController(ctx, id, func(p vault.Rewrapping) {
			bar.line(fmt.Sprintf("wrap keys anew: %d of %d", p.Done, p.Total))
		})
		bar.end()
		if errors.Is(err, vault.ErrKeyGone) {
			return desk.NotFound("controller")
		} else if err != nil {
			return err
		}
		if err := g.settings.NoteControllerRotated(ctx, commandActor("key rotate-controller"), id, n); err != nil {
			return err
		}
		return c.facts(map[string]int64{"contacts": n}, func() {
			fmt.Println("The keys of", strconv.FormatInt(n, 10), "contacts are wrapped by a new key; the old one was destroyed.")
		})
	})
}
