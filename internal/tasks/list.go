package tasks

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Limits of a page.
const (
	defaultLimit = 100
	maxLimit     = 200
	lately       = 50 // of what was done
)

// forever is later than anything is due.
var forever = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// List tells what is to be done, what is due first first, and behind it what was done lately.
// Looking is audited.
func (k *Tasks) List(ctx context.Context, actor desk.Actor, q desk.TaskQuery) (desk.TaskPage, error) {
	var page desk.TaskPage
	var err error
	switch {
	case q.Limit == 0:
		q.Limit = defaultLimit
	case q.Limit < 1 || q.Limit > maxLimit:
		return page, desk.Invalid("limit", "must be between 1 and 200")
	}
	if q.Conversation.IsZero() {
		page, err = k.page(ctx, q)
	} else {
		page, err = k.of(ctx, q)
	}
	if err != nil || len(page.Items) == 0 {
		return page, err
	}
	if err := k.openings.Open(ctx, desk.AuditEntry{Actor: actor, Act: desk.ActListOpened, Subject: "tasks"}); err != nil {
		return desk.TaskPage{}, err
	}
	return page, k.show(ctx, page.Items)
}

// of gives the Tasks of one Conversation, the open ones first.
func (k *Tasks) of(ctx context.Context, q desk.TaskQuery) (desk.TaskPage, error) {
	if _, err := k.store.ConversationWithin(ctx, q.Scope, q.Conversation); err != nil {
		return desk.TaskPage{}, err
	}
	listed, err := k.store.Read().ListConversationTasks(ctx, rows.ListConversationTasksParams{
		Conversation: q.Conversation, Everything: q.Scope.All, Agent: q.Scope.Agent, Page: maxLimit,
	})
	items := shownOf(listed)
	slices.SortStableFunc(items, func(a, b desk.ShownTask) int { return cmp.Compare(doneAt(a), doneAt(b)) })
	if q.Overdue {
		items = slices.DeleteFunc(items, func(t desk.ShownTask) bool { return !t.IsOverdue(k.store.Now()) })
	}
	return desk.TaskPage{Items: items}, err
}

// doneAt orders what is open before what was done, and that the newest first.
func doneAt(t desk.ShownTask) int64 {
	if t.Done == nil {
		return -forever.UnixMilli()
	}
	return -t.Done.At.UnixMilli()
}

// page gives what is open behind the cursor, and at its end what was done.
func (k *Tasks) page(ctx context.Context, q desk.TaskQuery) (desk.TaskPage, error) {
	from, err := placeOf(q.Cursor)
	if err != nil {
		return desk.TaskPage{}, err
	}
	until := forever
	if q.Overdue {
		until = k.store.Now()
	}
	listed, err := k.store.Read().ListOpenTasks(ctx, rows.ListOpenTasksParams{
		AfterDue: desk.AsMillis(from.due), AfterID: from.id, Until: desk.AsMillis(until), Everything: q.Scope.All, Agent: q.Scope.Agent, Page: int32(q.Limit + 1),
	})
	if err != nil {
		return desk.TaskPage{}, err
	}
	var page desk.TaskPage
	upTo := until
	if len(listed) > q.Limit {
		listed = listed[:q.Limit]
		last := listed[q.Limit-1]
		page.Next, upTo = place{last.Due.Time, last.ID}.String(), last.Due.Time
	}
	page.Items = shownOf(listed)
	made, err := k.made(ctx, q)
	if err != nil {
		return page, err
	}
	for _, t := range made {
		if (q.Cursor == "" || t.Due.After(from.due)) && !t.Due.After(upTo) {
			page.Items = append(page.Items, t)
		}
	}
	slices.SortStableFunc(page.Items, func(a, b desk.ShownTask) int { return a.Due.Compare(b.Due) })
	if page.Next != "" || q.Overdue {
		return page, nil
	}
	done, err := k.store.Read().ListDoneTasks(ctx, rows.ListDoneTasksParams{Everything: q.Scope.All, Agent: q.Scope.Agent, Page: lately})
	page.Items = append(page.Items, shownOf(done)...)
	return page, err
}

// made gives what is asked for today without being kept anywhere.
func (k *Tasks) made(ctx context.Context, q desk.TaskQuery) ([]desk.ShownTask, error) {
	still, err := k.paused(ctx, q)
	if err != nil {
		return nil, err
	}
	told, err := k.alerts(ctx, q)
	if err != nil {
		return nil, err
	}
	asked, err := k.registers(ctx, q)
	return slices.Concat(still, told, asked), err
}

// paused gives the Inboxes that the Provider's errors have stopped: late already, as every
// Message waits. What somebody paused, they know of.
func (k *Tasks) paused(ctx context.Context, q desk.TaskQuery) (all []desk.ShownTask, err error) {
	if !q.Inboxes {
		return nil, nil
	}
	pauses, err := k.store.Read().ListInboxPauses(ctx)
	if err != nil || len(pauses) == 0 {
		return nil, err
	}
	inboxes, err := k.store.Read().ListInboxes(ctx)
	if err != nil {
		return nil, err
	}
	for _, in := range inboxes {
		at := slices.IndexFunc(pauses, func(p rows.InboxPause) bool { return p.Inbox == in.ID })
		if at < 0 || !store.PauseOf(pauses[at]).BySystem() {
			continue
		}
		all = append(all, desk.ShownTask{Task: desk.Task{
			Controller: in.Controller, Inbox: in.ID, Kind: desk.TaskPaused, Due: pauses[at].At.Time, Code: pauses[at].Code,
			Opened: desk.TaskOpening{At: pauses[at].At.Time, By: string(desk.ActorSystem)},
		}})
	}
	return all, nil
}

// registers gives what the registers in the Scope ask for today.
func (k *Tasks) registers(ctx context.Context, q desk.TaskQuery) (all []desk.ShownTask, err error) {
	if !q.Register {
		return nil, nil
	}
	var listed []rows.Controller
	if q.Scope.All {
		listed, err = k.store.Read().ListControllers(ctx)
	} else {
		listed, err = k.store.Read().ListControllersOf(ctx, q.Scope.Agent)
	}
	if err != nil {
		return nil, err
	}
	for _, c := range listed {
		r, err := store.RegisterNow(ctx, k.store.Read(), c.ID, k.store.Now())
		if err != nil {
			return nil, err
		}
		given, err := store.Givings(ctx, k.store.Read(), c.ID, k.store.Now())
		if err != nil {
			return nil, err
		}
		all = append(all, asked(r, given, k.store.Now().In(k.zone))...)
	}
	return all, nil
}

// Count tells how much is open in the Scope, and how much of that is overdue.
func (k *Tasks) Count(ctx context.Context, q desk.TaskQuery) (desk.TaskCount, error) {
	now := k.store.Now()
	n, err := k.store.Read().CountOpenTasks(ctx, rows.CountOpenTasksParams{Now: desk.AsMillis(now), Everything: q.Scope.All, Agent: q.Scope.Agent})
	if err != nil {
		return desk.TaskCount{}, err
	}
	made, err := k.made(ctx, q)
	count := desk.TaskCount{Open: n.Open + int64(len(made)), Overdue: n.Overdue, Failed: n.Failed}
	for _, t := range made {
		if t.IsOverdue(now) {
			count.Overdue++
		}
	}
	return count, err
}

func shownOf(listed []rows.Task) []desk.ShownTask {
	out := make([]desk.ShownTask, len(listed))
	for i, row := range listed {
		out[i].Task = store.TaskOf(row)
		out[i].Day = dayOf(out[i].Task)
	}
	return out
}

// show opens the words of Tasks. What cannot be opened any more is left out: the Task stands
// without it.
func (k *Tasks) show(ctx context.Context, items []desk.ShownTask) error {
	opening := k.vault.Opening(vault.ReasonView)
	for i := range items {
		t := &items[i]
		if !t.Note.IsEmpty() {
			vault.Add(opening, vault.ContactOwner(t.Contact), vault.TaskNotePlace(t.ID), t.Note, &t.Words)
		}
		if t.Done != nil && !t.Done.Reason.IsEmpty() {
			vault.Add(opening, vault.ContactOwner(t.Contact), vault.TaskReasonPlace(t.ID), t.Done.Reason, &t.Reason)
		}
	}
	if err := opening.Run(ctx); err != nil && !errors.Is(err, vault.ErrUnreadable) {
		return err
	}
	return nil
}

// place is where a page ended.
type place struct {
	due time.Time
	id  desk.TaskID
}

func (p place) String() string { return strconv.FormatInt(p.due.UnixMilli(), 10) + "." + p.id.String() }

// placeOf reads a cursor; an empty one is the beginning.
func placeOf(cursor string) (place, error) {
	if cursor == "" {
		return place{due: time.UnixMilli(1)}, nil
	}
	due, id, _ := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(due, 10, 64)
	task, wrong := desk.ParseID[desk.Task](id)
	if err != nil || wrong != nil {
		return place{}, desk.Invalid("cursor", "is not a cursor of this list")
	}
	return place{time.UnixMilli(n), task}, nil
}
