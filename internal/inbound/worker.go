package inbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Kind is the kind of lane inbound works: one lane per Inbox address.
const Kind = queue.KindInbound

// BatchSize is how many Deliveries one transaction takes in at most.
const BatchSize = 200

// maxItems bounds the items of one transaction: bodies may hold a thousand each.
const maxItems = 400

// maxBytes bounds the bodies that are opened together.
const maxBytes = 8 << 20

// Decoder understands a Provider's webhook bodies. A body that is not the Provider's
// is an error; an item that cannot be decoded is marked so, alone.
type Decoder interface {
	Decode(body []byte) ([]desk.Arrival, error)
}

// Meter is told what was taken in.
type Meter interface {
	Processed(deliveries, messages, statuses int, lag time.Duration)
	SetAside(n int)
	Dropped(field string, n int)
}

// Worker takes Deliveries in.
type Worker struct {
	store   *store.Store
	vault   *vault.Vault
	inboxes *directory.Directory
	decoder Decoder
	meter   Meter
	log     *slog.Logger
}

// New makes a Worker; its Work is given to a queue.Runner.
func New(s *store.Store, v *vault.Vault, d *directory.Directory, dec Decoder, m Meter, log *slog.Logger) *Worker {
	return &Worker{store: s, vault: v, inboxes: d, decoder: dec, meter: m, log: log}
}

// item is one arrival with where it came from and where it belongs.
type item struct {
	delivery *desk.Delivery
	to       *directory.Entry
	arrival  desk.Arrival
}

// batch is what one transaction takes in and finishes.
type batch struct {
	items []item
	aside []desk.SetAside
	told  []told
	days  map[desk.DeliveryID]int64
	jobs  []desk.JobID
	done  []desk.DeliveryID
	first time.Time // arrival of the oldest Delivery
	turn  int64     // of the directory, when it began

	strange int // echoes that nobody takes in
}

// Work takes in the first Deliveries of a lane.
func (w *Worker) Work(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	b, err := w.load(ctx, jobs)
	if err != nil {
		return err
	}
	err = w.takeIn(ctx, h, b)
	if err != nil && !transient(err) {
		w.log.Warn("a batch is repeated item by item", "deliveries", len(b.done), "error", err)
		err = w.commitSingly(ctx, h, b)
	}
	if err == nil {
		w.report(b)
	}
	return err
}

// takeIn commits a batch. Another lane may have brought the same person or message at the
// same moment: it looks again before an item is blamed.
func (w *Worker) takeIn(ctx context.Context, h *queue.Held, b *batch) error {
	err := w.commit(ctx, h, b)
	if err != nil && !transient(err) {
		err = w.commit(ctx, h, b)
	}
	return err
}

// transient tells whether err speaks of the store or the lane and of no item.
func transient(err error) bool {
	return errors.Is(err, queue.ErrLost) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		isStoreGone(err)
}

func (w *Worker) report(b *batch) {
	messages, statuses := 0, 0
	for _, it := range b.items {
		if it.arrival.Message != nil {
			messages++
		} else if it.arrival.Status != nil {
			statuses++
		}
	}
	w.meter.Processed(len(b.done), messages, statuses, w.store.Now().Sub(b.first))
	if b.strange > 0 {
		w.meter.Dropped(fieldEchoes, b.strange)
	}
	if len(b.aside) > 0 {
		w.meter.SetAside(len(b.aside))
		w.log.Error("items were set aside; see botschaft deliveries", "items", len(b.aside))
	}
}

// load reads, opens and decodes Deliveries until the batch is full.
func (w *Worker) load(ctx context.Context, jobs []desk.Job) (*batch, error) {
	ids := make([]desk.DeliveryID, len(jobs))
	for i, j := range jobs {
		ids[i] = j.Ref
	}
	sizes, err := w.store.SizeDeliveries(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("size deliveries: %w", err)
	}
	ids = ids[:fitting(ids, sizes)]
	found, err := w.store.FindDeliveries(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("load deliveries: %w", err)
	}
	bodies, err := w.open(ctx, found, ids)
	if err != nil {
		return nil, fmt.Errorf("open deliveries: %w", err)
	}
	b := &batch{first: w.store.Now(), days: map[desk.DeliveryID]int64{}, turn: w.inboxes.Turn()}
	for i, id := range ids {
		if len(b.items) >= maxItems {
			break
		}
		b.jobs = append(b.jobs, jobs[i].ID)
		if d, ok := found[id]; ok {
			if err := w.decode(ctx, b, &d, bodies[i]); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// fitting tells how many of the first Deliveries may be opened at once: one, and more
// while they are small.
func fitting(ids []desk.DeliveryID, sizes map[desk.DeliveryID]int) int {
	total := 0
	for i, id := range ids {
		if total += sizes[id]; i > 0 && total > maxBytes {
			return i
		}
	}
	return len(ids)
}

// body is an opened Delivery, or why it cannot be opened.
type body struct {
	bytes []byte
	err   error
}

// open opens all at once, or one by one if any of them was altered or lost its key.
// An error is the vault's trouble, not a Delivery's.
func (w *Worker) open(ctx context.Context, found map[desk.DeliveryID]desk.Delivery, ids []desk.DeliveryID) ([]body, error) {
	bodies, opening := make([]body, len(ids)), w.vault.Opening(vault.ReasonProcess)
	for i, id := range ids {
		if d, ok := found[id]; ok {
			vault.Add(opening, vault.DayOwner(d.Day), vault.BodyPlace(id), d.Body, &bodies[i].bytes)
		}
	}
	err := opening.Run(ctx)
	if err == nil && opening.Gone() == 0 || err != nil && transient(err) {
		return bodies, err
	}
	for i, id := range ids {
		d := found[id]
		_, err := vault.OpenOne(ctx, w.vault, vault.ReasonProcess, vault.DayOwner(d.Day), vault.BodyPlace(id), d.Body)
		if err != nil && transient(err) {
			return nil, err
		}
		bodies[i].err = err
	}
	return bodies, nil
}

// decode adds what a Delivery holds to the batch. An error is the store's trouble.
func (w *Worker) decode(ctx context.Context, b *batch, d *desk.Delivery, from body) error {
	b.done = append(b.done, d.ID)
	b.days[d.ID] = d.Day
	if d.ReceivedAt.Before(b.first) {
		b.first = d.ReceivedAt
	}
	if from.err != nil {
		w.log.Error("a delivery cannot be opened", "delivery", d.ID, "error", from.err)
		b.setAside(d, "", desk.ReasonFault)
		return nil
	}
	arrivals, err := w.decoder.Decode(from.bytes)
	if err != nil {
		b.setAside(d, "", desk.ReasonMalformed)
		return nil
	}
	door, err := w.inboxes.Inbox(ctx, d.Inbox)
	if err != nil && desk.CodeOf(err) != desk.CodeNotFound {
		return err
	}
	for _, a := range arrivals {
		switch {
		case a.Undecodable:
			b.setAside(d, a.Path, desk.ReasonItem)
		case a.Alert != nil:
			b.told = append(b.told, w.toldOf(door, a)...)
		case a.Message == nil && a.Echo == nil && a.Status == nil && a.Preference == nil && a.Rotation == nil:
			// recognised, and nothing to do
		default:
			to, err := w.inboxes.ByNumberSince(ctx, a.PhoneNumberID, b.turn)
			if err != nil {
				return err
			}
			if door == nil || to == nil || !door.SharesSecret(to) {
				b.setAside(d, a.Path, desk.ReasonUnknownNumber)
				continue
			}
			if a.Echo != nil && !hears(to, a.Echo) {
				b.strange++
				continue
			}
			b.items = append(b.items, item{delivery: d, to: to, arrival: a})
		}
	}
	return nil
}

func (b *batch) setAside(d *desk.Delivery, path string, why desk.SetAsideReason) {
	b.aside = append(b.aside, desk.SetAside{
		ID: desk.NewID[desk.SetAside](), Delivery: d.ID, Inbox: d.Inbox, Path: path, Reason: why, ReceivedAt: d.ReceivedAt,
	})
}

// commitSingly takes each item in by itself and sets the bad ones aside.
func (w *Worker) commitSingly(ctx context.Context, h *queue.Held, b *batch) error {
	for _, it := range b.items {
		one := &batch{items: []item{it}, days: b.days}
		err := w.takeIn(ctx, h, one)
		b.strange += one.strange
		if err != nil && transient(err) {
			return err
		}
		if err != nil {
			w.log.Error("an item cannot be taken in", "delivery", it.delivery.ID, "path", it.arrival.Path, "error", err)
			b.setAside(it.delivery, it.arrival.Path, desk.ReasonFault)
		}
	}
	return w.commit(ctx, h, &batch{aside: b.aside, told: b.told, days: b.days, jobs: b.jobs, done: b.done})
}
