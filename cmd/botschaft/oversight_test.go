package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// shownEntry and shownRevision are what the commands and the API tell alike.
type shownEntry struct {
	N            int64
	Actor        struct{ Kind, ID, Name, Via string }
	Act, Subject string
	Detail       map[string]string
}

type shownRevision struct {
	By           struct{ Kind, ID, Name, Via string }
	Act, Subject string
	Changes      []struct {
		Field         string
		Before, After []string
	}
}

func (r shownRevision) String() string {
	parts := []string{r.Act}
	for _, c := range r.Changes {
		parts = append(parts, fmt.Sprintf("%s %v>%v", c.Field, c.Before, c.After))
	}
	return strings.Join(parts, ", ")
}

// What is changed by command stands in the lists, in the history with what was before,
// and in the log, and is the same by command and by the API. No secret is in any of it.
func TestSettingsCanBeSeen(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		id, path := h.inbox(phoneNumberID, nowhere)
		var done struct{ Done bool }
		h.command(&done, "inbox", "rename", id, "--json", "--name", "Kundendienst")
		h.command(&done, "inbox", "pause", id, "--json", "--reason", "Umzug")
		h.command(&done, "inbox", "secrets", id, "--json", "--access-token-file", h.file("another", "another-token"))

		var inboxes struct {
			Items []struct {
				ID, Name, Controller string
				WebhookPath          string `json:"webhook_path"`
				PhoneNumberID        string `json:"phone_number_id"`
				AppSecrets           int    `json:"app_secrets"`
				AccessToken          bool   `json:"access_token"`
				Paused               *struct{ Reason string }
			}
		}
		h.command(&inboxes, "inbox", "list", "--json")
		if len(inboxes.Items) != 1 {
			t.Fatalf("%d inboxes", len(inboxes.Items))
		}
		if in := inboxes.Items[0]; in.ID != id || in.Name != "Kundendienst" || in.Controller != h.controller || in.WebhookPath != path ||
			in.PhoneNumberID != phoneNumberID || in.AppSecrets != 1 || !in.AccessToken || in.Paused == nil || in.Paused.Reason != "Umzug" {
			t.Errorf("the inbox is %+v", in)
		}
		var controllers struct{ Items []struct{ ID, Name string } }
		h.command(&controllers, "controller", "list", "--json")
		if len(controllers.Items) != 1 || controllers.Items[0].ID != h.controller || controllers.Items[0].Name != "Muster Versicherung AG" {
			t.Errorf("the controllers are %+v", controllers.Items)
		}

		var history struct{ Items []shownRevision }
		h.command(&history, "history", "--json", "--subject", "inbox:"+id)
		want := []string{
			"inbox.secrets_replaced, access_token []>[]", "inbox.paused, paused []>[Umzug]", "inbox.renamed, name [Inbox " + phoneNumberID + "]>[Kundendienst]",
		}
		for i, w := range want {
			if i >= len(history.Items) || history.Items[i].String() != w || history.Items[i].By.Kind != "command" {
				t.Fatalf("the history is %v", history.Items)
			}
		}
		if created := history.Items[len(history.Items)-1]; created.Act != "inbox.created" || !strings.Contains(created.String(), phoneNumberID) {
			t.Errorf("the history begins with %v", created)
		}

		var log struct {
			Items []shownEntry
			Next  int64
		}
		h.command(&log, "audit", "list", "--json", "--act", "inbox.renamed")
		if len(log.Items) != 1 || log.Items[0].Subject != "inbox:"+id || log.Items[0].Actor.Via != "inbox rename" {
			t.Errorf("the log says %+v", log.Items)
		}
		h.command(&log, "audit", "list", "--json", "--agent", adminEmail)
		if len(log.Items) != 0 {
			t.Errorf("of the admin the log says %+v", log.Items)
		}
		h.fails("subject is not of the form", "history", "--subject", "Kunde Müller")
		h.fails("limit must be between", "audit", "list", "--limit", "201")
		h.start()
		h.seenOnline(t, id, history.Items)
		for _, args := range [][]string{{"inbox", "list"}, {"controller", "list"}, {"history"}, {"audit"}} {
			status, out, said := h.run(args...)
			if status != 0 || said != "" || !strings.Contains(out, h.controller) {
				t.Errorf("%s: status %d, said %q, printed %q", args, status, said, out)
			}
			wantNoTraces(t, strings.Join(args, " "), out, []canary{{"a secret", appSecret}, {"a secret", accessToken}, {"a secret", "another-token"}, {"a secret", verifyToken}})
		}
	})
}

// seenOnline compares with what the running house says.
func (h *house) seenOnline(t *testing.T, inbox string, history []shownRevision) {
	t.Helper()
	read := func(path string, into any) {
		t.Helper()
		a := h.call(http.MethodGet, path, "")
		if err := json.Unmarshal([]byte(a.body), into); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
	}
	var online struct{ Items []shownRevision }
	read("/history?subject=inbox:"+inbox, &online)
	if fmt.Sprint(online.Items) != fmt.Sprint(history) {
		t.Errorf("by command the history is %v, by the API %v", history, online.Items)
	}
	var log struct{ Items []shownEntry }
	eventually(t, 5*time.Second, "reading the log stands in the log", func() bool {
		read("/audit?act=audit.opened", &log)
		return len(log.Items) > 0 && log.Items[0].Actor.Name != "" && log.Items[0].Actor.Via == "token"
	})
	var v struct {
		State      string
		Read, Size int64
		Fault      any
	}
	if a := h.call(http.MethodPost, "/audit/verification", ""); a.status != http.StatusAccepted {
		t.Fatalf("verify: %d %s", a.status, a.body)
	}
	eventually(t, 10*time.Second, "the log is verified", func() bool {
		read("/audit/verification", &v)
		return v.State == "good"
	})
	if v.Read < 5 || v.Size > v.Read || v.Fault != nil {
		t.Errorf("the verification says %+v", v)
	}
	var health struct {
		Checks   []struct{ Name, Says string }
		Database string
		Paused   []string
	}
	read("/health", &health)
	if len(health.Checks) != 4 || len(health.Paused) != 1 || health.Paused[0] != inbox || health.Database == "" {
		t.Errorf("the health is %+v", health)
	}
}
