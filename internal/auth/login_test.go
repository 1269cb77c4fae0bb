package auth

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Whether the address exists must not be told by the time an answer takes. With every
// slot of the hasher taken and nobody waiting any more, each attempt that reaches it
// ends with the waiting; one that passed it by would be answered.
func TestEveryLoginIsHashed(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	phc, err := h.Hash(t.Context(), private.NewText("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	for range runsAtOnce {
		h.slots <- struct{}{}
	}
	holder := Holder{Agent: desk.NewID[desk.Agent](), Role: desk.RoleAgent}
	disabled := holder
	disabled.Disabled = true
	l := NewLogin(people{"anna": {Holder: holder, Password: phc}, "gone": {Holder: disabled, Password: phc}, "sso": {Holder: holder}}, h, NewThrottle((&hand{start}).now))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 { // what nobody judged is no guess
		for _, email := range []string{"anna", "nobody", "gone", "sso"} {
			_, err := l.Verify(ctx, Attempted{Email: private.NewText(email), Password: private.NewText("x"), Peer: peer})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v without any hashing", email, err)
			}
		}
	}
	for range runsAtOnce {
		<-h.slots
	}
	if _, err := l.Verify(t.Context(), Attempted{Email: private.NewText("anna"), Password: private.NewText("correct horse"), Peer: peer}); err != nil {
		t.Errorf("got %v", err)
	}
}

// The dummy hash costs what a real one costs today.
func TestNobodyCostsAsMuch(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	if h.dummy.cost != today || len(h.dummy.salt) != saltBytes || len(h.dummy.key) != keyBytes {
		t.Errorf("got %+v", h.dummy.cost)
	}
}

func TestLoginWithDamagedHash(t *testing.T) {
	t.Parallel()
	l := NewLogin(people{"anna": {Password: private.NewText("secret damage")}}, NewHasher(), NewThrottle((&hand{start}).now))
	_, err := l.Verify(t.Context(), Attempted{Email: private.NewText("anna"), Password: private.NewText("x"), Peer: peer})
	if !errors.Is(err, errHash) || desk.CodeOf(err) != desk.CodeInternal {
		t.Errorf("got %v", err)
	}
}

func TestLoginIsThrottledBeforeItIsHashed(t *testing.T) {
	t.Parallel()
	clock := &hand{start}
	th := NewThrottle(clock.now)
	for range freeFailures {
		wait(t, th, "anna", netip.MustParseAddr("192.0.2.9"))
	}
	h := NewHasher()
	h.waiting.Store(queueLimit) // it would be turned away there
	_, err := NewLogin(people{}, h, th).Verify(t.Context(), Attempted{Email: private.NewText("anna"), Password: private.NewText("x"), Peer: peer})
	var early *Throttled
	if !errors.As(err, &early) || early.RetryAfter() != firstWait || early.Error() == "" {
		t.Errorf("got %v", err)
	}
}

func TestSessionIsSeenSeldom(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	session, secret := NewSession(agent, "", start)
	s := &shelf{session: session, holder: Holder{Agent: agent, Role: desk.RoleAgent}}
	now := start
	a := NewAuthenticator(s, func() time.Time { return now })
	for _, step := range []struct {
		after time.Duration
		seen  int
	}{{sessionSeen - 1, 0}, {1, 1}, {0, 1}, {sessionSeen - 1, 1}, {1, 2}} {
		now = now.Add(step.after)
		if _, err := a.Authenticate(t.Context(), Credentials{Session: secret}); err != nil {
			t.Fatal(err)
		}
		if len(s.seen) != step.seen {
			t.Errorf("after %v: seen %d times, want %d", now.Sub(start), len(s.seen), step.seen)
		}
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	agent, other := desk.NewID[desk.Agent](), desk.NewID[desk.Agent]()
	session, secret := NewSession(agent, "", start)
	token, bearer, err := NewToken(agent, start, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, strange := NewSession(agent, "", start)
	_, unknown, _ := NewToken(agent, start, 0)
	good := Holder{Agent: agent, Role: desk.RoleAgent}
	for name, tc := range map[string]struct {
		shows  Credentials
		holder Holder
		fault  error
		want   desk.Code
	}{
		"session":                   {Credentials{Session: secret}, good, nil, ""},
		"token":                     {Credentials{Bearer: bearer}, good, nil, ""},
		"nothing":                   {Credentials{}, good, nil, desk.CodeUnauthorized},
		"no secret":                 {Credentials{Session: private.NewText("x")}, good, nil, desk.CodeUnauthorized},
		"session nobody has":        {Credentials{Session: strange}, good, nil, desk.CodeUnauthorized},
		"token nobody has":          {Credentials{Bearer: unknown}, good, nil, desk.CodeUnauthorized},
		"token as session":          {Credentials{Session: bearer}, good, nil, desk.CodeUnauthorized},
		"session as token":          {Credentials{Bearer: secret}, good, nil, desk.CodeUnauthorized},
		"bad token, good session":   {Credentials{Bearer: unknown, Session: secret}, good, nil, desk.CodeUnauthorized},
		"session of somebody else":  {Credentials{Session: secret}, Holder{Agent: other}, nil, desk.CodeUnauthorized},
		"token of somebody else":    {Credentials{Bearer: bearer}, Holder{Agent: other}, nil, desk.CodeUnauthorized},
		"fault behind a token":      {Credentials{Bearer: bearer}, good, errors.New("disk"), desk.CodeInternal},
		"damaged token, no look-up": {Credentials{Bearer: private.NewText("bo_x")}, good, errors.New("disk"), desk.CodeUnauthorized},
	} {
		s := &shelf{session: session, token: token, holder: tc.holder, fault: tc.fault}
		p, err := NewAuthenticator(s, func() time.Time { return start }).Authenticate(t.Context(), tc.shows)
		if tc.want == "" {
			if err != nil || p.Agent != agent || p.Role != desk.RoleAgent || p.Session.IsZero() == p.Token.IsZero() {
				t.Errorf("%s: got %+v, %v", name, p, err)
			}
			continue
		}
		if desk.CodeOf(err) != tc.want || p != (Principal{}) {
			t.Errorf("%s: got %+v, %v", name, p, err)
		}
	}
}

// failing is a store whose sessions cannot be read or not be moved.
type failing struct {
	shelf
	reading, seeing error
}

func (f *failing) SessionByDigest(ctx context.Context, digest []byte) (desk.Session, Holder, error) {
	if f.reading != nil {
		return desk.Session{}, Holder{}, f.reading
	}
	return f.shelf.SessionByDigest(ctx, digest)
}

func (f *failing) SeeSession(context.Context, desk.SessionID, time.Time) error { return f.seeing }

// A fault of the store is no reason to log anybody out.
func TestSessionFaults(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	session, secret := NewSession(agent, "", start)
	for _, f := range []*failing{{reading: errors.New("disk")}, {seeing: errors.New("disk")}} {
		f.session, f.holder = session, Holder{Agent: agent, Role: desk.RoleAgent}
		a := NewAuthenticator(f, func() time.Time { return start.Add(time.Hour) })
		if _, err := a.Authenticate(t.Context(), Credentials{Session: secret}); desk.CodeOf(err) != desk.CodeInternal {
			t.Errorf("got %v", err)
		}
	}
}

func TestPrincipal(t *testing.T) {
	t.Parallel()
	p := Principal{Agent: desk.NewID[desk.Agent](), Role: desk.RoleAdmin, Via: ViaToken}
	if got := p.Actor(); got != (desk.Actor{Kind: desk.ActorAgent, Agent: p.Agent, Via: ViaToken}) {
		t.Errorf("got actor %+v", got)
	}
	if got := p.Scope(); got != (desk.Scope{Agent: p.Agent, All: true}) {
		t.Errorf("got scope %+v", got)
	}
	p.Role = desk.RoleAgent
	if p.Scope().All {
		t.Error("an agent sees everything")
	}
}

func TestSecretsAreKeptAsDigests(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	one, secret := NewSession(agent, "", start)
	two, _ := NewSession(agent, "", start)
	if string(one.Digest) == string(two.Digest) || one.ID == two.ID || len(one.Digest) != 32 || string(one.Digest) == secret.Reveal() {
		t.Error("two sessions are alike, or one holds its secret")
	}
	for lifetime, want := range map[time.Duration]bool{
		0: true, time.Minute: true, time.Minute - 1: false, TokenLifetimeMax: true, TokenLifetimeMax + 1: false,
	} {
		token, _, err := NewToken(agent, start, lifetime)
		if (err == nil) != want {
			t.Errorf("%v: got %v", lifetime, err)
		}
		if lifetime == 0 {
			lifetime = TokenLifetime
		}
		if err == nil && !token.ExpiresAt.Equal(start.Add(lifetime)) {
			t.Errorf("%v: expires at %v", lifetime, token.ExpiresAt)
		}
	}
}
