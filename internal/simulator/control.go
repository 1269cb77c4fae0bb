package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// controlHandler serves /sim/…: JSON in, JSON out, errors as {"error":"…"}.
func (s *Simulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	route := func(pattern string, h func(r *http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v, err := h(r)
			s.reply(w, v, err)
		})
	}
	mux.HandleFunc("GET /sim/events", s.events)
	route("GET /sim/state", s.ctlState)
	route("GET /sim/numbers", func(*http.Request) (any, error) { return items(s.numberViews()), nil })
	route("POST /sim/numbers", s.ctlAddNumber)
	route("PATCH /sim/numbers/{id}", s.ctlPatchNumber)
	route("POST /sim/numbers/{id}/handshake", s.ctlHandshake)
	route("GET /sim/customers", s.ctlCustomers)
	route("POST /sim/customers", s.ctlAddCustomer)
	route("GET /sim/customers/{id}", s.ctlCustomer)
	route("GET /sim/customers/{id}/messages", s.ctlMessages)
	route("POST /sim/customers/{id}/messages", s.ctlSend)
	route("POST /sim/customers/{id}/echoes", s.ctlEcho)
	route("POST /sim/customers/{id}/read", s.ctlRead)
	route("PUT /sim/customers/{id}/behaviour", s.ctlBehave)
	route("PUT /sim/customers/{id}/phone", s.ctlChangePhone)
	route("POST /sim/customers/{id}/device", func(r *http.Request) (any, error) { return ok(), s.ChangeDevice(r.PathValue("id")) })
	route("GET /sim/clock", func(*http.Request) (any, error) { return s.clock(), nil })
	route("POST /sim/clock", s.ctlClock)
	route("GET /sim/faults", func(*http.Request) (any, error) { return items(s.Faults()), nil })
	route("GET /sim/errors", func(*http.Request) (any, error) { return items(errorViews()), nil })
	route("POST /sim/faults", s.ctlAddFault)
	route("DELETE /sim/faults", func(*http.Request) (any, error) { s.ClearFaults(); return ok(), nil })
	route("GET /sim/settings", func(*http.Request) (any, error) { return s.Settings(), nil })
	route("PATCH /sim/settings", s.ctlSettings)
	route("GET /sim/outbox", s.ctlOutbox)
	route("GET /sim/deliveries", s.ctlDeliveries)
	route("GET /sim/pending", s.ctlPending)
	route("POST /sim/redeliveries", func(*http.Request) (any, error) { return map[string]int{"bodies": s.Redeliver()}, nil })
	route("POST /sim/scripts", s.ctlScript)
	route("POST /sim/answers", s.ctlAnswer)
	route("DELETE /sim/answers", func(*http.Request) (any, error) { s.ClearAnswers(); return ok(), nil })
	route("POST /sim/bursts", s.ctlBurst)
	mux.HandleFunc("GET /sim/media/{id}", s.showMedia)
	route("/sim/", func(r *http.Request) (any, error) {
		return nil, fmt.Errorf("%w: %s %s", errNotServed, clip(r.Method, 10), clip(r.URL.Path, 80))
	})
	// Pages of other origins in the same browser must not steer the simulator.
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { s.reply(w, nil, errOtherOrigin) }))
	return guard.Handler(mux)
}

var (
	errNotServed   = errors.New("simulator: nothing is served there")
	errOtherOrigin = errors.New("simulator: a page of another origin may not do this")
)

func ok() any { return map[string]bool{"ok": true} }

func items[T any](list []T) any {
	if list == nil {
		list = []T{}
	}
	return map[string]any{"items": list}
}

func (s *Simulator) reply(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err != nil {
		w.WriteHeader(controlStatus(err))
		v = map[string]string{"error": err.Error()}
	}
	raw, bad := json.Marshal(v)
	if bad != nil {
		s.cfg.Log.Error("simulator: control answer not built", "error", bad)
		return
	}
	s.write(w, raw)
}

func controlStatus(err error) int {
	switch {
	case errors.Is(err, ErrCustomerUnknown), errors.Is(err, ErrNumberUnknown), errors.Is(err, errNotServed):
		return http.StatusNotFound
	case errors.Is(err, errOtherOrigin):
		return http.StatusForbidden
	case errors.Is(err, ErrCustomerKnown), errors.Is(err, ErrNumberKnown):
		return http.StatusConflict
	case errors.Is(err, ErrQueueFull):
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// read decodes a JSON body over v. Unknown fields are errors, because a typing
// mistake in a test must not pass for a wish fulfilled.
func read(r *http.Request, v any) error {
	dec := json.NewDecoder(io.LimitReader(r.Body, 4<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// NumberView is a business number as the control API shows it. Secrets stay
// inside.
type NumberView struct {
	PhoneNumberID string `json:"phone_number_id"`
	WABA          string `json:"waba_id"`
	DisplayPhone  string `json:"display_phone"`
	VerifiedName  string `json:"verified_name"`
	WebhookURL    string `json:"webhook_url"`
	Registered    bool   `json:"registered"`
	Subscribed    bool   `json:"subscribed"`
	Throughput    int    `json:"throughput"`
	Waiting       int    `json:"waiting"` // webhook items not sent yet
}

func (s *Simulator) numberViews() []NumberView {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]NumberView, len(s.order))
	for i, id := range s.order {
		n := s.numbers[id]
		out[i] = NumberView{
			PhoneNumberID: id, WABA: n.WABA, DisplayPhone: n.DisplayPhone, VerifiedName: n.VerifiedName, WebhookURL: n.callback(),
			Registered: !n.Unregistered, Subscribed: n.subscribed, Throughput: n.Throughput, Waiting: len(n.hook.waiting),
		}
	}
	return out
}

func (s *Simulator) clock() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"now": s.now().UnixMilli(), "advanced": s.offset.String()}
}

func (s *Simulator) ctlClock(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	by, err := parseDelay(in.Advance)
	if err != nil {
		return nil, err
	}
	if by > 10*365*24*time.Hour {
		return nil, errors.New("simulator: that is more than ten years")
	}
	s.Advance(by)
	return s.clock(), nil
}

func (s *Simulator) ctlState(r *http.Request) (any, error) {
	return map[string]any{
		"clock": s.clock(), "numbers": s.numberViews(), "customers": s.customerViews(pageCustomers, ""),
		"settings": s.Settings(), "faults": s.Faults(),
	}, nil
}
