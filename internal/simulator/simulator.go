package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Simulator is one running WhatsApp Cloud API. All its methods are safe for
// concurrent use.
type Simulator struct {
	cfg    Config
	client *http.Client
	closed chan struct{} // closed by Close
	wake   chan struct{} // a hint to Run: something may be due

	mu        sync.Mutex
	offset    time.Duration // how far the clock was advanced
	acting    time.Time     // the moment a task was due for, while it runs
	numbers   map[string]*number
	order     []string // PhoneNumberIDs in order of arrival
	customers map[string]*customer
	byPhone   map[string]*customer // by digits
	byUserID  map[string]*customer // by business-scoped user id
	people    []string             // customer ids in order of arrival
	messages  map[string]*message  // every kept message by wamid
	kept      keptMessages
	outbox    outbox
	log       deliveryLog
	media     mediaShelf
	faults    []*Fault
	answers   []AutoAnswer
	settings  Settings
	tasks     schedule
	streams   streams
	journal   *journal // nil: nothing is remembered
	serial    uint64   // source of ids
	closing   bool
	running   bool
	work      sync.WaitGroup // webhooks on their way
	acts      sync.WaitGroup // what scripts and bursts started
	seed      idSource
}

// ErrNumberKnown is returned by AddNumber for a phone number id already served.
var ErrNumberKnown = errors.New("simulator: this phone number id is already served")

// New builds a Simulator that forgets everything when it ends. Webhooks leave
// only while Run runs.
func New(cfg Config) *Simulator {
	s := build(cfg)
	s.populate(s.cfg)
	return s
}

// build makes a Simulator without numbers and customers.
func build(cfg Config) *Simulator {
	cfg = cfg.withDefaults()
	s := &Simulator{
		cfg:       cfg,
		closed:    make(chan struct{}),
		wake:      make(chan struct{}, 1),
		numbers:   map[string]*number{},
		customers: map[string]*customer{},
		byPhone:   map[string]*customer{},
		byUserID:  map[string]*customer{},
		messages:  map[string]*message{},
		media:     mediaShelf{items: map[string]*mediaItem{}},
		settings:  DefaultSettings(),
		seed:      newIDSource(),
	}
	if cfg.Settings != nil {
		if set, err := cfg.Settings.check(); err != nil {
			cfg.Log.Error("simulator: settings left out", "error", err)
		} else {
			s.settings = set
		}
	}
	s.outbox.limit, s.outbox.limitBytes = cfg.OutboxSize, cfg.OutboxBytes
	s.log.limit, s.log.limitBytes = cfg.DeliveriesSize, cfg.DeliveriesBytes
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // a webhook goes where its URL says
	transport.MaxIdleConnsPerHost = 16
	s.client = &http.Client{
		Transport: transport,
		Timeout:   cfg.WebhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a redirect is not a 200
		},
	}
	return s
}

// populate brings in the numbers and customers of the configuration. Of a number
// that is there already it renews what the configuration alone knows.
func (s *Simulator) populate(cfg Config) {
	for _, n := range cfg.Numbers {
		if known := s.numbers[n.PhoneNumberID]; known != nil {
			known.configure(newNumber(n, cfg))
			s.serve(known)
		} else if err := s.AddNumber(n); err != nil {
			cfg.Log.Error("simulator: number left out", "error", err)
		}
	}
	for _, c := range cfg.Customers {
		if s.customers[c.ID] != nil {
			continue
		}
		if _, err := s.AddCustomer(c); err != nil {
			cfg.Log.Error("simulator: customer left out", "error", err)
		}
	}
}

// AddNumber serves one more business number from now on.
func (s *Simulator) AddNumber(n Number) error {
	if !isDigits(n.PhoneNumberID) || !isDigits(n.WABA) {
		return fmt.Errorf("simulator: phone number id %q and WABA %q must be digits", n.PhoneNumberID, n.WABA)
	}
	if digits(n.DisplayPhone) == "" {
		return fmt.Errorf("simulator: number %s needs a display phone", n.PhoneNumberID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers[n.PhoneNumberID] != nil {
		return fmt.Errorf("%w: %s", ErrNumberKnown, n.PhoneNumberID)
	}
	known := newNumber(n, s.cfg)
	s.serve(known)
	s.journal.mark(known)
	s.publish("numbers", nil)
	s.hint()
	return nil
}

// serve makes a number known to everybody.
func (s *Simulator) serve(n *number) {
	if s.numbers[n.PhoneNumberID] == nil {
		s.order = append(s.order, n.PhoneNumberID)
	}
	s.numbers[n.PhoneNumberID] = n
	for _, id := range s.people {
		s.nameInPortfolio(s.customers[id], n.Portfolio)
	}
}

// Now is the simulator's time: the base clock and what was advanced.
func (s *Simulator) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is the time for what is being done: a task that is late, or was jumped
// over, happens at the moment it was due.
func (s *Simulator) now() time.Time {
	if !s.acting.IsZero() {
		return s.acting
	}
	return s.cfg.Clock().Add(s.offset)
}

// Advance turns the clock forward. What falls due on the way has happened, in
// its order and with its own times, when Advance returns; the webhooks of it
// leave through Run.
func (s *Simulator) Advance(by time.Duration) {
	s.mu.Lock()
	s.offset += by
	s.journal.touch()
	s.publish("clock", map[string]any{"now": s.now().UnixMilli()})
	s.mu.Unlock()
	s.runDue()
	s.hint()
}

// Run delivers webhooks and plays scripts until the context ends or Close is
// called. Only one Run may be active.
func (s *Simulator) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mu.Lock()
	if s.running || s.closing {
		s.mu.Unlock()
		return errors.New("simulator: already running or closed")
	}
	s.running = true
	s.mu.Unlock()
	defer func() {
		cancel()
		s.work.Wait()
		s.client.CloseIdleConnections()
		s.mu.Lock()
		s.running = false
		s.mu.Unlock()
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		wait, err := s.turn(ctx)
		if err != nil {
			return err
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return nil
		case <-s.closed:
			return nil
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// turn does whatever is due and says when to look again.
func (s *Simulator) turn(ctx context.Context) (time.Duration, error) {
	next := 250 * time.Millisecond // a test's clock may move without a hint
	if wait, any := s.runDue(); any {
		next = min(next, wait)
	}
	if err := s.Sync(); err != nil { // what happened by itself, and the page's events
		return 0, err
	}
	return max(time.Millisecond, min(next, s.dispatch(ctx))), nil
}

// Close ends Run and every event stream. Messages already accepted stay
// readable through the Handler, except after Open.
func (s *Simulator) Close() {
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		close(s.closed)
		s.streams.closeAll()
	}
	s.mu.Unlock()
	s.acts.Wait()
	s.client.CloseIdleConnections()
	if s.journal != nil {
		_ = s.Sync() // whoever was promised something has asked before
		s.mu.Lock()
		s.journal.close()
		s.mu.Unlock()
	}
}

// hint wakes Run. It never blocks.
func (s *Simulator) hint() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
