package inbox

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Thread gives a page of a Conversation's Messages, the lowest in the thread first.
// Opening is noted in the audit log first.
func (b *Inbox) Thread(ctx context.Context, v Viewer, id desk.ConversationID, limit int, cursor string) (Page[Message], error) {
	var page Page[Message]
	limit, err := limitOf(limit)
	if err != nil {
		return page, err
	}
	before := spot{time.UnixMilli(math.MaxInt64 / 2), math.MaxInt64}
	if cursor != "" {
		if before, err = parseSpot(cursor); err != nil {
			return page, err
		}
	}
	c, err := b.conversation(ctx, v.Scope, id)
	if err != nil {
		return page, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return page, err
	}
	listed, err := b.store.Read().ListMessages(ctx, rows.ListMessagesParams{
		Conversation: id, BeforeAt: desk.AsMillis(before.at), BeforePosition: before.position, Page: int32(limit + 1),
	})
	if err != nil {
		return page, err
	}
	found := make([]desk.Message, len(listed))
	for i, row := range listed {
		found[i] = store.MessageOf(row)
	}
	if len(found) > limit {
		found = found[:limit]
		page.Next = spot{found[limit-1].ThreadAt, found[limit-1].Position}.String()
	}
	page.Items, err = b.showMessages(ctx, found)
	return page, err
}

// Reply composes through the gate and gives the queued Message.
func (b *Inbox) Reply(ctx context.Context, v Viewer, s outbound.Submission) (Message, error) {
	m, err := b.gate.Compose(ctx, v.Actor, v.Scope, s)
	if err != nil {
		return Message{}, err
	}
	return Message{Message: m, Text: s.Text}, nil
}

// Repeat sends a Message again that failed, or one in doubt if warned.
func (b *Inbox) Repeat(ctx context.Context, v Viewer, id desk.MessageID, warned bool) (Message, error) {
	m, err := b.message(ctx, v.Scope, id)
	if err != nil {
		return Message{}, err
	}
	if err := b.gate.Repeat(ctx, v.Actor, m, warned); err != nil {
		return Message{}, err
	}
	if m, err = b.message(ctx, v.Scope, id); err != nil {
		return Message{}, err
	}
	views, err := b.showMessages(ctx, []desk.Message{m})
	if err != nil {
		return Message{}, err
	}
	return views[0], nil
}

func (b *Inbox) message(ctx context.Context, scope desk.Scope, id desk.MessageID) (desk.Message, error) {
	row, err := b.store.Read().GetMessageScoped(ctx, rows.GetMessageScopedParams{ID: id, Everything: scope.All, Agent: scope.Agent})
	if store.IsNone(err) {
		return desk.Message{}, desk.NotFound("message")
	}
	return store.MessageOf(row), err
}

// Preview tells what the gate would say of a reply now.
func (b *Inbox) Preview(ctx context.Context, v Viewer, id desk.ConversationID) (outcome string, reasons []outbound.Reason, err error) {
	c, err := b.conversation(ctx, v.Scope, id)
	if err != nil {
		return "", nil, err
	}
	return b.gate.Preview(ctx, c)
}

// spot is where a page of a thread ended.
type spot struct {
	at       time.Time
	position int64
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
