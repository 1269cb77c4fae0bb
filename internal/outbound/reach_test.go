package outbound_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/simulator"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// allows says what the Provider lets the number do.
func (w *world) allows(t *testing.T, people int64) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetCapacity(t.Context(), rows.SetCapacityParams{Inbox: w.inbox, People: people, At: tx.Stamp()})
	}))
}

// Outside of windows only so many people are written to within 24 hours; who comes behind waits,
// who was written to may be again, and answers within a window need no place (Meta: Messaging
// limits).
func TestReach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		w.allows(t, 2)
		w.deliver(t, "one")
		sends := func(c desk.Conversation, client string) desk.Message {
			s := template(c)
			s.ClientID, s.Purpose = client, offers
			m, err := w.gate.Compose(t.Context(), ben, allScope, s)
			must(t, err)
			return m
		}
		late := func(number string) desk.Conversation {
			c := w.wrote(t, number, 25*time.Hour)
			w.record(t, c, desk.ConsentGranted)
			return c
		}
		anna, bert, carl := late("+491700000001"), late("+491700000002"), late("+491700000003")
		w.stands(t, sends(anna, "1"), desk.StatusSent)
		w.stands(t, sends(bert, "1"), desk.StatusSent)
		third := sends(carl, "1")
		w.stands(t, w.says(t, w.wrote(t, "+491700000004", time.Hour), "within the window"), desk.StatusSent)
		w.clock.Add(time.Minute)
		w.stands(t, sends(anna, "2"), desk.StatusSent)
		w.rests(t)
		w.clock.Add(20 * time.Hour)
		w.rests(t)
		w.stands(t, third, desk.StatusQueued)
		w.clock.Add(4*time.Hour + time.Minute) // bert's place is free; anna's is not
		w.stands(t, third, desk.StatusSent)

		w.allows(t, 0)
		w.stands(t, sends(late("+491700000005"), "1"), desk.StatusSent)
	})
}

// phones lets WhatsApp's own side answer, with a limit of people for the account.
func (w *world) phones(t *testing.T, tier string, numbers ...string) *simulator.Simulator {
	t.Helper()
	sim := simulator.New(simulator.Config{
		Clock: w.clock.Now, Settings: &simulator.Settings{Tier: tier, IgnorePairRate: true},
		Numbers: []simulator.Number{{PhoneNumberID: "1001", WABA: "2", DisplayPhone: "+49 30 0000001", Unsubscribed: true,
			Templates: []simulator.Template{{Name: "termin", Language: "de"}}}},
	})
	t.Cleanup(sim.Close)
	for i, number := range numbers {
		_, err := sim.AddCustomer(simulator.NewCustomer{ID: fmt.Sprint("person", i), Name: "Person", Phone: number})
		must(t, err)
	}
	graph := httptest.NewServer(sim.Handler())
	t.Cleanup(graph.Close)
	w.provider.WhatsApp, w.provider.graph = channel.NewWhatsApp(graph.Client(), w.clock.Now, func(string, int) {}), graph.URL
	return sim
}

// invites sends the template of an offer to somebody who wrote long ago and wants to hear of it.
func (w *world) invites(t *testing.T, number string) (desk.Conversation, desk.Message) {
	t.Helper()
	c := w.wrote(t, number, 25*time.Hour)
	w.record(t, c, desk.ConsentGranted)
	s := template(c)
	s.ClientID, s.Purpose = "1", offers
	m, err := w.gate.Compose(t.Context(), ben, allScope, s)
	must(t, err)
	return c, m
}

// With our count nobody comes upon WhatsApp's: whoever is beyond it waits, and nothing is refused.
func TestReachStaysBelowTheLimit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		numbers := []string{"+491700000001", "+491700000002", "+491700000003"}
		sim := w.phones(t, "TIER_2", numbers...)
		w.allows(t, 2)
		w.deliver(t, "one")
		var all []desk.Message
		for i, number := range numbers {
			_, m := w.invites(t, number)
			all = append(all, m)
			if i < 2 {
				w.stands(t, m, desk.StatusSent)
			}
		}
		w.rests(t)
		w.clock.Add(20 * time.Hour)
		w.rests(t)
		w.stands(t, all[2], desk.StatusQueued)
		w.clock.Add(4*time.Hour + time.Minute)
		w.stands(t, all[2], desk.StatusSent)
		if _, accepted := sim.Outbox(); accepted != 3 || w.provider.count() != 3 {
			t.Errorf("%d of %d were accepted", accepted, w.provider.count())
		}
	})
}

// WhatsApp's count may be the lower one: it lowers a limit before it tells, and counts what other
// programs send. Who is beyond it is refused (131048); that is a Task of whoever wrote, tells the
// administrators, and goes when it is sent again later.
func TestReachBeyondTheLimit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		sim := w.phones(t, "TIER_1", "+491700000001", "+491700000002")
		w.allows(t, 2)
		w.deliver(t, "one")
		_, first := w.invites(t, "+491700000001")
		w.stands(t, first, desk.StatusSent)
		bert, second := w.invites(t, "+491700000002")
		if lost := w.stands(t, second, desk.StatusFailed); lost.Failure != "131048" {
			t.Errorf("it failed for %q", lost.Failure)
		}
		await(t, "the task of whoever wrote it", func() bool {
			all := w.tasks(t, bert)
			return len(all) == 1 && all[0].Code == "131048" && all[0].Done == nil
		})
		alerts, err := w.Read().ListAlerts(t.Context(), rows.ListAlertsParams{Inbox: w.inbox, Page: 10})
		must(t, err)
		if len(alerts) != 1 || alerts[0].Code != "131048" || alerts[0].Kind != desk.AlertError {
			t.Errorf("the administrators read %+v", alerts)
		}
		w.clock.Add(24*time.Hour + time.Minute)
		must(t, w.gate.Repeat(t.Context(), ben, w.message(t, second.ID), false))
		w.stands(t, second, desk.StatusSent)
		if _, accepted := sim.Outbox(); accepted != 2 || w.provider.count() != 3 {
			t.Errorf("%d of %d were accepted", accepted, w.provider.count())
		}
	})
}

// However many ask at the same moment for the last places, no more get one.
func TestReachAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		w.allows(t, 2)
		for i := range 6 {
			w.invites(t, fmt.Sprintf("+4917000000%02d", i))
		}
		w.deliver(t, "one")
		await(t, "two on the wire", func() bool { return w.provider.count() >= 2 })
		w.rests(t)
		if n := w.provider.count(); n != 2 {
			t.Errorf("%d people were written to", n)
		}
	})
}
