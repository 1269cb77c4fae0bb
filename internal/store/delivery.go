package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
)

var deliveryRows = newInsert("delivery", "",
	column[desk.Delivery]{"id", "bytea", func(d *desk.Delivery) any { return d.ID }},
	column[desk.Delivery]{"inbox_id", "bytea", func(d *desk.Delivery) any { return d.Inbox }},
	column[desk.Delivery]{"received_at", "bigint", func(d *desk.Delivery) any { return desk.AsMillis(d.ReceivedAt) }},
	column[desk.Delivery]{"day", "bigint", func(d *desk.Delivery) any { return d.Day }},
	column[desk.Delivery]{"body", "bytea", func(d *desk.Delivery) any { return d.Body }},
)

// AddDeliveries writes webhook bodies as received, sealed.
func (tx *Tx) AddDeliveries(ctx context.Context, ds []desk.Delivery) error {
	return deliveryRows.write(ctx, tx, ds)
}

// FindDeliveries gives the Deliveries with these ids.
func (s *Store) FindDeliveries(ctx context.Context, ids []desk.DeliveryID) (map[desk.DeliveryID]desk.Delivery, error) {
	found := make(map[desk.DeliveryID]desk.Delivery, len(ids))
	err := findSet(ctx, s.asked(), "SELECT id, inbox_id, received_at, day, body FROM delivery WHERE id IN", "", nil, idBytes(ids),
		func(r *sql.Rows) error {
			var d desk.Delivery
			var at desk.Millis
			err := r.Scan(&d.ID, &d.Inbox, &at, &d.Day, &d.Body)
			d.ReceivedAt = at.Time
			found[d.ID] = d
			return err
		})
	return found, unavailable(err)
}

// SizeDeliveries gives the sizes of these Deliveries' bodies in bytes, without reading
// them.
func (s *Store) SizeDeliveries(ctx context.Context, ids []desk.DeliveryID) (map[desk.DeliveryID]int, error) {
	sizes := make(map[desk.DeliveryID]int, len(ids))
	err := findSet(ctx, s.asked(), "SELECT id, length(body) FROM delivery WHERE id IN", "", nil, idBytes(ids),
		func(r *sql.Rows) error {
			var id desk.DeliveryID
			var size int
			err := r.Scan(&id, &size)
			sizes[id] = size
			return err
		})
	return sizes, unavailable(err)
}

type processed struct {
	id desk.DeliveryID
	at desk.Millis
}

var processedUpdates = newUpdate("delivery",
	column[processed]{"id", "bytea", func(p *processed) any { return p.id }},
	column[processed]{"processed_at", "bigint", func(p *processed) any { return p.at }},
)

// FinishDeliveries marks Deliveries as processed; their bodies stay until the key
// of their day is destroyed.
func (tx *Tx) FinishDeliveries(ctx context.Context, ids []desk.DeliveryID) error {
	done := make([]processed, len(ids))
	for i, id := range ids {
		done[i] = processed{id, tx.Stamp()}
	}
	return processedUpdates.write(ctx, tx, done)
}
