package main

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
)

type inboxListCmd struct {
	placement
	printing
}

// inboxShown is an Inbox as the command shows it; of its secrets no more than their
// number.
type inboxShown struct {
	ID            string        `json:"id"`
	Name          string        `json:"name"`
	Controller    string        `json:"controller"`
	Channel       desk.Channel  `json:"channel"`
	PhoneNumberID string        `json:"phone_number_id"`
	WABA          string        `json:"waba_id"`
	GraphURL      string        `json:"graph_url"`
	GraphVersion  string        `json:"graph_version"`
	Auth          desk.AuthMode `json:"auth"`
	WebhookPath   string        `json:"webhook_path"`
	Paused        *desk.Pause   `json:"paused"`
	AppSecrets    int           `json:"app_secrets"`
	VerifyTokens  int           `json:"verify_tokens"`
	AccessToken   bool          `json:"access_token"`
	CreatedAt     time.Time     `json:"created_at"`
}

// Run lists the Inboxes.
func (c *inboxListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		listed, err := g.settings.Inboxes(ctx)
		if err != nil {
			return err
		}
		items := make([]inboxShown, len(listed))
		for i, in := range listed {
			items[i] = inboxShown{
				in.ID.String(), in.Name, in.Controller.String(), in.Channel, in.PhoneNumberID, in.WABA, in.GraphURL, in.GraphVersion, in.Auth,
				in.WebhookPath(), in.Pause, in.Kept.AppSecrets, in.Kept.VerifyTokens, in.Kept.AccessToken, in.CreatedAt,
			}
		}
		return c.facts(map[string]any{"items": items}, func() {
			if len(items) == 0 {
				fmt.Println("There is no inbox yet.")
			}
			for _, it := range items {
				fmt.Printf("%s  %s  number %s  controller %s\n", it.ID, it.Name, it.PhoneNumberID, it.Controller)
				if it.Paused != nil {
					fmt.Printf("    paused since %s: %s\n", it.Paused.At.Format(time.RFC3339), it.Paused.Reason)
				}
			}
		})
	})
}

type inboxRenameCmd struct {
	placement
	printing
	Inbox string `arg:"" help:"Id of the inbox."`
	Name  string `help:"Its new name, as agents see it." required:""`
}

// Run renames the Inbox.
func (c *inboxRenameCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Inbox](c.Inbox)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		if err := g.settings.RenameInbox(ctx, commandActor("inbox rename"), id, c.Name); err != nil {
			return err
		}
		return c.done("Renamed.")
	})
}
