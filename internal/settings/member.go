package settings

import (
	"context"
	"slices"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// places are where an Agent serves.
type places struct {
	controllers []desk.ControllerID // with all their Inboxes
	inboxes     []desk.InboxID
}

// checkPlaces refuses places this house does not have.
func (s *Settings) checkPlaces(ctx context.Context, p places) error {
	if err := s.checkControllers(ctx, "controllers", p.controllers); err != nil || len(p.inboxes) == 0 {
		return err
	}
	known, err := s.store.Read().ListInboxes(ctx)
	if err != nil {
		return err
	}
	for _, id := range p.inboxes {
		if !slices.ContainsFunc(known, func(i rows.Inbox) bool { return i.ID == id }) {
			return desk.Invalid("inboxes", "must be of this house")
		}
	}
	return nil
}

// checkControllers refuses Controllers this house does not have; field is to blame.
func (s *Settings) checkControllers(ctx context.Context, field string, ids []desk.ControllerID) error {
	known, err := s.store.Read().ListControllers(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(known, func(c rows.Controller) bool { return c.ID == id }) {
			return desk.Invalid(field, "must be of this house")
		}
	}
	return nil
}

// join makes an Agent serve further places.
func join(ctx context.Context, tx *store.Tx, id desk.AgentID, p places) error {
	for _, c := range p.controllers {
		if err := tx.AddMembership(ctx, rows.AddMembershipParams{Agent: id, Controller: c, At: tx.Stamp()}); err != nil {
			return err
		}
	}
	for _, i := range p.inboxes {
		if err := tx.AddInboxMembership(ctx, rows.AddInboxMembershipParams{Agent: id, Inbox: i, At: tx.Stamp()}); err != nil {
			return err
		}
	}
	return nil
}

// leave ends that an Agent serves places.
func leave(ctx context.Context, tx *store.Tx, id desk.AgentID, p places) error {
	for _, c := range p.controllers {
		if err := tx.DropMembership(ctx, rows.DropMembershipParams{Agent: id, Controller: c}); err != nil {
			return err
		}
	}
	for _, i := range p.inboxes {
		if err := tx.DropInboxMembership(ctx, rows.DropInboxMembershipParams{Agent: id, Inbox: i}); err != nil {
			return err
		}
	}
	return nil
}

// AgentChange is what is put in the place of what an Agent is; nil leaves it.
type AgentChange struct {
	Name        *private.Text
	Role        *desk.Role
	Controllers *[]desk.ControllerID
	Inboxes     *[]desk.InboxID
}

// ChangeAgent changes name, role and the places an Agent serves; it holds for open
// sessions and streams at once, and what the Agent may not have any more is nobody's.
// The last admin cannot become something else, and a Token makes nobody an admin. What
// changes nothing is not audited.
func (s *Settings) ChangeAgent(ctx context.Context, actor desk.Actor, id desk.AgentID, c AgentChange) error {
	if c.Role != nil {
		if err := checkRole(*c.Role); err != nil {
			return err
		}
	}
	if err := s.checkPlaces(ctx, c.places()); err != nil {
		return err
	}
	renamed, err := s.renamed(ctx, id, c.Name)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		changes, err := c.apply(ctx, tx, actor, id, renamed)
		changes = slices.DeleteFunc(changes, func(a desk.Alteration) bool { return !a.Differs() })
		if err != nil || len(changes) == 0 {
			return err
		}
		fields := make([]string, len(changes))
		for i, a := range changes {
			fields[i] = a.Field
		}
		tx.Changed(desk.AuditEntry{
			Actor: actor, Act: desk.ActAgentChanged, Subject: agentSubject(id), Detail: map[string]string{"changed": strings.Join(fields, " ")},
		}, changes...)
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: id})
		return handBack(ctx, tx, actor, id)
	})
}

func (c AgentChange) places() (p places) {
	if c.Controllers != nil {
		p.controllers = *c.Controllers
	}
	if c.Inboxes != nil {
		p.inboxes = *c.Inboxes
	}
	return p
}

// renamed seals the profile with another name, empty if the name stays. The e-mail
// address never changes, so nothing is lost when two rename at once.
func (s *Settings) renamed(ctx context.Context, id desk.AgentID, name *private.Text) (desk.SealedAgentProfile, error) {
	if name == nil {
		return desk.SealedAgentProfile{}, nil
	}
	row, err := s.store.Read().GetAgent(ctx, id)
	if store.IsNone(err) {
		return desk.SealedAgentProfile{}, desk.NotFound("agent")
	} else if err != nil {
		return desk.SealedAgentProfile{}, err
	}
	was, err := vault.OpenOne(ctx, s.vault, vault.ReasonSettings, vault.OwnerInstallation(), vault.AgentPlace(id), row.Profile)
	if err != nil || was.Name.Equal(trimmed(*name)) {
		return desk.SealedAgentProfile{}, err
	}
	return s.profile(ctx, id, *name, was.Email)
}

// apply writes the change and gives what may have become different.
func (c AgentChange) apply(ctx context.Context, tx *store.Tx, actor desk.Actor, id desk.AgentID, renamed desk.SealedAgentProfile) ([]desk.Alteration, error) {
	agent, err := tx.LockAgent(ctx, id)
	if err != nil {
		return nil, err
	}
	changes, role, profile := []desk.Alteration(nil), agent.Role, agent.Profile
	if c.Role != nil && *c.Role != agent.Role {
		if err := mayBecome(ctx, tx, actor, &agent, *c.Role); err != nil {
			return nil, err
		}
		role = *c.Role
		changes = append(changes, desk.Altered("role", string(agent.Role), string(role)))
	}
	if !renamed.IsEmpty() {
		profile = renamed
		changes = append(changes, desk.AlteredUnseen("name"))
	}
	if len(changes) > 0 {
		if err := tx.SetAgent(ctx, rows.SetAgentParams{ID: id, Role: role, Profile: profile}); err != nil {
			return nil, err
		}
	}
	moved, err := c.move(ctx, tx, id)
	return append(changes, moved...), err
}

func mayBecome(ctx context.Context, tx *store.Tx, actor desk.Actor, agent *desk.Agent, role desk.Role) error {
	if role == desk.RoleAdmin {
		return mayGrant(actor)
	}
	return mayLose(ctx, tx, agent)
}

// move makes the Agent serve the places of the change and no others of their sort.
func (c AgentChange) move(ctx context.Context, tx *store.Tx, id desk.AgentID) ([]desk.Alteration, error) {
	var was places
	var err error
	if was.controllers, err = tx.ListMemberships(ctx, id); err != nil {
		return nil, err
	}
	if was.inboxes, err = tx.ListInboxMemberships(ctx, id); err != nil {
		return nil, err
	}
	now := was
	if c.Controllers != nil {
		now.controllers = *c.Controllers
	}
	if c.Inboxes != nil {
		now.inboxes = *c.Inboxes
	}
	if err := join(ctx, tx, id, now.without(was)); err != nil {
		return nil, err
	}
	return now.alterations(was), leave(ctx, tx, id, was.without(now))
}

// without gives the places that are not among others.
func (p places) without(others places) places {
	return places{missing(p.controllers, others.controllers), missing(p.inboxes, others.inboxes)}
}

// alterations is what the history says of places that took the place of others.
func (p places) alterations(was places) []desk.Alteration {
	return []desk.Alteration{
		desk.AlteredSet("controllers", words(was.controllers), words(p.controllers)),
		desk.AlteredSet("inboxes", words(was.inboxes), words(p.inboxes)),
	}
}

// missing gives what is in one list and not in the other, each once.
func missing[T comparable](in, from []T) (out []T) {
	for _, v := range in {
		if !slices.Contains(from, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// words gives ids as text, each once.
func words[N any](ids []desk.ID[N]) (out []string) {
	for _, id := range missing(ids, nil) {
		out = append(out, id.String())
	}
	return out
}
