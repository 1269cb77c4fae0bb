package facts

import (
	"context"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Prove fills in of a grant who uses the number, by the newest Message of the Conversation,
// and wants it to stand: complete, for a Purpose with that legal basis, and younger than the
// last no (GDPR Art. 7(1), § 7(3) UWG). The caller holds the Contact locked.
func Prove(ctx context.Context, q *rows.Queries, now time.Time, in desk.ConversationID, e *desk.ConsentEntry, basis string) error {
	register, err := store.RegisterNow(ctx, q, e.Controller, now)
	if err != nil {
		return err
	}
	p, ok := register.Controller.Named(e.Purpose)
	switch {
	case !ok || p.Basis != basis:
		return desk.Invalid("purpose", "is no purpose of the controller that rests on Art. "+basis)
	case p.IsBarred(register.Footing(deadline.DateOf(now).String())):
		return desk.Invalid("purpose", "rests on a legitimate interest, which an authority has none of")
	}
	if e.ActedAt.After(now) {
		return desk.Invalid("acted_at", "lies in the future")
	}
	if e.Answer, err = q.LastInbound(ctx, in); err != nil && !store.IsNone(err) {
		return err
	}
	identities, err := q.ListIdentities(ctx, e.Contact)
	if err != nil {
		return err
	}
	e.Identity = store.Reached(identities)
	entries, err := store.Ledger(ctx, q, e.Contact)
	if err != nil {
		return err
	}
	next := *e
	next.N, next.At = int64(len(entries)+1), now
	if err := consent.Check(next); err != nil {
		return err
	}
	if s := consent.Now(append(entries, next), e.Contact, e.Purpose, now); s.By.ID != e.ID {
		return desk.Conflict("the contact has said no since")
	}
	return nil
}
