package inbound_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
)

func prefers(to *directory.Entry, from []desk.Alias, stops bool, at time.Time) desk.Arrival {
	return desk.Arrival{PhoneNumberID: to.PhoneNumberID, Preference: &desk.ArrivedPreference{From: from, Stops: stops, At: at}}
}

// Who turns advertising off in WhatsApp has withdrawn, once however often it is told; turning
// it on again is no consent, and nobody is made of it (GDPR Art. 4(11), 7(3)).
func TestPreferences(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		anna := phone("+491700000001")
		w.deliver(t, at, says(at, anna, "wamid.1", "Guten Tag", 5*time.Minute))
		w.process(t, 200)
		for range 2 {
			w.deliver(t, at, prefers(at, anna, false, noon.Add(-3*time.Minute)), prefers(at, anna, true, noon.Add(-2*time.Minute)),
				prefers(at, phone("+491700000099"), true, noon.Add(-time.Minute)))
			w.process(t, 200)
		}
		m := w.messages(t, at)
		if len(m) != 1 {
			t.Errorf("%d conversations came of settings", len(m)-1)
		}
		entries := w.ledger(t, m["Guten Tag"])
		if len(entries) != 1 || entries[0].Step != desk.ConsentWithdrawn || entries[0].Means != desk.MeansPreference || !entries[0].ActedAt.Equal(noon.Add(-2*time.Minute)) {
			t.Errorf("the ledger has %+v", entries)
		}
	})
}
