package doctor

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/diagnosis"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// work reads what waits, and how far the audit log is protected.
func (d *Doctor) work(ctx context.Context, f *diagnosis.Facts, data *store.Inspection) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f.Work, f.Log = &diagnosis.Work{}, &diagnosis.Log{}
	f.Work.Trouble = because(readWork(ctx, data.Read(), f.Work))
	f.Log.Trouble = because(readLog(ctx, data.Read(), f.Log))
}

func readWork(ctx context.Context, q *rows.Queries, w *diagnosis.Work) error {
	aside, err := q.ListSetAside(ctx)
	if err != nil {
		return err
	}
	w.SetAside = int64(len(aside))
	for _, a := range aside {
		if w.OldestAside.IsZero() || a.ReceivedAt.Before(w.OldestAside) {
			w.OldestAside = a.ReceivedAt.Time
		}
	}
	since, err := q.OldestDoubt(ctx)
	if err != nil {
		return err
	}
	if since != 0 {
		w.Doubt = time.UnixMilli(since).UTC()
	}
	depths, err := q.LaneDepths(ctx)
	if err != nil {
		return err
	}
	for _, lane := range depths {
		switch lane.Kind {
		case "inbound":
			w.Inbound = lane.Depth
		case "outbound":
			w.Outbound = lane.Depth
		}
	}
	oldest, err := q.OldestJob(ctx, "inbound")
	w.OldestInbound = time.UnixMilli(oldest).UTC() // a lane of Deliveries is in the order of their arrival
	return err
}

func readLog(ctx context.Context, q *rows.Queries, l *diagnosis.Log) error {
	numbered, err := q.GetCounter(ctx, "audit")
	if err != nil {
		return err
	}
	fresh, err := q.CountFreshEntries(ctx)
	if err != nil {
		return err
	}
	l.Entries = numbered + fresh
	last, err := q.LastCheckpoint(ctx)
	if err == nil {
		l.Protected, l.Checkpoint = last.Size, last.At.Time
	} else if !store.IsNone(err) {
		return err
	}
	behind, err := q.ListEntries(ctx, rows.ListEntriesParams{AfterN: l.Protected, Page: 1})
	if err == nil && len(behind) == 0 {
		behind, err = q.ListFreshEntries(ctx, 1)
	}
	if len(behind) > 0 {
		l.Unprotected = behind[0].At.Time
	}
	return err
}

// inboxes reads what the Inboxes have, and asks their Providers' addresses.
func (d *Doctor) inboxes(ctx context.Context, f *diagnosis.Facts, data *store.Inspection, keys *vault.Vault) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listed, err := data.Read().ListInboxes(short)
	if err != nil {
		f.Work.Trouble = because(err)
		return
	}
	pauses, err := data.Read().ListInboxPauses(short)
	if err != nil {
		f.Work.Trouble = because(err)
		return
	}
	paused := map[desk.InboxID]time.Time{}
	for _, p := range pauses {
		paused[p.Inbox] = p.At.Time
	}
	var addresses []string
	for _, row := range listed {
		in := store.InboxOf(row)
		if keys != nil {
			i := diagnosis.Inbox{ID: in.ID.String(), Paused: paused[in.ID], NoVerify: in.Auth != desk.AuthMeta}
			count(short, &i, row, keys)
			f.Inboxes = append(f.Inboxes, i)
		}
		if !slices.Contains(addresses, in.GraphURL) {
			addresses = append(addresses, in.GraphURL)
		}
	}
	for _, address := range addresses {
		f.Hosts = append(f.Hosts, d.Reach(ctx, address))
	}
}

// count opens an Inbox's secrets and keeps how many there are.
func count(ctx context.Context, i *diagnosis.Inbox, row rows.Inbox, keys *vault.Vault) {
	secrets, err := vault.OpenOne(ctx, keys, vault.ReasonProcess, vault.ControllerOwner(row.Controller), vault.SecretsPlace(row.ID), row.Secrets)
	if err != nil {
		i.Closed = true
		return
	}
	i.AppSecrets, i.VerifyTokens = len(secrets.AppSecrets), len(secrets.VerifyTokens)
	i.AccessToken = !secrets.AccessToken.IsEmpty()
}
