package auth

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
)

// Holder is the Agent behind a credential, as of now.
type Holder struct {
	Agent    desk.AgentID
	Role     desk.Role
	Disabled bool
}

// Records finds who holds a credential. A digest nobody holds is
// desk.CodeNotFound.
type Records interface {
	// SessionByDigest gives the Session and its Agent.
	SessionByDigest(ctx context.Context, digest []byte) (desk.Session, Holder, error)
	// TokenByDigest gives the Token and its Agent.
	TokenByDigest(ctx context.Context, digest []byte) (desk.Token, Holder, error)
	// SeeSession moves the Session's SeenAt.
	SeeSession(ctx context.Context, id desk.SessionID, at time.Time) error
}

// Via names for desk.Actor.
const (
	ViaSession = "session"
	ViaToken   = "token"
)

// Principal is who asks. Exactly one of Session and Token is set.
type Principal struct {
	Agent   desk.AgentID
	Role    desk.Role
	Via     string // ViaSession or ViaToken
	Session desk.SessionID
	Token   desk.TokenID
}

// Actor is the Principal as the audit log names it.
func (p Principal) Actor() desk.Actor {
	return desk.Actor{Kind: desk.ActorAgent, Agent: p.Agent, Via: p.Via}
}

// Scope is where the Principal may look and act.
func (p Principal) Scope() desk.Scope {
	return desk.Scope{Agent: p.Agent, All: p.Role == desk.RoleAdmin}
}

// Require gives desk.CodeForbidden unless the Principal's role has the right.
func (p Principal) Require(right Right) error {
	if !May(p.Role, right) {
		return desk.Forbidden("your role does not allow this")
	}
	return nil
}

// Authenticator turns Credentials into a Principal.
type Authenticator struct {
	records Records
	now     func() time.Time
}

// NewAuthenticator makes an Authenticator on records.
func NewAuthenticator(records Records, now func() time.Time) *Authenticator {
	return &Authenticator{records: records, now: now}
}

// Authenticate tells who shows c, and notes that a Session is in use. Nobody, an ended
// credential and a disabled Agent are desk.CodeUnauthorized; other errors are those of
// the Records.
func (a *Authenticator) Authenticate(ctx context.Context, c Credentials) (Principal, error) {
	return a.identify(ctx, c, a.note)
}

// Recognise is Authenticate for what goes on by itself, such as an open event stream or
// the presence a browser repeats: nobody need sit there, so it does not count as use.
func (a *Authenticator) Recognise(ctx context.Context, c Credentials) (Principal, error) {
	return a.identify(ctx, c, func(context.Context, desk.Session) error { return nil })
}

func (a *Authenticator) identify(ctx context.Context, c Credentials, seen func(context.Context, desk.Session) error) (Principal, error) {
	switch {
	case !c.Bearer.IsEmpty():
		return a.byToken(ctx, c)
	case isSecret(c.Session.Reveal()):
		return a.bySession(ctx, c, seen)
	}
	return Principal{}, unauthorized("log in first")
}

func (a *Authenticator) note(ctx context.Context, s desk.Session) error {
	now := a.now()
	if now.Sub(s.SeenAt) < sessionSeen {
		return nil
	}
	if err := a.records.SeeSession(ctx, s.ID, now); err != nil {
		return fmt.Errorf("note the session's use: %w", err)
	}
	return nil
}

func (a *Authenticator) byToken(ctx context.Context, c Credentials) (Principal, error) {
	digest, err := TokenDigest(c.Bearer)
	if err != nil {
		return Principal{}, err
	}
	t, holder, err := a.records.TokenByDigest(ctx, digest)
	switch {
	case desk.CodeOf(err) == desk.CodeNotFound:
		return Principal{}, unauthorized("the bearer token is not valid")
	case err != nil:
		return Principal{}, fmt.Errorf("load token: %w", err)
	case TokenEnded(t, a.now()) || holder.Disabled || holder.Agent != t.Agent:
		return Principal{}, unauthorized("the bearer token is not valid")
	}
	return Principal{Agent: t.Agent, Role: holder.Role, Via: ViaToken, Token: t.ID}, nil
}

func (a *Authenticator) bySession(ctx context.Context, c Credentials, seen func(context.Context, desk.Session) error) (Principal, error) {
	s, holder, err := a.records.SessionByDigest(ctx, digestOf(c.Session.Reveal()))
	switch {
	case desk.CodeOf(err) == desk.CodeNotFound:
		return Principal{}, unauthorized("log in first")
	case err != nil:
		return Principal{}, fmt.Errorf("load session: %w", err)
	case SessionExpired(s, a.now()) || holder.Disabled || holder.Agent != s.Agent:
		return Principal{}, unauthorized("the session has ended; log in again")
	}
	if err := seen(ctx, s); err != nil {
		return Principal{}, err
	}
	return Principal{Agent: s.Agent, Role: holder.Role, Via: ViaSession, Session: s.ID}, nil
}
