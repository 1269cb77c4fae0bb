package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Step is one act of a scripted customer. Exactly one of Say, Kind, Read and
// Behave says what happens.
type Step struct {
	Customer string     `json:"customer"`
	Number   string     `json:"number"` // empty: the first one
	After    string     `json:"after"`  // since the step before, "2s"
	Say      string     `json:"say"`
	Kind     string     `json:"kind"` // sends a message of this kind; Text is its caption
	Text     string     `json:"text"`
	Read     bool       `json:"read"`
	Behave   *Behaviour `json:"behave"`
}

// AutoAnswer lets a customer answer by itself.
type AutoAnswer struct {
	Customer string `json:"customer"` // empty: every customer
	Number   string `json:"number"`   // empty: every number
	Contains string `json:"contains"` // only to a text with this in it, in any case
	Say      string `json:"say"`
	After    string `json:"after"`
	Count    int    `json:"count"` // how often; 0 without end
	used     int
	after    time.Duration
}

// Play lets scripted customers act, each step after the one before.
func (s *Simulator) Play(steps []Step) error {
	waits := make([]time.Duration, len(steps))
	var total time.Duration
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, step := range steps {
		wait, err := parseDelay(step.After)
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if _, _, err := s.pair(step.Customer, step.Number); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if step.Say == "" && step.Kind == "" && !step.Read && step.Behave == nil {
			return fmt.Errorf("step %d: %w", i+1, errors.New("simulator: nothing to do"))
		}
		total += wait
		waits[i] = total
	}
	for i, step := range steps {
		s.after(waits[i], act{kind: actStep, step: &step})
	}
	return nil
}

// take plays one step. The lock is held, so that what takes the lock itself is
// started on its own.
func (s *Simulator) take(step Step) {
	c, n, err := s.pair(step.Customer, step.Number)
	if err != nil {
		return
	}
	if step.Read || step.Behave != nil {
		s.later(func() {
			if step.Read {
				_, err = s.Read(c.ID, n.PhoneNumberID)
			}
			if step.Behave != nil && err == nil {
				err = s.Behave(c.ID, *step.Behave)
			}
			s.complain(err)
		})
		return
	}
	in := Inbound{Kind: "text", Text: step.Say}
	if step.Kind != "" {
		in = Inbound{Kind: step.Kind, Text: step.Text}
	}
	_, err = s.receive(c, n, in)
	s.complain(err)
}

// later runs do without the lock, which the caller holds. Close waits for it.
func (s *Simulator) later(do func()) {
	if s.closing {
		return
	}
	s.acts.Add(1)
	go func() {
		defer s.acts.Done()
		do()
	}()
}

func (s *Simulator) complain(err error) {
	if err != nil {
		s.cfg.Log.Warn("simulator: a scripted step failed", "error", err)
	}
}

// Answer adds an automatic answer.
func (s *Simulator) Answer(a AutoAnswer) error {
	var err error
	if a.after, err = parseDelay(a.After); err != nil {
		return err
	}
	if a.Say == "" {
		return errors.New("simulator: an automatic answer needs something to say")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, a)
	s.journal.touch()
	return nil
}

// ClearAnswers removes every automatic answer.
func (s *Simulator) ClearAnswers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = nil
	s.journal.touch()
}

// autoAnswer gives the first automatic answer that fits a delivered message.
func (s *Simulator) autoAnswer(c *customer, m *message) {
	for i := range s.answers {
		a := &s.answers[i]
		fits := (a.Customer == "" || a.Customer == c.ID) && (a.Number == "" || a.Number == m.Number) &&
			(a.Count == 0 || a.used < a.Count) && strings.Contains(strings.ToLower(m.Text), strings.ToLower(a.Contains))
		if !fits {
			continue
		}
		a.used++
		s.journal.touch()
		s.after(a.after, act{kind: actStep, step: &Step{Customer: c.ID, Number: m.Number, Say: a.Say}})
		return
	}
}
