package oversight

import (
	"context"
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// veil hides who acted where that is nobody's business. What belongs to no Controller,
// such as a login, is shown to whoever watches over one; but of an Agent of another
// Controller without saying who it is. What belongs to a Controller names whoever did it.
type veil struct {
	seen map[string]bool // ids of the Agents the Scope has to do with
}

func (o *Oversight) veil(ctx context.Context, scope desk.Scope) (veil, error) {
	colleagues, err := o.store.Read().ListColleagues(ctx, scope.Agent)
	v := veil{make(map[string]bool, len(colleagues))}
	for _, id := range colleagues {
		v.seen[id.String()] = true
	}
	return v, err
}

// The subject of an act upon an Agent, and the same without saying which.
const (
	agentSubject = "agent:"
	someAgent    = "agent"
)

// hides tells whether a subject is an Agent who is not to be named.
func (v veil) hides(subject string) bool {
	id, ok := strings.CutPrefix(subject, agentSubject)
	return ok && !v.seen[id]
}

func (v veil) actor(a desk.Actor) desk.Actor {
	if !v.seen[a.Agent.String()] {
		a.Agent = desk.AgentID{}
	}
	return a
}

// entries veils a page of the audit log. Whoever asks for somebody by id is not told what
// the veil hides of them.
func (v veil) entries(q desk.AuditQuery, page []desk.AuditEntry) []desk.AuditEntry {
	asked := !q.Agent.IsZero() && !v.seen[q.Agent.String()] || v.hides(q.Subject)
	ofNobody := func(e *desk.AuditEntry) bool { return e.Controller.IsZero() && e.Inbox.IsZero() }
	page = slices.DeleteFunc(page, func(e desk.AuditEntry) bool { return asked && ofNobody(&e) })
	for i := range page {
		e := &page[i]
		if !ofNobody(e) {
			continue
		}
		e.Actor = v.actor(e.Actor)
		if v.hides(e.Subject) {
			e.Subject = someAgent
		}
		if id, ok := e.Detail["agent"]; ok && !v.seen[id] {
			delete(e.Detail, "agent")
		}
	}
	return page
}

// revisions veils a page of the history, in which the places outside the Scope are
// withheld already. Whoever came to a place within it, or left one, is named.
func (v veil) revisions(q desk.RevisionQuery, page []desk.Revision) []desk.Revision {
	hidden := func(r *desk.Revision) bool { return v.hides(r.Subject) && !isPlaced(r.Changes) }
	page = slices.DeleteFunc(page, func(r desk.Revision) bool { return r.Subject == q.Subject && hidden(&r) })
	for i := range page {
		r := &page[i]
		if !r.Controller.IsZero() {
			continue
		}
		r.Actor = v.actor(r.Actor)
		if hidden(r) {
			r.Subject = someAgent
		}
		unseen := func(id string) bool { return !v.seen[id] }
		for j, a := range r.Changes {
			if a.Field == "agent" { // whose Token it is
				r.Changes[j].Before, r.Changes[j].After = slices.DeleteFunc(a.Before, unseen), slices.DeleteFunc(a.After, unseen)
			}
		}
	}
	return page
}

// isPlaced tells whether changes name a place that an Agent serves or served.
func isPlaced(changes []desk.Alteration) bool {
	return slices.ContainsFunc(changes, func(a desk.Alteration) bool {
		return (a.Field == "controllers" || a.Field == "inboxes") && len(a.Before)+len(a.After) > 0
	})
}
