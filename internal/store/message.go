package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var messageRows = newInsert("message", "",
	column[desk.Message]{"id", "bytea", func(m *desk.Message) any { return m.ID }},
	column[desk.Message]{"controller_id", "bytea", func(m *desk.Message) any { return m.Controller }},
	column[desk.Message]{"inbox_id", "bytea", func(m *desk.Message) any { return m.Inbox }},
	column[desk.Message]{"contact_id", "bytea", func(m *desk.Message) any { return m.Contact }},
	column[desk.Message]{"conversation_id", "bytea", func(m *desk.Message) any { return m.Conversation }},
	column[desk.Message]{"direction", "text", func(m *desk.Message) any { return string(m.Direction) }},
	column[desk.Message]{"kind", "text", func(m *desk.Message) any { return string(m.Kind) }},
	column[desk.Message]{"position", "bigint", func(m *desk.Message) any { return m.Position }},
	column[desk.Message]{"at", "bigint", func(m *desk.Message) any { return desk.AsMillis(m.At) }},
	column[desk.Message]{"external_at", "bigint", func(m *desk.Message) any { return desk.AsMillis(m.ExternalAt) }},
	column[desk.Message]{"thread_at", "bigint", func(m *desk.Message) any { return desk.AsMillis(m.ThreadAt) }},
	column[desk.Message]{"late", "boolean", func(m *desk.Message) any { return m.Late }},
	column[desk.Message]{"content", "bytea", func(m *desk.Message) any { return m.Content }},
	column[desk.Message]{"wamid_digest", "bytea", func(m *desk.Message) any { return m.WamidDigest }},
	column[desk.Message]{"about_digest", "bytea", func(m *desk.Message) any { return m.AboutDigest }},
	column[desk.Message]{"wamid", "bytea", func(m *desk.Message) any { return m.Wamid }},
	column[desk.Message]{"status", "text", func(m *desk.Message) any { return string(m.Status) }},
	column[desk.Message]{"status_at", "bigint", func(m *desk.Message) any { return desk.AsMillis(m.StatusAt) }},
	column[desk.Message]{"failure", "text", func(m *desk.Message) any { return m.Failure }},
	column[desk.Message]{"origin", "text", func(m *desk.Message) any { return string(m.Origin) }},
	column[desk.Message]{"author_id", "bytea", func(m *desk.Message) any { return m.Author }},
)

// AddMessages writes new Messages; a wamid that the Inbox has already is an error.
func (tx *Tx) AddMessages(ctx context.Context, ms []desk.Message) error {
	return messageRows.write(ctx, tx, ms)
}

var dispatchRows = newInsert("dispatch", "",
	column[rows.Dispatch]{"message_id", "bytea", func(d *rows.Dispatch) any { return d.Message }},
	column[rows.Dispatch]{"conversation_id", "bytea", func(d *rows.Dispatch) any { return d.Conversation }},
	column[rows.Dispatch]{"client_digest", "bytea", func(d *rows.Dispatch) any { return d.ClientDigest }},
	column[rows.Dispatch]{"body_digest", "bytea", func(d *rows.Dispatch) any { return d.BodyDigest }},
	column[rows.Dispatch]{"permit", "text", func(d *rows.Dispatch) any { return d.Permit }},
	column[rows.Dispatch]{"attempt", "bigint", func(d *rows.Dispatch) any { return d.Attempt }},
	column[rows.Dispatch]{"node", "text", func(d *rows.Dispatch) any { return d.Node }},
	column[rows.Dispatch]{"sending_at", "bigint", func(d *rows.Dispatch) any { return d.SendingAt }},
)

// AddDispatches writes the records of sending Messages that stand there already; a
// client_id that was used in the Conversation before is an error.
func (tx *Tx) AddDispatches(ctx context.Context, ds []rows.Dispatch) error {
	return dispatchRows.write(ctx, tx, ds)
}

// Standing is how far a Message has come, with what an event about it needs.
type Standing struct {
	ID           desk.MessageID
	Controller   desk.ControllerID
	Inbox        desk.InboxID
	Conversation desk.ConversationID
	Direction    desk.Direction
	Status       desk.Status
	StatusAt     time.Time
	Failure      string
	WamidDigest  []byte
	Origin       desk.Origin
	was          desk.Status // when it was read
}

const standingColumns = "id, controller_id, inbox_id, conversation_id, direction, status, wamid_digest, status_at, failure, origin"

// FindWamids gives the Messages of the Inbox that have these wamid digests.
func (s *Store) FindWamids(ctx context.Context, inbox desk.InboxID, digests [][]byte) (map[string]Standing, error) {
	found := map[string]Standing{}
	err := findSet(ctx, s.asked(), "SELECT "+standingColumns+" FROM message WHERE inbox_id = $1 AND wamid_digest IN", "",
		[]any{inbox}, digests, scanStanding(func(m Standing) { found[string(m.WamidDigest)] = m }))
	return found, unavailable(err)
}

// FindNamedStandings gives the Messages of the Inbox that have these wamid digests, those of
// this transaction too.
func (tx *Tx) FindNamedStandings(ctx context.Context, inbox desk.InboxID, digests [][]byte) (found []Standing, err error) {
	err = findSet(ctx, tx, "SELECT "+standingColumns+" FROM message WHERE inbox_id = $1 AND wamid_digest IN", "ORDER BY id",
		[]any{inbox}, digests, scanStanding(func(m Standing) { found = append(found, m) }))
	return found, err
}

// LockStandings gives, locked, the outbound Messages of the Inbox that statuses
// speak of: by id where the Provider gave our own reference back, else by wamid.
func (tx *Tx) LockStandings(ctx context.Context, inbox desk.InboxID, ids []desk.MessageID, digests [][]byte) ([]Standing, error) {
	var found []Standing
	keep := scanStanding(func(m Standing) { found = append(found, m) })
	tail := "AND direction = 'out' ORDER BY id " + tx.locked()
	err := findSet(ctx, tx, "SELECT "+standingColumns+" FROM message WHERE inbox_id = $1 AND id IN", tail,
		[]any{inbox}, idBytes(ids), keep)
	if err != nil {
		return nil, err
	}
	err = findSet(ctx, tx, "SELECT "+standingColumns+" FROM message WHERE inbox_id = $1 AND wamid_digest IN", tail,
		[]any{inbox}, digests, keep)
	return found, err
}

// LockWamids makes this transaction the only one that parks statuses of these wamids, or
// takes parked ones up, until it ends. A status and the receipt that tells whose it is
// may come at the same moment; without the lock neither would see the other. SQLite has
// one writer.
func (tx *Tx) LockWamids(ctx context.Context, digests ...[]byte) error {
	if tx.store.engine != postgres {
		return nil
	}
	keys := make([]int64, 0, len(digests))
	for _, d := range digests {
		keys = append(keys, int64(binary.BigEndian.Uint64(d)))
	}
	slices.Sort(keys) // in one order, so that no two wait for each other
	for _, key := range keys {
		if err := tx.lock(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

func scanStanding(keep func(Standing)) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var m Standing
		var at desk.Millis
		err := r.Scan(&m.ID, &m.Controller, &m.Inbox, &m.Conversation, &m.Direction, &m.Status, &m.WamidDigest, &at, &m.Failure, &m.Origin)
		m.StatusAt, m.was = at.Time, m.Status
		keep(m)
		return err
	}
}

var standingUpdates = newUpdate("message",
	column[Standing]{"id", "bytea", func(m *Standing) any { return m.ID }},
	column[Standing]{"status", "text", func(m *Standing) any { return string(m.Status) }},
	column[Standing]{"status_at", "bigint", func(m *Standing) any { return desk.AsMillis(m.StatusAt) }},
	column[Standing]{"failure", "text", func(m *Standing) any { return m.Failure }},
	column[Standing]{"wamid_digest", "bytea", func(m *Standing) any { return m.WamidDigest }},
)

// SetStandings writes how far Messages have come; the caller holds them locked and
// has seen that each climbs. For a Notice or a line that is the evidence of its being shown.
func (tx *Tx) SetStandings(ctx context.Context, ms []Standing) error {
	for _, m := range ms {
		if err := tx.followStanding(ctx, m); err != nil {
			return err
		}
		if !m.Origin.IsAutomatic() || !m.Status.Settled() || m.Status == desk.StatusFailed {
			continue
		}
		if err := tx.NoteShowing(ctx, rows.NoteShowingParams{Message: m.ID, At: desk.AsMillis(m.StatusAt), Status: string(m.Status)}); err != nil {
			return err
		}
	}
	return standingUpdates.write(ctx, tx, ms)
}

// ParkedStatus is news about a Message that is not known yet.
type ParkedStatus struct {
	Inbox       desk.InboxID
	WamidDigest []byte
	Status      desk.Status
	At          time.Time
	Failure     string
	ParkedAt    time.Time
}

var parkedRows = newInsert("parked_status", "ON CONFLICT (inbox_id, wamid_digest, status) DO NOTHING",
	column[ParkedStatus]{"inbox_id", "bytea", func(p *ParkedStatus) any { return p.Inbox }},
	column[ParkedStatus]{"wamid_digest", "bytea", func(p *ParkedStatus) any { return p.WamidDigest }},
	column[ParkedStatus]{"status", "text", func(p *ParkedStatus) any { return string(p.Status) }},
	column[ParkedStatus]{"at", "bigint", func(p *ParkedStatus) any { return desk.AsMillis(p.At) }},
	column[ParkedStatus]{"failure", "text", func(p *ParkedStatus) any { return p.Failure }},
	column[ParkedStatus]{"parked_at", "bigint", func(p *ParkedStatus) any { return desk.AsMillis(p.ParkedAt) }},
)

// ParkStatuses keeps statuses that arrived before their Message was known.
func (tx *Tx) ParkStatuses(ctx context.Context, ps []ParkedStatus) error {
	return parkedRows.write(ctx, tx, ps)
}

// TakeParked gives what was parked for these wamids, and keeps it no longer; the caller holds
// them (LockWamids).
func (tx *Tx) TakeParked(ctx context.Context, inbox desk.InboxID, digests [][]byte) (taken []ParkedStatus, err error) {
	err = findSet(ctx, tx, "DELETE FROM parked_status WHERE inbox_id = $1 AND wamid_digest IN", "RETURNING wamid_digest, status, at, failure",
		[]any{inbox}, digests, func(r *sql.Rows) error {
			p, at := ParkedStatus{Inbox: inbox}, desk.Millis{}
			err := r.Scan(&p.WamidDigest, &p.Status, &at, &p.Failure)
			p.At = at.Time
			taken = append(taken, p)
			return err
		})
	return taken, err
}

const messageColumns = `id, controller_id, inbox_id, contact_id, conversation_id, direction, kind, position, at,
	external_at, thread_at, late, content, wamid_digest, wamid, status, status_at, failure, origin, author_id, about_digest`

func scanMessage(keep func(desk.Message)) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var m rows.Message
		err := r.Scan(&m.ID, &m.Controller, &m.Inbox, &m.Contact, &m.Conversation, &m.Direction, &m.Kind, &m.Position, &m.At,
			&m.ExternalAt, &m.ThreadAt, &m.Late, &m.Content, &m.WamidDigest, &m.Wamid, &m.Status, &m.StatusAt, &m.Failure,
			&m.Origin, &m.AuthorID, &m.AboutDigest)
		keep(MessageOf(m))
		return err
	}
}

// FindMessages gives the Messages with these ids.
func (s *Store) FindMessages(ctx context.Context, ids []desk.MessageID) (map[desk.MessageID]desk.Message, error) {
	found := make(map[desk.MessageID]desk.Message, len(ids))
	err := findSet(ctx, s.asked(), "SELECT "+messageColumns+" FROM message WHERE id IN", "", nil, idBytes(ids),
		scanMessage(func(m desk.Message) { found[m.ID] = m }))
	return found, unavailable(err)
}

// MessageWithin gives a Message in the Scope.
func (s *Store) MessageWithin(ctx context.Context, scope desk.Scope, id desk.MessageID) (desk.Message, error) {
	row, err := s.Read().GetMessageScoped(ctx, rows.GetMessageScopedParams{ID: id, Everything: scope.All, Agent: scope.Agent})
	if IsNone(err) {
		return desk.Message{}, desk.NotFound("message")
	}
	return MessageOf(row), err
}

// FindNamed gives the Messages that have these wamid digests, each of which is of one Inbox.
func (s *Store) FindNamed(ctx context.Context, digests [][]byte) ([]desk.Message, error) {
	var found []desk.Message
	err := findSet(ctx, s.asked(), "SELECT "+messageColumns+" FROM message WHERE wamid_digest IN", "", nil, digests,
		scanMessage(func(m desk.Message) { found = append(found, m) }))
	return found, unavailable(err)
}

// FindChanges gives the Messages that change those with these wamid digests, in the order in
// which they were made.
func (s *Store) FindChanges(ctx context.Context, digests [][]byte) ([]desk.Message, error) {
	var found []desk.Message
	err := findSet(ctx, s.asked(), "SELECT "+messageColumns+" FROM message WHERE about_digest IN",
		"AND kind IN ('reaction', 'edit', 'revoke')", nil, digests, scanMessage(func(m desk.Message) { found = append(found, m) }))
	slices.SortFunc(found, func(a, b desk.Message) int {
		return cmp.Or(a.ThreadAt.Compare(b.ThreadAt), cmp.Compare(a.Position, b.Position))
	})
	return found, unavailable(err)
}

// MessageOf reads a row.
func MessageOf(m rows.Message) desk.Message {
	return desk.Message{
		ID: m.ID, Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact, Conversation: m.Conversation,
		Direction: m.Direction, Kind: m.Kind, Position: m.Position, At: m.At.Time, ExternalAt: m.ExternalAt.Time,
		ThreadAt: m.ThreadAt.Time, Late: m.Late, Content: m.Content, WamidDigest: m.WamidDigest, AboutDigest: m.AboutDigest, Wamid: m.Wamid,
		Status: m.Status, StatusAt: m.StatusAt.Time, Failure: m.Failure, Origin: m.Origin, Author: m.AuthorID,
	}
}
