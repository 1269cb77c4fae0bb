package inbox

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Entry is one thing in a thread: a Message or a Turn.
type Entry struct {
	Message *Message
	Turn    *Turn
}

func (e Entry) spot() spot {
	if e.Message != nil {
		return spot{e.Message.ThreadAt, e.Message.Position}
	}
	return spot{e.Turn.ThreadAt, e.Turn.Position}
}

// Thread gives a page of a Conversation's Messages and Turns, the lowest in the thread
// first. Opening is noted in the audit log first.
func (b *Inbox) Thread(ctx context.Context, v Viewer, id desk.ConversationID, limit int, cursor string) (Page[Entry], error) {
	var page Page[Entry]
	c, before, limit, err := b.reading(ctx, v, id, limit, cursor)
	if err != nil {
		return page, err
	}
	messages, err := b.messages(ctx, c.ID, before, limit+1)
	if err != nil {
		return page, err
	}
	turns, err := b.turns(ctx, c.ID, before, limit+1)
	if err != nil {
		return page, err
	}
	entries := make([]Entry, 0, len(messages)+len(turns))
	for i := range messages {
		entries = append(entries, Entry{Message: &messages[i]})
	}
	for i := range turns {
		entries = append(entries, Entry{Turn: &turns[i]})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return b.spot().compare(a.spot()) })
	if len(entries) > limit {
		entries = entries[:limit]
		page.Next = entries[limit-1].spot().String()
	}
	page.Items = entries
	return page, nil
}

// Messages is Thread without Turns.
func (b *Inbox) Messages(ctx context.Context, v Viewer, id desk.ConversationID, limit int, cursor string) (Page[Message], error) {
	var page Page[Message]
	c, before, limit, err := b.reading(ctx, v, id, limit, cursor)
	if err != nil {
		return page, err
	}
	found, err := b.messages(ctx, c.ID, before, limit+1)
	if len(found) > limit {
		found = found[:limit]
		page.Next = spot{found[limit-1].ThreadAt, found[limit-1].Position}.String()
	}
	page.Items = found
	return page, err
}

// reading notes that a thread is read, and from where.
func (b *Inbox) reading(ctx context.Context, v Viewer, id desk.ConversationID, n int, cursor string) (c desk.Conversation, before spot, limit int, err error) {
	if limit, err = limitOf(n); err != nil {
		return c, before, limit, err
	}
	before = spot{time.UnixMilli(math.MaxInt64 / 2), math.MaxInt64}
	if cursor != "" {
		if before, err = parseSpot(cursor); err != nil {
			return c, before, limit, err
		}
	}
	if c, err = b.store.ConversationWithin(ctx, v.Scope, id); err != nil {
		return c, before, limit, err
	}
	return c, before, limit, b.openings.Open(ctx, opened(v.Actor, &c))
}

func (b *Inbox) messages(ctx context.Context, id desk.ConversationID, before spot, page int) ([]Message, error) {
	listed, err := b.store.Read().ListMessages(ctx, rows.ListMessagesParams{
		Conversation: id, BeforeAt: desk.AsMillis(before.at), BeforePosition: before.position, Page: int32(page),
	})
	if err != nil {
		return nil, err
	}
	found := make([]desk.Message, len(listed))
	for i, row := range listed {
		found[i] = store.MessageOf(row)
	}
	return b.showMessages(ctx, found)
}

func (b *Inbox) turns(ctx context.Context, id desk.ConversationID, before spot, page int) ([]Turn, error) {
	listed, err := b.store.Read().ListTurns(ctx, rows.ListTurnsParams{
		Conversation: id, BeforeAt: desk.AsMillis(before.at), BeforePosition: before.position, Page: int32(page),
	})
	if err != nil {
		return nil, err
	}
	return b.showTurns(ctx, turnsOf(listed))
}

func turnsOf(listed []rows.Turn) []desk.Turn {
	out := make([]desk.Turn, len(listed))
	for i, row := range listed {
		out[i] = store.TurnOf(row)
	}
	return out
}

// spot is where a page of a thread ended.
type spot struct {
	at       time.Time
	position int64
}

func (s spot) compare(other spot) int {
	return cmp.Or(s.at.Compare(other.at), cmp.Compare(s.position, other.position))
}

// String writes the spot as a cursor.
func (s spot) String() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(s.at.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(s.position)))
}

func parseSpot(s string) (spot, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 16 {
		return spot{}, desk.Invalid("cursor", "is not a cursor of this list")
	}
	return spot{time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC(), int64(binary.BigEndian.Uint64(b[8:]))}, nil
}

func millis(n int64) desk.Millis { return desk.AsMillis(time.UnixMilli(n).UTC()) }
