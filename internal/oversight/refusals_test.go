package oversight_test

import (
	"fmt"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// refuse commits a Refusal.
func (w *world) refuse(t *testing.T, of realm, reasons string) {
	t.Helper()
	w.act(t, desk.AuditEntry{
		Actor: w.dpo, Act: desk.ActMessageRefused, Subject: "conversation:1", Controller: of.controller, Inbox: of.inbox,
		Detail: map[string]string{"conversation": "1", "class": "service", "purpose": `a "reasons":"quiet_hours" b`, "reasons": reasons},
	})
}

// What the gate refused is read page by page, the newest first, by reason, Inbox and time, and
// by nobody beyond their Scope. Other acts are no Refusals.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.refuse(t, w.north, "window_closed")
			w.refuse(t, w.south, "inbox_paused notice_missing")
			w.act(t, desk.AuditEntry{Actor: shell, Act: desk.ActMessagePermitted, Subject: fmt.Sprint("message:", i), Controller: w.north.controller, Inbox: w.north.inbox})
		}
		begin := noon.Add(time.Second)
		for name, c := range map[string]struct {
			query desk.RefusalQuery
			want  int
		}{
			"everything":            {desk.RefusalQuery{Scope: every}, 10},
			"of the scope":          {desk.RefusalQuery{Scope: w.scope}, 5},
			"of an Inbox":           {desk.RefusalQuery{Scope: every, Inbox: w.south.inbox}, 5},
			"of an Inbox beyond":    {desk.RefusalQuery{Scope: w.scope, Inbox: w.south.inbox}, 0},
			"the first reason":      {desk.RefusalQuery{Scope: every, Reason: "inbox_paused"}, 5},
			"the second reason":     {desk.RefusalQuery{Scope: every, Reason: "notice_missing"}, 5},
			"a reason beyond":       {desk.RefusalQuery{Scope: w.scope, Reason: "notice_missing"}, 0},
			"a word of the purpose": {desk.RefusalQuery{Scope: every, Reason: "quiet_hours"}, 0},
			"since a moment":        {desk.RefusalQuery{Scope: every, From: begin.Add(9 * time.Second)}, 4},
			"until a moment":        {desk.RefusalQuery{Scope: every, Until: begin.Add(3 * time.Second)}, 2},
		} {
			var all []desk.AuditEntry
			q := c.query
			for q.Limit = 2; ; {
				page, next, err := w.Refusals(t.Context(), shell, q)
				must(t, err)
				if all = append(all, page...); next == 0 {
					break
				}
				if q.Before = next; len(page) != 2 {
					t.Fatalf("%s: a page of %d", name, len(page))
				}
			}
			for i, e := range all {
				if e.Act != desk.ActMessageRefused || i > 0 && e.N >= all[i-1].N {
					t.Errorf("%s: entry %d is %+v", name, i, e)
				}
			}
			if len(all) != c.want {
				t.Errorf("%s: %d refusals, want %d", name, len(all), c.want)
			}
		}
		for name, q := range map[string]desk.RefusalQuery{
			"reason": {Reason: "100%"}, "limit": {Limit: 201}, "cursor": {Before: -1}, "to": {From: noon, Until: noon},
		} {
			if _, _, err := w.Refusals(t.Context(), shell, q); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("a wrong %s: %v", name, err)
			}
		}
	})
}
