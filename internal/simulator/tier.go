package simulator

import (
	"strconv"
	"strings"
	"time"
)

// unlimited is the tier of a portfolio that may write to everybody.
const unlimited = "TIER_UNLIMITED"

// tierSpan is the moving period in which people are counted. (messaging-limits)
const tierSpan = 24 * time.Hour

// peopleOf reads how many people a tier allows, such as TIER_250 or TIER_2K; 0: everybody. Any
// number may stand there, so that a test needs few people.
func peopleOf(tier string) (n int, ok bool) {
	if tier == unlimited {
		return 0, true
	}
	digits, known := strings.CutPrefix(tier, "TIER_")
	digits, thousands := strings.CutSuffix(digits, "K")
	n, err := strconv.Atoi(digits)
	if thousands {
		n *= 1000
	}
	return n, known && err == nil && n > 0 && n <= 1_000_000
}

// hasRoom tells whether the portfolio of a number may write to somebody outside of a window: those
// it reached that way within 24 hours have their place, and it has so many. (messaging-limits)
func (s *Simulator) hasRoom(n *number, c *customer, now time.Time) bool {
	most, _ := peopleOf(s.settings.Tier)
	if most == 0 || s.wasReached(n.Portfolio, c, now) {
		return true
	}
	for _, id := range s.people {
		if s.wasReached(n.Portfolio, s.customers[id], now) {
			most--
		}
	}
	return most > 0
}

func (s *Simulator) wasReached(portfolio string, c *customer, now time.Time) bool {
	for id, t := range c.threads {
		n := s.numbers[id]
		if n != nil && n.Portfolio == portfolio && !t.reached.IsZero() && now.Sub(t.reached) < tierSpan {
			return true
		}
	}
	return false
}
