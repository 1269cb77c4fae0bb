package main

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// sessionCmd is about Sessions.
type sessionCmd struct {
	List      sessionListCmd      `cmd:"" help:"List where an agent is logged in."`
	Revoke    sessionRevokeCmd    `cmd:"" help:"End a session."`
	RevokeAll sessionRevokeAllCmd `cmd:"" help:"End all sessions of an agent; it can log in again."`
}

type sessionListCmd struct{ whom }

// sessionFact is a Session as the command line shows it.
type sessionFact struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	Client    string    `json:"client"`
}

// Run lists the Sessions.
func (c *sessionListCmd) Run(ctx context.Context) error {
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		sessions, err := auth.NewPeople(g.store, g.vault).Sessions(ctx, id)
		if err != nil {
			return err
		}
		items := make([]sessionFact, len(sessions))
		for i, s := range sessions {
			items[i] = sessionFact{s.ID.String(), s.CreatedAt, s.SeenAt, s.Client}
		}
		return c.facts(map[string]any{"items": items}, func() {
			for _, s := range items {
				fmt.Printf("%s  since %s  seen %s  %s\n", s.ID, s.CreatedAt.Format(time.RFC3339), s.SeenAt.Format(time.RFC3339), s.Client)
			}
			if len(items) == 0 {
				fmt.Println("The agent is logged in nowhere.")
			}
		})
	})
}

type sessionRevokeCmd struct {
	placement
	printing
	ID string `arg:"" help:"Id of the session, as session list gave it."`
}

// Run ends the Session.
func (c *sessionRevokeCmd) Run(ctx context.Context) error {
	id, err := desk.ParseID[desk.Session](c.ID)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		row, err := g.store.Read().FindSession(ctx, id)
		if store.IsNone(err) {
			return desk.NotFound("session")
		} else if err != nil {
			return err
		}
		if err := auth.NewPeople(g.store, g.vault).RevokeSession(ctx, commandActor("session revoke"), row.Agent, id); err != nil {
			return err
		}
		return c.done("Ended.")
	})
}

type sessionRevokeAllCmd struct{ whom }

// Run ends all Sessions of the Agent.
func (c *sessionRevokeAllCmd) Run(ctx context.Context) error {
	return c.withAgent(ctx, func(g *ground, id desk.AgentID) error {
		people := auth.NewPeople(g.store, g.vault)
		if err := people.RevokeSessions(ctx, commandActor("session revoke-all"), id, desk.SessionID{}); err != nil {
			return err
		}
		return c.done("Ended.")
	})
}
