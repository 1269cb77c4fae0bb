package oversight

import (
	"context"
	"math"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Openings record that somebody looked, before anything is shown.
type Openings interface {
	Open(ctx context.Context, e desk.AuditEntry) error
}

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// most is how far apart the order of numbers and that of times may be: entries are
// timed when their transaction begins and numbered after it committed, and clocks of
// nodes differ by seconds.
const most = 10 * time.Minute

// Oversight reads for those who watch over the house.
type Oversight struct {
	store    *store.Store
	openings Openings
	node     Node
}

// New makes Oversight.
func New(s *store.Store, o Openings, n Node) *Oversight {
	return &Oversight{store: s, openings: o, node: n}
}

// Entries gives a page of the audit log, the newest first, and the number from which
// the next one goes on, 0 at the end. A page may be shorter than its limit. Reading it is
// an act itself. Whoever narrows it to one colleague needs what the Controllers chose:
// desk.CodeApproval until a second person agreed, desk.CodeForbidden if the data-protection
// officer alone may (§ 87(1) no. 6 BetrVG).
func (o *Oversight) Entries(ctx context.Context, actor desk.Actor, q desk.AuditQuery) ([]desk.AuditEntry, int64, error) {
	limit, err := checkQuery(q)
	if err != nil {
		return nil, 0, err
	}
	entry := desk.AuditEntry{Actor: actor, Act: desk.ActAuditOpened, Subject: "audit"}
	if err := o.admit(ctx, actor, q, &entry); err != nil {
		return nil, 0, err
	}
	if err := o.openings.Open(ctx, entry); err != nil {
		return nil, 0, err
	}
	after, before, err := o.bounds(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	found, err := o.find(ctx, q, after, before, int32(limit+1))
	if err != nil {
		return nil, 0, err
	}
	entries, next := page(found, limit)
	if q.Scope.All {
		return entries, next, nil
	}
	v, err := o.veil(ctx, q.Scope)
	return v.entries(q, entries), next, err
}

// page makes one of what was found, which is one more than fits if another page follows.
func page(found []rows.AuditEntry, limit int) (entries []desk.AuditEntry, next int64) {
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].N.Int64
	}
	entries = make([]desk.AuditEntry, len(found))
	for i, row := range found {
		var err error
		if entries[i], err = store.AuditEntryOf(row); err != nil {
			entries[i].Detail = nil // it was altered: a verification says so, and the rest is shown
		}
	}
	return entries, next
}

func checkQuery(q desk.AuditQuery) (limit int, err error) {
	switch {
	case q.Before < 0:
		return 0, desk.Invalid("cursor", "is not a cursor of this list")
	case !q.Until.IsZero() && !q.From.IsZero() && !q.From.Before(q.Until):
		return 0, desk.Invalid("to", "must be later than from")
	}
	if strings.Trim(string(q.Act), "abcdefghijklmnopqrstuvwxyz_.") != "" {
		return 0, desk.Invalid("act", "is not of the form noun.act")
	}
	if err := checkSubject(q.Subject); err != nil {
		return 0, err
	}
	return limitOf(q.Limit)
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

// checkSubject knows the form of a subject; it may also be one word, such as list.
func checkSubject(s string) error {
	if len(s) > 100 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-:") != "" {
		return desk.Invalid("subject", "is not of the form noun:id")
	}
	return nil
}

// bounds gives the numbers between which the entries of a time must be, so that an old
// day is found without reading everything since.
func (o *Oversight) bounds(ctx context.Context, q desk.AuditQuery) (after, before int64, err error) {
	before = math.MaxInt64
	if q.Before > 0 {
		before = q.Before
	}
	if !q.From.IsZero() {
		after, err = o.store.Read().LastEntryBefore(ctx, desk.AsMillis(q.From.Add(-most)))
		if err != nil && !store.IsNone(err) {
			return 0, 0, err
		}
	}
	if !q.Until.IsZero() {
		first, err := o.store.Read().FirstEntrySince(ctx, desk.AsMillis(q.Until.Add(most)))
		if err == nil {
			before = min(before, first)
		} else if !store.IsNone(err) {
			return 0, 0, err
		}
	}
	return after, before, nil
}

// find asks by what leaves the fewest: the subject, then who acted, then the act. Each
// of them has an index of its own.
func (o *Oversight) find(ctx context.Context, q desk.AuditQuery, after, before int64, page int32) ([]rows.AuditEntry, error) {
	from, until := times(q.From, q.Until)
	r, all, who := o.store.Read(), q.Scope.All, q.Scope.Agent
	switch {
	case q.Subject != "":
		return r.ReadEntriesAbout(ctx, rows.ReadEntriesAboutParams{
			Subject: q.Subject, Act: string(q.Act), AnyActor: q.Agent.IsZero(), ActorID: q.Agent,
			AfterN: after, BeforeN: before, FromAt: from, UntilAt: until, Everything: all, Agent: who, Page: page})
	case !q.Agent.IsZero():
		return r.ReadEntriesOfActor(ctx, rows.ReadEntriesOfActorParams{
			ActorID: q.Agent, Act: string(q.Act),
			AfterN: after, BeforeN: before, FromAt: from, UntilAt: until, Everything: all, Agent: who, Page: page})
	case q.Act != "":
		return r.ReadEntriesOfAct(ctx, rows.ReadEntriesOfActParams{
			Act: q.Act, AfterN: after, BeforeN: before, FromAt: from, UntilAt: until, Everything: all, Agent: who, Page: page})
	}
	return r.ReadEntries(ctx, rows.ReadEntriesParams{
		AfterN: after, BeforeN: before, FromAt: from, UntilAt: until, Everything: all, Agent: who, Page: page})
}

// times are the bounds of a time, those that are missing as far away as can be.
func times(from, until time.Time) (desk.Millis, desk.Millis) {
	if from.IsZero() {
		from = time.UnixMilli(0)
	}
	if until.IsZero() {
		until = time.UnixMilli(math.MaxInt64 / 2)
	}
	return desk.AsMillis(from), desk.AsMillis(until)
}
