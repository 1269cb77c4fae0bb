package inbound

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
)

// news is the highest status a batch brings for one Message.
type news struct {
	digest    []byte
	wamid     private.Text
	reference desk.MessageID
	status    desk.Status
	at        time.Time
	failure   string
}

// coalesce keeps the highest status per Message.
func (w *Worker) coalesce(ctx context.Context, to *directory.Entry, items []item) ([]news, error) {
	var all []news
	index := map[string]int{}
	for _, it := range items {
		s := it.arrival.Status
		if s == nil || s.Status.Rank() == 0 {
			continue
		}
		digest, err := w.wamidDigest(ctx, &to.Inbox, s.Wamid)
		if err != nil {
			return nil, err
		}
		n := news{digest: digest, wamid: s.Wamid, reference: s.Reference, status: s.Status, at: s.At, failure: s.Failure}
		if n.at.IsZero() || n.at.After(it.delivery.ReceivedAt) {
			n.at = it.delivery.ReceivedAt
		}
		i, seen := index[string(digest)]
		switch {
		case !seen:
			index[string(digest)] = len(all)
			all = append(all, n)
		case all[i].status.Climbs(n.status):
			if n.reference.IsZero() {
				n.reference = all[i].reference
			}
			all[i] = n
		}
	}
	return all, nil
}

// writeNews raises each Message to its highest status, in one update. What speaks of
// no known Message is parked: a status may overtake the answer to the send.
func (p *plan) writeNews(ctx context.Context, tx *store.Tx) error {
	if len(p.news) == 0 {
		return nil
	}
	var ids []desk.MessageID
	digests := make([][]byte, len(p.news))
	for i, n := range p.news {
		digests[i] = n.digest
		if !n.reference.IsZero() {
			ids = append(ids, n.reference)
		}
	}
	standings, err := tx.LockStandings(ctx, p.to.ID, ids, digests)
	if err != nil {
		return err
	}
	byID, byDigest := map[desk.MessageID]store.Standing{}, map[string]store.Standing{}
	for _, s := range standings {
		byID[s.ID] = s
		if len(s.WamidDigest) > 0 {
			byDigest[string(s.WamidDigest)] = s
		}
	}
	var raised []store.Standing
	var parked []store.ParkedStatus
	for _, n := range p.news {
		s, known := byDigest[string(n.digest)]
		if !known {
			s, known = byID[n.reference]
			known = known && !n.reference.IsZero()
		}
		if !known {
			parked = append(parked, store.ParkedStatus{
				Inbox: p.to.ID, WamidDigest: n.digest, Status: n.status, At: n.at, Failure: n.failure, ParkedAt: tx.Now(),
			})
			continue
		}
		if s.Status.Climbs(n.status) {
			s.Status, s.StatusAt, s.Failure, s.WamidDigest = n.status, n.at, n.failure, n.digest
			raised = append(raised, s)
			tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: s.Controller, Inbox: s.Inbox, Conversation: s.Conversation, Message: s.ID})
		}
	}
	if err := tx.SetStandings(ctx, raised); err != nil {
		return err
	}
	return tx.ParkStatuses(ctx, parked)
}
