package oversight_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// subjects reads the whole history page by page.
func (w *world) history(t *testing.T, q desk.RevisionQuery) (all []desk.Revision) {
	t.Helper()
	for pages := 0; ; pages++ {
		page, next, err := w.Revisions(t.Context(), q)
		must(t, err)
		if all = append(all, page...); next == "" {
			return all
		}
		if q.Cursor = next; pages > 20 || len(page) != q.Limit {
			t.Fatalf("page %d has %d changes", pages, len(page))
		}
	}
}

// The history is read page by page, the newest first, of one thing or of all, also
// where several changes have the same time.
func TestHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 11 {
			w.change(t, fmt.Sprintf("inbox:%d", i%2), w.north.controller, desk.Altered("name", fmt.Sprint(i), fmt.Sprint(i+1)))
		}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			for range 6 {
				tx.Changed(desk.AuditEntry{Actor: shell, Act: "x.y", Subject: "inbox:9"}, desk.AlteredUnseen("access_token"))
			}
			return nil
		}))
		all := w.history(t, desk.RevisionQuery{Scope: every, Limit: 4})
		seen := map[desk.RevisionID]bool{}
		for i, r := range all {
			if seen[r.ID] || i > 0 && r.At.After(all[i-1].At) {
				t.Errorf("change %d at %v is out of order", i, r.At)
			}
			seen[r.ID] = true
		}
		if len(all) != 17 {
			t.Errorf("%d changes", len(all))
		}
		of := w.history(t, desk.RevisionQuery{Scope: every, Subject: "inbox:1", Limit: 2})
		if len(of) != 5 || of[0].Actor != shell || of[0].Act != "thing.changed" || !of[4].At.Equal(noon.Add(2*time.Second)) {
			t.Fatalf("of one inbox: %+v", of)
		}
		same(t, "the newest change", of[0].Changes, []desk.Alteration{{Field: "name", Before: []string{"9"}, After: []string{"10"}}})
	})
}

// A change and its history commit together or not at all, and what did not differ is no
// change.
func TestHistoryCommitsWithTheChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(t, "inbox:1", w.north.controller, desk.Altered("name", "a", "a"), desk.Altered("paused", "", ""),
			desk.AlteredSet("controllers", []string{"1", "2"}, []string{"2", "1"}))
		broken := errors.New("broken on purpose")
		if err := w.Update(t.Context(), func(tx *store.Tx) error {
			tx.Changed(desk.AuditEntry{Actor: shell, Act: "x.y", Subject: "inbox:1"}, desk.Altered("name", "a", "b"))
			return broken
		}); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if all := w.history(t, desk.RevisionQuery{Scope: every}); len(all) != 0 {
			t.Errorf("the history is %+v", all)
		}
		storetest.Execute(t, w.url, "ALTER TABLE revision RENAME TO away")
		if err := w.Update(t.Context(), func(tx *store.Tx) error {
			tx.Changed(desk.AuditEntry{Actor: shell, Act: "x.y", Subject: "inbox:1"}, desk.Altered("name", "a", "b"))
			return nil
		}); err == nil {
			t.Error("a change was committed that the history does not hold")
		}
		if n, err := w.Read().CountFreshEntries(t.Context()); err != nil || n != 1 {
			t.Errorf("%d entries, %v: want that of the change without a difference", n, err)
		}
	})
}

// Whoever serves one Inbox sees what concerns it, and nothing else of its Controller.
func TestScopeOfOneInbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, one := t.Context(), desk.Scope{Agent: desk.NewID[desk.Agent]()}
		beside := realm{w.south.controller, desk.NewID[desk.Inbox]()}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddAgent(ctx, rows.AddAgentParams{
				ID: one.Agent, Role: desk.RoleDPO, EmailDigest: []byte("another"), Profile: sealed[desk.AgentProfile]("x"), CreatedAt: tx.Stamp(),
			}); err != nil {
				return err
			}
			return tx.AddInboxMembership(ctx, rows.AddInboxMembershipParams{Agent: one.Agent, Inbox: w.south.inbox, At: tx.Stamp()})
		}))
		for name, r := range map[string]realm{"north": w.north, "south": w.south, "beside": beside} {
			w.clock.Add(time.Second)
			must(t, w.Update(ctx, func(tx *store.Tx) error {
				tx.Changed(desk.AuditEntry{Actor: shell, Act: "x.y", Subject: "inbox:" + name, Controller: r.controller, Inbox: r.inbox}, desk.Altered("name", "", "x"))
				return nil
			}))
			must(t, w.log.Number(ctx))
		}
		if got := w.history(t, desk.RevisionQuery{Scope: one}); len(got) != 1 || got[0].Subject != "inbox:south" {
			t.Errorf("the history is %+v", got)
		}
		got, _ := w.read(t, desk.AuditQuery{Scope: one, Act: "x.y"})
		same(t, "the log", got, []string{"inbox:south"})
		w.trouble(t)
		h, err := w.Health(ctx, one)
		must(t, err)
		same(t, "paused", h.Paused, []desk.InboxID{w.south.inbox})
	})
}

// Whoever watches over one Controller sees no change of the other's, and of an Agent
// not whom else it serves.
func TestHistoryInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		north, south := w.north.controller.String(), w.south.controller.String()
		w.change(t, "inbox:north", w.north.controller, desk.Altered("name", "", "n"))
		w.change(t, "inbox:south", w.south.controller, desk.Altered("name", "", "s"))
		w.change(t, "agent:1", desk.ControllerID{}, desk.Altered("role", "", "agent"),
			desk.AlteredSet("controllers", []string{south}, []string{south, north}),
			desk.AlteredSet("inboxes", nil, []string{w.north.inbox.String(), w.south.inbox.String()}))
		got := w.history(t, desk.RevisionQuery{Scope: w.scope})
		if len(got) != 2 || got[0].Subject != "agent:1" || got[1].Subject != "inbox:north" {
			t.Fatalf("of the north: %+v", got)
		}
		same(t, "of the agent", got[0].Changes, []desk.Alteration{
			{Field: "role", Before: []string{}, After: []string{"agent"}}, {Field: "controllers", Before: []string{}, After: []string{north}},
			{Field: "inboxes", Before: []string{}, After: []string{w.north.inbox.String()}},
		})
		if got := w.history(t, desk.RevisionQuery{Scope: w.scope, Subject: "inbox:south"}); len(got) != 0 {
			t.Errorf("asked for, of the south: %+v", got)
		}
		if got := w.history(t, desk.RevisionQuery{Scope: every, Subject: "agent:1"}); len(got) != 1 || len(got[0].Changes[1].After) != 2 {
			t.Errorf("of everything: %+v", got)
		}
	})
}

func TestHistoryRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for field, q := range map[string]desk.RevisionQuery{"limit": {Limit: -1}, "cursor": {Cursor: "x"}, "subject": {Subject: "Müller"}} {
			_, _, err := w.Revisions(t.Context(), q)
			var e *desk.Error
			if !errors.As(err, &e) || e.Code != desk.CodeInvalid || e.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
