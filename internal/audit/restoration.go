package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// restoration is a moment at which the log was set back to what a backup held.
type restoration struct {
	entry int64 // number of the entry that tells of it
	tail  int64 // number of the last entry that came back
	at    time.Time
}

// restorations reads what the log tells of restores, the newest first. Whether those
// entries are as they were written shows when they are reached.
func restorations(ctx context.Context, q *rows.Queries) ([]restoration, error) {
	found, err := q.ReadEntriesOfAct(ctx, rows.ReadEntriesOfActParams{
		Act: desk.ActBackupRestored, FromAt: desk.AsMillis(time.UnixMilli(0)), UntilAt: desk.AsMillis(time.UnixMilli(math.MaxInt64)), BeforeN: math.MaxInt64, Everything: true, Page: page,
	})
	if err != nil {
		return nil, fmt.Errorf("list restores: %w", err)
	}
	var all []restoration
	for _, e := range found {
		var detail map[string]string
		if json.Unmarshal([]byte(e.Detail), &detail) != nil {
			continue
		}
		if tail, err := strconv.ParseInt(detail["numbered"], 10, 64); err == nil {
			all = append(all, restoration{e.N.Int64, tail, e.At.Time})
		}
	}
	return all, nil
}

// wasLost tells whether entries that a Checkpoint of ours knows went with a restore, and
// blames it. That is a fault all the same: the log does not hold them any more, and
// whether somebody was to restore the house is for people to say.
func (v *Verifier) wasLost(m Attestation) bool {
	for _, r := range v.breaks {
		if r.tail < m.Size && m.At.Time.Before(r.at) {
			v.blame("truncated", r.tail+1, fmt.Sprintf("entries from %d to %d were lost when the house was restored from a backup at %s, as entry %d tells",
				r.tail+1, m.Size, r.at.UTC().Format(time.RFC3339), r.entry))
			return true
		}
	}
	return false
}
