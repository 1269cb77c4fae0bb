package api_test

import (
	"context"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// alert lets the Provider complain of the realm's Inbox.
func (w *world) alert(t *testing.T, r *realm) desk.AlertID {
	t.Helper()
	ctx := context.Background()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddAlert(ctx, r.controller, r.inbox, desk.ArrivedAlert{Kind: desk.AlertError, Code: "131042", Severity: desk.SeverityWarning})
	}))
	listed, err := w.Read().ListAlerts(ctx, rows.ListAlertsParams{Inbox: r.inbox, Page: 1})
	must(t, err)
	return listed[0].ID
}

type alertSeen struct {
	ID, Kind, Code, Subject, Value, Severity string
	Ended                                    *struct{ By *struct{ Name string } }
	Sentence, Helps                          struct{ DE, EN string }
}

// The newest word about the same counts; what is told once more changes nothing; whoever may
// change settings says that it is done, once.
func TestAlertsByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.admin(t)
		dpo := w.byCookie(t, "dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		tell := func(code string, severity desk.Severity) {
			t.Helper()
			must(t, w.Update(ctx, func(tx *store.Tx) error {
				return tx.AddAlert(ctx, w.north.controller, w.north.inbox, desk.ArrivedAlert{
					Kind: "template", Code: code, Subject: "schaden de", Value: "X", Severity: severity,
				})
			}))
		}
		path := "/inboxes/" + w.north.inbox.String() + "/alerts"
		seen := func() []alertSeen {
			t.Helper()
			var list struct{ Items []alertSeen }
			w.read(t, dpo, path, &list)
			return list.Items
		}
		tell("APPROVED", desk.SeverityInfo)
		tell("PAUSED", desk.SeverityWarning)
		w.clock.Add(1)
		tell("PAUSED", desk.SeverityWarning)
		all := seen()
		open := func(code string) bool {
			for _, a := range all {
				if a.Code == code {
					return a.Ended == nil
				}
			}
			return false
		}
		if len(all) != 2 || !open("PAUSED") || open("APPROVED") {
			t.Fatalf("it stands at %+v", all)
		}
		for _, a := range all {
			if a.Sentence.DE == a.Sentence.EN || a.Sentence.EN == "" || a.Subject != "schaden de" {
				t.Errorf("in words: %+v", a)
			}
			if a.Code == "PAUSED" {
				w.does(t, dpo, "POST", "/alerts/"+a.ID+"/end", nil, 403)
				w.does(t, admin, "POST", "/alerts/"+a.ID+"/end", nil, 204)
				w.does(t, admin, "POST", "/alerts/"+a.ID+"/end", nil, 409)
			}
		}
		tell("PAUSED", desk.SeverityWarning)
		if all = seen(); len(all) != 2 || open("PAUSED") {
			t.Errorf("told once more: %+v", all)
		}
		tell("REJECTED", desk.SeverityWarning)
		if all = seen(); len(all) != 3 || !open("REJECTED") {
			t.Errorf("told something newer: %+v", all)
		}
		w.does(t, dpo, "GET", "/inboxes/"+w.south.inbox.String()+"/alerts", nil, 404)
	})
}
