package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// recorded is what the log keeps of an entry of the Ledger.
type recorded struct {
	n      int64 // number of the audit entry; 0 while it waits for one
	digest [32]byte
}

// String names the entry of the log.
func (r recorded) String() string {
	if r.n == 0 {
		return "an entry of the log that has no number yet"
	}
	return fmt.Sprintf("the log's entry %d", r.n)
}

// isBefore tells whether r was written first; what waits is the newest.
func (r recorded) isBefore(o recorded) bool { return r.n != 0 && (o.n == 0 || r.n < o.n) }

// note remembers an entry of the log that speaks of one of the Ledger.
func (v *Verifier) note(e *rows.AuditEntry) {
	if e.Act != desk.ActConsentRecorded {
		return
	}
	entry, err := store.AuditEntryOf(*e)
	if err != nil {
		return
	}
	id, err := desk.ParseID[desk.ConsentEntry](entry.Detail["entry"])
	raw, bad := hex.DecodeString(entry.Detail["digest"])
	if err != nil || bad != nil {
		return
	}
	r := recorded{n: e.N.Int64}
	copy(r.digest[:], raw)
	v.ledger[id] = r
}

// lowest is below every id there is.
var lowest = desk.ConsentID{15: 1}

// checkLedger compares the Ledger with what the log keeps of it: one entry that was altered,
// removed or slipped in is found and named (GDPR Art. 5(2), 7(1)).
func (v *Verifier) checkLedger(ctx context.Context, q *rows.Queries) error {
	if v.report.Fault != nil {
		return nil
	}
	if err := v.noteWaiting(ctx, q); err != nil {
		return err
	}
	below, err := q.IsInLedgerUpTo(ctx, lowest)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	if below {
		v.blame("inserted", 0, "an entry was slipped into the ledger with an id that none can have")
		return nil
	}
	unknown, err := v.readLedger(ctx, q)
	if err != nil || v.report.Fault != nil {
		return err
	}
	if v.missingConsent(); v.report.Fault != nil || len(unknown) == 0 {
		return nil
	}
	return v.checkGrown(ctx, q, unknown)
}

// noteWaiting remembers the entries that have no number yet; there are never many.
func (v *Verifier) noteWaiting(ctx context.Context, q *rows.Queries) error {
	waiting, err := q.ListFreshEntries(ctx, math.MaxInt32)
	if err != nil {
		return fmt.Errorf("list waiting entries: %w", err)
	}
	for i := range waiting {
		v.note(&waiting[i])
	}
	return nil
}

// readLedger compares every entry and gives those that the log does not know so far. What
// cannot even be read is looked for in ever smaller parts, as in the log.
func (v *Verifier) readLedger(ctx context.Context, q *rows.Queries) (unknown []desk.ConsentEntry, err error) {
	after, part := lowest, int32(page)
	for {
		entries, err := pageLedger(ctx, q, after, part)
		switch {
		case err != nil && part > 1:
			part /= 2
			continue
		case err != nil && (ctx.Err() != nil || v.store.Ready(ctx) != nil):
			return nil, fmt.Errorf("read the ledger: %w", err)
		case err != nil:
			v.blame("altered", 0, fmt.Sprintf("the entry of the ledger that follows %s was altered: it cannot be read any more", after))
			return nil, nil
		case len(entries) == 0:
			return unknown, nil
		}
		for _, e := range entries {
			if _, known := v.ledger[e.ID]; !known {
				unknown = append(unknown, e)
				continue
			}
			if v.checkConsent(e); v.report.Fault != nil {
				return nil, nil
			}
		}
		after, part = entries[len(entries)-1].ID, min(2*part, page)
	}
}

func pageLedger(ctx context.Context, q *rows.Queries, after desk.ConsentID, part int32) ([]desk.ConsentEntry, error) {
	listed, err := q.PageLedgerUp(ctx, rows.PageLedgerUpParams{After: after, Page: part})
	if err != nil {
		return nil, err
	}
	return store.ConsentEntriesOf(listed)
}

// checkGrown looks for entries in what the log has got since it was read: those that were
// written meanwhile are there, those that were slipped in are not.
func (v *Verifier) checkGrown(ctx context.Context, q *rows.Queries, unknown []desk.ConsentEntry) error {
	if err := v.noteWaiting(ctx, q); err != nil { // before what is numbered: a number may be given in between
		return err
	}
	for after := v.tree.Size(); ; {
		entries, err := q.ListEntries(ctx, rows.ListEntriesParams{AfterN: after, Page: page})
		if err != nil {
			return fmt.Errorf("list entries: %w", err)
		}
		if len(entries) == 0 {
			break
		}
		for i := range entries {
			v.note(&entries[i])
		}
		after = entries[len(entries)-1].N.Int64
	}
	for _, e := range unknown {
		if v.checkConsent(e); v.report.Fault != nil {
			return nil
		}
	}
	return nil
}

func (v *Verifier) checkConsent(e desk.ConsentEntry) {
	r, known := v.ledger[e.ID]
	switch {
	case !known:
		v.blame("inserted", 0, fmt.Sprintf("entry %s was slipped into the ledger: the log knows nothing of it", e.ID))
	case e.Digest() != hex.EncodeToString(r.digest[:]):
		v.blame("altered", r.n, fmt.Sprintf("entry %s of the ledger was altered: %s has another digest", e.ID, r))
	default:
		delete(v.ledger, e.ID)
		v.report.Ledger++
	}
}

// missingConsent blames the oldest entry that the log knows and the Ledger has not.
func (v *Verifier) missingConsent() {
	var first *recorded
	var id desk.ConsentID
	for k, r := range v.ledger {
		if first == nil || r.isBefore(*first) {
			first, id = &r, k
		}
	}
	if first != nil {
		v.blame("missing", first.n, fmt.Sprintf("entry %s is missing from the ledger: %s knows it", id, first))
	}
}
