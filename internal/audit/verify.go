package audit

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"math"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/merkle"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Fault is the first thing that is wrong with the log.
type Fault struct {
	Kind  string `json:"kind"`  // altered, missing, inserted, checkpoint or truncated
	Entry int64  `json:"entry"` // number of the first entry concerned
	Text  string `json:"text"`  // a plain sentence
}

// Report is what Verify found.
type Report struct {
	Entries      int64        `json:"entries"`     // numbered entries read
	Waiting      int64        `json:"waiting"`     // committed and not numbered yet
	Checkpoints  int          `json:"checkpoints"` // signed and right
	Protected    int64        `json:"protected"`   // entries under the last right Checkpoint
	CheckpointAt *time.Time   `json:"checkpoint_at,omitempty"`
	Last         *Attestation `json:"checkpoint,omitempty"` // keep it outside to find a cut tail later
	Ledger       int64        `json:"ledger"`               // entries of the Ledger that are as they were written
	Fault        *Fault       `json:"fault,omitempty"`
}

// Attestation is a Checkpoint as it is written outside: whoever keeps one can prove
// later that the log still begins with the same entries.
type Attestation struct {
	Size      int64       `json:"size"`
	Root      []byte      `json:"root"`
	At        desk.Millis `json:"at"`
	Signature []byte      `json:"signature"`
}

// Verifier reads the log from its first entry.
type Verifier struct {
	// Progress, if there is one, is told now and then how many entries were read, of how
	// many there were at the beginning.
	Progress func(read, size int64)

	store *store.Store
	key   ed25519.PublicKey
	id    desk.InstallationID

	report Report
	tree   merkle.Frontier
	marks  []Attestation // Checkpoints not reached yet, by size
	breaks []restoration // when the log was set back, the newest first
	ledger map[desk.ConsentID]recorded
}

// NewVerifier makes a Verifier for Checkpoints signed with key.
func NewVerifier(s *store.Store, key ed25519.PublicKey, id desk.InstallationID) *Verifier {
	return &Verifier{store: s, key: key, id: id}
}

// Verify reads the whole log; outside are Checkpoints that were kept elsewhere. The
// error says that the log could not be read; what is wrong with it is in the Report.
func (v *Verifier) Verify(ctx context.Context, outside ...Attestation) (Report, error) {
	v.report, v.tree, v.ledger = Report{}, merkle.Frontier{}, map[desk.ConsentID]recorded{}
	q := v.store.Read()
	stored, err := q.ListCheckpoints(ctx)
	if err != nil {
		return v.report, fmt.Errorf("list checkpoints: %w", err)
	}
	size, err := q.GetCounter(ctx, "audit")
	if err != nil {
		return v.report, fmt.Errorf("read the log's size: %w", err)
	}
	if v.report.Waiting, err = q.CountFreshEntries(ctx); err != nil {
		return v.report, fmt.Errorf("count entries: %w", err)
	}
	v.progress(size)
	v.marks = marksOf(stored, outside)
	if v.breaks, err = restorations(ctx, q); err != nil {
		return v.report, err
	}
	if first := v.marks; len(first) > 0 && first[0].Size < 1 {
		v.blameMark(first[0])
	}
	if err := v.read(ctx, q, size); err != nil {
		return v.report, err
	}
	// The log may have grown while it was read, never shrunk: what had been numbered
	// before must be there, and what is there must have been numbered since.
	grown, err := q.GetCounter(ctx, "audit")
	if err != nil {
		return v.report, fmt.Errorf("read the log's size: %w", err)
	}
	v.checkEnd(size, grown)
	return v.report, v.checkLedger(ctx, q)
}

// marksOf gives all Checkpoints in the order of what they cover.
func marksOf(stored []rows.Checkpoint, outside []Attestation) []Attestation {
	marks := slices.Clone(outside)
	for _, c := range stored {
		marks = append(marks, Attestation{Size: c.Size, Root: c.Root, At: c.At, Signature: c.Signature})
	}
	slices.SortStableFunc(marks, func(a, b Attestation) int { return cmp.Compare(a.Size, b.Size) })
	return marks
}

func (v *Verifier) progress(size int64) {
	if v.Progress != nil {
		v.Progress(v.tree.Size(), size)
	}
}

// read checks the entries one after the other. What cannot even be read is looked for
// in ever smaller parts, until one entry is to blame.
func (v *Verifier) read(ctx context.Context, q *rows.Queries, size int64) error {
	after, part := int64(math.MinInt64), int32(page)
	for v.report.Fault == nil {
		entries, err := q.ListEntries(ctx, rows.ListEntriesParams{AfterN: after, Page: part})
		switch {
		case err != nil && part > 1:
			part /= 2
			continue
		case err != nil && (ctx.Err() != nil || v.store.Ready(ctx) != nil):
			return fmt.Errorf("list entries: %w", err)
		case err != nil:
			next := v.tree.Size() + 1
			v.blame("altered", next, fmt.Sprintf("entry %d was altered: it cannot be read any more", next))
		case len(entries) == 0:
			return nil
		}
		for i := range entries {
			if v.check(&entries[i]); v.report.Fault != nil {
				return nil
			}
		}
		after, part = v.tree.Size(), min(2*part, page)
		v.progress(size)
	}
	return nil
}

// check appends the entry as it reads today and compares.
func (v *Verifier) check(e *rows.AuditEntry) {
	next := v.tree.Size() + 1
	leaf := leafOf(e)
	switch {
	case e.N.Int64 < next:
		v.blame("inserted", e.N.Int64, fmt.Sprintf("an entry was slipped in at number %d", e.N.Int64))
		return
	case e.N.Int64 > next:
		v.blame("missing", next, fmt.Sprintf("entry %d is missing", next))
		return
	case !bytes.Equal(leaf[:], e.Leaf):
		v.blame("altered", next, fmt.Sprintf("entry %d was altered", next))
		return
	}
	v.tree.Append(leaf)
	v.note(e)
	v.report.Entries = v.tree.Size()
	for len(v.marks) > 0 && v.marks[0].Size == v.tree.Size() && v.report.Fault == nil {
		v.checkMark(v.marks[0])
		v.marks = v.marks[1:]
	}
}

func (v *Verifier) checkMark(m Attestation) {
	root := v.tree.Root()
	after := v.report.Protected + 1
	switch {
	case !v.isOurs(m):
		v.blameMark(m)
	case !bytes.Equal(root[:], m.Root) && v.wasLost(m):
	case !bytes.Equal(root[:], m.Root):
		v.blame("altered", after, fmt.Sprintf("an entry from %d to %d was altered, removed or slipped in, and its hash with it", after, m.Size))
	default:
		at := m.At.Time
		v.report.Checkpoints++
		v.report.Protected, v.report.CheckpointAt, v.report.Last = m.Size, &at, &m
	}
}

func (v *Verifier) isOurs(m Attestation) bool {
	return ed25519.Verify(v.key, statement(v.id, m.Size, merkle.Hash(pad(m.Root)), m.At), m.Signature)
}

func (v *Verifier) blameMark(m Attestation) {
	v.blame("checkpoint", m.Size, fmt.Sprintf("the signature of the checkpoint over %d entries is not ours", m.Size))
}

// checkEnd finds entries that were cut off behind the last one, or that stand there
// without ever having been numbered. The log had so many entries before it was read,
// and so many after.
func (v *Verifier) checkEnd(before, after int64) {
	if v.report.Fault != nil {
		return
	}
	have := v.tree.Size()
	for _, m := range v.marks {
		if !v.isOurs(m) {
			v.blameMark(m)
			return
		}
	}
	switch {
	case len(v.marks) > 0 && v.wasLost(v.marks[len(v.marks)-1]):
	case len(v.marks) > 0:
		v.blame("truncated", have+1, fmt.Sprintf("entries from %d to %d were cut off: a checkpoint knows them", have+1, v.marks[len(v.marks)-1].Size))
	case before > have:
		v.blame("truncated", have+1, fmt.Sprintf("entries from %d to %d were cut off: they had been numbered", have+1, before))
	case after < have:
		v.blame("inserted", after+1, fmt.Sprintf("entries from %d to %d were slipped in: they had never been numbered", after+1, have))
	}
}

func (v *Verifier) blame(kind string, entry int64, text string) {
	v.report.Fault = &Fault{Kind: kind, Entry: entry, Text: text}
}

// pad keeps a root of the wrong length from being taken for one.
func pad(root []byte) []byte {
	out := make([]byte, len(merkle.Hash{}))
	if len(root) == len(out) {
		copy(out, root)
	}
	return out
}
