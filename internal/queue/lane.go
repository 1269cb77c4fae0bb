package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Lane is an ordered line of work of one kind.
type Lane struct {
	Kind string // who works it, e.g. "inbound"
	Name string // unique among all lanes, e.g. "inbound/0192…"
}

// Enqueue adds Jobs to the lane within tx and wakes the workers after commit.
// A Job without id gets one; a Job without due time is due at once.
func Enqueue(ctx context.Context, tx *store.Tx, lane Lane, jobs ...desk.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	due := jobs[0].DueAt
	for i := range jobs {
		jobs[i].Lane = lane.Name
		if jobs[i].ID.IsZero() {
			jobs[i].ID = desk.NewID[desk.Job]()
		}
		if jobs[i].DueAt.IsZero() {
			jobs[i].DueAt = tx.Now()
		}
		if due.IsZero() || jobs[i].DueAt.Before(due) {
			due = jobs[i].DueAt
		}
	}
	if err := tx.AddJobs(ctx, jobs); err != nil {
		return fmt.Errorf("enqueue into %s: %w", lane.Kind, err)
	}
	tx.Wake(lane.Kind)
	return Raise(ctx, tx, lane, due)
}

// Raise makes the lane due at that time or sooner.
func Raise(ctx context.Context, tx *store.Tx, lane Lane, due time.Time) error {
	tx.Wake(lane.Kind)
	return tx.RaiseLane(ctx, rows.RaiseLaneParams{Name: lane.Name, Kind: lane.Kind, DueAt: desk.AsMillis(due)})
}

// ErrLost says that another node holds the lane now. What the transaction did is
// rolled back.
var ErrLost = errors.New("the lane is held by another node")

// Held is a lane while this node works it.
type Held struct {
	Lane  Lane
	node  string
	token int64
}

// Fence fails the transaction if the lane was lost. Call it last: it holds the
// lane's row until commit.
func (h *Held) Fence(ctx context.Context, tx *store.Tx) error {
	n, err := tx.FenceLane(ctx, rows.FenceLaneParams{Name: h.Lane.Name, Token: h.token, Holder: h.node})
	if err == nil && n == 0 {
		return ErrLost
	}
	return err
}

// Finish removes finished Jobs within tx and fences.
func (h *Held) Finish(ctx context.Context, tx *store.Tx, done ...desk.JobID) error {
	if err := tx.DropJobs(ctx, done); err != nil {
		return err
	}
	return h.Fence(ctx, tx)
}

// Delay puts a Job off, and with it its whole lane, within tx and fences.
func (h *Held) Delay(ctx context.Context, tx *store.Tx, id desk.JobID, until time.Time) error {
	if err := tx.DelayJob(ctx, rows.DelayJobParams{ID: id, DueAt: desk.AsMillis(until)}); err != nil {
		return err
	}
	return h.Fence(ctx, tx)
}

// KindInbound is the kind of lane that Deliveries wait in.
const KindInbound = "inbound"

// Inbound is the lane that Deliveries to an Inbox are worked in.
func Inbound(id desk.InboxID) Lane {
	return Lane{Kind: KindInbound, Name: KindInbound + "/" + id.String()}
}

// KindAnswers is the kind of lane that automatic answers are made in.
const KindAnswers = "answers"

// answerLanes is how many lanes an Inbox has for automatic answers: more than one, so that a
// crowd does not wait in one line, and few, so that a batch that takes a crowd in raises few.
const answerLanes = 16

// Answers is the lane that automatic answers in a Conversation are made in. A Job names the
// Message that asks for them.
func Answers(inbox desk.InboxID, id desk.ConversationID) Lane {
	return Lane{Kind: KindAnswers, Name: fmt.Sprintf("%s/%s/%d", KindAnswers, inbox, id[len(id)-1]%answerLanes)}
}

// KindFiles is the kind of lane that files are fetched in.
const KindFiles = "files"

// files is the lane of one Message's file: one that does not come holds up no other.
func files(id desk.MessageID) Lane {
	return Lane{Kind: KindFiles, Name: KindFiles + "/" + id.String()}
}

// EnqueueFiles asks for the files of these Messages to be fetched.
func EnqueueFiles(ctx context.Context, tx *store.Tx, ids ...desk.MessageID) error {
	if len(ids) == 0 {
		return nil
	}
	jobs, lanes := make([]desk.Job, len(ids)), make([]rows.RaiseLaneParams, len(ids))
	for i, id := range ids {
		lane := files(id)
		jobs[i] = desk.Job{ID: desk.NewID[desk.Job](), Lane: lane.Name, Ref: id, Ordinal: tx.Now().UnixMilli(), DueAt: tx.Now()}
		lanes[i] = rows.RaiseLaneParams{Name: lane.Name, Kind: lane.Kind, DueAt: tx.Stamp()}
	}
	if err := tx.AddJobs(ctx, jobs); err != nil {
		return fmt.Errorf("enqueue into %s: %w", KindFiles, err)
	}
	tx.Wake(KindFiles)
	return tx.RaiseLanes(ctx, lanes)
}

// HurryFile makes the fetching of a Message's file due at once; false if nobody waits to
// fetch it.
func HurryFile(ctx context.Context, tx *store.Tx, id desk.MessageID) (bool, error) {
	lane := files(id)
	n, err := tx.HurryJobs(ctx, rows.HurryJobsParams{Lane: lane.Name, DueAt: tx.Stamp()})
	if err != nil || n == 0 {
		return false, err
	}
	return true, Raise(ctx, tx, lane, tx.Now())
}
