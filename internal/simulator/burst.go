package simulator

import (
	"errors"
	"fmt"
	"time"
)

// Burst is many customers writing at a steady rate, for load tests.
type Burst struct {
	Number    string `json:"number"`    // empty: the first one
	Customers int    `json:"customers"` // created as needed, 1 to 100,000
	Messages  int    `json:"messages"`  // in all
	Rate      int    `json:"rate"`      // messages per second; 0: at once
	Text      string `json:"text"`      // followed by a counter
}

// burstTick is how often a burst writes its share.
const burstTick = 20 * time.Millisecond

// burstShare caps one share, so that even "at once" leaves the lock free for
// everybody else and Close is heard: 100,000 messages a second.
const burstShare = 2000

// Flood starts a burst and returns at once.
func (s *Simulator) Flood(b Burst) error {
	if b.Customers < 1 || b.Customers > 100_000 || b.Messages < 1 || b.Messages > 10_000_000 || b.Rate < 0 {
		return errors.New("simulator: a burst has 1 to 100,000 customers and 1 to 10,000,000 messages")
	}
	if b.Text == "" {
		b.Text = "Guten Tag, eine Frage"
	}
	s.mu.Lock()
	if b.Number == "" && len(s.order) > 0 {
		b.Number = s.order[0]
	}
	known := s.numbers[b.Number] != nil
	s.mu.Unlock()
	if !known {
		return ErrNumberUnknown
	}
	ids := make([]string, b.Customers)
	for i := range ids {
		ids[i] = fmt.Sprintf("burst-%d", i+1)
		_, err := s.AddCustomer(NewCustomer{ID: ids[i], Name: fmt.Sprintf("Kundin %d", i+1), Phone: fmt.Sprintf("+49 1570 9%06d", i+1), Language: "de"})
		if err != nil && !errors.Is(err, ErrCustomerKnown) {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.later(func() { s.flood(b, ids) })
	return nil
}

// flood writes the messages of a burst; a full queue makes it wait.
func (s *Simulator) flood(b Burst, ids []string) {
	tick := time.NewTicker(burstTick)
	defer tick.Stop()
	start := time.Now()
	for done := 0; done < b.Messages; {
		due := b.Messages
		if b.Rate > 0 {
			due = min(due, int(time.Since(start).Seconds()*float64(b.Rate)))
		}
		due = min(due, done+burstShare)
		for done < due {
			_, err := s.Say(ids[done%len(ids)], b.Number, fmt.Sprintf("%s %d", b.Text, done+1))
			if errors.Is(err, ErrQueueFull) {
				break
			}
			s.complain(err)
			done++
		}
		select {
		case <-s.closed:
			return
		case <-tick.C:
		}
	}
}
