package oversight

import (
	"context"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Refusals gives a page of what the gate refused in the Scope, as the audit log keeps it, the
// newest first, and the number from which the next one goes on, 0 at the end (GDPR Art. 5(2),
// 24(1)). Looking is audited.
func (o *Oversight) Refusals(ctx context.Context, actor desk.Actor, q desk.RefusalQuery) ([]desk.AuditEntry, int64, error) {
	limit, err := checkQuery(desk.AuditQuery{From: q.From, Until: q.Until, Before: q.Before, Limit: q.Limit})
	if err != nil {
		return nil, 0, err
	}
	if strings.Trim(q.Reason, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return nil, 0, desk.Invalid("reason", "is not a code of the gate")
	}
	if err := o.openings.Open(ctx, desk.AuditEntry{Actor: actor, Act: desk.ActAuditOpened, Subject: "refusals"}); err != nil {
		return nil, 0, err
	}
	after, before, err := o.bounds(ctx, desk.AuditQuery{From: q.From, Until: q.Until, Before: q.Before})
	if err != nil {
		return nil, 0, err
	}
	from, until := times(q.From, q.Until)
	found, err := o.store.Read().ReadRefusals(ctx, rows.ReadRefusalsParams{
		Act: desk.ActMessageRefused, Pattern: refusedFor(q.Reason), AnyInbox: q.Inbox.IsZero(), Inbox: q.Inbox,
		AfterN: after, BeforeN: before, FromAt: from, UntilAt: until, Everything: q.Scope.All, Agent: q.Scope.Agent, Page: int32(limit + 1),
	})
	if err != nil {
		return nil, 0, err
	}
	entries, next := page(found, limit)
	return entries, next, nil
}

// refusedFor finds a code among the reasons, which stand last in the JSON of a detail. No code
// is part of another.
func refusedFor(code string) string {
	if code == "" {
		return ""
	}
	return `%"reasons":"%` + code + `%`
}
