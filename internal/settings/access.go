package settings

import (
	"context"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Invited is what somebody needs to take up an Invitation. The secret is shown once.
type Invited struct {
	Agent     desk.AgentID
	Secret    private.Text
	ExpiresAt time.Time
}

// mayGrant refuses a Token: whoever found one must not make ways in that outlive it, nor
// take people over.
func mayGrant(actor desk.Actor) error {
	if actor.Kind == desk.ActorAgent && actor.Via == auth.ViaToken {
		return desk.Conflict("a token cannot invite people or make admins; log in")
	}
	return nil
}

// InviteAgent makes an Agent who sets its password itself, and cannot log in before.
// desk.CodeConflict if the e-mail address is taken, and for a Token. NewAgent.Password is
// not looked at.
func (s *Settings) InviteAgent(ctx context.Context, actor desk.Actor, n NewAgent) (Invited, error) {
	if err := mayGrant(actor); err != nil {
		return Invited{}, err
	}
	made, err := s.newAgent(ctx, n)
	if err != nil {
		return Invited{}, err
	}
	invitation, secret := auth.NewInvitation(made.ID, nameOf(actor), s.store.Now())
	err = s.change(ctx, func(tx *store.Tx) error {
		if err := addAgent(ctx, tx, actor, desk.ActAgentInvited, made); err != nil {
			return err
		}
		return setInvitation(ctx, tx, invitation)
	})
	return Invited{made.ID, secret, invitation.ExpiresAt}, err
}

// InviteAnew lets an Agent set its password again. The old one, an earlier Invitation,
// Sessions and Tokens end at once. The last admin cannot be locked out that way.
// desk.CodeConflict for a Token.
func (s *Settings) InviteAnew(ctx context.Context, actor desk.Actor, id desk.AgentID) (Invited, error) {
	if err := mayGrant(actor); err != nil {
		return Invited{}, err
	}
	invitation, secret := auth.NewInvitation(id, nameOf(actor), s.store.Now())
	err := s.change(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(ctx, id)
		if err != nil {
			return err
		}
		if agent.Disabled != nil {
			return desk.Conflict("the agent is disabled; enable it first")
		}
		if err := mayLose(ctx, tx, &agent); err != nil {
			return err
		}
		if err := tx.DropPassword(ctx, id); err != nil {
			return err
		}
		tx.Changed(desk.AuditEntry{
			Actor: actor, Act: desk.ActAgentInvited, Subject: agentSubject(id), Detail: map[string]string{"was": string(agent.State())},
		}, desk.Altered("state", string(agent.State()), string(desk.AgentInvited)))
		if err := endAccess(ctx, tx, id); err != nil {
			return err
		}
		return setInvitation(ctx, tx, invitation)
	})
	return Invited{id, secret, invitation.ExpiresAt}, err
}

func setInvitation(ctx context.Context, tx *store.Tx, i desk.Invitation) error {
	return tx.SetInvitation(ctx, rows.SetInvitationParams{
		Agent: i.Agent, Digest: i.Digest, Actor: i.By, CreatedAt: desk.AsMillis(i.CreatedAt), ExpiresAt: desk.AsMillis(i.ExpiresAt),
	})
}

// mayLose refuses to take the access of the last admin who can log in. It holds until
// the transaction ends, since one at a time changes settings.
func mayLose(ctx context.Context, tx *store.Tx, agent *desk.Agent) error {
	if !agent.IsActiveAdmin() {
		return nil
	}
	n, err := tx.CountActiveAdmins(ctx)
	if err != nil {
		return err
	}
	if n < 2 {
		return desk.Conflict("this is the last admin; make another one first")
	}
	return nil
}

// DisableAgent takes an Agent's access: Sessions, Tokens and an Invitation end at once,
// and its Conversations are nobody's. The last admin cannot be disabled.
func (s *Settings) DisableAgent(ctx context.Context, actor desk.Actor, id desk.AgentID, reason string) error {
	if err := checkName("reason", reason, 500); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(ctx, id)
		if err != nil {
			return err
		}
		if agent.Disabled != nil {
			return desk.Conflict("the agent is disabled already")
		}
		if err := mayLose(ctx, tx, &agent); err != nil {
			return err
		}
		if err := tx.DisableAgent(ctx, rows.DisableAgentParams{
			Agent: id, At: tx.Stamp(), Reason: strings.TrimSpace(reason), Actor: nameOf(actor),
		}); err != nil {
			return err
		}
		tx.Changed(desk.AuditEntry{Actor: actor, Act: desk.ActAgentDisabled, Subject: agentSubject(id)},
			desk.Altered("state", string(agent.State()), string(desk.AgentDisabled)))
		if err := endAccess(ctx, tx, id); err != nil {
			return err
		}
		return handBack(ctx, tx, actor, id)
	})
}

// EnableAgent gives a disabled Agent its access back. It logs in with the password it
// had; what ended with the Disabling does not come back.
func (s *Settings) EnableAgent(ctx context.Context, actor desk.Actor, id desk.AgentID) error {
	return s.change(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(ctx, id)
		if err != nil {
			return err
		}
		n, err := tx.EnableAgent(ctx, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.Conflict("the agent is not disabled")
		}
		agent.Disabled = nil
		tx.Changed(desk.AuditEntry{Actor: actor, Act: desk.ActAgentEnabled, Subject: agentSubject(id)},
			desk.Altered("state", string(desk.AgentDisabled), string(agent.State())))
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: id})
		return nil
	})
}

// ResetPassword gives an Agent a new password and ends Sessions, Tokens and an
// Invitation.
func (s *Settings) ResetPassword(ctx context.Context, actor desk.Actor, id desk.AgentID, password private.Text) error {
	sealed, err := s.password(ctx, id, password)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockAgent(ctx, id); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, rows.SetPasswordParams{ID: id, Password: sealed}); err != nil {
			return err
		}
		tx.Changed(desk.AuditEntry{Actor: actor, Act: desk.ActPasswordReset, Subject: agentSubject(id)}, desk.AlteredUnseen("password"))
		return endAccess(ctx, tx, id)
	})
}

// endAccess ends whatever lets an Agent in but its password. The Agent is locked: a
// login that is under way finds what changed.
func endAccess(ctx context.Context, tx *store.Tx, id desk.AgentID) error {
	if _, err := tx.DropSessionsOf(ctx, id); err != nil {
		return err
	}
	if _, err := tx.DropInvitation(ctx, id); err != nil {
		return err
	}
	if err := tx.RevokeTokensOf(ctx, rows.RevokeTokensOfParams{Agent: id, RevokedAt: tx.Stamp()}); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: id})
	return nil
}
