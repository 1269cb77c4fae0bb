package whatsapp

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"botschaft/internal/simulator"
)

// world is a simulator with one customer who wrote, and what it posts.
type world struct {
	*simulator.Simulator
	client *Client
	bodies chan []byte
}

const simNumber = "106540352242922"

func simulated(t *testing.T) *world {
	t.Helper()
	w := &world{bodies: make(chan []byte, 64)}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.bodies <- body
	}))
	settings := simulator.Settings{IgnorePairRate: true, IgnoreThroughput: true}
	w.Simulator = simulator.New(simulator.Config{
		WebhookURL: hook.URL, AppSecret: []byte("secret"), Settings: &settings,
		Numbers:   []simulator.Number{{PhoneNumberID: simNumber, WABA: "1", DisplayPhone: "+49 30 0000001"}},
		Customers: []simulator.NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
	})
	graph := httptest.NewServer(w.Handler())
	w.client = &Client{HTTP: graph.Client(), BaseURL: graph.URL, Version: "v25.0"}
	go func() { _ = w.Run(t.Context()) }()
	t.Cleanup(func() {
		w.Close()
		graph.Close()
		hook.Close()
	})
	if _, err := w.Say("anna", "", "Guten Tag"); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) fault(t *testing.T, kind string, code int) {
	t.Helper()
	if _, err := w.AddFault(simulator.Fault{Kind: kind, Code: code}); err != nil {
		t.Fatalf("%s %d: %v", kind, code, err)
	}
}

// failed waits for the failed status of a message.
func (w *world) failed(t *testing.T, id string) *Status {
	t.Helper()
	for {
		select {
		case body := <-w.bodies:
			n, err := Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range n.Items {
				if s := item.Status; s != nil && s.ID == id && s.Status == "failed" {
					return s
				}
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no failed status came")
		}
	}
}

// TestEveryCodeOnDemand: each code of the table can be had from the simulator as an answer and as
// a status, and means then what the table says.
func TestEveryCodeOnDemand(t *testing.T) {
	w := simulated(t)
	message := Outgoing{To: "+4915700000001", Content: said("Guten Tag")}
	for want, codes := range everyCode {
		for _, code := range codes {
			if code < 0 { // no code of Meta's
				continue
			}
			w.fault(t, simulator.FailError, code)
			_, err := w.client.Send(t.Context(), simNumber, testToken, message)
			var refused *SendError
			if !errors.As(err, &refused) || refused.API == nil || refused.API.Code != code || refused.InDoubt() {
				t.Fatalf("%d as an answer: %v", code, err)
			}
			means(t, want, code, refused.API)
			if code == 0 { // a status without a code is no failure
				continue
			}
			w.fault(t, simulator.FailStatus, code)
			sent, err := w.client.Send(t.Context(), simNumber, testToken, message)
			if err != nil {
				t.Fatalf("%d as a status: %v", code, err)
			}
			s := w.failed(t, sent.MessageID)
			if len(s.Errors) != 1 || s.Errors[0].Code != code || s.Errors[0].Title == "" {
				t.Fatalf("%d as a status: %+v", code, s.Errors)
			}
			means(t, want, code, &s.Errors[0])
		}
	}
}

func means(t *testing.T, want want, code int, got *Error) {
	t.Helper()
	rule := got.Rule()
	if rule.Class != want.class || rule.Pauses != want.pauses || rule.Tells != want.tells || rule.Retry != (want.base > 0) {
		t.Errorf("%d means %+v, want %+v", code, rule, want)
	}
	// An answer may ask for more time than the table gives.
	if wait := max(want.base, got.RetryAfter); want.base > 0 && got.Backoff(1) != wait || want.base == 0 && got.Backoff(1) != 0 {
		t.Errorf("%d waits %v, want %v", code, got.Backoff(1), wait)
	}
}

// TestSimulatorListsEveryCode: whoever looks for a code on the page finds it, with Meta's words.
func TestSimulatorListsEveryCode(t *testing.T) {
	w := simulated(t)
	answer := httptest.NewRecorder()
	w.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/sim/errors", nil))
	var list struct{ Items []simulator.ErrorView }
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	listed := map[int]bool{}
	for _, e := range list.Items {
		listed[e.Code] = e.Title != "" && e.HTTP >= 400
	}
	for code := range rules {
		if !listed[code] {
			t.Errorf("the simulator does not know %d", code)
		}
	}
}
