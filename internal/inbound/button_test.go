package inbound_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// taps is a tap on a button, of a Template or of a Message of ours.
func taps(to *directory.Entry, from []desk.Alias, wamid string, kind desk.Kind, label, id string) desk.Arrival {
	a := says(to, from, wamid, label, time.Minute)
	a.Message.Kind, a.Message.Button = kind, text(id)
	return a
}

// A tap on a button withdraws as well as a word does, however the button is called: by us, by
// who made the Template, by WhatsApp (GDPR Art. 7(3), 21(2)).
func TestWithdrawalsByButton(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.controller(t)
		at := w.inbox(t, c, "secret")
		storetest.Furnish(t, w.Store, c, at.ID)
		const offers = "Neues zu unseren Tarifen"
		type entry struct {
			step    desk.ConsentStep
			purpose string
		}
		cases := map[string]struct {
			kind      desk.Kind
			label, id string
			want      entry
		}{
			"ours":                      {desk.KindButton, "Lieber nicht", desk.ButtonWithdraw, entry{desk.ConsentWithdrawn, ""}},
			"ours, interactive":         {desk.KindInteractive, "Nicht mehr", desk.ButtonWithdraw, entry{desk.ConsentWithdrawn, ""}},
			"ours, in another case":     {desk.KindButton, "Ohne mich", " Withdraw ", entry{desk.ConsentWithdrawn, ""}},
			"for one purpose":           {desk.KindButton, "Keine Tarife", desk.ButtonWithdraw + ":" + offers, entry{desk.ConsentWithdrawn, offers}},
			"for one nobody knows":      {desk.KindButton, "Kein Interesse", desk.ButtonWithdraw + ":Anna Muster", entry{desk.ConsentWithdrawn, ""}},
			"WhatsApp's":                {desk.KindButton, "Stop promotions", "Stop promotions", entry{desk.ConsentWithdrawn, ""}},
			"WhatsApp's in German":      {desk.KindButton, "Werbeaktionen stoppen", "Werbeaktionen stoppen", entry{desk.ConsentWithdrawn, ""}},
			"another's id":              {desk.KindButton, "Nein danke!", "UNSUBSCRIBE", entry{desk.ConsentWithdrawn, ""}},
			"the label alone":           {desk.KindInteractive, "Keine Werbung mehr", "17", entry{desk.ConsentWithdrawn, ""}},
			"a label that may mean it":  {desk.KindButton, "Ende", "17", entry{desk.ConsentDoubted, ""}},
			"something else":            {desk.KindInteractive, "Bitte anrufen", "callback", entry{}},
			"an id that is in doubt":    {desk.KindInteractive, "Termin verlegen", "cancel", entry{}},
			"a text that says withdraw": {desk.KindText, "withdraw", "", entry{}},
			"a text with an id":         {desk.KindText, "Hallo", desk.ButtonWithdraw, entry{}},
		}
		for i, name := range slices.Sorted(maps.Keys(cases)) {
			tap := taps(at, phone(fmt.Sprintf("+4917000000%02d", i)), fmt.Sprintf("wamid.%d", i), cases[name].kind, cases[name].label, cases[name].id)
			for range 2 { // a Delivery that comes twice is one
				w.deliver(t, at, tap, tap)
				w.process(t, 200)
			}
		}
		messages := w.messages(t, at)
		w.ledger(t, slices.Collect(maps.Values(messages))...)
		for name, c := range cases {
			m := messages[c.label]
			entries, err := store.Ledger(t.Context(), w.Read(), m.Contact)
			must(t, err)
			asks := w.asks(t, at, m.Conversation)
			if c.want == (entry{}) {
				if len(entries) != 0 {
					t.Errorf("%s wrote %+v", name, entries)
				}
				continue
			}
			if len(entries) != 1 {
				t.Errorf("%s wrote %d entries", name, len(entries))
				continue
			}
			e := entries[0]
			if got := (entry{e.Step, e.Purpose}); got != c.want || e.Means != desk.MeansButton || e.Answer != m.ID || !e.ActedAt.Equal(noon.Add(-time.Minute)) {
				t.Errorf("%s wrote %+v", name, e)
			}
			if !slices.Equal(asks, []desk.MessageID{m.ID}) {
				t.Errorf("%s asks for %d answers", name, len(asks))
			}
		}
	})
}
