package oversight

import (
	"context"
	"slices"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Revisions gives a page of the history of settings, the newest first, and the cursor
// of the next one, empty at the end.
func (o *Oversight) Revisions(ctx context.Context, q desk.RevisionQuery) ([]desk.Revision, string, error) {
	limit, err := limitOf(q.Limit)
	if err != nil {
		return nil, "", err
	}
	if err := checkSubject(q.Subject); err != nil {
		return nil, "", err
	}
	before, err := parsePlace[desk.Revision](q.Cursor)
	if err != nil {
		return nil, "", err
	}
	found, err := o.findRevisions(ctx, q, before, int32(limit+1))
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = place[desk.Revision]{found[limit-1].At.Time, found[limit-1].ID}.String()
	}
	out := make([]desk.Revision, len(found))
	for i, row := range found {
		if out[i], err = store.RevisionOf(row); err != nil {
			return nil, "", err
		}
	}
	if q.Scope.All {
		return out, next, nil
	}
	if err := o.withhold(ctx, q.Scope, out); err != nil {
		return nil, "", err
	}
	v, err := o.veil(ctx, q.Scope)
	return v.revisions(q, out), next, err
}

func (o *Oversight) findRevisions(ctx context.Context, q desk.RevisionQuery, before place[desk.Revision], page int32) ([]rows.Revision, error) {
	at := desk.AsMillis(before.at)
	if q.Subject != "" {
		return o.store.Read().ListRevisionsOf(ctx, rows.ListRevisionsOfParams{
			Subject: q.Subject, Everything: q.Scope.All, Agent: q.Scope.Agent, BeforeAt: at, BeforeID: before.id, Page: page})
	}
	return o.store.Read().ListRevisions(ctx, rows.ListRevisionsParams{
		Everything: q.Scope.All, Agent: q.Scope.Agent, BeforeAt: at, BeforeID: before.id, Page: page})
}

// withhold takes out of the histories of Agents which Controllers and Inboxes outside
// the Scope they serve.
func (o *Oversight) withhold(ctx context.Context, scope desk.Scope, of []desk.Revision) error {
	seen, err := o.served(ctx, scope)
	if err != nil {
		return err
	}
	for i := range of {
		if !strings.HasPrefix(of[i].Subject, "agent:") {
			continue
		}
		for j, a := range of[i].Changes {
			if a.Field == "controllers" || a.Field == "inboxes" {
				hidden := func(id string) bool { return !seen[id] }
				of[i].Changes[j].Before = slices.DeleteFunc(a.Before, hidden)
				of[i].Changes[j].After = slices.DeleteFunc(a.After, hidden)
			}
		}
	}
	return nil
}

// served gives the ids of the Controllers and Inboxes in the Scope.
func (o *Oversight) served(ctx context.Context, scope desk.Scope) (map[string]bool, error) {
	seen, q := map[string]bool{}, o.store.Read()
	own, err := q.ListMemberships(ctx, scope.Agent)
	if err != nil {
		return nil, err
	}
	for _, id := range own {
		seen[id.String()] = true
	}
	single, err := q.ListInboxMemberships(ctx, scope.Agent)
	if err != nil {
		return nil, err
	}
	for _, id := range single {
		seen[id.String()] = true
	}
	inboxes, err := q.ListInboxes(ctx)
	if err != nil {
		return nil, err
	}
	for _, in := range inboxes {
		if scope.All || seen[in.Controller.String()] {
			seen[in.ID.String()] = true
		}
	}
	return seen, nil
}
