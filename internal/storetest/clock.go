package storetest

import (
	"sync"
	"time"
)

// Clock stands still until it is turned by hand.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a Clock that stands at a moment.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now tells the time, for constructors that take a clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Add turns it, backwards too.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
