package settings

import (
	"context"
	"maps"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Member is an Agent with the places it serves.
type Member struct {
	desk.Agent
	Controllers []desk.ControllerID
	Inboxes     []desk.InboxID
	Invitation  *desk.Invitation // one that is open, expired or not
}

// Agents gives those the Scope has to do with, in no order: their names are sealed.
// Whoever does not see all sees admins, oneself and those who serve where one serves
// oneself; and of the places they serve, those alone.
func (s *Settings) Agents(ctx context.Context, scope desk.Scope) ([]Member, error) {
	listed, err := s.store.Read().ListAgents(ctx)
	if err != nil {
		return nil, err
	}
	out, by := make([]Member, len(listed)), make(map[desk.AgentID]*Member, len(listed))
	for i, row := range listed {
		out[i].Agent = agentOf(row)
		by[row.ID] = &out[i]
	}
	if err := s.fill(ctx, by); err != nil || scope.All {
		return out, err
	}
	return s.within(ctx, scope, out)
}

// within takes out what is outside the Scope.
func (s *Settings) within(ctx context.Context, scope desk.Scope, all []Member) ([]Member, error) {
	reach, err := s.store.Reach(ctx, scope)
	if err != nil {
		return nil, err
	}
	inboxes, err := s.store.Read().ListInboxes(ctx)
	if err != nil {
		return nil, err
	}
	controllers, seen := maps.Clone(reach.Controllers), map[desk.InboxID]bool{}
	for _, in := range inboxes {
		if reach.Covers(in.Controller, in.ID) {
			controllers[in.Controller], seen[in.ID] = true, true
		}
	}
	var out []Member
	for _, m := range all {
		m.Controllers = slices.DeleteFunc(m.Controllers, func(id desk.ControllerID) bool { return !controllers[id] })
		m.Inboxes = slices.DeleteFunc(m.Inboxes, func(id desk.InboxID) bool { return !seen[id] })
		if m.Role == desk.RoleAdmin || m.ID == scope.Agent || len(m.Controllers)+len(m.Inboxes) > 0 {
			out = append(out, m)
		}
	}
	return out, nil
}

func agentOf(r rows.Agent) desk.Agent {
	return desk.Agent{ID: r.ID, Role: r.Role, Profile: r.Profile, Password: r.Password, CreatedAt: r.CreatedAt.Time}
}

// fill adds what stands in other tables. An Agent that came meanwhile is left out.
func (s *Settings) fill(ctx context.Context, by map[desk.AgentID]*Member) error {
	q := s.store.Read()
	disablings, err := q.ListDisablings(ctx)
	if err != nil {
		return err
	}
	invitations, err := q.ListInvitations(ctx)
	if err != nil {
		return err
	}
	memberships, err := q.ListAllMemberships(ctx)
	if err != nil {
		return err
	}
	inboxes, err := q.ListAllInboxMemberships(ctx)
	if err != nil {
		return err
	}
	for _, r := range disablings {
		if m := by[r.Agent]; m != nil {
			m.Disabled = store.DisablingOf(r)
		}
	}
	for _, r := range invitations {
		if m := by[r.Agent]; m != nil {
			m.Invitation = &desk.Invitation{Agent: r.Agent, Digest: r.Digest, By: r.Actor, CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time}
		}
	}
	for _, r := range memberships {
		if m := by[r.Agent]; m != nil {
			m.Controllers = append(m.Controllers, r.Controller)
		}
	}
	for _, r := range inboxes {
		if m := by[r.Agent]; m != nil {
			m.Inboxes = append(m.Inboxes, r.Inbox)
		}
	}
	return nil
}
