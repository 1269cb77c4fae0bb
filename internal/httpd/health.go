package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"botschaft/internal/desk"
)

const probeTimeout = 2 * time.Second

// Probe tells whether something the server needs is there. What a desk.Error says
// in its Text is shown to everybody; any other error is only logged.
type Probe struct {
	Name  string // e.g. database
	Check func(ctx context.Context) error
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"` // "ok", or why not in plain words
}

// Health asks probes and tells what they say.
type Health struct {
	http.Handler
	log     *slog.Logger
	closing context.Context
	probes  []*probing
	shared  singleflight.Group
}

// Health serves /healthz, which is well while the process answers at all, and
// /readyz, which runs the probes side by side, two seconds each, and is ready when
// all are well and no shutdown has begun. Requests that come together share a run.
func (s *Server) Health(probes ...Probe) *Health {
	h := &Health{log: s.o.Log, closing: s.closing}
	for _, p := range probes {
		h.probes = append(h.probes, &probing{Probe: p})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]bool{"alive": true})
	})
	mux.HandleFunc("GET /readyz", h.ready)
	h.Handler = mux
	return h
}

// probing is a Probe with what is known of its last runs.
type probing struct {
	Probe
	busy atomic.Bool // a run that outlived its timeout is not doubled
	last string      // what it said last, for the log
}

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	answer := readiness{Ready: true, Checks: map[string]string{}}
	for _, c := range h.Checks(r.Context()) {
		answer.Checks[c.Name] = c.Says
		answer.Ready = answer.Ready && c.OK
	}
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
	}
	writeJSON(w, status, answer)
}

// Checks gives what /readyz says. It runs the probes, unless somebody else is just doing
// so: then the answer is theirs, and nobody's to change.
func (h *Health) Checks(ctx context.Context) []desk.Check {
	v, _, _ := h.shared.Do("", func() (any, error) {
		return h.run(context.WithoutCancel(ctx)), nil
	})
	return v.([]desk.Check)
}

func (h *Health) run(ctx context.Context) []desk.Check {
	out := make([]desk.Check, len(h.probes))
	var wg sync.WaitGroup
	for i, p := range h.probes {
		wg.Go(func() {
			said := p.ask(ctx, h.log)
			out[i] = desk.Check{Name: p.Name, OK: said == "ok", Says: said}
		})
	}
	wg.Wait()
	if h.closing.Err() != nil {
		out = append(out, desk.Check{Name: "server", Says: "is shutting down"})
	}
	return out
}

// ask runs the probe and logs when its word changes.
func (p *probing) ask(ctx context.Context, log *slog.Logger) string {
	if !p.busy.CompareAndSwap(false, true) {
		return "does not answer"
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer p.busy.Store(false)
		done <- p.check(ctx)
	}()
	said, cause := "ok", error(nil)
	select {
	case cause = <-done:
	case <-ctx.Done():
		cause = ctx.Err()
	}
	if cause != nil {
		said = plain(cause)
	}
	if said != p.last {
		p.last = said
		if cause != nil {
			log.Warn("not ready", "check", p.Name, "cause", cause.Error())
		} else {
			log.Info("ready", "check", p.Name)
		}
	}
	return said
}

// check runs the probe; a panic in it is a failure and not the end of the server.
func (p *probing) check(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the probe panicked with %T", v)
		}
	}()
	return p.Check(ctx)
}

func plain(err error) string {
	var known *desk.Error
	switch {
	case errors.As(err, &known) && known.Text != "":
		return known.Text
	case errors.Is(err, context.DeadlineExceeded):
		return "does not answer"
	}
	return "is not available"
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller is gone, or reads it
}
