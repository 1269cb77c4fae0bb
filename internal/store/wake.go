package store

import (
	"slices"
	"strings"
	"sync"
)

// Kinds of news, beside the kinds of lanes.
const (
	WakeEvents = "events" // there are events to number
	WakeAudit  = "audit"  // there are audit entries to number
	WakeFeed   = "feed"   // another node numbered events

	WakeDirectory = "directory" // Inboxes or Controllers changed
	WakeCapacity  = "capacity"  // the Provider told of a number, its limits or its account
)

// wakers tells those who wait that something was committed, here and, by hint.go, on other
// nodes. A wake-up is a hint: whoever waits also looks by itself now and then.
type wakers struct {
	node    string        // who tells other nodes; empty on SQLite
	telling chan struct{} // there is something to tell

	mu    sync.Mutex
	chans map[string][]chan struct{}
	tells map[string]bool // kinds that other nodes were not told of yet
}

// reach lets the wakers tell other nodes.
func (w *wakers) reach(node string) {
	w.node, w.telling, w.tells = node, make(chan struct{}, 1), map[string]bool{}
}

// Woken gives a channel that holds one hint after each commit of one of the kinds.
func (s *Store) Woken(kinds ...string) <-chan struct{} {
	ch := make(chan struct{}, 1)
	s.wake.mu.Lock()
	defer s.wake.mu.Unlock()
	if s.wake.chans == nil {
		s.wake.chans = map[string][]chan struct{}{}
	}
	for _, kind := range kinds {
		s.wake.chans[kind] = append(s.wake.chans[kind], ch)
	}
	return ch
}

// Hint wakes whoever waits for the kind on this node.
func (s *Store) Hint(kind string) { s.wake.hint(kind) }

func (w *wakers) hint(kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	wakeAll(w.chans[kind])
}

func (w *wakers) all() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, chans := range w.chans {
		wakeAll(chans)
	}
}

func wakeAll(chans []chan struct{}) {
	for _, ch := range chans {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// after wakes who waits for what tx committed, and notes what to tell other nodes.
func (w *wakers) after(tx *Tx) {
	kinds := slices.Clone(tx.wakes)
	if len(tx.events) > 0 {
		kinds = append(kinds, WakeEvents)
	}
	if len(tx.audit) > 0 {
		kinds = append(kinds, WakeAudit)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, kind := range kinds {
		wakeAll(w.chans[kind])
		w.note(kind)
	}
	if tx.numbered {
		w.note(WakeFeed)
	}
}

// note remembers to tell other nodes. What is numbered by whoever waits for it here needs
// no second pair of hands; a command has nobody who waits and tells of it.
func (w *wakers) note(kind string) {
	if w.node == "" || (kind == WakeEvents || kind == WakeAudit) && len(w.chans[kind]) > 0 {
		return
	}
	w.tells[kind] = true
	wakeAll([]chan struct{}{w.telling})
}

// untold gives what other nodes were not told of yet.
func (w *wakers) untold() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	kinds := make([]string, 0, len(w.tells))
	for kind := range w.tells {
		kinds = append(kinds, kind)
	}
	clear(w.tells)
	return kinds
}

// heard takes in what another node told. Anybody with access to the database may say
// anything; it is good for a look at most.
func (w *wakers) heard(said string) {
	words := strings.Fields(said)
	if len(words) == 0 || words[0] == w.node {
		return
	}
	for _, kind := range words[1:] {
		w.hint(kind)
	}
}
