package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testNumber = "106540352242922"
	testWABA   = "102290129340398"
	testToken  = "token-of-the-test"
)

var testSecret = []byte("test_app_secret")

// stopped is a clock that only the test moves.
type stopped struct {
	mu sync.Mutex
	at time.Time
}

func newStopped() *stopped { return &stopped{at: time.Unix(1_790_000_000, 0)} }

func (c *stopped) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *stopped) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// hit is one webhook as it arrived.
type hit struct {
	body      []byte
	signature string
}

// receiver stands for the product: it keeps what arrives and answers as told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	hits   []hit
	count  int             // messages in them
	answer func(n int) int // HTTP status for the n-th hit, from 0
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			if req.URL.Query().Get("hub.verify_token") != "verify" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			_, _ = io.WriteString(w, req.URL.Query().Get("hub.challenge"))
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		status := http.StatusOK
		if r.answer != nil {
			status = r.answer(len(r.hits))
		}
		r.count += bytes.Count(body, []byte(`"from_user_id":`))
		r.hits = append(r.hits, hit{body, req.Header.Get("X-Hub-Signature-256")})
		r.mu.Unlock()
		w.Header().Set("Location", "/elsewhere") // counts with a 302, which must not be followed
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []hit {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hit(nil), r.hits...)
}

// values are the values of every change of every webhook, in order of arrival.
func (r *receiver) values(t *testing.T) []value {
	t.Helper()
	var out []value
	for _, h := range r.all() {
		var env envelope
		if err := json.Unmarshal(h.body, &env); err != nil {
			t.Fatal(err)
		}
		for _, e := range env.Entry {
			for _, c := range e.Changes {
				out = append(out, c.Value)
			}
		}
	}
	return out
}

func (r *receiver) messages(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, v := range r.values(t) {
		out = append(out, objects(t, v.Messages)...)
	}
	return out
}

func (r *receiver) statuses(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, v := range r.values(t) {
		out = append(out, objects(t, v.Statuses)...)
	}
	return out
}

func objects(t *testing.T, raws []json.RawMessage) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, raw := range raws {
		var o map[string]any
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		out = append(out, o)
	}
	return out
}

// world is a simulator with one number, one customer and a receiver.
type world struct {
	*Simulator
	t     *testing.T
	clock *stopped
	hook  *receiver
}

// newWorld starts a simulator whose statuses follow at once. change may alter
// the configuration before.
func newWorld(t *testing.T, change func(*Config)) *world {
	t.Helper()
	w := &world{t: t, clock: newStopped(), hook: newReceiver(t)}
	cfg := Config{
		WebhookURL: w.hook.URL + "/hooks/whatsapp", AppSecret: testSecret, VerifyToken: "verify", AccessToken: testToken,
		Clock: w.clock.now, Settings: &Settings{},
		Numbers:   []Number{{PhoneNumberID: testNumber, WABA: testWABA, DisplayPhone: "+49 30 0000001", VerifiedName: "Muster Versicherung AG"}},
		Customers: []NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
	}
	if change != nil {
		change(&cfg)
	}
	w.Simulator = New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		w.Close()
	})
	return w
}

// request asks the Handler and returns status and body.
func (w *world) request(method, path, body string, header ...string) (int, []byte, http.Header) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec.Code, rec.Body.Bytes(), rec.Header()
}

func (w *world) post(body string) (int, []byte) {
	status, answer, _ := w.request("POST", "/v25.0/"+testNumber+"/messages", body)
	return status, answer
}

const textToAnna = `{"messaging_product":"whatsapp","to":"+49 1570 0000001","type":"text","text":{"body":"Guten Tag"},"biz_opaque_callback_data":"m-1"}`

// sent posts a message that must be accepted and returns its wamid.
func (w *world) sent(body string) string {
	w.t.Helper()
	status, answer := w.post(body)
	var out struct{ Messages []struct{ ID string } }
	if err := json.Unmarshal(answer, &out); err != nil || status != http.StatusOK || len(out.Messages) != 1 {
		w.t.Fatalf("not accepted: %d %s", status, answer)
	}
	return out.Messages[0].ID
}

func (w *world) say(text string) MessageView {
	w.t.Helper()
	m, err := w.Say("anna", "", text)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// graphRefusal is an error body of the Graph API.
type graphRefusal struct {
	Error struct {
		Message   string `json:"message"`
		Type      string `json:"type"`
		Code      int    `json:"code"`
		Subcode   int    `json:"error_subcode"`
		Trace     string `json:"fbtrace_id"`
		Transient bool   `json:"is_transient"`
		Data      *struct {
			Product string `json:"messaging_product"`
			Details string `json:"details"`
		} `json:"error_data"`
	} `json:"error"`
}

func refusal(t *testing.T, body []byte) graphRefusal {
	t.Helper()
	var out graphRefusal
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil || out.Error.Code == 0 {
		t.Fatalf("not an error body: %s", body)
	}
	return out
}

func (w *world) wantRefused(body string, status, code int) graphRefusal {
	w.t.Helper()
	got, answer := w.post(body)
	out := refusal(w.t, answer)
	if got != status || out.Error.Code != code {
		w.t.Fatalf("got %d code %d, want %d code %d: %s", got, out.Error.Code, status, code, answer)
	}
	return out
}

// until waits for a condition that something else brings about.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// idle waits until everything was answered with 200.
func (w *world) idle() {
	w.t.Helper()
	until(w.t, "all webhooks delivered", func() bool {
		items, bodies := w.Pending()
		return items == 0 && bodies == 0
	})
}

// change alters single settings.
func (w *world) change(f func(*Settings)) {
	w.t.Helper()
	set := w.Settings()
	f(&set)
	if err := w.SetSettings(set); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fault(f Fault) {
	w.t.Helper()
	if _, err := w.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return out
}
