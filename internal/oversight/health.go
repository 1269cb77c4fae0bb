package oversight

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Node is what does not change about this process while it runs.
type Node struct {
	Name      string
	Version   string
	StartedAt time.Time
	Checks    func(ctx context.Context) []desk.Check // asks the probes of readiness
	Ways      func() []desk.Destination              // that are open, used or not
}

// Health tells how the house stands; what waits, is set aside, in doubt or paused, within
// the Scope.
func (o *Oversight) Health(ctx context.Context, scope desk.Scope) (desk.Health, error) {
	h := desk.Health{Version: o.node.Version, Node: o.node.Name, StartedAt: o.node.StartedAt, Database: "postgresql"}
	if o.store.IsSQLite() {
		h.Database = "sqlite"
	}
	h.Checks = o.node.Checks(ctx)
	var err error
	q := o.store.Read()
	if h.SetAside, err = q.CountSetAsideWithin(ctx, rows.CountSetAsideWithinParams{Everything: scope.All, Agent: scope.Agent}); err != nil {
		return h, err
	}
	doubt, err := q.OldestDoubtWithin(ctx, rows.OldestDoubtWithinParams{Everything: scope.All, Agent: scope.Agent})
	if err != nil {
		return h, err
	}
	if doubt != 0 {
		h.OldestDoubt = time.UnixMilli(doubt).UTC()
	}
	if h.WaitingJobs, err = q.CountJobsWithin(ctx, rows.CountJobsWithinParams{Everything: scope.All, Agent: scope.Agent}); err != nil {
		return h, err
	}
	if h.LastEvent, err = o.store.LastEvent(ctx); err != nil {
		return h, err
	}
	h.Paused, err = o.paused(ctx, scope)
	return h, err
}

func (o *Oversight) paused(ctx context.Context, scope desk.Scope) ([]desk.InboxID, error) {
	pauses, err := o.store.Read().ListInboxPauses(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := o.served(ctx, scope)
	if err != nil {
		return nil, err
	}
	ids := make([]desk.InboxID, 0, len(pauses))
	for _, p := range pauses {
		if seen[p.Inbox.String()] {
			ids = append(ids, p.Inbox)
		}
	}
	slices.SortFunc(ids, func(a, b desk.InboxID) int { return slices.Compare(a[:], b[:]) })
	return ids, nil
}
