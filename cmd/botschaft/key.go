package main

import (
	"fmt"

	"botschaft/internal/archive"
)

// keyCmd is about keys.
type keyCmd struct {
	CreateIdentity createIdentityCmd `cmd:"" help:"Make the identity that opens backups, and print its public half."`
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
