package desktest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

func agentChoosesSignals(ctx context.Context, w *world, a args) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	body := map[string]string{"signals": a.one("SIGNALS")}
	return w.ask(ctx, who, request{method: http.MethodPut, path: "/inboxes/" + in.id.String() + "/signals", body: body}, nil)
}

// agentHasRead opens a Conversation and notes that all of it was read.
func agentHasRead(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var seen struct {
		Position int64 `json:"position"`
	}
	if err := w.ask(ctx, m.who, request{method: http.MethodGet, path: m.path}, &seen); err != nil {
		return err
	}
	return w.ask(ctx, m.who, request{method: http.MethodPut, path: m.path + "/reading", body: seen}, nil)
}

func agentWrites(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPut, "/presence", map[string]any{"state": "writing", "answers": true})
}

func agentWritesNote(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPut, "/presence", map[string]any{"state": "writing"})
}

func phoneSeesRead(_ context.Context, w *world, a args) error { return w.ticksOf(a, "read") }

func phoneSeesUnread(_ context.Context, w *world, a args) error { return w.ticksOf(a, "delivered") }

func phoneShowsDots(_ context.Context, w *world, a args) error { return w.dotsOn(a, true) }

func phoneShowsNoDots(_ context.Context, w *world, a args) error { return w.dotsOn(a, false) }

// dotsOn looks whether a phone shows that somebody writes.
func (w *world) dotsOn(a args, want bool) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	shown, err := w.sim.Typing(c.id, c.in.number)
	if err == nil && shown != want {
		err = errors.New("the phone says otherwise")
	}
	return err
}

// ticksOf compares how a phone shows what was written on it.
func (w *world) ticksOf(a args, want string) error {
	all, err := w.phone(a)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.From == "customer" && w.plain(m.Text) == a.one("TEXT") {
			if m.Status != want {
				return fmt.Errorf("it is %s", m.Status)
			}
			return nil
		}
	}
	return errors.New("the phone never said it")
}
