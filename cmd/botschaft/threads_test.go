package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// shown is a Message as the API shows it.
type shown struct {
	ID         string
	Direction  string
	Kind       string
	Text       string
	Status     string
	At         time.Time
	ExternalAt time.Time `json:"external_at"`
	ThreadAt   time.Time `json:"thread_at"`
	Position   int64
	Origin     string
	Failure    *struct{ Code string }
}

type page[T any] struct {
	Items []T
	Next  string
}

// everyPage follows the cursors of a list.
func everyPage[T any](h *house, path string) ([]T, error) {
	var all []T
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	for cursor := ""; ; {
		a, err := h.do(http.MethodGet, "/api/v1"+path+mark+"limit=200&cursor="+cursor, http.NoBody, h.bearer()...)
		if err != nil {
			return nil, err
		}
		if a.status != http.StatusOK {
			return nil, fmt.Errorf("GET %s: %d %s", path, a.status, a.body)
		}
		var p page[T]
		if err := json.Unmarshal([]byte(a.body), &p); err != nil {
			return nil, err
		}
		all = append(all, p.Items...)
		if cursor = p.Next; cursor == "" {
			return all, nil
		}
	}
}

// threads gives every thread by Conversation, the oldest Message first.
func (h *house) threads() (map[string][]shown, error) {
	listed, err := everyPage[struct{ ID string }](h, "/conversations")
	if err != nil {
		return nil, err
	}
	all := map[string][]shown{}
	for _, c := range listed {
		if all[c.ID], err = everyPage[shown](h, "/conversations/"+c.ID+"/messages"); err != nil {
			return nil, err
		}
		all[c.ID] = slices.DeleteFunc(all[c.ID], func(m shown) bool { return m.Origin == "notice" || isLine(m.Text) })
		slices.Reverse(all[c.ID])
	}
	return all, nil
}

// messages gives every Message of the house.
func (h *house) messages() []shown {
	h.t.Helper()
	threads, err := h.threads()
	must(h.t, err)
	var all []shown
	for _, t := range threads {
		all = append(all, t...)
	}
	return all
}

// awaitTexts waits until exactly these texts have come in, in any order, each once.
func (h *house) awaitTexts(want ...string) {
	h.t.Helper()
	slices.Sort(want)
	var got []string
	defer func() {
		if h.t.Failed() {
			h.t.Logf("the house shows %q, want %q", got, want)
		}
	}()
	eventually(h.t, 15*time.Second, "every message is shown", func() bool {
		got = got[:0]
		for _, m := range h.messages() {
			got = append(got, m.Text)
		}
		slices.Sort(got)
		return slices.Equal(got, want)
	})
}

// setAside lists what the house could not take in.
func (h *house) setAside() []struct{ Reason, Path string } {
	h.t.Helper()
	var listed struct {
		Items []struct{ Reason, Path string } `json:"items"`
	}
	h.command(&listed, "deliveries", "--json")
	return listed.Items
}

// signature is the value of X-Hub-Signature-256.
func signature(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// deliver posts a webhook body as Meta does.
func (h *house) deliver(webhook, body string) answer {
	h.t.Helper()
	return h.ask(http.MethodPost, webhook, body, "X-Hub-Signature-256", signature(appSecret, body))
}

// said is the webhook body of a text that a customer writes now.
func said(id int, text string) string {
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",`+
		`"metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},"contacts":[{"profile":{"name":"Anna Muster"},"wa_id":"4915700000001"}],`+
		`"messages":[{"from":"4915700000001","id":"wamid.said.%d","timestamp":"%d","type":"text","text":{"body":%q}}]}}]}]}`,
		wabaID, phoneNumberID, id, time.Now().Unix(), text)
}

// wantStatus checks an answer's status.
func wantStatus(t testing.TB, what string, a answer, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: got %d %q, want %d", what, a.status, a.body, status)
	}
}
