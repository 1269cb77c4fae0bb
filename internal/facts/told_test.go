package facts_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// A line counts as told while it waits, travels, is in doubt or has arrived, and not when it
// failed; it is no Notice, and ends with the Notice's own term (GDPR Art. 5(2), 13).
func TestWhatWasTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := facts.NewRegisters()
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, true) // what was shown before does not count
		for status, want := range map[desk.Status]bool{
			desk.StatusQueued: true, desk.StatusSending: true, desk.StatusInDoubt: true, desk.StatusSent: true, desk.StatusRead: true, desk.StatusFailed: false,
		} {
			id := desk.NewID[desk.Message]()
			must(t, w.Update(t.Context(), func(tx *store.Tx) error {
				notices, err := tx.ListNotices(t.Context(), w.inbox)
				if err != nil {
					return err
				}
				if err := tx.AddMessages(t.Context(), []desk.Message{{
					ID: id, Controller: w.controller, Inbox: w.inbox, Contact: w.contact, Conversation: w.in, Direction: desk.Out, Kind: desk.KindText,
					Position: 1, At: w.Now(), ExternalAt: w.Now(), ThreadAt: w.Now(), StatusAt: w.Now(), Status: status, Origin: desk.OriginSystem,
					Content: private.SealedBytes[desk.Content]([]byte("sealed by nobody here")),
				}}); err != nil {
					return err
				}
				return tx.AddShowing(t.Context(), rows.AddShowingParams{
					Message: id, NoticeID: notices[0].ID, Contact: w.contact, Inbox: w.inbox, Version: 2, At: tx.Stamp(), Occasion: desk.OccasionVoice, Line: "ab",
				})
			}))
			k := w.ask(t, r)
			if k.Told[desk.OccasionVoice] != want || k.Told[desk.OccasionPhoto] || k.Shown || k.Pending {
				t.Errorf("%s: told %v, shown %t, pending %t", status, k.Told, k.Shown, k.Pending)
			}
			storetest.Execute(t, w.url, "UPDATE showing SET accepted_at = 1 WHERE message_id = $1", id[:])
			storetest.Execute(t, w.url, "DELETE FROM message WHERE id = $1", id[:])
			if k := w.ask(t, r); !k.Told[desk.OccasionVoice] {
				t.Errorf("%s: what was accepted counts when its message is gone", status)
			}
			w.clock.Add(desk.NoticeLife + time.Second)
			if k := w.ask(t, r); k.Told[desk.OccasionVoice] {
				t.Errorf("%s: it counts for ever", status)
			}
			storetest.Execute(t, w.url, "DELETE FROM showing WHERE message_id = $1", id[:])
		}
	})
}
