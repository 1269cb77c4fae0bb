package main

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// inboxCmd is about Inboxes.
type inboxCmd struct {
	Create struct {
		WhatsApp inboxWhatsAppCmd `cmd:"" name:"whatsapp" help:"Add a WhatsApp number."`
	} `cmd:"" help:"Add an inbox."`
	List    inboxListCmd    `cmd:"" help:"List the inboxes with all that may be known about them."`
	Rename  inboxRenameCmd  `cmd:"" help:"Give it another name."`
	Secrets inboxSecretsCmd `cmd:"" help:"Give it new secrets: after a token expired, or while one is rotated."`
	Pause   inboxPauseCmd   `cmd:"" help:"Stop sending at once; everything is kept, receiving goes on."`
	Resume  inboxResumeCmd  `cmd:"" help:"Send again, in order, what waited."`
}

type inboxWhatsAppCmd struct {
	placement
	printing
	Controller      string       `help:"The controller it belongs to." required:"" placeholder:"ID"`
	Name            string       `help:"Name as agents see it." required:""`
	PhoneNumberID   string       `help:"Meta's id of the number." required:"" placeholder:"DIGITS"`
	WABAID          string       `name:"waba-id" help:"Id of the WhatsApp Business Account." required:"" placeholder:"DIGITS"`
	AppSecretFile   []secretFile `help:"File with the app secret (repeatable; each is accepted)." required:"" placeholder:"FILE"`
	AccessTokenFile secretFile   `help:"File with the access token." required:"" placeholder:"FILE"`
	VerifyTokenFile []secretFile `help:"File with the verify token of the handshake (repeatable); meta_signature needs one." placeholder:"FILE"`
	GraphURL        string       `help:"Base address of the provider." default:"https://graph.facebook.com" placeholder:"URL"`
	GraphVersion    string       `help:"Version of the Graph API." default:"v25.0"`
	Auth            string       `help:"How webhooks prove where they come from." enum:"meta_signature,d360_signature,secret_header" default:"meta_signature"`
}

// Run adds the Inbox.
func (c *inboxWhatsAppCmd) Run(ctx context.Context) error {
	n := settings.NewInbox{
		Name: c.Name, PhoneNumberID: c.PhoneNumberID, WABA: c.WABAID, GraphURL: c.GraphURL, GraphVersion: c.GraphVersion, Auth: desk.AuthMode(c.Auth),
	}
	var err error
	if n.Controller, err = desk.ParseID[desk.Controller](c.Controller); err != nil {
		return desk.Invalid("controller", "is not an id")
	}
	if n.Secrets, err = readSecrets(c.AccessTokenFile, c.AppSecretFile, c.VerifyTokenFile); err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		id, err := g.settings.CreateWhatsAppInbox(ctx, commandActor("inbox create"), n)
		if err != nil {
			return err
		}
		path := (&desk.Inbox{ID: id}).WebhookPath()
		return c.facts(map[string]string{"inbox": id.String(), "webhook_path": path}, func() {
			fmt.Println("Inbox", id)
			fmt.Printf("Give Meta this callback URL: %s%s\n", g.cfg.PublicURL, path)
		})
	})
}

// readSecrets reads the files that are given.
func readSecrets(token secretFile, apps, verify []secretFile) (s desk.InboxSecrets, err error) {
	if token != "" {
		if s.AccessToken, err = token.read("access-token-file"); err != nil {
			return s, err
		}
	}
	if s.AppSecrets, err = readAll("app-secret-file", apps); err != nil {
		return s, err
	}
	s.VerifyTokens, err = readAll("verify-token-file", verify)
	return s, err
}

func readAll(flag string, files []secretFile) ([]private.Key, error) {
	keys := make([]private.Key, len(files))
	for i, f := range files {
		var err error
		if keys[i], err = f.read(flag); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

type inboxSecretsCmd struct {
	placement
	printing
	Inbox           string       `arg:"" help:"Id of the inbox."`
	AppSecretFile   []secretFile `help:"File with the app secret; give the old and the new one while it is rotated." placeholder:"FILE"`
	AccessTokenFile secretFile   `help:"File with the access token." placeholder:"FILE"`
	VerifyTokenFile []secretFile `help:"File with the verify token of the handshake (repeatable)." placeholder:"FILE"`
}

// Run replaces the kinds of secrets that are given; the others stay.
func (c *inboxSecretsCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Inbox](c.Inbox)
	if err != nil {
		return err
	}
	secrets, err := readSecrets(c.AccessTokenFile, c.AppSecretFile, c.VerifyTokenFile)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.ReplaceSecrets(ctx, commandActor("inbox secrets"), id, secrets); err != nil {
			return err
		}
		return c.done("Replaced. The server uses them within a second; an inbox that paused itself is still to be resumed.")
	})
}

type inboxPauseCmd struct {
	placement
	printing
	Inbox  string `arg:"" help:"Id of the inbox."`
	Reason string `help:"Why; agents see it." required:""`
}

// Run pauses the Inbox.
func (c *inboxPauseCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Inbox](c.Inbox)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.PauseInbox(ctx, commandActor("inbox pause"), id, c.Reason); err != nil {
			return err
		}
		return c.done("Paused. Nothing is sent from this inbox; messages still arrive.")
	})
}

type inboxResumeCmd struct {
	placement
	printing
	Inbox string `arg:"" help:"Id of the inbox."`
}

// Run resumes the Inbox.
func (c *inboxResumeCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Inbox](c.Inbox)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.ResumeInbox(ctx, commandActor("inbox resume"), id); err != nil {
			return err
		}
		return c.done("Resumed. What waited is sent in order.")
	})
}

// deliveriesCmd is about what was set aside.
type deliveriesCmd struct {
	List  deliveriesListCmd  `cmd:"" default:"withargs" help:"List items that wait for a decision."`
	Retry deliveriesRetryCmd `cmd:"" help:"Take an item in again, after what stood in its way was mended."`
	Drop  deliveriesDropCmd  `cmd:"" help:"Give an item up."`
}

type deliveriesListCmd struct {
	placement
	printing
}

// setAsideFacts is an item as the command shows it.
type setAsideFacts struct {
	ID         string    `json:"id"`
	Delivery   string    `json:"delivery"`
	Inbox      string    `json:"inbox"`
	Path       string    `json:"path"`
	Reason     string    `json:"reason"`
	At         time.Time `json:"at"`
	ReceivedAt time.Time `json:"received_at"`
}

// Run lists the items.
func (c *deliveriesListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		listed, err := g.settings.SetAside(ctx)
		if err != nil {
			return err
		}
		items := make([]setAsideFacts, len(listed))
		for i, s := range listed {
			items[i] = setAsideFacts{s.ID.String(), s.Delivery.String(), s.Inbox.String(), s.Path, string(s.Reason), s.At, s.ReceivedAt}
		}
		return c.facts(map[string]any{"items": items}, func() {
			if len(items) == 0 {
				fmt.Println("Nothing is set aside.")
			}
			for _, it := range items {
				fmt.Printf("%s  %-15s  received %s  %s\n", it.ID, it.Reason, it.ReceivedAt.Format(time.RFC3339), it.Path)
			}
		})
	})
}

type deliveriesRetryCmd struct {
	placement
	printing
	Item string `arg:"" help:"Id of the item."`
}

// Run takes the item in again.
func (c *deliveriesRetryCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.SetAside](c.Item)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.RetrySetAside(ctx, commandActor("deliveries retry"), id); err != nil {
			return err
		}
		return c.done("The server takes it in again.")
	})
}

type deliveriesDropCmd struct {
	placement
	printing
	Item   string `arg:"" help:"Id of the item."`
	Reason string `help:"Why it may be lost; kept." required:""`
}

// Run gives the item up.
func (c *deliveriesDropCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.SetAside](c.Item)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.DropSetAside(ctx, commandActor("deliveries drop"), id, c.Reason); err != nil {
			return err
		}
		return c.done("Given up.")
	})
}
