package main_test

import (
	"encoding/json"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// Where data may go is listed before anything went there; when it last went there is noted
// at the latest when the server ends, and stands there afterwards (GDPR Art. 30(1)(d)).
func TestWhereDataWent(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		p := newProvider(t)
		_, webhook := h.inbox(phoneNumberID, p.url)
		began := time.Now().Add(-time.Second)
		h.start()
		wantStatus(t, "webhook", h.deliver(webhook, said(1, "Guten Tag")), http.StatusOK)
		h.awaitTexts("Guten Tag")
		type place struct {
			Host, Purpose, Company string
			Open                   bool
			LastUsed               *time.Time `json:"last_used_at"`
			Senders                []struct{ Recipients []string }
		}
		list := func() []place {
			var all struct{ Items []place }
			must(t, json.Unmarshal([]byte(h.call(http.MethodGet, "/destinations", "").body), &all))
			return all.Items
		}
		if all := list(); len(all) != 1 || all[0].Host != "127.0.0.1" || !all[0].Open || all[0].Company != "" || len(all[0].Senders) != 1 {
			t.Fatalf("the list is %+v", all)
		}
		h.reply(h.conversation(), "c-1", "Wir helfen Ihnen.")
		h.awaitStatus("Wir helfen Ihnen.", "sent")
		if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Fatalf("status %d: %s", status, h.serving.said.String())
		}
		h.start()
		all := list()
		if len(all) != 1 || all[0].LastUsed == nil || all[0].LastUsed.Before(began) || all[0].LastUsed.After(time.Now()) {
			t.Errorf("after the end the list is %+v", all)
		}
	})
}
