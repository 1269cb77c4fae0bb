package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

var peer = netip.MustParseAddr("192.0.2.1")

// hand is a clock moved by hand.
type hand struct{ t time.Time }

func (h *hand) now() time.Time { return h.t }

// wait gives how long an attempt is put off, 0 if it may begin. It fails then.
func wait(t *testing.T, th *Throttle, email string, from netip.Addr) time.Duration {
	t.Helper()
	_, err := th.Begin(private.NewText(email), from)
	var early *Throttled
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &early) || desk.CodeOf(err) != desk.CodeThrottled || early.RetryAfter() <= 0:
		t.Fatalf("got %v", err)
	}
	return early.After
}

func TestThrottleGrows(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for i := range freeFailures {
		if got := wait(t, th, "anna@example.org", peer); got != 0 {
			t.Fatalf("failure %d had to wait %v", i+1, got)
		}
	}
	for i := range 14 {
		want := min(firstWait<<i, longestWait)
		if got := wait(t, th, " ANNA@example.org", peer); got != want {
			t.Fatalf("after %d failures: got %v, want %v", freeFailures+i, got, want)
		}
		clock.t = clock.t.Add(want - 1)
		if got := wait(t, th, "anna@example.org", peer); got != 1 {
			t.Fatalf("a refused attempt prolonged the wait to %v", got)
		}
		clock.t = clock.t.Add(1)
		if got := wait(t, th, "anna@example.org", peer); got != 0 {
			t.Fatalf("got %v after waiting", got)
		}
	}
	if got := wait(t, th, "ben@example.org", peer); got != 0 {
		t.Errorf("another address has to wait %v", got)
	}
	clock.t = clock.t.Add(failureMemory)
	for range freeFailures {
		if got := wait(t, th, "anna@example.org", peer); got != 0 {
			t.Errorf("failures were not forgotten: %v", got)
		}
	}
}

func TestThrottleSuccessResets(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for range 3 {
		for range freeFailures - 1 {
			wait(t, th, "anna@example.org", peer)
		}
		a, err := th.Begin(private.NewText("anna@example.org"), peer)
		if err != nil {
			t.Fatal(err)
		}
		a.Succeeded()
		a.Cancel() // too late to count
		clock.t = clock.t.Add(time.Hour)
	}
	for range 20 { // attempts nobody judged cost nothing
		a, err := th.Begin(private.NewText("carl@example.org"), peer)
		if err != nil {
			t.Fatal(err)
		}
		a.Cancel()
	}
}

func TestThrottleAddress(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for i := range addressBurst {
		if got := wait(t, th, fmt.Sprint(i), peer); got != 0 {
			t.Fatalf("guess %d had to wait %v", i+1, got)
		}
	}
	if got := wait(t, th, "next", peer); got != addressRefill {
		t.Errorf("got %v, want %v", got, addressRefill)
	}
	if got := wait(t, th, "next", netip.MustParseAddr("::ffff:192.0.2.1")); got != addressRefill {
		t.Errorf("the mapped form of the address had to wait %v", got)
	}
	if got := wait(t, th, "next", netip.MustParseAddr("192.0.2.2")); got != 0 {
		t.Errorf("a neighbour had to wait %v", got)
	}
	clock.t = clock.t.Add(addressRefill)
	if got := wait(t, th, "later", peer); got != 0 {
		t.Errorf("got %v after the refill", got)
	}
	for i := range addressBurst { // one IPv6 customer owns a /64
		wait(t, th, fmt.Sprint("six", i), netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)))
	}
	if got := wait(t, th, "six", netip.MustParseAddr("2001:db8::ffff")); got != addressRefill {
		t.Errorf("got %v, want %v", got, addressRefill)
	}
}

func TestThrottleConcurrentGuesses(t *testing.T) {
	t.Parallel()
	th := NewThrottle((&hand{start}).now)
	var wg sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 50 {
		wg.Go(func() {
			if _, err := th.Begin(private.NewText("anna@example.org"), peer); err == nil {
				mu.Lock()
				passed++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if passed != freeFailures {
		t.Errorf("%d guesses passed together, want %d", passed, freeFailures)
	}
}

// begin starts an attempt that must not have to wait.
func begin(t *testing.T, th *Throttle) *Attempt {
	t.Helper()
	a, err := th.Begin(private.NewText("anna@example.org"), peer)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Taking one attempt back leaves the failures of others, and when they happened.
func TestThrottleCancelLeavesOthers(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for range freeFailures - 2 {
		begin(t, th)
	}
	cancelled := begin(t, th)
	clock.t = clock.t.Add(time.Minute)
	begin(t, th) // fails after it, at a later time
	cancelled.Cancel()
	cancelled.Cancel() // once is enough
	if got := wait(t, th, "anna@example.org", peer); got != 0 {
		t.Fatalf("one was taken back, and the fifth has to wait %v", got)
	}
	if got := wait(t, th, "anna@example.org", peer); got != firstWait {
		t.Errorf("after five failures: got %v, want %v", got, firstWait)
	}
}

// The wait goes back to the failure before only if nothing failed since.
func TestThrottleCancelKeepsTheTime(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for range freeFailures - 1 {
		begin(t, th)
	}
	cancelled := begin(t, th)
	clock.t = clock.t.Add(firstWait)
	begin(t, th) // the sixth failure
	cancelled.Cancel()
	if got := wait(t, th, "anna@example.org", peer); got != firstWait {
		t.Errorf("five failures, the last just now: got %v, want %v", got, firstWait)
	}
	clock.t = clock.t.Add(firstWait)
	alone := begin(t, th)
	clock.t = clock.t.Add(firstWait / 2)
	alone.Cancel()
	if got := wait(t, th, "anna@example.org", peer); got != 0 {
		t.Errorf("the newest was taken back, and the one before was long ago: got %v", got)
	}
}

// Failures that were forgotten meanwhile do not take later ones with them.
func TestThrottleCancelAfterSuccess(t *testing.T) {
	t.Parallel()
	th := NewThrottle((&hand{start}).now)
	cancelled := begin(t, th)
	begin(t, th).Succeeded() // everything before it is forgotten
	for range freeFailures {
		begin(t, th)
	}
	cancelled.Cancel()
	if got := wait(t, th, "anna@example.org", peer); got != firstWait {
		t.Errorf("five failures since: got %v, want %v", got, firstWait)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	t.Parallel()
	th := newThrottle((&hand{start}).now, 10)
	for i := range 100 {
		wait(t, th, fmt.Sprint(i), netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
	}
	if th.emails.Len() > 10 || th.peers.Len() > 10 {
		t.Errorf("remembers %d and %d", th.emails.Len(), th.peers.Len())
	}
}

// people is the Accounts of a test.
type people map[string]Account

func (p people) AccountByEmail(_ context.Context, email private.Text) (Account, error) {
	if email.Reveal() == "broken" {
		return Account{}, errors.New("disk")
	}
	a, ok := p[email.Reveal()]
	if !ok {
		return Account{}, desk.NotFound("agent")
	}
	return a, nil
}

func TestLogin(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	phc, err := h.Hash(t.Context(), private.NewText("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	anna := Holder{Agent: desk.NewID[desk.Agent](), Role: desk.RoleAgent}
	gone := Holder{Agent: desk.NewID[desk.Agent](), Disabled: true}
	l := NewLogin(people{"anna": {Holder: anna, Password: phc}, "gone": {Holder: gone, Password: phc}, "sso": {Holder: anna}}, h, NewThrottle((&hand{start}).now))
	try := func(email, password string) (Verified, error) {
		return l.Verify(t.Context(), Attempted{Email: private.NewText(email), Password: private.NewText(password), Peer: peer})
	}
	if v, err := try("anna", "correct horse"); err != nil || v.Agent != anna.Agent || v.Rehash {
		t.Errorf("got %+v, %v", v, err)
	}
	var texts []string
	for _, a := range [][2]string{{"anna", "wrong"}, {"nobody", "correct horse"}, {"gone", "correct horse"}, {"sso", ""}} {
		_, err := try(a[0], a[1])
		if desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Fatalf("%s: got %v", a[0], err)
		}
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("a failed login tells why: %q, %q", texts[0], text)
		}
	}
	for range 10 { // a fault of ours is no guess
		if _, err := try("broken", "x"); desk.CodeOf(err) != desk.CodeInternal {
			t.Fatalf("got %v", err)
		}
	}
	for range freeFailures - 1 {
		_, _ = try("anna", "wrong")
	}
	if _, err := try("anna", "correct horse"); desk.CodeOf(err) != desk.CodeThrottled {
		t.Errorf("got %v", err)
	}
}
