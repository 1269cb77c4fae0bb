package simulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// maxBody is the largest webhook body. (webhooks/overview: 3 MB)
const maxBody = 3_000_000

// webhookQueue is what one number still has to deliver.
type webhookQueue struct {
	waiting  []item
	bytes    int         // of waiting
	mixed    bool        // waiting is not in the order of its moments
	since    time.Time   // when the oldest of waiting came, by the wall clock
	ready    []*delivery // sealed bodies whose turn it is (again)
	held     int         // bytes of bodies not yet delivered
	inFlight int
}

// full tells whether a number's receiver is too far behind.
func (s *Simulator) full(n *number) bool {
	return len(n.hook.waiting) >= s.cfg.QueueSize || n.hook.bytes >= s.cfg.QueueBytes
}

// emit queues one item for a number's receiver. It reports false when the
// queue is full. A WABA without a subscribed app or callback gets no webhooks.
func (s *Simulator) emit(n *number, it item) bool {
	if !n.subscribed || n.callback() == "" {
		return true
	}
	if s.full(n) {
		return false
	}
	q := &n.hook
	now := time.Now()
	it.after = now
	if s.settings.ShuffleMS > 0 {
		it.after = now.Add(time.Duration(rand.Int64N(int64(milliseconds(s.settings.ShuffleMS)))))
		q.mixed = true
	}
	if len(q.waiting) == 0 {
		q.since = now
	}
	s.serial++
	it.seq = s.serial
	s.journal.queued(n, it)
	q.waiting = append(q.waiting, it)
	q.bytes += len(it.raw)
	s.hint()
	return true
}

// dispatch starts every webhook that may leave now and says when to look again.
func (s *Simulator) dispatch(ctx context.Context) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := time.Minute
	if s.settings.Paused || ctx.Err() != nil {
		return next
	}
	for _, id := range s.order {
		n := s.numbers[id]
		for n.hook.inFlight < s.settings.Parallel {
			d, wait := s.nextDelivery(n)
			if d == nil {
				next = min(next, wait)
				break
			}
			n.hook.inFlight++
			s.work.Add(1)
			go func() {
				defer s.work.Done()
				s.deliver(ctx, n, d)
			}()
		}
	}
	return next
}

// nextDelivery takes the next body of a number, or says how long to wait.
func (s *Simulator) nextDelivery(n *number) (*delivery, time.Duration) {
	q := &n.hook
	if len(q.ready) > 0 {
		d := q.ready[0]
		q.ready = q.ready[1:]
		return d, 0
	}
	if len(q.waiting) == 0 || q.held > s.cfg.DeliveriesBytes {
		return nil, time.Minute
	}
	now := time.Now()
	if wait := q.since.Add(milliseconds(s.settings.BatchWindowMS)).Sub(now); wait > 0 && len(q.waiting) < s.settings.BatchSize {
		return nil, wait
	}
	batch, wait := q.take(s.settings.BatchSize, now)
	if len(batch) == 0 {
		return nil, wait
	}
	return s.log.open(s, n, batch), 0
}

// take removes the next batch. Each item waits for its moment, which shuffling
// puts off, and items leave in the order of their moments.
func (q *webhookQueue) take(most int, now time.Time) ([]item, time.Duration) {
	if q.mixed {
		slices.SortStableFunc(q.waiting, func(a, b item) int { return a.after.Compare(b.after) })
		q.mixed = false
	}
	if wait := q.waiting[0].after.Sub(now); wait > 0 {
		return nil, wait
	}
	count, size := 0, 2048
	for count < len(q.waiting) && count < most {
		it := q.waiting[count]
		// Escaping makes a character at most three times as long as in UTF-8.
		size += 3*len(it.raw) + 512
		if (count > 0 && size > maxBody) || it.after.After(now) {
			break
		}
		count++
	}
	batch := append([]item(nil), q.waiting[:count]...)
	for _, it := range batch {
		q.bytes -= len(it.raw)
	}
	clear(q.waiting[:count])
	q.waiting = q.waiting[count:]
	q.since = now
	return batch, 0
}

// Sign is the value of X-Hub-Signature-256 for a body. (webhooks/overview)
func Sign(secret, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// deliver posts one body once and settles what follows from the answer.
func (s *Simulator) deliver(ctx context.Context, n *number, d *delivery) {
	if err := s.Sync(); err != nil { // the receiver must not know what a restart forgets
		s.mu.Lock()
		n.hook.inFlight--
		s.mu.Unlock()
		return
	}
	if d.body == nil {
		body, err := n.seal(d.items, s.Now())
		if err != nil {
			s.cfg.Log.Error("simulator: webhook not built", "error", err)
			s.mu.Lock()
			n.hook.inFlight--
			d.State = "abandoned"
			s.journal.settled(d.items)
			s.mu.Unlock()
			return
		}
		s.mu.Lock()
		s.log.fill(n, d, body)
		s.mu.Unlock()
	}
	s.mu.Lock()
	url, secret := n.callback(), n.AppSecret
	s.mu.Unlock()
	start := time.Now()
	code, err := s.post(ctx, url, secret, d.body)
	s.settle(n, d, code, err, time.Since(start))
}

// post sends one body and returns the receiver's HTTP status.
func (s *Simulator) post(ctx context.Context, url string, secret, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	req.Header.Set("X-Hub-Signature-256", Sign(secret, body))
	res, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	// Read a little so that the connection can be used again.
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)); err != nil {
		return res.StatusCode, nil //nolint:nilerr // the status line has arrived, it counts
	}
	return res.StatusCode, nil
}

// settle writes an answer down: 200 ends the delivery, anything else brings the
// whole body again.
func (s *Simulator) settle(n *number, d *delivery, code int, err error, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.hook.inFlight--
	d.note(Attempt{At: s.now().UnixMilli(), Status: code, MS: took.Milliseconds(), Error: errorText(err)})
	s.hint()
	if code == http.StatusOK {
		s.settled(n, d)
		return
	}
	if d.State == "delivered" {
		return // a repetition for the test's sake: Meta would not insist
	}
	d.tries++
	wait := s.cfg.Backoff[min(d.tries, len(s.cfg.Backoff))-1]
	if s.now().Sub(d.born) >= s.cfg.RetryFor {
		d.State = "abandoned"
		n.hook.held -= len(d.body)
		s.journal.settled(d.items)
		d.items = nil
		s.log.trim()
		return
	}
	s.after(wait, act{kind: actDeliver, body: d})
}

func (s *Simulator) settled(n *number, d *delivery) {
	if d.State != "delivered" {
		d.State = "delivered"
		n.hook.held -= len(d.body)
		for _, it := range d.items {
			s.arrived(it)
		}
		s.journal.settled(d.items)
		d.items = nil
		if s.settings.Duplicate > 0 && rand.Float64() < s.settings.Duplicate {
			n.hook.ready = append(n.hook.ready, d)
		}
	}
	s.log.trim()
}

// arrived notes that the receiver has an item.
func (s *Simulator) arrived(it item) {
	switch {
	case it.event != nil:
		it.event.state = "DELIVERED"
		s.journal.mark(it.m)
	case it.m.Status == "accepted":
		it.m.Status = "delivered"
		s.journal.mark(it.m)
		s.publish("message", it.m.MessageView)
	}
	if it.told != nil {
		close(it.told)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
