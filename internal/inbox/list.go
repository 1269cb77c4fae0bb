package inbox

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Query says which Conversations a list shows, and in which order.
type Query struct {
	View   desk.View
	Sort   desk.Sort    // empty: SortNewest
	Inbox  desk.InboxID // zero: all in the Scope
	Limit  int          // 0: DefaultLimit
	Cursor string       // Next of the page before; empty: the first page
}

// Page is a part of a list. Next is empty at its end.
type Page[T any] struct {
	Items []T
	Next  string
}

// List gives a page of Conversations.
func (b *Inbox) List(ctx context.Context, v Viewer, q Query) (Page[Conversation], error) {
	var page Page[Conversation]
	limit, err := limitOf(q.Limit)
	if err != nil {
		return page, err
	}
	from, err := startOf(q)
	if err != nil {
		return page, err
	}
	inboxes, err := b.listed(ctx, v.Scope, q.Inbox)
	if err != nil {
		return page, err
	}
	var found []desk.Conversation
	for _, in := range inboxes {
		part, err := b.part(ctx, v, q.View, in.ID, from, limit+1)
		if err != nil {
			return page, err
		}
		found = append(found, part...)
	}
	slices.SortFunc(found, func(a, b desk.Conversation) int { return from.compare(&a, &b) })
	if len(found) > limit {
		found = found[:limit]
		page.Next = from.at(&found[limit-1]).String()
	}
	if len(found) > 0 {
		if err := b.openings.Open(ctx, desk.AuditEntry{Actor: v.Actor, Act: desk.ActListOpened, Subject: "list"}); err != nil {
			return page, err
		}
	}
	page.Items, err = b.showTo(ctx, v, found)
	return page, err
}

// Looked notes that the Agent sees lists and their news.
func (b *Inbox) Looked(ctx context.Context, actor desk.Actor) error {
	return b.openings.Open(ctx, desk.AuditEntry{Actor: actor, Act: desk.ActListOpened, Subject: "list"})
}

func limitOf(n int) (int, error) {
	switch {
	case n == 0:
		return DefaultLimit, nil
	case n < 1 || n > MaxLimit:
		return 0, desk.Invalid("limit", "must be between 1 and 200")
	}
	return n, nil
}

// listed gives the Inboxes in the Scope, or the one asked for.
func (b *Inbox) listed(ctx context.Context, scope desk.Scope, only desk.InboxID) ([]*directory.Entry, error) {
	all, err := b.Inboxes(ctx, scope)
	if err != nil || only.IsZero() {
		return all, err
	}
	for _, e := range all {
		if e.ID == only {
			return []*directory.Entry{e}, nil
		}
	}
	return nil, desk.NotFound("inbox")
}

// part reads one Inbox's share of a page.
func (b *Inbox) part(ctx context.Context, v Viewer, view desk.View, in desk.InboxID, from place, page int) ([]desk.Conversation, error) {
	var listed []rows.Conversation
	var err error
	if from.sort == desk.SortDue {
		listed, err = b.partDue(ctx, v, view, in, from, int32(page))
	} else {
		listed, err = b.partNewest(ctx, v, view, in, from, int32(page))
	}
	out := make([]desk.Conversation, len(listed))
	for i, row := range listed {
		out[i] = store.ConversationOf(row)
	}
	return out, err
}

var errView = desk.Invalid("view", "must be mine, unassigned, all or closed")

func (b *Inbox) partNewest(ctx context.Context, v Viewer, view desk.View, in desk.InboxID, from place, page int32) ([]rows.Conversation, error) {
	q, at, id := b.store.Read(), from.millis(), from.id
	switch view {
	case desk.ViewMine:
		return q.ListOwnedConversations(ctx, rows.ListOwnedConversationsParams{
			Inbox: in, AssigneeID: v.Actor.Agent, BeforeAt: at, BeforeID: id, Page: page})
	case desk.ViewUnassigned:
		return q.ListUnownedConversations(ctx, rows.ListUnownedConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: page})
	case desk.ViewAll, "":
		return q.ListOpenConversations(ctx, rows.ListOpenConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: page})
	case desk.ViewClosed:
		return q.ListClosedConversations(ctx, rows.ListClosedConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: page})
	default:
		return nil, errView
	}
}

func (b *Inbox) partDue(ctx context.Context, v Viewer, view desk.View, in desk.InboxID, from place, page int32) ([]rows.Conversation, error) {
	q := b.store.Read()
	switch view {
	case desk.ViewMine:
		return q.ListOwnedConversationsDue(ctx, rows.ListOwnedConversationsDueParams{
			Inbox: in, AssigneeID: v.Actor.Agent, AfterDue: from.n, AfterID: from.id, Page: page})
	case desk.ViewUnassigned:
		return q.ListUnownedConversationsDue(ctx, rows.ListUnownedConversationsDueParams{Inbox: in, AfterDue: from.n, AfterID: from.id, Page: page})
	case desk.ViewAll, "":
		return q.ListOpenConversationsDue(ctx, rows.ListOpenConversationsDueParams{Inbox: in, AfterDue: from.n, AfterID: from.id, Page: page})
	case desk.ViewClosed:
		return nil, desk.Invalid("sort", "must be newest for what is closed: nothing is due there")
	default:
		return nil, errView
	}
}

// place is where a page ended, in one of the orders.
type place struct {
	sort desk.Sort
	n    int64 // milliseconds of LastAt, or Due
	id   desk.ConversationID
}

func (p place) millis() desk.Millis { return millis(p.n) }

// at gives the place of c in the same order.
func (p place) at(c *desk.Conversation) place {
	if p.sort == desk.SortDue {
		return place{p.sort, c.Due(), c.ID}
	}
	return place{p.sort, c.LastAt.UnixMilli(), c.ID}
}

func (p place) compare(a, b *desk.Conversation) int {
	at, to := p.at(a), p.at(b)
	order := cmp.Or(cmp.Compare(at.n, to.n), bytes.Compare(at.id[:], to.id[:]))
	if p.sort == desk.SortDue {
		return order
	}
	return -order
}

// startOf gives the place that a query's page begins behind.
func startOf(q Query) (place, error) {
	p := place{sort: q.Sort, n: math.MaxInt64 / 2}
	switch q.Sort {
	case desk.SortNewest, "":
	case desk.SortDue:
		p.n = -1
	default:
		return p, desk.Invalid("sort", "must be newest or due")
	}
	if q.Cursor == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || len(b) != len(p.prefix())+8+16 || !bytes.HasPrefix(b, p.prefix()) {
		return p, desk.Invalid("cursor", "is not a cursor of this list")
	}
	b = b[len(p.prefix()):]
	p.n, p.id = int64(binary.BigEndian.Uint64(b)), desk.ConversationID(b[8:])
	return p, nil
}

// prefix tells the cursors of one order from those of the other.
func (p place) prefix() []byte {
	if p.sort == desk.SortDue {
		return []byte{'d'}
	}
	return nil
}

// String writes the place as a cursor.
func (p place) String() string {
	b := binary.BigEndian.AppendUint64(p.prefix(), uint64(p.n))
	return base64.RawURLEncoding.EncodeToString(append(b, p.id[:]...))
}
