package auth

import (
	"bytes"
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Entry is a Session about to begin, after a login that was right.
type Entry struct {
	Agent  desk.AgentID
	Stored desk.SealedText // the password the login was right for
	Rehash private.Text    // the password hashed anew; empty if that is not needed
	Client string          // as ClientOf names it
}

// errReplaced says that the password was replaced while a login was under way.
var errReplaced = unauthorized("e-mail address or password is wrong")

// StartSession begins a Session and gives the secret for the cookie. It refuses a
// login whose password has been replaced, or whose Agent was disabled, since it was
// looked at: neither may outlive the reset.
func (p *People) StartSession(ctx context.Context, e Entry) (desk.Session, private.Text, error) {
	s, secret := NewSession(e.Agent, e.Client, p.store.Now())
	var sealed desk.SealedText
	if !e.Rehash.IsEmpty() {
		var err error
		if sealed, err = p.sealPassword(ctx, e.Agent, e.Rehash); err != nil {
			return s, secret, err
		}
	}
	actor := desk.Actor{Kind: desk.ActorAgent, Agent: e.Agent, Via: ViaSession}
	err := p.store.Update(ctx, func(tx *store.Tx) error {
		if err := stillRight(ctx, tx, e.Agent, e.Stored); err != nil {
			return err
		}
		if !sealed.IsEmpty() {
			if err := tx.SetPassword(ctx, rows.SetPasswordParams{ID: e.Agent, Password: sealed}); err != nil {
				return err
			}
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActLoggedIn, Subject: sessionSubject(s.ID)})
		return addSession(ctx, tx, s)
	})
	return s, secret, err
}

// stillRight locks the Agent and refuses unless it may log in with the password as it
// was stored when it was looked at.
func stillRight(ctx context.Context, tx *store.Tx, id desk.AgentID, stored desk.SealedText) error {
	now, err := tx.LockAgent(ctx, id)
	if err != nil {
		return err
	}
	if now.Disabled != nil || !bytes.Equal(now.Password.Bytes(), stored.Bytes()) {
		return errReplaced
	}
	return nil
}

func (p *People) sealPassword(ctx context.Context, agent desk.AgentID, hash private.Text) (desk.SealedText, error) {
	return vault.Seal(ctx, p.vault, vault.OwnerInstallation(), vault.PasswordPlace(agent), hash)
}

func addSession(ctx context.Context, tx *store.Tx, s desk.Session) error {
	return tx.AddSession(ctx, rows.AddSessionParams{
		ID: s.ID, Agent: s.Agent, Digest: s.Digest, Client: s.Client, CreatedAt: desk.AsMillis(s.CreatedAt), SeenAt: desk.AsMillis(s.SeenAt),
	})
}

func sessionSubject(id desk.SessionID) string { return "session:" + id.String() }

// EndSession ends the Principal's own Session; open streams of the Agent ask again who
// they are.
func (p *People) EndSession(ctx context.Context, who Principal) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: who.Actor(), Act: desk.ActLoggedOut, Subject: sessionSubject(who.Session)})
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: who.Agent})
		_, err := tx.DropSession(ctx, rows.DropSessionParams{ID: who.Session, Agent: who.Agent})
		return err
	})
}

// Sessions gives those of an Agent that have not ended, the newest first.
func (p *People) Sessions(ctx context.Context, agent desk.AgentID) ([]desk.Session, error) {
	listed, err := p.store.Read().ListSessionsOf(ctx, agent)
	if err != nil {
		return nil, err
	}
	var live []desk.Session
	for _, row := range listed {
		if s := store.SessionOf(row); !SessionExpired(s, p.store.Now()) {
			live = append(live, s)
		}
	}
	return live, nil
}

// RevokeSession ends one Session of an Agent; one that is not the Agent's is
// desk.CodeNotFound.
func (p *People) RevokeSession(ctx context.Context, actor desk.Actor, agent desk.AgentID, id desk.SessionID) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.DropSession(ctx, rows.DropSessionParams{ID: id, Agent: agent})
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.NotFound("session")
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActSessionsRevoked, Subject: sessionSubject(id)})
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: agent})
		return nil
	})
}

// RevokeSessions ends all Sessions of an Agent but the one to keep, if there is one.
// Nobody of that id is desk.CodeNotFound.
func (p *People) RevokeSessions(ctx context.Context, actor desk.Actor, agent desk.AgentID, keep desk.SessionID) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockAgent(ctx, agent); err != nil {
			return err
		}
		n, err := dropSessions(ctx, tx, agent, keep)
		if err != nil || n == 0 {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActSessionsRevoked, Subject: "agent:" + agent.String()})
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: agent})
		return nil
	})
}

func dropSessions(ctx context.Context, tx *store.Tx, agent desk.AgentID, keep desk.SessionID) (int64, error) {
	if keep.IsZero() {
		return tx.DropSessionsOf(ctx, agent)
	}
	return tx.DropOtherSessions(ctx, rows.DropOtherSessionsParams{Agent: agent, Kept: keep})
}

// NoteRefusal records a refused login; whose it was is not known.
func (p *People) NoteRefusal(ctx context.Context) error {
	return p.noteRefusal(ctx, desk.ActLoginRefused, "login")
}

func (p *People) noteRefusal(ctx context.Context, act desk.Act, what string) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: desk.Actor{Kind: desk.ActorSystem, Via: what}, Act: act, Subject: what})
		return nil
	})
}
