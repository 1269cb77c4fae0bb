package desktest

import (
	"context"
	"fmt"
	"net/http"
)

func agentBlocks(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPut, "/block", map[string]string{"reason": a.one("REASON")})
}

func agentUnblocks(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodDelete, "/block", nil)
}

// agentFindsBlocked compares how a Block stands at WhatsApp: taken, failed, or none.
func agentFindsBlocked(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var seen struct {
		Contact struct {
			Blocked *struct{ State, Code string } `json:"blocked"`
		} `json:"contact"`
	}
	if err := w.ask(ctx, m.who, request{method: http.MethodGet, path: m.path}, &seen); err != nil {
		return err
	}
	state := "free"
	if b := seen.Contact.Blocked; b != nil {
		state = b.State
	}
	if state != a.one("STATE") {
		return fmt.Errorf("the block is %s", state)
	}
	return nil
}
