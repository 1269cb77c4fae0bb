package facts

import (
	"context"
	"sync"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Registers keeps what was read of each Controller's register until it changes.
type Registers struct {
	mu    sync.Mutex
	known map[desk.ControllerID]*register
}

// NewRegisters makes an empty one.
func NewRegisters() *Registers { return &Registers{known: map[desk.ControllerID]*register{}} }

// register is a Controller's register with the Notices that its Inboxes have in use.
type register struct {
	desk.Register
	stamp    int64
	notices  map[desk.InboxID][]desk.Notice
	material map[desk.InboxID]int64 // the version since which a Notice that was shown is good
}

// of gives the register that has the stamp.
func (r *Registers) of(ctx context.Context, q *rows.Queries, id desk.ControllerID, stamp int64, now time.Time) (*register, error) {
	r.mu.Lock()
	known := r.known[id]
	r.mu.Unlock()
	if known != nil && known.stamp == stamp {
		return known, nil
	}
	read, err := readRegister(ctx, q, id, now)
	if err != nil {
		return nil, err
	}
	read.stamp = stamp
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[id] = read
	return read, nil
}

func readRegister(ctx context.Context, q *rows.Queries, id desk.ControllerID, now time.Time) (*register, error) {
	base, err := store.RegisterNow(ctx, q, id, now)
	if err != nil {
		return nil, err
	}
	r := &register{Register: base, notices: map[desk.InboxID][]desk.Notice{}, material: map[desk.InboxID]int64{}}
	r.ID = id
	listed, err := q.ListNoticesInUse(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, row := range listed {
		r.notices[row.Inbox] = append(r.notices[row.Inbox], store.NoticeOf(row))
	}
	material, err := q.ListMaterialVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, row := range material {
		r.material[row.Inbox] = row.Version
	}
	return r, nil
}
