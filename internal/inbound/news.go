package inbound

import (
	"bytes"
	"context"
	"slices"
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
	category  string
	charge    string
	stops     bool // the Inbox, until somebody mends it
	mend      bool // others will meet the failure, too
}

// coalesce keeps the highest status per Message.
func (w *Worker) coalesce(ctx context.Context, to *directory.Entry, items []item) ([]news, error) {
	var all []news
	places := map[string]int{}
	for _, it := range items {
		s := it.arrival.Status
		if s == nil || s.Status.Rank() == 0 {
			continue
		}
		digest, err := w.wamidDigest(ctx, &to.Inbox, s.Wamid)
		if err != nil {
			return nil, err
		}
		n := news{digest: digest, wamid: s.Wamid, reference: s.Reference, status: s.Status, at: s.At, failure: s.Failure, category: s.Category, charge: s.Charge, stops: s.Stops, mend: s.Mend}
		if n.at.IsZero() || n.at.After(it.delivery.ReceivedAt) {
			n.at = it.delivery.ReceivedAt
		}
		i, seen := places[string(digest)]
		if !seen {
			places[string(digest)] = len(all)
			all = append(all, n)
			continue
		}
		if n.reference.IsZero() {
			n.reference = all[i].reference
		}
		if n.charge == "" {
			n.category, n.charge = all[i].category, all[i].charge
		}
		if all[i].status.Climbs(n.status) {
			all[i] = n
		}
		all[i].reference, all[i].category, all[i].charge = n.reference, n.category, n.charge
	}
	return all, nil
}

// writeNews raises each Message to its highest status, in one update. What speaks of no known
// Message is parked: a status may overtake the answer to the send, or the echo of what was
// written in the app, which takes up what was parked for it.
func (p *plan) writeNews(ctx context.Context, tx *store.Tx) error {
	if len(p.news) == 0 && len(p.echoes) == 0 {
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
	found, err := tx.LockStandings(ctx, p.to.ID, ids, digests)
	if err != nil {
		return err
	}
	known := index(found)
	if found, err = p.lookAgain(ctx, tx, known); err != nil {
		return err
	}
	known.add(found)
	all, err := p.withParked(ctx, tx, known)
	if err != nil {
		return err
	}
	delivered := charges{}
	var raised []*store.Standing
	var parked []store.ParkedStatus
	for _, n := range all {
		s := known.find(n)
		if s == nil {
			parked = append(parked, store.ParkedStatus{
				Inbox: p.to.ID, WamidDigest: n.digest, Status: n.status, At: n.at, Failure: n.failure, ParkedAt: tx.Now(),
			})
			continue
		}
		before := s.Status
		changed := n.raise(s)
		if changed {
			delivered.add(before, n)
			if err := p.mend(ctx, tx, n); err != nil {
				return err
			}
		}
		if changed && !slices.Contains(raised, s) {
			raised = append(raised, s)
			tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: s.Controller, Inbox: s.Inbox, Conversation: s.Conversation, Message: s.ID})
		}
	}
	written := make([]store.Standing, len(raised))
	for i, s := range raised {
		written[i] = *s
	}
	if err := tx.SetStandings(ctx, written); err != nil {
		return err
	}
	if err := delivered.write(ctx, tx, p.to.ID); err != nil {
		return err
	}
	if err := mismatches(ctx, tx, raised); err != nil {
		return err
	}
	refused, err := refusals(ctx, tx, raised)
	if err != nil {
		return err
	}
	if err := p.writeWithdrawals(ctx, tx, refused); err != nil {
		return err
	}
	return tx.ParkStatuses(ctx, parked)
}

// standings are Messages that news may speak of, each once.
type standings struct {
	byID     map[desk.MessageID]*store.Standing
	byDigest map[string]*store.Standing
}

func index(found []store.Standing) standings {
	known := standings{map[desk.MessageID]*store.Standing{}, map[string]*store.Standing{}}
	known.add(found)
	return known
}

func (k standings) add(found []store.Standing) {
	for i := range found {
		s := &found[i]
		if k.byID[s.ID] == nil {
			k.byID[s.ID] = s
		}
		if len(s.WamidDigest) > 0 {
			k.byDigest[string(s.WamidDigest)] = k.byID[s.ID]
		}
	}
}

// lookAgain finds the Messages whose receipts were written since they were looked for,
// and keeps further ones out until this transaction ends; the echoes of the batch as well.
func (p *plan) lookAgain(ctx context.Context, tx *store.Tx, known standings) ([]store.Standing, error) {
	unknown := p.echoDigests()
	for _, n := range p.news {
		if known.find(n) == nil {
			unknown = append(unknown, n.digest)
		}
	}
	if len(unknown) == 0 {
		return nil, nil
	}
	if err := tx.LockWamids(ctx, unknown...); err != nil {
		return nil, err
	}
	return tx.LockStandings(ctx, p.to.ID, nil, unknown)
}

// withParked adds to the news what was parked for the echoes of the batch.
func (p *plan) withParked(ctx context.Context, tx *store.Tx, known standings) ([]news, error) {
	taken, err := tx.TakeParked(ctx, p.to.ID, p.echoDigests())
	all := slices.Clone(p.news)
	for _, t := range taken {
		n := news{digest: t.WamidDigest, status: t.Status, at: t.At, failure: t.Failure}
		if known.find(n) != nil { // else it was written to nobody who is known here
			all = append(all, n)
		}
	}
	return all, err
}

func (k standings) find(n news) *store.Standing {
	if s := k.byDigest[string(n.digest)]; s != nil {
		return s
	}
	return k.byID[n.reference]
}

// raise lets s climb; false if the news changes nothing.
func (n news) raise(s *store.Standing) bool {
	stale := n.isStale(s)
	if stale && n.status.Rank() < desk.StatusDelivered.Rank() || !s.Status.Climbs(n.status) {
		return false
	}
	s.Status, s.StatusAt, s.Failure = n.status, n.at, n.failure
	if !stale {
		s.WamidDigest = n.digest
	}
	return true
}

// isStale tells whether the news speaks of an earlier attempt than the one s stands
// at. A Message that somebody repeats keeps the wamid of the attempt before until
// the Provider gives it a new one. Of an earlier attempt only that it arrived counts:
// that it was sent or failed says nothing of the present one.
func (n news) isStale(s *store.Standing) bool {
	same := bytes.Equal(s.WamidDigest, n.digest)
	switch s.Status {
	case desk.StatusQueued:
		return len(s.WamidDigest) > 0 || n.status == desk.StatusFailed
	case desk.StatusSending, desk.StatusInDoubt:
		return same
	default:
		return len(s.WamidDigest) > 0 && !same
	}
}
