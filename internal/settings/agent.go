package settings

import (
	"context"
	"unicode/utf8"

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
	Controllers []desk.ControllerID // all whose Inboxes the Agent serves; an admin needs none
	Inboxes     []desk.InboxID      // which it serves beside
}

// madeAgent is an Agent ready to be written.
type madeAgent struct {
	rows.AddAgentParams
	serves places
}

// CreateAgent makes an Agent with a password. desk.CodeConflict if the e-mail address
// is taken.
func (s *Settings) CreateAgent(ctx context.Context, actor desk.Actor, n NewAgent) (desk.AgentID, error) {
	made, err := s.newAgent(ctx, n)
	if err != nil {
		return desk.AgentID{}, err
	}
	if made.Password, err = s.password(ctx, made.ID, n.Password); err != nil {
		return desk.AgentID{}, err
	}
	err = s.change(ctx, func(tx *store.Tx) error { return addAgent(ctx, tx, actor, desk.ActAgentCreated, made) })
	return made.ID, err
}

func (s *Settings) newAgent(ctx context.Context, n NewAgent) (madeAgent, error) {
	m := madeAgent{rows.AddAgentParams{ID: desk.NewID[desk.Agent](), Role: n.Role}, places{n.Controllers, n.Inboxes}}
	if err := checkRole(n.Role); err != nil {
		return m, err
	}
	email := trimmed(n.Email)
	if err := checkEmail(email); err != nil {
		return m, err
	}
	if err := s.checkPlaces(ctx, m.serves); err != nil {
		return m, err
	}
	var err error
	m.EmailDigest = auth.EmailDigest(s.vault, email)
	m.Profile, err = s.profile(ctx, m.ID, n.Name, email)
	return m, err
}

func checkRole(role desk.Role) error {
	if role != desk.RoleAdmin && role != desk.RoleAgent && role != desk.RoleDPO {
		return desk.Invalid("role", "is not one of admin, agent and dpo")
	}
	return nil
}

// profile seals what colleagues see; without a name the e-mail address stands for it.
func (s *Settings) profile(ctx context.Context, id desk.AgentID, name, email private.Text) (desk.SealedAgentProfile, error) {
	if name = trimmed(name); name.IsEmpty() {
		name = email
	}
	if len(name.Reveal()) > 200 || !utf8.ValidString(name.Reveal()) {
		return desk.SealedAgentProfile{}, desk.Invalid("name", "is too long, or no text")
	}
	return vault.Seal(ctx, s.vault, vault.OwnerInstallation(), vault.AgentPlace(id), desk.AgentProfile{Name: name, Email: email})
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

// addAgent writes an Agent; act says how it came about.
func addAgent(ctx context.Context, tx *store.Tx, actor desk.Actor, act desk.Act, m madeAgent) error {
	if _, err := tx.GetAgentByEmail(ctx, m.EmailDigest); err == nil {
		return desk.Conflict("this e-mail address belongs to an agent already")
	} else if !store.IsNone(err) {
		return err
	}
	m.CreatedAt = tx.Stamp()
	if err := tx.AddAgent(ctx, m.AddAgentParams); err != nil {
		return err
	}
	if err := join(ctx, tx, m.ID, m.serves); err != nil {
		return err
	}
	tx.Changed(desk.AuditEntry{
		Actor: actor, Act: act, Subject: agentSubject(m.ID), Detail: map[string]string{"role": string(m.Role)},
	}, append(m.serves.alterations(places{}), desk.Altered("role", "", string(m.Role)))...)
	tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: m.ID})
	return nil
}

// agentSubject is how the audit log names an Agent.
func agentSubject(id desk.AgentID) string { return "agent:" + id.String() }

// FindAgent gives the Agent of an e-mail address.
func (s *Settings) FindAgent(ctx context.Context, email private.Text) (desk.AgentID, error) {
	row, err := s.store.Read().GetAgentByEmail(ctx, auth.EmailDigest(s.vault, trimmed(email)))
	if store.IsNone(err) {
		return desk.AgentID{}, desk.NotFound("agent")
	}
	return row.ID, err
}
