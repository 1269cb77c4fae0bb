package simulator

import "time"

// DeliveryView is one webhook body and what the receiver answered.
type DeliveryView struct {
	ID       uint64    `json:"id"`
	Number   string    `json:"number"`
	Items    int       `json:"items"` // messages and statuses inside
	Bytes    int       `json:"bytes"`
	At       int64     `json:"at"`    // milliseconds since 1970
	State    string    `json:"state"` // waiting, delivered, abandoned
	Attempts []Attempt `json:"attempts"`
	Body     string    `json:"body,omitempty"` // the exact bytes, on request
}

// Attempt is one post of a body.
type Attempt struct {
	At     int64  `json:"at"`
	Status int    `json:"status"` // HTTP status; 0 when none arrived
	MS     int64  `json:"ms"`
	Error  string `json:"error,omitempty"`
}

// attemptsKept bounds the answers remembered per body.
const attemptsKept = 32

type delivery struct {
	DeliveryView
	number *number
	body   []byte
	items  []item
	tries  int
	born   time.Time
}

func (d *delivery) note(a Attempt) {
	d.Attempts = append(d.Attempts, a)
	if over := len(d.Attempts) - attemptsKept; over > 0 {
		d.Attempts = append(d.Attempts[:0:0], d.Attempts[over:]...)
	}
}

// deliveryLog keeps the latest bodies within a number and a size.
type deliveryLog struct {
	limit, limitBytes int
	bytes             int
	serial            uint64
	kept              []*delivery
}

func (l *deliveryLog) open(s *Simulator, n *number, batch []item) *delivery {
	l.serial++
	d := &delivery{
		DeliveryView: DeliveryView{
			ID: l.serial, Number: n.PhoneNumberID, Items: len(batch), At: s.now().UnixMilli(), State: "waiting",
		},
		number: n, items: batch, born: s.now(),
	}
	l.kept = append(l.kept, d)
	return d
}

// fill gives a delivery its body.
func (l *deliveryLog) fill(n *number, d *delivery, body []byte) {
	d.body, d.Bytes = body, len(body)
	l.bytes += len(body)
	n.hook.held += len(body)
}

// trim forgets the oldest bodies that are done. One that still waits stays,
// and does not keep the younger ones from being forgotten.
func (l *deliveryLog) trim() {
	over := len(l.kept) - l.limit
	if over <= 0 && l.bytes <= l.limitBytes {
		return
	}
	left := l.kept[:0]
	for _, d := range l.kept {
		if (over > 0 || l.bytes > l.limitBytes) && d.State != "waiting" {
			l.bytes -= len(d.body)
			over--
			continue
		}
		left = append(left, d)
	}
	clear(l.kept[len(left):])
	l.kept = left
}

// Deliveries returns the kept webhook bodies, oldest first; with bodies, the
// exact bytes too.
func (s *Simulator) Deliveries(bodies bool) []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]DeliveryView, len(s.log.kept))
	for i, d := range s.log.kept {
		out[i] = d.DeliveryView
		out[i].Attempts = append([]Attempt{}, d.Attempts...)
		if bodies {
			out[i].Body = string(d.body)
		}
	}
	return out
}

// Pending tells how many webhook items and bodies have not been answered with
// 200 yet.
func (s *Simulator) Pending() (items, bodies int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.numbers {
		items += len(n.hook.waiting)
	}
	for _, d := range s.log.kept {
		if d.State == "waiting" {
			bodies++
		}
	}
	return items, bodies
}

// Redeliver posts every kept body that was delivered once more, byte for byte,
// and returns how many.
func (s *Simulator) Redeliver() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, d := range s.log.kept {
		if d.State == "delivered" {
			d.number.hook.ready = append(d.number.hook.ready, d)
			count++
		}
	}
	s.hint()
	return count
}
