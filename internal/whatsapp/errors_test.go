package whatsapp

import (
	"strings"
	"testing"
	"time"
)

// want is what a row of the table must say.
type want struct {
	class  Class
	base   time.Duration // how long until the same message may go again; 0: never
	pauses Pauses
	tells  Tells
}

// everyCode is written from Meta's page of error codes, code by code, and not from our
// table: what each asks for, what has to wait, and who must know.
var everyCode = map[want][]int{
	// Nothing this number sends can succeed until somebody mends it.
	{ClassAuth, 0, PausesInbox, TellsAdmins}:   {0, 190},
	{ClassConfig, 0, PausesInbox, TellsAdmins}: {3, 10, 33, 200, 201, 250, 299, 131005, 131037, 131045, 133010},
	{ClassPolicy, 0, PausesInbox, TellsAdmins}: {368, 131031},

	// Meta's trouble, or too much at once: later.
	{ClassTransient, 2 * time.Second, PausesNothing, TellsAuthor}: {1, 2, 131000, 131016},
	{ClassTransient, 2 * time.Minute, PausesNothing, TellsAuthor}: {131057, 133004},
	{ClassThroughput, 2 * time.Minute, PausesNumber, TellsAuthor}: {4, 80007},
	{ClassThroughput, 2 * time.Second, PausesNumber, TellsAuthor}: {130429},
	{ClassPair, 4 * time.Second, PausesPair, TellsAuthor}:         {131056},

	// Others will meet it, too, but the number may still send.
	{ClassSpam, 0, PausesNothing, TellsAdmins}: {131048},
	{ClassConfig, 0, PausesNothing, TellsAdmins}: {
		131042, 131055, 133000, 133005, 133006, 133007, 133008, 133009, 133015, 133016, 134011, 134100, 134101, 134102,
		147001, 147002, 147003, 147004, 147005, 2593107, 2593108,
	},
	{ClassTemplate, 0, PausesNothing, TellsAdmins}: {
		132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299,
	},
	{ClassBug, 0, PausesNothing, TellsAdmins}:           {100, 131008, 131009, 131051},
	{ClassUndeliverable, 0, PausesNothing, TellsAdmins}: {131030},

	// One message, one person.
	{ClassWindow, 0, PausesNothing, TellsAuthor}:        {131047, 470},
	{ClassOptOut, 0, PausesNothing, TellsAuthor}:        {131050},
	{ClassWithheld, 0, PausesNothing, TellsAuthor}:      {131049},
	{ClassExperiment, 0, PausesNothing, TellsAuthor}:    {130472},
	{ClassIdentity, 0, PausesNothing, TellsAuthor}:      {137000},
	{ClassUndeliverable, 0, PausesNothing, TellsAuthor}: {131021, 131026, 131062, 139100, 139101, 139102, 139103},
	{ClassPolicy, 0, PausesNothing, TellsAuthor}:        {130497},
	{ClassMedia, 0, PausesNothing, TellsAuthor}:         {131052, 131053},
	{ClassTemplate, 0, PausesNothing, TellsAuthor}:      {132069},
	{ClassUnknown, 0, PausesNothing, TellsAuthor}:       {131035, 131036, 131060, 135000, 300, -5, 999999},
}

func TestRuleOf(t *testing.T) {
	seen := map[int]bool{}
	for want, codes := range everyCode {
		for _, code := range codes {
			got := RuleOf(code)
			if got.Class != want.class || got.Base != want.base || got.Pauses != want.pauses || got.Tells != want.tells || got.Name == "" {
				t.Errorf("%d: got %+v, want %+v", code, got, want)
			}
			if got.Retry != (got.Base > 0) {
				t.Errorf("%d: a retry needs a wait, and only that: %+v", code, got)
			}
			seen[code] = true
		}
	}
	for code := range rules {
		if !seen[code] {
			t.Errorf("%d stands in the table and nobody says what it must mean", code)
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
