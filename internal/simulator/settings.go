package simulator

import (
	"errors"
	"math/rand/v2"
	"time"
)

// Settings shape the webhooks and how refusals are told.
type Settings struct {
	// BatchSize is the most messages and statuses in one webhook body; Meta
	// documents about 1,000. Only what waits already is joined.
	BatchSize int `json:"batch_size"`
	// BatchWindowMS waits this long for more to join, in milliseconds.
	BatchWindowMS int `json:"batch_window_ms"`
	// Duplicate is the probability that a delivered body is sent once more.
	Duplicate float64 `json:"duplicate"`
	// ShuffleMS holds each item for a random time up to this, in milliseconds,
	// so that the order is lost.
	ShuffleMS int `json:"shuffle_ms"`
	// Parallel is how many bodies may be on their way at once, per number.
	Parallel int `json:"parallel"`
	// Paused holds all webhooks back.
	Paused bool `json:"paused"`
	// LateRefusals accepts what Meta often refuses only afterwards (131026,
	// 131047) and tells it by a failed status.
	LateRefusals bool `json:"late_refusals"`
	// IgnorePairRate switches the limit per customer off, for load tests.
	IgnorePairRate bool `json:"ignore_pair_rate"`
	// IgnoreThroughput switches the limit per number off, for load tests.
	IgnoreThroughput bool `json:"ignore_throughput"`
	// Tier is the messaging limit of each portfolio, as Meta names it: so many people may be
	// written to outside of windows within 24 hours. Meta documents no code of its own for who
	// is beyond it; 131048 speaks of restrictions on how many messages may be sent.
	Tier string `json:"tier"`

	// SentMS is how long after the answer of the Graph API a message is sent,
	// DeliverMS how much later it reaches a phone, ReadMS how much later a
	// phone that reads by itself has read it; milliseconds on the simulator's
	// clock. A customer's own Behaviour wins. With all three at zero statuses
	// follow at once, which a test with a clock that stands still wants.
	SentMS    int `json:"sent_ms"`
	DeliverMS int `json:"deliver_ms"`
	ReadMS    int `json:"read_ms"`
	// Jitter makes each of these delays up to this part longer or shorter.
	Jitter float64 `json:"jitter"`
}

// longestDelay is the longest of the delays, in milliseconds: Meta gives a
// message up after 30 days.
const longestDelay = 30 * 24 * 3600 * 1000

// DefaultSettings is what holds when nothing is said: small batches, one body at
// a time, statuses at the pace of a phone with a good connection.
func DefaultSettings() Settings {
	return Settings{BatchSize: 100, Parallel: 1, SentMS: 80, DeliverMS: 400, ReadMS: 3000, Jitter: 0.3, Tier: "TIER_2K"}
}

// Settings returns the present settings.
func (s *Simulator) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

// check refuses what makes no sense and fills in the two values that cannot be
// zero.
func (set Settings) check() (Settings, error) {
	if set.Duplicate < 0 || set.Duplicate > 1 || set.Jitter < 0 || set.Jitter > 1 {
		return set, errors.New("simulator: duplicate and jitter are parts from 0 to 1")
	}
	if set.BatchSize < 0 || set.BatchSize > 1000 || set.Parallel < 0 || set.Parallel > 64 {
		return set, errors.New("simulator: batch_size is 1 to 1000, parallel 1 to 64")
	}
	for _, ms := range []int{set.BatchWindowMS, set.ShuffleMS, set.SentMS, set.DeliverMS, set.ReadMS} {
		if ms < 0 || ms > longestDelay {
			return set, errors.New("simulator: times are milliseconds from 0 to 30 days")
		}
	}
	def := DefaultSettings()
	if set.Tier == "" {
		set.Tier = def.Tier
	}
	if _, ok := peopleOf(set.Tier); !ok {
		return set, errors.New("simulator: tier is TIER_UNLIMITED, or TIER_ and how many people, such as TIER_250 or TIER_2K")
	}
	set.BatchSize, set.Parallel = orInt(set.BatchSize, def.BatchSize), orInt(set.Parallel, def.Parallel)
	return set, nil
}

// SetSettings replaces the settings. A zero BatchSize, Parallel or Tier means the
// default; every other zero means zero.
func (s *Simulator) SetSettings(set Settings) error {
	set, err := set.check()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = set
	s.journal.touch()
	s.publish("settings", set)
	s.hint()
	return nil
}

// delay is one of the delays of statuses with its jitter.
func (set Settings) delay(ms int) time.Duration {
	d := float64(milliseconds(ms))
	return time.Duration(d + d*set.Jitter*(2*rand.Float64()-1))
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
