package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/oversight"
	"botschaft/internal/private"
)

// auditCmd is about the audit log.
type auditCmd struct {
	List auditListCmd `cmd:"" default:"withargs" help:"Read the log, the newest first; that is an entry itself."`
}

type auditListCmd struct {
	placement
	printing
	Act     string    `help:"Only this act, such as inbox.paused." placeholder:"ACT"`
	Agent   string    `help:"Only what this agent did." placeholder:"EMAIL"`
	Subject string    `help:"Only what is about this, such as inbox:ID." placeholder:"NOUN:ID"`
	From    time.Time `help:"Not before this moment, such as 2026-11-02T12:00:00Z." placeholder:"TIME"`
	To      time.Time `help:"Before this moment." placeholder:"TIME"`
	Limit   int       `help:"How many, 200 at most." default:"50"`
	Before  int64     `help:"Only entries with smaller numbers: next of the page before." placeholder:"NUMBER"`
}

// actorShown is an Actor as commands show it.
type actorShown struct {
	Kind desk.ActorKind `json:"kind"`
	ID   desk.AgentID   `json:"id"`
	Name string         `json:"name"`
	Via  string         `json:"via"`
}

func (a actorShown) String() string {
	if a.Name != "" {
		return a.Name
	}
	return strings.TrimSpace(string(a.Kind) + " " + a.Via)
}

// entryShown is an audit entry as the command shows it.
type entryShown struct {
	N          int64             `json:"n"`
	At         time.Time         `json:"at"`
	Actor      actorShown        `json:"actor"`
	Act        desk.Act          `json:"act"`
	Subject    string            `json:"subject"`
	Controller desk.ControllerID `json:"controller"`
	Inbox      desk.InboxID      `json:"inbox"`
	Detail     map[string]string `json:"detail"`
}

// Run reads the log.
func (c *auditListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		q := desk.AuditQuery{
			Scope: desk.Scope{All: true}, Act: desk.Act(c.Act), Subject: c.Subject, From: c.From, Until: c.To, Limit: c.Limit, Before: c.Before,
		}
		var err error
		if c.Agent != "" {
			if q.Agent, err = g.settings.FindAgent(ctx, private.NewText(c.Agent)); err != nil {
				return err
			}
		}
		// Where no server runs, nobody else gives the newest entries their numbers.
		if err := audit.New(g.store, g.vault, g.installation.ID, slog.New(slog.DiscardHandler)).Number(ctx); err != nil {
			return err
		}
		listed, next, err := overseer(g).Entries(ctx, commandActor("audit list"), q)
		if err != nil {
			return err
		}
		people, err := auth.NewPeople(g.store, g.vault).Profiles(ctx)
		if err != nil {
			return err
		}
		items := make([]entryShown, len(listed))
		for i, e := range listed {
			items[i] = entryShown{e.N, e.At, actorOf(e.Actor, people), e.Act, e.Subject, e.Controller, e.Inbox, e.Detail}
		}
		return c.facts(map[string]any{"items": items, "next": next}, func() { tellEntries(items, next) })
	})
}

func tellEntries(items []entryShown, next int64) {
	for _, it := range items {
		fmt.Printf("%d  %s  %s  %s  %s", it.N, it.At.Format(time.RFC3339), it.Actor, it.Act, it.Subject)
		for _, name := range slices.Sorted(maps.Keys(it.Detail)) {
			fmt.Printf("  %s=%q", name, it.Detail[name])
		}
		fmt.Println()
	}
	if next > 0 {
		fmt.Printf("Older ones: --before %d\n", next)
	}
}

// historyCmd reads the history of settings.
type historyCmd struct {
	placement
	printing
	Subject string `help:"Only what was changed about this, such as inbox:ID." placeholder:"NOUN:ID"`
	Limit   int    `help:"How many, 200 at most." default:"50"`
	Cursor  string `help:"Next of the page before." placeholder:"CURSOR"`
}

// revisionShown is a change as the command shows it.
type revisionShown struct {
	At      time.Time         `json:"at"`
	By      actorShown        `json:"by"`
	Act     desk.Act          `json:"act"`
	Subject string            `json:"subject"`
	Changes []desk.Alteration `json:"changes"`
}

// Run reads the history.
func (c *historyCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		listed, next, err := overseer(g).Revisions(ctx, desk.RevisionQuery{
			Scope: desk.Scope{All: true}, Subject: c.Subject, Limit: c.Limit, Cursor: c.Cursor})
		if err != nil {
			return err
		}
		people, err := auth.NewPeople(g.store, g.vault).Profiles(ctx)
		if err != nil {
			return err
		}
		items := make([]revisionShown, len(listed))
		for i, r := range listed {
			items[i] = revisionShown{r.At, actorOf(r.Actor, people), r.Act, r.Subject, r.Changes}
		}
		return c.facts(map[string]any{"items": items, "next": next}, func() { tellRevisions(items, next) })
	})
}

func tellRevisions(items []revisionShown, next string) {
	for _, it := range items {
		fmt.Printf("%s  %s  %s  %s\n", it.At.Format(time.RFC3339), it.By, it.Act, it.Subject)
		for _, a := range it.Changes {
			if len(a.Before)+len(a.After) == 0 {
				fmt.Printf("    %s changed\n", a.Field)
				continue
			}
			fmt.Printf("    %s: %q to %q\n", a.Field, a.Before, a.After)
		}
	}
	if next != "" {
		fmt.Printf("Older ones: --cursor %s\n", next)
	}
}

// overseer reads as a command does, without a running node.
func overseer(g *ground) *oversight.Oversight {
	return oversight.New(g.store, audit.NewOpenings(g.store), oversight.Node{Version: version})
}

func actorOf(a desk.Actor, people map[desk.AgentID]desk.AgentProfile) actorShown {
	return actorShown{a.Kind, a.Agent, people[a.Agent].Name.Reveal(), a.Via}
}
