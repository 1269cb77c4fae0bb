package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// listener follows the event stream.
type listener struct {
	mu     sync.Mutex
	events []string // their names
	ended  chan error
}

// follow opens the event stream and waits until it is live.
func (h *house) follow() *listener {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://"+h.listen+"/api/v1/events", http.NoBody)
	must(h.t, err)
	req.Header.Set("Authorization", "Bearer "+h.token)
	resp, err := (&http.Client{}).Do(req) // without the timeout of others
	must(h.t, err)
	l := &listener{ended: make(chan error, 1)}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewReader(resp.Body)
		for {
			line, err := lines.ReadString('\n')
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "event: "); ok {
				l.mu.Lock()
				l.events = append(l.events, name)
				l.mu.Unlock()
			}
			if err != nil {
				l.ended <- err
				return
			}
		}
	}()
	eventually(h.t, 10*time.Second, "the stream is live", func() bool { return l.count("live") == 1 })
	return l
}

func (l *listener) count(name string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, e := range l.events {
		if e == name {
			n++
		}
	}
	return n
}

// TestShutdown asks the server to end while webhooks stream in, one arrives slowly, and
// somebody listens.
func TestShutdown(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		const grace = 10 * time.Second
		_, webhook := h.inbox(phoneNumberID, nowhere)
		h.env = append(h.env, fmt.Sprintf("BOTSCHAFT_SHUTDOWN_TIMEOUT=%s", grace))
		h.start()
		f := h.flow(webhook, 4)
		listening := h.follow()
		f.await(t, 30, 0)
		eventually(t, 10*time.Second, "events are told", func() bool { return listening.count("change") > 5 })
		slow := said(900_000, "slowly")
		c := h.knock(webhook, len(slow), signature(appSecret, slow), "Expect: 100-continue")
		want(t, "the slow body is asked for", c.status(), http.StatusContinue)
		c.say(slow[:100])
		began := time.Now()
		must(t, h.serving.Process.Signal(syscall.SIGTERM))
		select {
		case err := <-listening.ended:
			if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("the stream was cut: %v", err)
			}
		case <-time.After(grace):
			t.Error("the stream was not ended")
		}
		eventually(t, grace, "nobody else is let in", func() bool {
			_, err := h.do(http.MethodGet, "/healthz", http.NoBody)
			return err != nil
		})
		c.say(slow[100:]) // whoever had begun may finish
		want(t, "the slow body", c.status(), http.StatusOK)
		f.post("slowly", 900_000) // in vain: nobody is there
		if status := h.serving.status(t, 2*grace); status != 0 {
			t.Errorf("the server ended with status %d", status)
		}
		if took := time.Since(began); took > grace {
			t.Errorf("the end took %s", took)
		}
		f.end()
		r := h.facts("checkpoint checkpoint_at checkpoints entries ledger protected waiting", "verify", "audit")
		if r["protected"] != r["entries"] || r["waiting"].(float64) != 0 {
			t.Errorf("the last checkpoint protects %v of %v entries, %v wait", r["protected"], r["entries"], r["waiting"])
		}
		f.mu.Lock()
		f.accepted["slowly"] = true // it was, on the connection of its own
		f.mu.Unlock()
		h.start()
		f.settle()
	})
}

// Who does not finish within the grace period is cut, and the server says so: what was
// accepted is there all the same.
func TestShutdownCuts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, webhook := h.inbox(phoneNumberID, nowhere)
	h.env = append(h.env, "BOTSCHAFT_SHUTDOWN_TIMEOUT=1s")
	h.start()
	wantStatus(t, "webhook", h.deliver(webhook, said(1, "in time")), http.StatusOK)
	c := h.knock(webhook, longest, signature(appSecret, ""), "Expect: 100-continue")
	want(t, "a body that never comes is asked for", c.status(), http.StatusContinue)
	began := time.Now()
	must(t, h.serving.Process.Signal(syscall.SIGTERM))
	if status := h.serving.status(t, 10*time.Second); status != 1 || !strings.Contains(h.serving.said.String(), "requests were cut after 1s") {
		t.Errorf("status %d: %s", status, h.serving.said.String())
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the end took %s", took)
	}
	h.start()
	h.awaitTexts("in time")
	r := h.facts("checkpoint checkpoint_at checkpoints entries ledger protected waiting", "verify", "audit")
	if r["checkpoints"].(float64) < 1 {
		t.Errorf("no checkpoint was signed: %v", r)
	}
}

// A server that is asked to end while it starts ends, too, and calls that no fault.
func TestShutdownAtStart(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		asked := 0
		for n := 0; n < 12 || asked == 0 && n < 60; n++ { // on a busy machine it is long until it listens
			wait := time.Duration(n*n) * time.Millisecond
			p := h.launch()
			time.Sleep(wait) // the moment is what is tested
			status := p.end(t, syscall.SIGTERM)
			if status == -1 { // it came before anybody listened for it
				continue
			}
			asked++
			if said := p.said.String(); status != 0 || strings.Contains(said, "botschaft:") {
				t.Errorf("after %s: status %d: %s", wait, status, said)
			}
		}
		want(t, "some were asked", asked > 0, true)
		h.start()
	})
}
