package hook

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
)

const (
	intakeItems = 256     // Deliveries that share one commit at most
	intakeBytes = 8 << 20 // and their bytes
)

// Intake commits Deliveries in groups: while one commit is under way, the next
// group gathers.
type Intake struct {
	store   *store.Store
	waiting chan *handIn
	quit    chan struct{}
}

type handIn struct {
	delivery desk.Delivery
	done     chan error
}

// NewIntake makes an Intake; Run starts it.
func NewIntake(s *store.Store) *Intake {
	return &Intake{store: s, waiting: make(chan *handIn, intakeItems), quit: make(chan struct{})}
}

var errStopping = desk.Unavailable("the server is stopping", errors.New("intake closed"))

// Add returns when the Delivery is committed, or says why it is not.
func (in *Intake) Add(ctx context.Context, d desk.Delivery) error {
	h := &handIn{delivery: d, done: make(chan error, 1)}
	select {
	case in.waiting <- h:
	case <-in.quit:
		return errStopping
	}
	select {
	case err := <-h.done:
		return err
	case <-in.quit:
		return errStopping
	}
}

// Run commits until ctx ends. End it only after the last request was answered.
func (in *Intake) Run(ctx context.Context) error {
	defer close(in.quit)
	for {
		select {
		case <-ctx.Done():
			return nil
		case first := <-in.waiting:
			group := in.gather(first)
			err := in.commit(context.WithoutCancel(ctx), group)
			for _, h := range group {
				h.done <- err
			}
		}
	}
}

func (in *Intake) gather(first *handIn) []*handIn {
	group, size := []*handIn{first}, len(first.delivery.Body.Bytes())
	for len(group) < intakeItems && size < intakeBytes {
		select {
		case h := <-in.waiting:
			group = append(group, h)
			size += len(h.delivery.Body.Bytes())
		default:
			return group
		}
	}
	return group
}

func (in *Intake) commit(ctx context.Context, group []*handIn) error {
	deliveries := make([]desk.Delivery, len(group))
	lanes := map[desk.InboxID][]desk.Job{}
	for i, h := range group {
		d := h.delivery
		deliveries[i] = d
		lanes[d.Inbox] = append(lanes[d.Inbox], desk.Job{Ordinal: d.ReceivedAt.UnixMilli(), Ref: d.ID})
	}
	// In one order on every node: each raises the lanes' rows and holds them to the end.
	order := slices.SortedFunc(maps.Keys(lanes), func(a, b desk.InboxID) int { return bytes.Compare(a[:], b[:]) })
	return in.store.UpdateUrgently(ctx, func(tx *store.Tx) error {
		if err := tx.AddDeliveries(ctx, deliveries); err != nil {
			return err
		}
		for _, inbox := range order {
			if err := queue.Enqueue(ctx, tx, queue.Inbound(inbox), lanes[inbox]...); err != nil {
				return err
			}
		}
		return nil
	})
}
