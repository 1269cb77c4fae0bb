package simulator

import "time"

const (
	pairEvery = 6 * time.Second // one message to the same customer
	pairBurst = 45              // at most within one pairEvery
)

// pairRate is the limit between one business number and one customer: a message
// every six seconds; up to 45 within six seconds as a burst, which is borrowed,
// so that nothing more may go until the normal rate has caught up. (throughput)
type pairRate struct {
	began time.Time // first message of the present burst
	sent  int
}

// full tells whether one more message now would be refused with 131056.
func (p *pairRate) full(now time.Time) bool {
	caughtUp := !now.Before(p.began.Add(time.Duration(p.sent) * pairEvery))
	return p.sent > 0 && !caughtUp && (now.Sub(p.began) >= pairEvery || p.sent >= pairBurst)
}

// take enters a message that was accepted.
func (p *pairRate) take(now time.Time) {
	if p.sent == 0 || !now.Before(p.began.Add(time.Duration(p.sent)*pairEvery)) {
		p.began, p.sent = now, 0
	}
	p.sent++
}
