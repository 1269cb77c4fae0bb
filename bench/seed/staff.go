package seed

import (
	"context"
	"errors"
	"fmt"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Staff is a house with many Agents: each Branch has an Inbox of its own and so many
// Agents, who all serve the Inbox that was there before, too.
type Staff struct {
	Branches int
	Each     int
	Secrets  desk.InboxSecrets
	Number   func(branch int) string // the Provider's id of a Branch's number
}

// Hire makes the Staff of the house at a Place, beside the Inbox named by the text of its
// id, and gives a Token of every Agent, Branch by Branch.
func Hire(ctx context.Context, at Place, inbox string, of Staff) (tokens []string, err error) {
	key, _, err := vault.RootKeyFile(at.RootKeyFile)
	if err != nil {
		return nil, err
	}
	v, err := vault.Open(ctx, vault.Config{URL: at.Vault, RootKey: key})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	s, err := store.Open(ctx, store.Config{URL: at.Database})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p := Plan{Store: s, Vault: v}
	if err := p.settle(ctx, inbox); err != nil {
		return nil, err
	}
	h := hiring{settings: settings.New(s, v, auth.NewHasher()), plan: p}
	for branch := range of.Branches {
		made, err := h.branch(ctx, of, branch)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, made...)
	}
	return tokens, nil
}

type hiring struct {
	settings *settings.Settings
	plan     Plan
}

var seeding = desk.Actor{Kind: desk.ActorCommand, Via: "seed"}

func (h *hiring) branch(ctx context.Context, of Staff, branch int) (tokens []string, err error) {
	own, err := h.settings.CreateWhatsAppInbox(ctx, seeding, settings.NewInbox{
		Controller: h.plan.Controller, Name: fmt.Sprintf("Branch %02d", branch), PhoneNumberID: of.Number(branch),
		WABA: "200000000000001", Secrets: of.Secrets,
	})
	if err != nil {
		return nil, err
	}
	for i := range of.Each {
		// Invited, because a password would take longer than all the rest.
		invited, err := h.settings.InviteAgent(ctx, seeding, settings.NewAgent{
			Email: private.NewText(fmt.Sprintf("agent%d@branch%d.example", i, branch)), Name: private.NewText(fmt.Sprintf("Agent %d of %d", i, branch)),
			Role: desk.RoleAgent, Inboxes: []desk.InboxID{h.plan.Inbox, own},
		})
		if err != nil {
			return nil, err
		}
		_, secret, err := h.settings.CreateToken(ctx, seeding, settings.NewToken{Agent: invited.Agent})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, secret.Reveal())
	}
	return tokens, nil
}
