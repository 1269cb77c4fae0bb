package settings_test

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// What is written in the app passes no gate here: taking it in takes two people, who have read
// the same reason; leaving it takes one (GDPR Art. 25(2), 32(1)).
func TestCoexistenceTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, p := t.Context(), openPost(t, w)
		other := w.another(t)
		on := func() *desk.Coexistence {
			t.Helper()
			all, err := w.Inboxes(ctx)
			must(t, err)
			at := slices.IndexFunc(all, func(i settings.InboxFacts) bool { return i.ID == p.inbox })
			return all[at].Coexistence
		}
		ask := func(who desk.Actor, reason string) (desk.ApprovalID, error) {
			return w.AskForCoexistence(ctx, who, p.inbox, reason)
		}
		grant := func(who desk.AgentID, id desk.ApprovalID) error {
			return w.DecideApproval(ctx, session(who), id, true, text(""))
		}

		_, err := ask(session(w.admin), " ")
		refused(t, "without a reason", err, desk.CodeInvalid, "reason")
		_, err = ask(shell, "Außendienst")
		refused(t, "the command line", err, desk.CodeConflict, "")
		var id desk.ApprovalID
		entries := w.written(t, func() {
			id, err = ask(session(w.admin), " Außendienst ")
			must(t, err)
		})
		if got := acts(entries); !slices.Equal(got, []string{"approval.requested"}) || entries[0].Detail["inbox"] != p.inbox.String() {
			t.Errorf("asking left %v", entries)
		}
		if on() != nil {
			t.Fatal("what waits has taken effect")
		}
		if again, err := ask(session(w.admin), "Außendienst"); err != nil || again != id {
			t.Errorf("asking for the very same again gives %v, %v", again, err)
		}
		_, err = ask(session(other), "Auch")
		refused(t, "a colleague asks meanwhile", err, desk.CodeConflict, "")
		refused(t, "whoever asked", grant(w.admin, id), desk.CodeConflict, "")
		if n := w.execute(t, `UPDATE approval SET facts = REPLACE(facts, 'Außendienst', 'Anders')`); n != 1 {
			t.Fatalf("%d were altered", n)
		}
		refused(t, "altered", grant(other, id), desk.CodeConflict, "")
		w.execute(t, `UPDATE approval SET facts = REPLACE(facts, 'Anders', 'Außendienst')`)

		w.clock.Add(time.Hour)
		entries = w.written(t, func() { must(t, grant(other, id)) })
		if got := acts(entries); !slices.Equal(got, []string{"approval.granted", "inbox.coexistence_begun"}) {
			t.Errorf("granting left %v", got)
		}
		for _, e := range entries {
			if e.Act == desk.ActCoexistenceBegun && (e.Detail["approval"] != id.String() || e.Detail["reason"] != "Außendienst" || e.Subject != desk.AboutInbox(p.inbox)) {
				t.Errorf("the entry is %+v", e)
			}
		}
		if c := on(); c == nil || !c.At.Equal(w.clock.Now()) || c.Reason != "Außendienst" || c.By != other.String() {
			t.Errorf("it stands at %+v", c)
		}
		_, err = ask(session(w.admin), "Noch einmal")
		refused(t, "while it is on", err, desk.CodeConflict, "")
		if got := acts(w.written(t, func() { must(t, w.EndCoexistence(ctx, session(w.admin), p.inbox)) })); !slices.Equal(got, []string{"inbox.coexistence_ended"}) || on() != nil {
			t.Errorf("ending left %v", got)
		}
		refused(t, "off already", w.EndCoexistence(ctx, session(w.admin), p.inbox), desk.CodeConflict, "")
	})
}

// With nobody else who could decide, the policy single_admin says what happens.
func TestCoexistenceAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := openPost(t, w)
		id, err := w.AskForCoexistence(t.Context(), session(w.admin), p.inbox, "Außendienst")
		must(t, err)
		alone := func() error { return w.DecideApproval(t.Context(), session(w.admin), id, true, text("Niemand sonst")) }
		refused(t, "at once", alone(), desk.CodeConflict, "")
		w.clock.Add(24 * time.Hour)
		must(t, alone())
		if a := w.wantState(t, id, "granted"); !a.IsAlone() {
			t.Errorf("it says %+v", a)
		}
	})
}
