package desktest

import (
	"sync"
	"time"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

// newClock stands at noon of a Monday that is not near, so that what takes the system's
// time for the house's is noticed.
func newClock() *clock { return &clock{at: time.Date(2046, 6, 4, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
