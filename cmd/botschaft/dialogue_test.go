package main_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// provider takes messages as Meta does, or drops the line without an answer.
type provider struct {
	url string

	mu     sync.Mutex
	silent bool
	wamids []string
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	p := &provider{}
	graph := httptest.NewServer(p)
	p.url = graph.URL
	t.Cleanup(func() {
		graph.CloseClientConnections()
		graph.Close()
	})
	return p
}

// ServeHTTP takes a message.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // asks what the number may send
		_, _ = io.WriteString(w, "{}")
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		panic(http.ErrAbortHandler)
	}
	wamid := "wamid." + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "4915799887766 reply %06d", len(p.wamids)))
	p.wamids = append(p.wamids, wamid)
	_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"%s"}]}`, wamid)
}

// hush drops the line from now on.
func (p *provider) hush(silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = silent
}

// sent gives the wamids of what was taken.
func (p *provider) sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wamids)
}

// news is the webhook body of a status.
func news(wamid, number, status string) string {
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",`+
		`"metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},`+
		`"statuses":[{"id":"%s","status":"%s","timestamp":"%d","recipient_id":"%s"}]}}]}]}`,
		wabaID, phoneNumberID, wamid, status, time.Now().Unix(), number)
}

// conversation gives the house's one Conversation.
func (h *house) conversation() string {
	h.t.Helper()
	listed, err := everyPage[struct{ ID string }](h, "/conversations")
	must(h.t, err)
	if len(listed) != 1 {
		h.t.Fatalf("the house has %d conversations", len(listed))
	}
	return listed[0].ID
}

// reply asks for a text to be sent.
func (h *house) reply(conversation, client, text string) answer {
	h.t.Helper()
	return h.call(http.MethodPost, "/conversations/"+conversation+"/messages", fmt.Sprintf(`{"client_id":%q,"kind":"text","text":%q}`, client, text))
}

// awaitStatus waits until the Message with this text has the status.
func (h *house) awaitStatus(text, status string) {
	h.t.Helper()
	eventually(h.t, 15*time.Second, "the message is "+status, func() bool {
		return slices.ContainsFunc(h.messages(), func(m shown) bool { return m.Text == text && m.Status == status })
	})
}

// flow is a stream of webhooks from several sides at once.
type flow struct {
	h       *house
	webhook string
	quit    chan struct{}
	busy    sync.WaitGroup

	mu       sync.Mutex
	bodies   map[string]string // by text
	accepted map[string]bool   // texts that were answered with 200
	refused  []answer          // every other answer
}

// flow starts one.
func (h *house) flow(webhook string, sides int) *flow {
	f := &flow{h: h, webhook: webhook, quit: make(chan struct{}), bodies: map[string]string{}, accepted: map[string]bool{}}
	for side := range sides {
		f.busy.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-f.quit:
					return
				case <-time.After(2 * time.Millisecond):
					f.post(fmt.Sprintf("side %d says %04d", side, n), side*100_000+n)
				}
			}
		})
	}
	return f
}

// post posts one text and notes what became of it.
func (f *flow) post(text string, id int) {
	body := said(id, text)
	a, err := f.h.do(http.MethodPost, f.webhook, strings.NewReader(body), "X-Hub-Signature-256", signature(appSecret, body))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bodies[text] = body
	if err == nil && a.status == http.StatusOK {
		f.accepted[text] = true
	} else if err == nil {
		f.refused = append(f.refused, a)
	}
}

// counts tells how many texts were accepted and refused so far.
func (f *flow) counts() (accepted, refused int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.accepted), len(f.refused)
}

// await waits until so many more were accepted and refused.
func (f *flow) await(t testing.TB, accepted, refused int) {
	t.Helper()
	a, r := f.counts()
	eventually(t, 20*time.Second, fmt.Sprintf("%d more webhooks are accepted and %d refused", accepted, refused), func() bool {
		nowA, nowR := f.counts()
		return nowA >= a+accepted && nowR >= r+refused
	})
}

// end ends the stream.
func (f *flow) end() {
	close(f.quit)
	f.busy.Wait()
}

// settle delivers again what was not accepted, as the Provider does, and waits until
// every text is shown exactly once.
func (f *flow) settle() {
	f.h.t.Helper()
	for text, body := range f.bodies {
		if !f.accepted[text] {
			wantStatus(f.h.t, "again: "+text, f.h.deliver(f.webhook, body), http.StatusOK)
		}
	}
	texts := make([]string, 0, len(f.bodies))
	for text := range f.bodies {
		texts = append(texts, text)
	}
	// A lane that a database left behind when it went is free again after a lease.
	eventually(f.h.t, 40*time.Second, "as many messages are shown", func() bool { return len(f.h.messages()) >= len(texts) })
	f.h.awaitTexts(texts...)
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready  bool
	Checks map[string]string
}

// readiness asks for it; 200 says ready and 503 not.
func (h *house) readiness() readiness {
	h.t.Helper()
	a := h.ask(http.MethodGet, "/readyz", "")
	var r readiness
	must(h.t, json.Unmarshal([]byte(a.body), &r))
	if r.Ready != (a.status == http.StatusOK) || !r.Ready && (a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "") {
		h.t.Errorf("readyz: %d %s", a.status, a.body)
	}
	return r
}
