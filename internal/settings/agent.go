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
	"botschaft/internal/vault"
)

// NewAgent is what an Agent is made of.
type NewAgent struct {
	Email       private.Text
	Name        private.Text // empty: the e-mail address stands for it
	Role        desk.Role
	Password    private.Text
	Controllers []desk.ControllerID // whose Inboxes the Agent serves; an admin needs none
}

// madeAgent is an Agent ready to be written.
type madeAgent struct {
	rows.AddAgentParams
}

// CreateAgent makes an Agent. desk.CodeConflict if the e-mail address is taken.
func (s *Settings) CreateAgent(ctx context.Context, actor desk.Actor, n NewAgent) (desk.AgentID, error) {
	if err := s.checkControllers(ctx, n.Controllers); err != nil {
		return desk.AgentID{}, err
	}
	made, err := s.newAgent(ctx, n)
	if err != nil {
		return desk.AgentID{}, err
	}
	err = s.change(ctx, func(tx *store.Tx) error { return s.addAgent(ctx, tx, actor, made, n.Controllers) })
	return made.ID, err
}

func (s *Settings) checkControllers(ctx context.Context, ids []desk.ControllerID) error {
	known, err := s.store.Read().ListControllers(ctx)
	if err != nil {
		return err
	}
	have := map[desk.ControllerID]bool{}
	for _, c := range known {
		have[c.ID] = true
	}
	for _, id := range ids {
		if !have[id] {
			return desk.Invalid("controller", "is not a controller of this house")
		}
	}
	return nil
}

func (s *Settings) newAgent(ctx context.Context, n NewAgent) (madeAgent, error) {
	m := madeAgent{rows.AddAgentParams{ID: desk.NewID[desk.Agent](), Role: n.Role}}
	if n.Role != desk.RoleAdmin && n.Role != desk.RoleAgent && n.Role != desk.RoleDPO {
		return m, desk.Invalid("role", "is not one of admin, agent and dpo")
	}
	email := trimmed(n.Email)
	if err := checkEmail(email); err != nil {
		return m, err
	}
	name := trimmed(n.Name)
	if name.IsEmpty() {
		name = email
	}
	if len(name.Reveal()) > 200 {
		return m, desk.Invalid("name", "is too long")
	}
	sealed, err := s.password(ctx, m.ID, n.Password)
	if err != nil {
		return m, err
	}
	m.Password, m.EmailDigest = sealed, auth.EmailDigest(s.vault, email)
	m.Profile, err = vault.Seal(ctx, s.vault, vault.OwnerInstallation(), vault.AgentPlace(m.ID), desk.AgentProfile{Name: name, Email: email})
	return m, err
}

func (s *Settings) password(ctx context.Context, id desk.AgentID, password private.Text) (desk.SealedText, error) {
	if err := auth.CheckPassword(password); err != nil {
		return desk.SealedText{}, err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return desk.SealedText{}, err
	}
	return vault.Seal(ctx, s.vault, vault.OwnerInstallation(), vault.PasswordPlace(id), hash)
}

func (s *Settings) addAgent(ctx context.Context, tx *store.Tx, actor desk.Actor, m madeAgent, controllers []desk.ControllerID) error {
	if _, err := tx.GetAgentByEmail(ctx, m.EmailDigest); err == nil {
		return desk.Conflict("this e-mail address belongs to an agent already")
	} else if !store.IsNone(err) {
		return err
	}
	m.CreatedAt = tx.Stamp()
	if err := tx.AddAgent(ctx, m.AddAgentParams); err != nil {
		return err
	}
	for _, c := range controllers {
		if err := tx.AddMembership(ctx, rows.AddMembershipParams{Agent: m.ID, Controller: c, At: tx.Stamp()}); err != nil {
			return err
		}
	}
	tx.Audit(desk.AuditEntry{
		Actor: actor, Act: desk.ActAgentCreated, Subject: "agent:" + m.ID.String(), Detail: map[string]string{"role": string(m.Role)},
	})
	tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: m.ID})
	return nil
}

// FindAgent gives the Agent of an e-mail address.
func (s *Settings) FindAgent(ctx context.Context, email private.Text) (desk.AgentID, error) {
	row, err := s.store.Read().GetAgentByEmail(ctx, auth.EmailDigest(s.vault, trimmed(email)))
	if store.IsNone(err) {
		return desk.AgentID{}, desk.NotFound("agent")
	}
	return row.ID, err
}

// DisableAgent takes an Agent's access: sessions and Tokens end at once. The last
// admin cannot be disabled.
func (s *Settings) DisableAgent(ctx context.Context, actor desk.Actor, id desk.AgentID, reason string) error {
	if err := checkName("reason", reason, 500); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		agent, err := tx.GetAgent(ctx, id)
		if store.IsNone(err) {
			return desk.NotFound("agent")
		} else if err != nil {
			return err
		}
		if _, err := tx.GetDisabling(ctx, id); err == nil {
			return desk.Conflict("the agent is disabled already")
		} else if !store.IsNone(err) {
			return err
		}
		if agent.Role == desk.RoleAdmin {
			if n, err := tx.CountAdmins(ctx); err != nil {
				return err
			} else if n < 2 {
				return desk.Conflict("this is the last admin; make another one first")
			}
		}
		if err := tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: id, At: tx.Stamp(), Reason: strings.TrimSpace(reason)}); err != nil {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActAgentDisabled, Subject: "agent:" + id.String()})
		return endAccess(ctx, tx, id)
	})
}

// ResetPassword gives an Agent a new password and ends sessions and Tokens.
func (s *Settings) ResetPassword(ctx context.Context, actor desk.Actor, id desk.AgentID, password private.Text) error {
	sealed, err := s.password(ctx, id, password)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		if _, err := tx.GetAgent(ctx, id); store.IsNone(err) {
			return desk.NotFound("agent")
		} else if err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, rows.SetPasswordParams{ID: id, Password: sealed}); err != nil {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActPasswordReset, Subject: "agent:" + id.String()})
		return endAccess(ctx, tx, id)
	})
}

func endAccess(ctx context.Context, tx *store.Tx, id desk.AgentID) error {
	if err := tx.DropSessionsOf(ctx, id); err != nil {
		return err
	}
	if err := tx.RevokeTokensOf(ctx, rows.RevokeTokensOfParams{Agent: id, RevokedAt: tx.Stamp()}); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: id})
	return nil
}

// CreateToken makes a Token of an Agent; the secret is shown once. A lifetime of 0
// means auth.TokenLifetime.
func (s *Settings) CreateToken(ctx context.Context, actor desk.Actor, agent desk.AgentID, lifetime time.Duration) (desk.Token, private.Text, error) {
	t, secret, err := auth.NewToken(agent, s.store.Now(), lifetime)
	if err != nil {
		return t, secret, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		if _, err := tx.GetAgent(ctx, agent); store.IsNone(err) {
			return desk.NotFound("agent")
		} else if err != nil {
			return err
		}
		if _, err := tx.GetDisabling(ctx, agent); err == nil {
			return desk.Conflict("the agent is disabled")
		} else if !store.IsNone(err) {
			return err
		}
		tx.Audit(desk.AuditEntry{
			Actor: actor, Act: desk.ActTokenCreated, Subject: "token:" + t.ID.String(), Detail: map[string]string{"agent": agent.String()},
		})
		return tx.AddToken(ctx, rows.AddTokenParams{
			ID: t.ID, Agent: agent, Digest: t.Digest, CreatedAt: desk.AsMillis(t.CreatedAt), ExpiresAt: desk.AsMillis(t.ExpiresAt),
		})
	})
	return t, secret, err
}

// RevokeToken ends a Token; an ended one is desk.CodeNotFound.
func (s *Settings) RevokeToken(ctx context.Context, actor desk.Actor, id desk.TokenID) error {
	return s.change(ctx, func(tx *store.Tx) error {
		n, err := tx.RevokeToken(ctx, rows.RevokeTokenParams{ID: id, RevokedAt: tx.Stamp()})
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.NotFound("token")
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActTokenRevoked, Subject: "token:" + id.String()})
		tx.Emit(desk.Event{Kind: desk.EventAccess})
		return nil
	})
}
