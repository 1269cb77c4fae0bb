package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Place is where a house that nobody serves now keeps its data and keys.
type Place struct {
	Database, Vault string // sqlite:FILE or postgres://…
	RootKeyFile     string
}

// Fill runs the Plan on the house at a Place: in the Inbox named by the text of its id,
// for one of the house's Agents. It says on out how far it is.
func Fill(ctx context.Context, at Place, inbox string, p Plan, out io.Writer) (made Made, err error) {
	key, _, err := vault.RootKeyFile(at.RootKeyFile)
	if err != nil {
		return made, err
	}
	if p.Vault, err = vault.Open(ctx, vault.Config{URL: at.Vault, RootKey: key}); err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, p.Vault.Close()) }()
	if p.Store, err = store.Open(ctx, store.Config{URL: at.Database}); err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, p.Store.Close()) }()
	if err := p.settle(ctx, inbox); err != nil {
		return made, err
	}
	told := 0
	p.Progress = func(messages int) {
		if done := messages * 20 / p.Messages; done > told {
			told = done
			_, _ = fmt.Fprintf(out, "seeded %d of %d messages\n", messages, p.Messages)
		}
	}
	if made, err = Run(ctx, p); err == nil {
		err = tidy(ctx, at.Database, at.Vault)
	}
	return made, err
}

// tidy has a PostgreSQL do what it did long ago in a house that grew: gather statistics,
// mark the rows that everybody sees and write its pages down.
func tidy(ctx context.Context, urls ...string) error {
	for _, url := range urls {
		if strings.HasPrefix(url, "sqlite:") {
			continue
		}
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		for _, order := range []string{"VACUUM (ANALYZE)", "CHECKPOINT"} {
			if _, e := conn.Exec(ctx, order); e != nil {
				err = errors.Join(err, e)
			}
		}
		if err = errors.Join(err, conn.Close(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// settle finds whose the Inbox is and who serves it.
func (p *Plan) settle(ctx context.Context, inbox string) error {
	var err error
	if p.Inbox, err = desk.ParseID[desk.Inbox](inbox); err != nil {
		return err
	}
	inboxes, err := p.Store.Read().ListInboxes(ctx)
	if err != nil {
		return err
	}
	for _, in := range inboxes {
		if in.ID == p.Inbox {
			p.Controller = in.Controller
		}
	}
	agents, err := p.Store.Read().ListAgents(ctx)
	if err != nil || len(agents) == 0 {
		return errors.Join(err, desk.NotFound("agent"))
	}
	p.Agent = agents[0].ID
	return nil
}
