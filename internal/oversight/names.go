package oversight

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// admit tells whether the Actor may narrow the log to what it is narrowed to, and writes into
// the entry of the look whom it is at and the Approval it rests on. The command line is asked
// nothing: whoever has a shell reads the database itself, and the log says that it was one.
func (o *Oversight) admit(ctx context.Context, actor desk.Actor, q desk.AuditQuery, entry *desk.AuditEntry) error {
	for _, about := range lookedAt(q) {
		if actor.Kind != desk.ActorAgent || about == actor.Agent {
			continue
		}
		r, now := o.store.Read(), o.store.Now()
		p, err := store.PoliciesAbout(ctx, r, about, now)
		if err != nil {
			return err
		}
		approval, err := store.GrantedNames(ctx, r, actor.Agent, about, now)
		if err != nil {
			return err
		}
		role := desk.RoleDPO
		if q.Scope.All {
			role = desk.RoleAdmin
		}
		if err := p.MayReadNames(actor.Agent, role, about, !approval.IsZero()); err != nil {
			return err
		}
		entry.Subject = desk.AboutAgent(about)
		if !approval.IsZero() {
			entry.Detail = map[string]string{"approval": approval.String()}
		}
	}
	return nil
}

// lookedAt names the Agents whom a query is about, by what they did or by what was done to
// their account.
func lookedAt(q desk.AuditQuery) (all []desk.AgentID) {
	if !q.Agent.IsZero() {
		all = append(all, q.Agent)
	}
	if about := desk.AgentOf(q.Subject); !about.IsZero() && about != q.Agent {
		all = append(all, about)
	}
	return all
}
