package desktest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// known is how long it takes until every node has read the Inboxes anew, of which no address
// tells.
const known = 1500 * time.Millisecond

func agentAsksForApp(ctx context.Context, w *world, a args) error {
	return w.changeInbox(ctx, a, http.MethodPut, "/coexistence", because(a))
}

// agentAgrees grants the only thing that waits for a second person, and waits until it holds.
func agentAgrees(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	var all listed[struct {
		ID    string
		State string
	}]
	if err := w.ask(ctx, who, request{method: http.MethodGet, path: "/approvals"}, &all); err != nil {
		return err
	}
	var waits []string
	for _, item := range all.Items {
		if item.State == "waiting" {
			waits = append(waits, item.ID)
		}
	}
	if len(waits) != 1 {
		return fmt.Errorf("%d things wait for a second person", len(waits))
	}
	err = w.ask(ctx, who, request{method: http.MethodPost, path: "/approvals/" + waits[0] + "/decision", body: map[string]any{"grant": true, "reason": ""}}, nil)
	time.Sleep(known)
	return err
}

func agentLeavesApp(ctx context.Context, w *world, a args) error {
	err := w.changeInbox(ctx, a, http.MethodDelete, "/coexistence", nil)
	time.Sleep(known)
	return err
}

// appWrites lets somebody write in the WhatsApp Business app on the number of the Inbox.
func appWrites(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	if err := w.sim.UseOnApp(c.in.number); err != nil {
		return err
	}
	_, err = w.sim.WriteInApp(c.id, c.in.number, marked(a.one("TEXT"), c.mark))
	return err
}
