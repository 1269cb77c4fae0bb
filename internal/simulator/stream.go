package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// streams are the open event streams. One that falls behind is closed; its
// client connects again and loads the state anew.
type streams struct{ open map[chan []byte]struct{} }

const streamBuffer = 1024

func (s *streams) closeAll() {
	for ch := range s.open {
		close(ch)
	}
	s.open = nil
}

// publish tells every stream that something changed. The caller holds the lock.
func (s *Simulator) publish(kind string, v any) {
	if len(s.streams.open) == 0 {
		return
	}
	data, err := json.Marshal(v)
	if err != nil {
		s.cfg.Log.Error("simulator: event not built", "error", err)
		return
	}
	event := fmt.Appendf(nil, "event: %s\ndata: %s\n\n", kind, data)
	if s.journal != nil {
		s.journal.hold(event)
		return
	}
	s.streams.send(event)
}

// send hands an event to every stream.
func (s *streams) send(event []byte) {
	for ch := range s.open {
		select {
		case ch <- event:
		default:
			delete(s.open, ch)
			close(ch)
		}
	}
}

// events is GET /sim/events: server-sent events named message, customer,
// numbers, clock, settings, faults and typing.
func (s *Simulator) events(w http.ResponseWriter, r *http.Request) {
	ch := make(chan []byte, streamBuffer)
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	if s.streams.open == nil {
		s.streams.open = map[chan []byte]struct{}{}
	}
	s.streams.open[ch] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.streams.open, ch)
		s.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	s.pump(w, r, ch)
}

func (s *Simulator) pump(w http.ResponseWriter, r *http.Request, ch chan []byte) {
	control := http.NewResponseController(w)
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	next := []byte("retry: 1000\nevent: hello\ndata: {}\n\n")
	for {
		if _, err := w.Write(next); err != nil {
			return
		}
		for more := true; more; { // join what is there into one flush
			select {
			case event, ok := <-ch:
				if !ok {
					return
				}
				if _, err := w.Write(event); err != nil {
					return
				}
			default:
				more = false
			}
		}
		if control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case event, ok := <-ch:
			if !ok {
				return
			}
			next = event
		case <-beat.C:
			next = []byte(": beat\n\n")
		}
	}
}
