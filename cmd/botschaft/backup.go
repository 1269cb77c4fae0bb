package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/backup"
	"botschaft/internal/desk"
)

// backupCmd makes a backup beside a running house.
type backupCmd struct {
	placement
	printing
	To            string   `help:"Directory for the archives." required:"" type:"path" placeholder:"DIR"`
	VaultTo       string   `help:"Directory for the archive of the keys, if it is to be another one." type:"path" placeholder:"DIR"`
	Recipient     []string `help:"Who can open the archives: the public half of an age identity (repeatable)." placeholder:"age1…"`
	RecipientFile []string `help:"File with recipients, one a line (repeatable)." type:"existingfile" placeholder:"FILE"`
	IdentityFile  []string `help:"Private identity, to check what is inside, too (repeatable)." type:"existingfile" placeholder:"FILE"`
	Rate          float64  `help:"MiB a second at most, to leave the disk to others." placeholder:"MIB"`
}

// archiveFacts is what is told of an archive.
type archiveFacts struct {
	File         string           `json:"file"`
	Bytes        int64            `json:"bytes,omitempty"`
	SHA256       string           `json:"sha256,omitempty"`
	TakenAt      time.Time        `json:"taken_at"`
	Installation string           `json:"installation,omitempty"`
	Rows         int64            `json:"rows"`
	Tables       map[string]int64 `json:"tables,omitempty"`
}

// backupFacts is what is told of a backup.
type backupFacts struct {
	Data     archiveFacts `json:"data"`
	Vault    archiveFacts `json:"vault"`
	Verified string       `json:"verified"` // file, or content with an identity
}

func factsOf(a backup.Archive) archiveFacts {
	return archiveFacts{File: a.Name, Bytes: a.Bytes, SHA256: a.SHA256, TakenAt: a.TakenAt, Rows: a.Rows, Tables: tableFacts(a.Manifest)}
}

func tableFacts(m archive.Manifest) map[string]int64 {
	tables := map[string]int64{}
	for _, t := range m.Tables {
		tables[t.Name] = t.Rows
	}
	return tables
}

// Run makes the backup.
func (c *backupCmd) Run(ctx context.Context) error {
	recipients, err := archive.Recipients(c.Recipient, c.RecipientFile)
	if err != nil {
		return desk.Invalid("recipient", err.Error())
	}
	identities, err := archive.Identities(c.IdentityFile)
	if err != nil {
		return desk.Invalid("identity-file", err.Error())
	}
	if c.Rate < 0 {
		return desk.Invalid("rate", "must not be below zero")
	}
	stepBack()
	bar := newBar(os.Stderr)
	return c.withGround(ctx, func(g *ground) error {
		files, err := filesIn(g.cfg)
		if err != nil {
			return err
		}
		made, err := backup.Make(ctx, g.store, g.vault, backup.Order{
			Dir: c.To, VaultDir: c.VaultTo, Recipients: recipients, Identities: identities, Rate: int64(c.Rate * (1 << 20)), Files: files,
			Program: version, Actor: commandActor("backup"), Progress: bar.show,
		})
		bar.end()
		if err != nil {
			return err
		}
		f := backupFacts{Data: factsOf(made.Data), Vault: factsOf(made.Vault), Verified: "file"}
		if made.Opened {
			f.Verified = "content"
		}
		return c.facts(f, func() { tellBackup(f) })
	})
}

func tellBackup(f backupFacts) {
	for _, a := range []archiveFacts{f.Data, f.Vault} {
		fmt.Printf("%s\n  %d rows, %d bytes, SHA-256 %s\n", a.File, a.Rows, a.Bytes, a.SHA256)
	}
	if f.Verified == "content" {
		fmt.Println("Both were read back from the disk, opened and checked.")
	} else {
		fmt.Println("Both were read back from the disk. What is inside can be checked with the identity alone: botschaft restore --check.")
	}
	fmt.Println("The root key is in neither: without its own copy, kept elsewhere, nothing in them can be read.")
}

// restoreCmd brings a backup back.
type restoreCmd struct {
	placement
	printing
	Data         string   `help:"Archive of the data. Without it the data in place are used." placeholder:"FILE"`
	Vault        string   `help:"Archive of the keys, the newest there is. Without it the vault in place is used." placeholder:"FILE"`
	IdentityFile []string `help:"Private identity that opens the archives (repeatable)." required:"" type:"existingfile" placeholder:"FILE"`
	Check        bool     `help:"Read and check everything, and restore nothing."`
	OlderVault   bool     `help:"Restore keys that are older than the data. Destroyed keys come back."`
}

// restoreFacts is what is told of a restore.
type restoreFacts struct {
	Installation   string     `json:"installation"`
	DataTakenAt    *time.Time `json:"data_taken_at,omitempty"`
	VaultTakenAt   *time.Time `json:"vault_taken_at,omitempty"`
	Rows           int64      `json:"rows"`
	InDoubt        int64      `json:"in_doubt"`
	DeliveriesLost int64      `json:"deliveries_lost"`
	Contacts       int64      `json:"contacts"`
	Erased         int64      `json:"erased"`
	WithoutKey     int64      `json:"without_key"`
}

// Run restores, or checks.
func (c *restoreCmd) Run(ctx context.Context) (err error) {
	cfg, err := c.load(nil)
	if err != nil {
		return err
	}
	plan, err := c.plan(cfg)
	if err != nil {
		return err
	}
	bar := newBar(os.Stderr)
	plan.Progress = bar.show
	if c.Check {
		v, err := backup.Check(ctx, plan)
		bar.end()
		if err != nil {
			return err
		}
		return c.tellCheck(v)
	}
	if plan.VaultPlace.RootKey.IsEmpty() {
		return desk.Invalid("root_key_file", "is missing: bring the root key of the installation back from its own copy first; it is in no backup")
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return err
	}
	unlock, err := lockHouse(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if plan.Files, err = filesIn(cfg); err != nil {
		return err
	}
	done, err := backup.Restore(ctx, plan)
	bar.end()
	if err != nil {
		return err
	}
	f := restoreFacts{Rows: done.Rows, InDoubt: done.InDoubt, DeliveriesLost: done.DeliveriesLost, Contacts: done.Alive, Erased: done.Erased, WithoutKey: done.Missing}
	if h := done.Data; h != nil {
		f.Installation, f.DataTakenAt = h.Installation.String(), &h.TakenAt
	}
	if h := done.Vault; h != nil {
		f.Installation, f.VaultTakenAt = h.Installation.String(), &h.TakenAt
	}
	return c.facts(f, func() { tellRestore(f) })
}

func tellRestore(f restoreFacts) {
	fmt.Printf("Installation %s is back: %d rows, %d contacts.\n", f.Installation, f.Rows, f.Contacts+f.Erased+f.WithoutKey)
	if f.DataTakenAt != nil {
		fmt.Printf("The data are as they were at %s. What happened later is not in them.\n", f.DataTakenAt.Format(time.RFC3339))
	}
	if f.InDoubt > 0 {
		fmt.Printf("%d messages were on their way then. They are in doubt, because they may have been sent since; nothing is sent again by itself.\n", f.InDoubt)
	}
	if f.DeliveriesLost > 0 {
		fmt.Printf("%d webhook bodies cannot be taken in any more: the keys of their days were destroyed since.\n", f.DeliveriesLost)
	}
	if f.Erased > 0 {
		fmt.Printf("%d contacts were erased: what is sealed for them opens nowhere.\n", f.Erased)
	}
	if f.WithoutKey > 0 {
		fmt.Printf("%d contacts have no key in this vault: what is sealed for them cannot be read.\n", f.WithoutKey)
	}
	fmt.Println("Everybody has to log in again. Accounts, passwords and tokens are those of then: disable again whom you disabled since.")
	fmt.Println("Next: botschaft verify audit --against your last checkpoint.")
}

// checkFacts is what is told of a check.
type checkFacts struct {
	Data      *archiveFacts `json:"data,omitempty"`
	Vault     *archiveFacts `json:"vault,omitempty"`
	Authentic bool          `json:"authentic"`
}

func (c *restoreCmd) tellCheck(v backup.Verdict) error {
	of := func(c *backup.Checked) *archiveFacts {
		if c == nil {
			return nil
		}
		return &archiveFacts{File: c.File, TakenAt: c.Header.TakenAt, Installation: c.Header.Installation.String(), Rows: c.Manifest.Rows, Tables: tableFacts(c.Manifest)}
	}
	f := checkFacts{Data: of(v.Data), Vault: of(v.Vault), Authentic: v.Authentic}
	return c.facts(f, func() {
		for _, a := range []*archiveFacts{f.Data, f.Vault} {
			if a != nil {
				fmt.Printf("%s is whole: %d rows of %s, taken at %s.\n", a.File, a.Rows, a.Installation, a.TakenAt.Format(time.RFC3339))
			}
		}
		if f.Authentic {
			fmt.Println("The root key opens the vault, and the installation signed what was checked.")
		} else {
			fmt.Println("Whether the root key fits was not checked: give the archive of the keys and the root key, too.")
		}
	})
}
