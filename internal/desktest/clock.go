package desktest

import (
	"time"

	"botschaft/internal/storetest"
)

// newClock stands at noon of a Monday that is not near, so that what takes the system's
// time for the house's is noticed.
func newClock() *storetest.Clock {
	return storetest.NewClock(time.Date(2046, 6, 4, 12, 0, 0, 0, time.UTC))
}
