package simulator

import (
	"errors"
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
}

func defaultSettings() Settings { return Settings{BatchSize: 100, Parallel: 1} }

// Settings returns the present settings.
func (s *Simulator) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

// Shape replaces the settings. A zero BatchSize or Parallel means the default.
func (s *Simulator) Shape(set Settings) error {
	if set.Duplicate < 0 || set.Duplicate > 1 {
		return errors.New("simulator: duplicate is a probability from 0 to 1")
	}
	if set.BatchSize < 0 || set.BatchSize > 1000 || set.Parallel < 0 || set.Parallel > 64 {
		return errors.New("simulator: batch_size is 1 to 1000, parallel 1 to 64")
	}
	if set.BatchWindowMS < 0 || set.ShuffleMS < 0 {
		return errors.New("simulator: times are milliseconds from 0")
	}
	def := defaultSettings()
	set.BatchSize, set.Parallel = orInt(set.BatchSize, def.BatchSize), orInt(set.Parallel, def.Parallel)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = set
	s.publish("settings", set)
	s.hint()
	return nil
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
