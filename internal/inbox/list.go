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
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Query says which Conversations a list shows, the newest first.
type Query struct {
	View   desk.View
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
	before := place{at: time.UnixMilli(math.MaxInt64 / 2)}
	if q.Cursor != "" {
		if before, err = parsePlace(q.Cursor); err != nil {
			return page, err
		}
	}
	inboxes, err := b.listed(ctx, v.Scope, q.Inbox)
	if err != nil {
		return page, err
	}
	var found []desk.Conversation
	for _, in := range inboxes {
		part, err := b.part(ctx, v, q.View, in.ID, before, limit+1)
		if err != nil {
			return page, err
		}
		found = append(found, part...)
	}
	slices.SortFunc(found, newestFirst)
	if len(found) > limit {
		found = found[:limit]
		page.Next = place{found[limit-1].LastAt, found[limit-1].ID}.String()
	}
	if len(found) > 0 {
		if err := b.openings.Open(ctx, desk.AuditEntry{Actor: v.Actor, Act: desk.ActListOpened, Subject: "list"}); err != nil {
			return page, err
		}
	}
	page.Items, err = b.show(ctx, found)
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

func newestFirst(a, b desk.Conversation) int {
	return cmp.Or(b.LastAt.Compare(a.LastAt), slices.Compare(b.ID[:], a.ID[:]))
}

// part reads one Inbox's share of a page.
func (b *Inbox) part(ctx context.Context, v Viewer, view desk.View, in desk.InboxID, before place, page int) ([]desk.Conversation, error) {
	var listed []rows.Conversation
	var err error
	at, id, size := desk.AsMillis(before.at), before.id, int32(page)
	q := b.store.Read()
	switch view {
	case desk.ViewMine:
		listed, err = q.ListOwnedConversations(ctx, rows.ListOwnedConversationsParams{
			Inbox: in, AssigneeID: v.Actor.Agent, BeforeAt: at, BeforeID: id, Page: size})
	case desk.ViewUnassigned:
		listed, err = q.ListUnownedConversations(ctx, rows.ListUnownedConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: size})
	case desk.ViewAll, "":
		listed, err = q.ListOpenConversations(ctx, rows.ListOpenConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: size})
	case desk.ViewClosed:
		listed, err = q.ListClosedConversations(ctx, rows.ListClosedConversationsParams{Inbox: in, BeforeAt: at, BeforeID: id, Page: size})
	default:
		return nil, desk.Invalid("view", "must be mine, unassigned, all or closed")
	}
	out := make([]desk.Conversation, len(listed))
	for i, row := range listed {
		out[i] = store.ConversationOf(row)
	}
	return out, err
}

// place is where a page ended.
type place struct {
	at time.Time
	id desk.ConversationID
}

// String writes the place as a cursor.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(p.at.UnixMilli())), p.id[:]...))
}

func parsePlace(s string) (place, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 8+16 {
		return place{}, desk.Invalid("cursor", "is not a cursor of this list")
	}
	return place{time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC(), desk.ConversationID(b[8:])}, nil
}
