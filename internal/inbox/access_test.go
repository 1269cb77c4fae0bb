package inbox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// ending disables an Agent in a transaction that commits only when do, begun meanwhile,
// waits for it.
func (w *world) ending(t *testing.T, id desk.AgentID, do func() error) error {
	t.Helper()
	ctx, done := context.Background(), make(chan error, 1)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockAgent(ctx, id); err != nil {
			return err
		}
		go func() { done <- do() }()
		w.waits(t, done)
		return tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: id, At: tx.Stamp(), Reason: "left"})
	}))
	return <-done
}

// waits returns when somebody waits for a lock; on SQLite everybody does.
func (w *world) waits(t *testing.T, done chan error) {
	t.Helper()
	if strings.HasPrefix(w.url, "sqlite:") {
		return
	}
	db := storetest.Beside(t, w.url)
	const waiting = "SELECT COUNT(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT granted AND datname = current_database()"
	for deadline, n := time.Now().Add(10*time.Second), 0; n == 0; time.Sleep(time.Millisecond) {
		must(t, db.QueryRow(waiting).Scan(&n))
		if len(done) > 0 || time.Now().After(deadline) {
			t.Error("it did not wait for the end of the access")
			return
		}
	}
}

// Nobody is given a Conversation while their access ends: it would be nobody's work.
func TestNothingIsGivenToWhomLeaves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		for what, give := range map[string]func(id desk.ConversationID, ben inbox.Viewer) error{
			"transferred": func(id desk.ConversationID, ben inbox.Viewer) error {
				_, err := w.Transfer(ctx, me, id, ben.Actor.Agent, text("Bitte"))
				return err
			},
			"answered": func(id desk.ConversationID, ben inbox.Viewer) error {
				_, err := w.Reply(ctx, ben, outbound.Submission{Conversation: id, ClientID: "1", Kind: desk.KindText, Text: text("Hallo"), Takes: true})
				return err
			},
			"reopened": func(id desk.ConversationID, _ inbox.Viewer) error {
				_, err := w.Reopen(ctx, me, id)
				return err
			},
		} {
			ben, c := w.agent(t, w.north), w.wrote(t, w.north, w.north.inboxes[0], what)
			if what == "reopened" {
				_, err := w.Assign(ctx, me, c.ID, ben.Actor.Agent, nil)
				must(t, err)
				_, err = w.Inbox.Close(ctx, me, c.ID, text(""))
				must(t, err)
			}
			err := w.ending(t, ben.Actor.Agent, func() error { return give(c.ID, ben) })
			if what == "transferred" {
				wantCode(t, err, desk.CodeInvalid, "agent")
			} else {
				must(t, err)
			}
			if in := w.views(t, me, c.ID); in != "unassigned all " {
				t.Errorf("%s: stands in %q", what, in)
			}
		}
	})
}
