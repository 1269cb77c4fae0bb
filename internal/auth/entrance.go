package auth

import (
	"context"
	"errors"
	"net/netip"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Entrance is where people come in and prove who they are: by password, or the first
// time by an Invitation. Guessing is slowed down at all of it.
type Entrance struct {
	people   *People
	login    *Login
	hasher   *Hasher
	throttle *Throttle
}

// NewEntrance makes an Entrance.
func NewEntrance(people *People, hasher *Hasher, throttle *Throttle) *Entrance {
	return &Entrance{people: people, login: NewLogin(people, hasher, throttle), hasher: hasher, throttle: throttle}
}

// LogIn begins a Session and gives the secret for the cookie. Whatever is wrong is the
// same desk.CodeUnauthorized, and audited; *Throttled after too many guesses.
func (e *Entrance) LogIn(ctx context.Context, at Attempted) (private.Text, error) {
	secret, err := e.logIn(ctx, at)
	if errors.Is(err, errReplaced) {
		// The same password was hashed anew by another login, or it is another one now:
		// judged once more, the first passes and the second does not.
		secret, err = e.logIn(ctx, at)
	}
	if desk.CodeOf(err) == desk.CodeUnauthorized {
		if noted := e.people.NoteRefusal(ctx); noted != nil {
			return private.Text{}, noted
		}
	}
	return secret, err
}

func (e *Entrance) logIn(ctx context.Context, at Attempted) (private.Text, error) {
	verified, err := e.login.Verify(ctx, at)
	if err != nil {
		return private.Text{}, err
	}
	entry := Entry{Agent: verified.Agent, Stored: verified.Stored, Client: at.Client}
	if verified.Rehash {
		if entry.Rehash, err = e.hasher.Hash(ctx, at.Password); err != nil {
			return private.Text{}, err
		}
	}
	_, secret, err := e.people.StartSession(ctx, entry)
	return secret, err
}

// Look tells whom a secret invites; desk.CodeNotFound if nobody.
func (e *Entrance) Look(ctx context.Context, secret private.Text, peer netip.Addr) (desk.AgentProfile, error) {
	attempt, err := e.throttle.Begin(secret, peer)
	if err != nil {
		return desk.AgentProfile{}, err
	}
	id, err := e.invited(ctx, attempt, secret)
	if err != nil {
		return desk.AgentProfile{}, err
	}
	profiles, err := e.people.Profiles(ctx)
	return profiles[id], err
}

// invited tells whom a secret invites and settles the attempt.
func (e *Entrance) invited(ctx context.Context, attempt *Attempt, secret private.Text) (desk.AgentID, error) {
	id, err := e.people.Invited(ctx, secret)
	switch {
	case err == nil:
		attempt.Succeeded()
	case desk.CodeOf(err) != desk.CodeNotFound:
		attempt.Cancel()
	}
	return id, err
}

// Accepted is an Invitation that somebody takes up.
type Accepted struct {
	Secret   private.Text
	Password private.Text
	Peer     netip.Addr
	Client   string
}

// Accept takes up an Invitation: the password is set, and a Session begins whose secret
// goes into the cookie. Whatever is wrong with the Invitation is desk.CodeNotFound, and
// audited; a password that breaks the rules leaves it as it was.
func (e *Entrance) Accept(ctx context.Context, a Accepted) (private.Text, error) {
	secret, err := e.accept(ctx, a)
	if desk.CodeOf(err) == desk.CodeNotFound {
		if noted := e.people.noteRefusal(ctx, desk.ActInvitationRefused, ViaInvitation); noted != nil {
			return private.Text{}, noted
		}
	}
	return secret, err
}

func (e *Entrance) accept(ctx context.Context, a Accepted) (private.Text, error) {
	attempt, err := e.throttle.Begin(a.Secret, a.Peer)
	if err != nil {
		return private.Text{}, err
	}
	id, err := e.invited(ctx, attempt, a.Secret)
	if err != nil {
		return private.Text{}, err
	}
	if err := CheckPassword(a.Password); err != nil {
		return private.Text{}, err
	}
	sealed, err := e.hashed(ctx, id, a.Password)
	if err != nil {
		return private.Text{}, err
	}
	session, secret := NewSession(id, a.Client, e.people.store.Now())
	return secret, e.people.accept(ctx, acceptance{agent: id, secret: a.Secret, password: sealed, session: session})
}

func (e *Entrance) hashed(ctx context.Context, agent desk.AgentID, password private.Text) (desk.SealedText, error) {
	hash, err := e.hasher.Hash(ctx, password)
	if err != nil {
		return desk.SealedText{}, err
	}
	return e.people.sealPassword(ctx, agent, hash)
}

// Replacement is an Agent's own new password.
type Replacement struct {
	Current  private.Text
	Password private.Text
	Peer     netip.Addr
}

// ReplacePassword gives an Agent who shows a Session the password it wants and ends its
// other Sessions. A wrong present password is desk.CodeInvalid on field "current" and
// counts as a guess: whoever found an open browser must not find out more.
func (e *Entrance) ReplacePassword(ctx context.Context, who Principal, r Replacement) error {
	if who.Session.IsZero() {
		return desk.Conflict("a token cannot change a password; log in")
	}
	if err := CheckPassword(r.Password); err != nil {
		return err
	}
	stored, err := e.prove(ctx, who.Agent, r)
	if err != nil {
		return err
	}
	sealed, err := e.hashed(ctx, who.Agent, r.Password)
	if err != nil {
		return err
	}
	return e.people.replacePassword(ctx, who, stored, sealed)
}

// prove checks the present password and gives it as it is stored.
func (e *Entrance) prove(ctx context.Context, agent desk.AgentID, r Replacement) (desk.SealedText, error) {
	profiles, err := e.people.Profiles(ctx)
	if err != nil {
		return desk.SealedText{}, err
	}
	attempt, err := e.throttle.Begin(profiles[agent].Email, r.Peer)
	if err != nil {
		return desk.SealedText{}, err
	}
	account, right, err := e.isCurrent(ctx, agent, r.Current)
	switch {
	case err != nil:
		attempt.Cancel()
		return desk.SealedText{}, err
	case !right:
		return desk.SealedText{}, desk.Invalid("current", "is not your password")
	}
	attempt.Succeeded()
	return account.Stored, nil
}

func (e *Entrance) isCurrent(ctx context.Context, agent desk.AgentID, typed private.Text) (Account, bool, error) {
	row, err := e.people.store.Read().GetAgent(ctx, agent)
	if err != nil {
		return Account{}, false, err
	}
	account, err := e.people.account(ctx, row)
	if err != nil || account.Password.IsEmpty() {
		return account, false, err
	}
	right, _, err := e.hasher.Verify(ctx, account.Password, typed)
	return account, right, err
}

func (p *People) replacePassword(ctx context.Context, who Principal, stored, sealed desk.SealedText) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		if err := stillRight(ctx, tx, who.Agent, stored); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, rows.SetPasswordParams{ID: who.Agent, Password: sealed}); err != nil {
			return err
		}
		if _, err := dropSessions(ctx, tx, who.Agent, who.Session); err != nil {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: who.Actor(), Act: desk.ActPasswordChanged, Subject: "agent:" + who.Agent.String()})
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: who.Agent})
		return nil
	})
}
