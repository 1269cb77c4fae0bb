package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// shelf keeps one Session and one Token.
type shelf struct {
	session desk.Session
	token   desk.Token
	holder  Holder
	fault   error
	seen    []time.Time
}

func (s *shelf) SessionByDigest(_ context.Context, digest []byte) (desk.Session, Holder, error) {
	if s.fault != nil || string(digest) != string(s.session.Digest) {
		return desk.Session{}, Holder{}, errors.Join(s.fault, desk.NotFound("session"))
	}
	return s.session, s.holder, nil
}

func (s *shelf) TokenByDigest(_ context.Context, digest []byte) (desk.Token, Holder, error) {
	if s.fault != nil {
		return desk.Token{}, Holder{}, s.fault
	}
	if string(digest) != string(s.token.Digest) {
		return desk.Token{}, Holder{}, desk.NotFound("token")
	}
	return s.token, s.holder, nil
}

func (s *shelf) SeeSession(_ context.Context, _ desk.SessionID, at time.Time) error {
	s.seen = append(s.seen, at)
	s.session.SeenAt = at
	return nil
}

func TestSessionLife(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	session, secret := NewSession(agent, "", start)
	s := &shelf{session: session, holder: Holder{Agent: agent, Role: desk.RoleAgent}}
	now := start
	a := NewAuthenticator(s, func() time.Time { return now })
	ask := func() (Principal, error) { return a.Authenticate(t.Context(), Credentials{Session: secret}) }

	p, err := ask()
	if err != nil || p.Agent != agent || p.Via != ViaSession || p.Session != session.ID || len(s.seen) != 0 {
		t.Fatalf("got %+v, %v", p, err)
	}
	for range 14 { // stays alive while used, until the seven days are over
		now = now.Add(SessionIdle - time.Minute)
		_, err = ask()
		if now.Sub(start) < SessionAbsolute && err != nil {
			t.Fatalf("ended after %v: %v", now.Sub(start), err)
		}
	}
	uses := len(s.seen)
	s.session.CreatedAt, s.session.SeenAt = now, now
	now = now.Add(time.Hour)
	if p, err := a.Recognise(t.Context(), Credentials{Session: secret}); err != nil || p.Agent != agent || len(s.seen) != uses {
		t.Errorf("what goes on by itself: %v, and it counted as use: %v", err, len(s.seen) != uses)
	}
	s.session.CreatedAt = start
	now = start.Add(SessionAbsolute)
	s.session.SeenAt = now
	if _, err := ask(); desk.CodeOf(err) != desk.CodeUnauthorized {
		t.Errorf("got %v after seven days", err)
	}
	s.session.CreatedAt, s.session.SeenAt = now, now
	now = now.Add(SessionIdle)
	if _, err := ask(); desk.CodeOf(err) != desk.CodeUnauthorized {
		t.Errorf("got %v after twelve idle hours", err)
	}
}

func TestDisabledAgentIsNobody(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	session, secret := NewSession(agent, "", start)
	token, bearer, err := NewToken(agent, start, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{session: session, token: token, holder: Holder{Agent: agent, Disabled: true}}
	a := NewAuthenticator(s, func() time.Time { return start })
	for _, c := range []Credentials{{Session: secret}, {Bearer: bearer}, {}} {
		if _, err := a.Authenticate(t.Context(), c); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("got %v", err)
		}
	}
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	agent := desk.NewID[desk.Agent]()
	token, secret, err := NewToken(agent, start, 0)
	if err != nil || !strings.HasPrefix(secret.Reveal(), "bo_") || len(secret.Reveal()) != 46 {
		t.Fatalf("got %d characters, %v", len(secret.Reveal()), err)
	}
	s := &shelf{token: token, holder: Holder{Agent: agent, Role: desk.RoleAdmin}}
	now := start.Add(TokenLifetime - time.Second)
	a := NewAuthenticator(s, func() time.Time { return now })
	ask := func() error {
		_, err := a.Authenticate(t.Context(), Credentials{Bearer: secret})
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	s.fault = errors.New("disk")
	if err := ask(); desk.CodeOf(err) != desk.CodeInternal {
		t.Errorf("a fault of the store came out as %v", err)
	}
	s.fault = nil
	s.token.RevokedAt = &now
	if err := ask(); desk.CodeOf(err) != desk.CodeUnauthorized {
		t.Errorf("revoked: got %v", err)
	}
	s.token.RevokedAt = nil
	now = start.Add(TokenLifetime)
	if err := ask(); desk.CodeOf(err) != desk.CodeUnauthorized {
		t.Errorf("expired: got %v", err)
	}
	if _, _, err := NewToken(agent, start, -time.Hour); desk.CodeOf(err) != desk.CodeInvalid {
		t.Errorf("got %v", err)
	}
}

func TestTokenDigestRefuses(t *testing.T) {
	t.Parallel()
	_, good, _ := NewToken(desk.NewID[desk.Agent](), start, 0)
	for _, s := range []string{"", "bo_", good.Reveal()[3:], good.Reveal() + "A", "BO_" + good.Reveal()[3:], "bo_" + strings.Repeat("=", 43), good.Reveal() + "\n"} {
		if _, err := TokenDigest(private.NewText(s)); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("%q: got %v", s, err)
		}
	}
	if d, err := TokenDigest(good); err != nil || len(d) != 32 {
		t.Errorf("got %v", err)
	}
}

func TestCredentialsOf(t *testing.T) {
	t.Parallel()
	request := func(header ...string) *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		return r
	}
	for name, tc := range map[string]struct {
		r               *http.Request
		secure          bool
		bearer, session string
	}{
		"nothing":              {request(), true, "", ""},
		"cookie":               {request("Cookie", "__Host-botschaft=a"), true, "", "a"},
		"plain cookie on TLS":  {request("Cookie", "botschaft=a"), true, "", ""},
		"plain cookie":         {request("Cookie", "botschaft=a"), false, "", "a"},
		"bearer wins":          {request("Cookie", "__Host-botschaft=a", "Authorization", "bearer t"), true, "t", ""},
		"empty bearer":         {request("Cookie", "__Host-botschaft=a", "Authorization", "Bearer"), true, "", ""},
		"basic does not count": {request("Cookie", "__Host-botschaft=a", "Authorization", "Basic eDp5"), true, "", "a"},
		"second bearer line":   {request("Cookie", "__Host-botschaft=a", "Authorization", "Basic x", "Authorization", "Bearer t"), true, "t", ""},
		"planted cookie":       {request("Cookie", "botschaft=a; botschaft=b"), false, "", ""},
		"same cookie twice":    {request("Cookie", "botschaft=a; botschaft=a"), false, "", "a"},
	} {
		c := CredentialsOf(tc.r, tc.secure)
		if c.Bearer.Reveal() != tc.bearer || c.Session.Reveal() != tc.session {
			t.Errorf("%s: got %q, %q", name, c.Bearer.Reveal(), c.Session.Reveal())
		}
	}
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	secret := private.NewText("abc")
	got := SessionCookie(secret, true).String()
	if want := "__Host-botschaft=abc; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Strict"; got != want {
		t.Errorf("got %s", got)
	}
	if got := SessionCookie(secret, false).String(); strings.Contains(got, "Secure") || !strings.HasPrefix(got, "botschaft=abc") {
		t.Errorf("got %s", got)
	}
	if got := ExpiredCookie(true).String(); !strings.Contains(got, "Max-Age=0") {
		t.Errorf("got %s", got)
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	want := map[Right]string{ // admin, agent, DPO
		ReadConversations: "yes yes no", RevealIdentities: "yes yes no", WriteMessages: "yes yes no",
		WorkConversations: "yes yes no", RestrictContacts: "yes yes no", UnrestrictContacts: "yes no no", BlockContacts: "yes yes no",
		ReadGovernance: "yes no yes", ReadTasks: "yes yes yes", ReadAudit: "yes no yes", ReadSettings: "yes no yes",
		ChangeSettings: "yes no no", ManageAgents: "yes no no", ManageDeliveries: "yes no no", OwnTokens: "yes yes no",
		DecideApprovals: "yes no yes",
	}
	if len(want) != len(rights) {
		t.Fatalf("%d rights are tested, %d exist", len(want), len(rights))
	}
	word := map[bool]string{true: "yes", false: "no"}
	for right, row := range want {
		got := word[May(desk.RoleAdmin, right)] + " " + word[May(desk.RoleAgent, right)] + " " + word[May(desk.RoleDPO, right)]
		if got != row {
			t.Errorf("%s: got %s, want %s", right, got, row)
		}
		if May("", right) || May("root", right) {
			t.Errorf("%s: an unknown role may", right)
		}
	}
	if May(desk.RoleAdmin, "unknown") {
		t.Error("a right outside the table is granted")
	}
	p := Principal{Role: desk.RoleDPO}
	if desk.CodeOf(p.Require(WriteMessages)) != desk.CodeForbidden || p.Require(ReadAudit) != nil || p.Scope().All {
		t.Error("a DPO reads governance and changes nothing")
	}
}
