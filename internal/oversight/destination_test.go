package oversight_test

import (
	"encoding/json"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// What is open and what was used is one list; each reader sees it with the Inboxes in their
// Scope, and with the companies of the register that carry what those send.
func TestDestinations(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		latest := noon.Add(2 * time.Hour)
		w.ways = []desk.Destination{
			{Host: "graph.example", Port: 443, Purpose: "WhatsApp messages", Company: "graph.example", Open: true, FirstUsed: latest, LastUsed: latest},
			{Host: "proxy.example", Port: 3128, Purpose: "proxy", Open: true},
		}
		w.uses(t, "graph.example", "WhatsApp messages", noon, noon.Add(time.Hour), noon.Add(time.Minute))
		w.uses(t, "old.example", "WhatsApp messages", noon)
		w.carrier(t, "Carrier GmbH", true)
		w.carrier(t, "Gestern GmbH", false)

		all, err := w.Destinations(t.Context(), every)
		must(t, err)
		if len(all) != 3 {
			t.Fatalf("got %+v", all)
		}
		graph, old, proxy := all[0], all[1], all[2]
		if !graph.Open || !graph.FirstUsed.Equal(noon) || !graph.LastUsed.Equal(latest) || len(graph.Senders) != 2 {
			t.Errorf("what is open and was used: %+v", graph)
		}
		if old.Open || !old.LastUsed.Equal(noon) || old.Company != "old.example" || len(old.Senders) != 0 {
			t.Errorf("what was used: %+v", old)
		}
		if !proxy.Open || !proxy.LastUsed.IsZero() {
			t.Errorf("what was never used: %+v", proxy)
		}
		mine, err := w.Destinations(t.Context(), w.scope)
		must(t, err)
		if len(mine) != 1 || len(mine[0].Senders) != 1 || mine[0].Senders[0].Inbox != w.north.inbox {
			t.Fatalf("the officer of one controller sees %+v", mine)
		}
		if got := mine[0].Senders[0].Recipients; len(got) != 1 || got[0] != "Carrier GmbH" {
			t.Errorf("carried by %q", got)
		}
	})
}

// uses notes that data went to a place.
func (w *world) uses(t *testing.T, host, purpose string, at ...time.Time) {
	t.Helper()
	for _, moment := range at {
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.NoteDestination(t.Context(), rows.NoteDestinationParams{Host: host, Port: 443, Purpose: purpose, Company: host, At: desk.AsMillis(moment)})
		}))
	}
}

// carrier enters a Processor of the north into its register.
func (w *world) carrier(t *testing.T, name string, active bool) {
	t.Helper()
	facts, err := json.Marshal(desk.Recipient{Name: name, Roles: []desk.RecipientRole{desk.RoleProcessor}, Carries: []desk.Channel{desk.ChannelWhatsApp}})
	must(t, err)
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddRegisterEntry(t.Context(), desk.RegisterEntry{
			Controller: w.north.controller, Kind: desk.RegisterRecipient, Subject: desk.NewID[desk.RegisterEntry](), Active: active, By: "test", Facts: string(facts),
		})
	}))
}
