package oversight_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/storetest"
)

// Whatever is asked for, alone or together, all of it is found and nothing else, page
// by page, the newest first.
func TestEntriesAreFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		eva, ben := desk.NewID[desk.Agent](), desk.NewID[desk.Agent]()
		var all []desk.AuditEntry
		for i := range 60 {
			if i%10 == 0 {
				w.clock.Add(time.Hour) // farther than numbers and times may differ
			}
			e := desk.AuditEntry{
				Actor: desk.Actor{Kind: desk.ActorAgent, Agent: []desk.AgentID{eva, ben}[i%2], Via: "session"},
				Act:   []desk.Act{"noun.seen", "noun.changed", "noun.seen"}[i%3], Subject: fmt.Sprintf("noun:%d", i%5),
				Detail: map[string]string{"i": fmt.Sprint(i)},
			}
			w.act(t, e)
			e.At = w.clock.Now()
			all = append(all, e)
		}
		slices.Reverse(all)
		from, until := all[40].At, all[12].At
		for _, act := range []desk.Act{"", "noun.changed", "noun.seen", "noun.never"} {
			for _, agent := range []desk.AgentID{{}, eva, desk.NewID[desk.Agent]()} {
				for _, subject := range []string{"", "noun:2", "noun:9"} {
					for _, times := range [][2]time.Time{{}, {from, {}}, {{}, until}, {from, until}} {
						q := desk.AuditQuery{Scope: every, Act: act, Agent: agent, Subject: subject, From: times[0], Until: times[1], Limit: 7}
						w.checkFound(t, q, all)
					}
				}
			}
		}
	})
}

func (w *world) checkFound(t *testing.T, q desk.AuditQuery, all []desk.AuditEntry) {
	t.Helper()
	var want, got []string
	for _, e := range all {
		if (q.Act == "" || q.Act == e.Act) && (q.Agent.IsZero() || q.Agent == e.Actor.Agent) && (q.Subject == "" || q.Subject == e.Subject) &&
			!e.At.Before(q.From) && (q.Until.IsZero() || e.At.Before(q.Until)) {
			want = append(want, e.Detail["i"])
		}
	}
	what := fmt.Sprintf("act %q, subject %q, an agent %v, from %v until %v", q.Act, q.Subject, !q.Agent.IsZero(), q.From, q.Until)
	for pages := 0; ; pages++ {
		entries, next, err := w.Entries(t.Context(), shell, q)
		must(t, err)
		if len(entries) > q.Limit || pages > 20 {
			t.Fatalf("%s: page %d has %d entries", what, pages, len(entries))
		}
		for _, e := range entries {
			if e.Act != desk.ActAuditOpened {
				got = append(got, e.Detail["i"])
			}
		}
		if q.Before = next; next == 0 {
			break
		}
	}
	same(t, what, got, want)
}

// An entry is found by its time although its number came later than others'.
func TestTimesAndNumbersDiffer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.act(t, desk.AuditEntry{Actor: shell, Act: "a.b", Subject: "noun:first"})
		w.clock.Add(-2 * time.Second) // a node whose clock is behind
		w.act(t, desk.AuditEntry{Actor: shell, Act: "a.b", Subject: "noun:second"})
		got, _ := w.read(t, desk.AuditQuery{Scope: every, Until: noon.Add(time.Second)})
		same(t, "before the first", got, []string{"noun:second"})
		got, _ = w.read(t, desk.AuditQuery{Scope: every, From: noon.Add(time.Second)})
		same(t, "since the first", got, []string{"noun:first"})
	})
}

// Reading is an act: one entry per Agent and ten minutes, written before anything is
// shown.
func TestReadingIsAnAct(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		read := func() {
			t.Helper()
			_, _, err := w.Entries(t.Context(), w.dpo, desk.AuditQuery{Scope: w.scope})
			must(t, err)
			must(t, w.log.Number(t.Context()))
		}
		read()
		read()
		w.clock.Add(9 * time.Minute)
		read()
		w.clock.Add(2 * time.Minute)
		read()
		entries, _, err := w.Entries(t.Context(), w.dpo, desk.AuditQuery{Scope: w.scope, Act: desk.ActAuditOpened, Agent: w.dpo.Agent})
		must(t, err)
		if len(entries) != 2 || entries[0].Actor != w.dpo || entries[0].Subject != "audit" {
			t.Errorf("the entries are %+v", entries)
		}
		storetest.Execute(t, w.url, "ALTER TABLE audit_entry RENAME TO away")
		if _, _, err := w.Entries(t.Context(), shell, desk.AuditQuery{Scope: every}); err == nil {
			t.Error("the log is shown to somebody of whom it cannot say so")
		}
	})
}

// Whoever watches over one Controller sees nothing of the other, and what belongs to
// none.
func TestEntriesInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, e := range map[string]desk.AuditEntry{
			"north": {Controller: w.north.controller, Inbox: w.north.inbox}, "north-inbox": {Inbox: w.north.inbox},
			"south": {Controller: w.south.controller, Inbox: w.south.inbox}, "south-inbox": {Inbox: w.south.inbox}, "none": {},
		} {
			e.Actor, e.Act, e.Subject = shell, "a.b", "noun:"+name
			w.act(t, e)
		}
		for _, q := range []desk.AuditQuery{{}, {Act: "a.b"}} {
			q.Scope = w.scope
			got, _ := w.read(t, q)
			slices.Sort(got)
			same(t, "of the north", got, []string{"noun:none", "noun:north", "noun:north-inbox"})
		}
		for _, name := range []string{"south", "south-inbox"} {
			if got, _ := w.read(t, desk.AuditQuery{Scope: w.scope, Subject: "noun:" + name}); len(got) != 0 {
				t.Errorf("asked for, %v of the other controller", got)
			}
		}
		if got, _ := w.read(t, desk.AuditQuery{Scope: every, Act: "a.b"}); len(got) != 5 {
			t.Errorf("of everything: %v", got)
		}
	})
}

func TestAuditRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for field, q := range map[string]desk.AuditQuery{
			"limit": {Limit: 201}, "cursor": {Before: -1}, "to": {From: noon, Until: noon}, "act": {Act: "Müller"}, "subject": {Subject: "inbox:Müller"},
		} {
			q.Scope = every
			_, _, err := w.Entries(t.Context(), shell, q)
			var e *desk.Error
			if !errors.As(err, &e) || e.Code != desk.CodeInvalid || e.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if n, err := w.Read().CountFreshEntries(t.Context()); err != nil || n != 0 {
			t.Errorf("refused readings left %d entries, %v", n, err)
		}
	})
}

// Entries that were altered so that they cannot be read any more hide no others.
func TestAlteredEntryHidesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 3 {
			w.act(t, desk.AuditEntry{Actor: shell, Act: "a.b", Subject: fmt.Sprintf("noun:%d", i)})
		}
		storetest.Execute(t, w.url, "UPDATE audit_entry SET detail = 'no json' WHERE subject = 'noun:1'")
		got, _ := w.read(t, desk.AuditQuery{Scope: every})
		same(t, "with an altered one", got, []string{"noun:2", "noun:1", "noun:0"})
	})
}

// A long log is read by an index, whatever is asked for.
func TestEntriesAreReadByIndex(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if !w.IsSQLite() {
			return // its planner decides by size; the indexes are the same
		}
		for column, filter := range map[string]string{"act": "e.act = 'a.b'", "actor": "e.actor_id = x'00'", "subject": "e.subject = 'x:1'"} {
			plan := w.plan(t, "SELECT e.* FROM audit_entry e WHERE "+filter+" AND e.n > 0 AND e.n < 100 ORDER BY e.n DESC LIMIT 5")
			if !strings.Contains(plan, "audit_entry_"+column) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("by %s: %s", column, plan)
			}
		}
		if plan := w.plan(t, "SELECT n FROM audit_entry WHERE n IS NOT NULL AND at >= 5 ORDER BY at, n LIMIT 1"); !strings.Contains(plan, "audit_entry_at") {
			t.Errorf("by time: %s", plan)
		}
	})
}

func (w *world) plan(t *testing.T, statement string) string {
	t.Helper()
	found, err := storetest.Beside(t, w.url).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
	must(t, err)
	defer func() { _ = found.Close() }()
	var out []string
	for found.Next() {
		var id, parent, unused int
		var detail string
		must(t, found.Scan(&id, &parent, &unused, &detail))
		out = append(out, detail)
	}
	must(t, found.Err())
	return strings.Join(out, "; ")
}
