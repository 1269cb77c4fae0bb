package desktest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// customerChangesNumber gives somebody another number, and with it other ids of WhatsApp's.
func customerChangesNumber(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	w.learnIDs()
	c.tel = w.keepSecret("another telephone number of "+c.id, "491570"+digits(8))
	return w.sim.ChangePhone(c.id, "+"+c.tel)
}

func customerChangesDevice(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	return w.sim.ChangeDevice(c.id)
}

// providerChecks lets the provider tell which device somebody has, and hold to it.
func providerChecks(_ context.Context, w *world, a args) error {
	in, err := w.inbox(a.one("INBOX"))
	if err != nil {
		return err
	}
	return w.sim.CheckIdentities(in.number, true)
}

// doubted is why a Contact may be somebody else, as lists show it.
type doubted struct {
	Contact struct {
		Assurance *struct {
			News   string
			Hidden bool
		}
	}
}

func agentDoubts(ctx context.Context, w *world, a args) error { return w.doubt(ctx, a, false) }

func agentDoubtsHidden(ctx context.Context, w *world, a args) error { return w.doubt(ctx, a, true) }

func (w *world) doubt(ctx context.Context, a args, hidden bool) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var got doubted
	if err := w.ask(ctx, m.who, request{method: http.MethodGet, path: m.path}, &got); err != nil {
		return err
	}
	switch s := got.Contact.Assurance; {
	case s == nil && a.one("NEWS") == "":
		return nil
	case s == nil || a.one("NEWS") == "":
		return fmt.Errorf("got %+v", s)
	case s.News != a.one("NEWS") || s.Hidden != hidden:
		return fmt.Errorf("got %s, hidden %v", s.News, s.Hidden)
	}
	return nil
}

func agentVouches(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPost, "/vouchings", map[string]string{"means": a.one("MEANS")})
}

func agentSplits(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPost, "/splits", nil)
}

// agentSeeks looks for a person by the number as people write it: 0157 0…
func agentSeeks(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var found listed[struct{ ID string }]
	typed := "0" + m.with.tel[2:5] + " / " + m.with.tel[5:]
	if err := w.ask(ctx, m.who, request{method: http.MethodPost, path: "/contacts/searches", body: map[string]string{"text": typed}}, &found); err != nil {
		return err
	}
	if len(found.Items) != 1 || "/conversations/"+found.Items[0].ID != m.path {
		return errors.New("found is somebody else, or nobody")
	}
	return nil
}
