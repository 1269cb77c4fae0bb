package store

import "sync"

// Kinds of news, beside the kinds of lanes.
const (
	WakeEvents = "events" // there are events to number
	WakeAudit  = "audit"  // there are audit entries to number
	WakeFeed   = "feed"   // events were numbered
)

// wakers tells those who wait that something was committed. A wake-up is a hint:
// whoever waits also looks by itself now and then.
type wakers struct {
	mu    sync.Mutex
	chans map[string][]chan struct{}
}

// Woken gives a channel that holds one hint after each commit of the kind.
func (s *Store) Woken(kind string) <-chan struct{} {
	ch := make(chan struct{}, 1)
	s.wake.mu.Lock()
	defer s.wake.mu.Unlock()
	if s.wake.chans == nil {
		s.wake.chans = map[string][]chan struct{}{}
	}
	s.wake.chans[kind] = append(s.wake.chans[kind], ch)
	return ch
}

// Hint wakes whoever waits for the kind.
func (s *Store) Hint(kind string) { s.wake.hint(kind) }

func (w *wakers) hint(kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ch := range w.chans[kind] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (w *wakers) after(tx *Tx) {
	for _, kind := range tx.wakes {
		w.hint(kind)
	}
	if len(tx.events) > 0 {
		w.hint(WakeEvents)
	}
	if len(tx.audit) > 0 {
		w.hint(WakeAudit)
	}
}
