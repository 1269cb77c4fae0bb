package whatsapp

import (
	"strings"
	"testing"
	"time"
)

func TestRuleOf(t *testing.T) {
	for code, want := range map[int]struct {
		class        Class
		retry, stops bool
	}{
		0: {ClassAuth, false, true}, 190: {ClassAuth, false, true},
		1: {ClassTransient, true, false}, 131000: {ClassTransient, true, false}, 131057: {ClassTransient, true, false},
		3: {ClassConfig, false, true}, 10: {ClassConfig, false, true}, 200: {ClassConfig, false, true},
		299: {ClassConfig, false, true}, 300: {ClassUnknown, false, false}, 133010: {ClassConfig, false, true},
		133005: {ClassConfig, false, false}, 131042: {ClassConfig, false, false},
		4: {ClassThroughput, true, false}, 80007: {ClassThroughput, true, false}, 130429: {ClassThroughput, true, false},
		131056: {ClassPair, true, false}, 131048: {ClassSpam, false, false},
		131047: {ClassWindow, false, false}, 470: {ClassWindow, false, false},
		131050: {ClassOptOut, false, false}, 131026: {ClassUndeliverable, false, false},
		131062: {ClassUndeliverable, false, false}, 131021: {ClassUndeliverable, false, false},
		368: {ClassPolicy, false, true}, 131031: {ClassPolicy, false, true}, 130497: {ClassPolicy, false, false},
		131052: {ClassMedia, false, false}, 131053: {ClassMedia, false, false},
		132000: {ClassTemplate, false, false}, 132069: {ClassTemplate, false, false}, 2388040: {ClassTemplate, false, false},
		100: {ClassBug, false, false}, 131051: {ClassBug, false, false},
		130472: {ClassExperiment, false, false}, 131049: {ClassWithheld, false, false}, 137000: {ClassIdentity, false, false},
		135000: {ClassUnknown, false, false}, -5: {ClassUnknown, false, false}, 999999: {ClassUnknown, false, false},
	} {
		got := RuleOf(code)
		if got.Class != want.class || got.Retry != want.retry || got.StopsNumber != want.stops || got.Name == "" {
			t.Errorf("%d: got %+v, want %+v", code, got, want)
		}
		if got.Retry != (got.Base > 0) {
			t.Errorf("%d: a retry needs a wait, and only that: %+v", code, got)
		}
	}
}

func TestErrorIsDiscreet(t *testing.T) {
	e := &Error{Code: 131026, Title: "secret", Message: "secret", Details: "secret", FBTraceID: "secret"}
	if got := e.Error(); got != "meta 131026: undeliverable" {
		t.Errorf("got %q", got)
	}
	if unknown := (&Error{Code: 42, Message: "secret"}).Error(); strings.Contains(unknown, "secret") {
		t.Errorf("got %q", unknown)
	}
}

func TestBackoff(t *testing.T) {
	pair := &Error{Code: 131056}
	for attempt, want := range map[int]time.Duration{0: 4 * time.Second, 1: 4 * time.Second, 2: 16 * time.Second, 3: 64 * time.Second, 99: 4096 * time.Second} {
		if got := pair.Backoff(attempt); got != want {
			t.Errorf("attempt %d: got %v, want %v", attempt, got, want)
		}
	}
	if got := (&Error{Code: 131047, RetryAfter: time.Hour}).Backoff(1); got != 0 {
		t.Errorf("final error: got %v, want 0", got)
	}
	if got := (&Error{Code: 80007, RetryAfter: time.Hour}).Backoff(1); got != time.Hour {
		t.Errorf("got %v, want what the answer asked for", got)
	}
	if rule := (&Error{Code: 777, Transient: true}).Rule(); rule.Class != ClassTransient || !rule.Retry {
		t.Errorf("got %+v, want a retry on Meta's word", rule)
	}
}
