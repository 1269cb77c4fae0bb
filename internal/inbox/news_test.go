package inbox_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// An Inbox that another node paused is shown as paused by the time its news is told,
// though nobody on this node has heard of it otherwise.
func TestNewsOfAnInboxShowIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, v := w.north, w.north.viewer
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.AddInboxPause(t.Context(), rows.AddInboxPauseParams{Inbox: r.inboxes[0], At: tx.Stamp(), Actor: "agent", Reason: "Umzug"})
		}))
		paused := func() bool {
			t.Helper()
			all, err := w.Inboxes(t.Context(), v.Scope)
			must(t, err)
			for _, e := range all {
				if e.ID == r.inboxes[0] {
					return e.Pause != nil && e.Pause.Reason == "Umzug"
				}
			}
			return false
		}
		if paused() {
			t.Fatal("the pause is known already, so this test shows nothing")
		}
		news, err := w.News(t.Context(), []desk.Event{{N: 1, Kind: desk.EventInbox, Controller: r.controller, Inbox: r.inboxes[0]}})
		if err != nil || len(news) != 1 || !paused() {
			t.Errorf("the news is told and the inbox is paused: %v, %v", paused(), err)
		}
	})
}
