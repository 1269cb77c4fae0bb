package oversight

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Ledger gives a page of the Ledger in the Scope, the newest first, and the cursor of the
// next one, empty at the end (GDPR Art. 5(2), 7(1)). Looking is audited.
func (o *Oversight) Ledger(ctx context.Context, actor desk.Actor, q desk.LedgerQuery) ([]desk.ConsentEntry, string, error) {
	limit, err := limitOf(q.Limit)
	if err != nil {
		return nil, "", err
	}
	before, err := parsePlace[desk.ConsentEntry](q.Cursor)
	if err != nil {
		return nil, "", err
	}
	if err := o.openings.Open(ctx, desk.AuditEntry{Actor: actor, Act: desk.ActAuditOpened, Subject: "ledger"}); err != nil {
		return nil, "", err
	}
	found, err := o.findLedger(ctx, q, before, int32(limit+1))
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = place[desk.ConsentEntry]{found[limit-1].At.Time, found[limit-1].ID}.String()
	}
	entries, err := store.ConsentEntriesOf(found)
	return entries, next, err
}

// findLedger asks for each Controller by itself, because that is how the index has them, and
// merges what it gets: a page costs the same wherever it stands.
func (o *Oversight) findLedger(ctx context.Context, q desk.LedgerQuery, before place[desk.ConsentEntry], page int32) ([]rows.Ledger, error) {
	of, err := o.controllers(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	var all []rows.Ledger
	for _, id := range of {
		if !q.Controller.IsZero() && id != q.Controller {
			continue
		}
		found, err := o.store.Read().PageLedger(ctx, rows.PageLedgerParams{
			Controller: id, Step: string(q.Step), BeforeAt: desk.AsMillis(before.at), BeforeID: before.id, Page: page,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b rows.Ledger) int {
		return cmp.Or(b.At.Compare(a.At.Time), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return all, nil
}

// controllers gives the Controllers whose every entry is in the Scope.
func (o *Oversight) controllers(ctx context.Context, scope desk.Scope) (ids []desk.ControllerID, err error) {
	if !scope.All {
		return o.store.Read().ListMemberships(ctx, scope.Agent)
	}
	listed, err := o.store.Read().ListControllers(ctx)
	for _, c := range listed {
		ids = append(ids, c.ID)
	}
	return ids, err
}
