package store

import (
	"context"
	"math/rand/v2"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// RegisterEntryOf reads a row.
func RegisterEntryOf(r rows.Register) desk.RegisterEntry {
	return desk.RegisterEntry{
		Controller: r.Controller, Kind: r.Kind, Subject: r.SubjectID, Version: r.Version, At: r.At.Time, By: r.Actor, Active: r.Active, Facts: r.Facts,
	}
}

// Register reads what a Controller's register said at a moment.
func Register(ctx context.Context, q *rows.Queries, id desk.ControllerID, at time.Time) (desk.Register, error) {
	listed, err := q.ListRegister(ctx, rows.ListRegisterParams{Controller: id, At: desk.AsMillis(at)})
	if err != nil {
		return desk.Register{}, err
	}
	entries := make([]desk.RegisterEntry, len(listed))
	for i, row := range listed {
		entries[i] = RegisterEntryOf(row)
	}
	return desk.ReadRegister(entries)
}

// RegisterNow reads what a Controller's register says now. An entry may be dated a little
// ahead of this node's clock, by that of another or behind the version before it; it counts
// all the same.
func RegisterNow(ctx context.Context, q *rows.Queries, id desk.ControllerID, now time.Time) (desk.Register, error) {
	return Register(ctx, q, id, now.Add(time.Hour))
}

// AddRegisterEntry writes the next version of a row of the register, and draws the number
// anew by which others see that theirs is old. Nothing is written for what says nothing new.
func (tx *Tx) AddRegisterEntry(ctx context.Context, e desk.RegisterEntry) error {
	before, err := tx.ListRegisterVersions(ctx, rows.ListRegisterVersionsParams{Controller: e.Controller, Kind: e.Kind, SubjectID: e.Subject})
	if err != nil {
		return err
	}
	at := tx.now
	if len(before) > 0 {
		if last := before[0]; last.Facts == e.Facts && last.Active == e.Active {
			return nil
		}
		e.Version = before[0].Version
		if !at.After(before[0].At.Time) { // clocks of several nodes differ; versions are in order all the same
			at = before[0].At.Add(time.Millisecond)
		}
	}
	if err := tx.Queries.AddRegisterEntry(ctx, rows.AddRegisterEntryParams{
		Controller: e.Controller, Kind: e.Kind, SubjectID: e.Subject, Version: e.Version + 1, At: desk.AsMillis(at),
		Actor: e.By, Active: e.Active, Facts: e.Facts,
	}); err != nil {
		return err
	}
	return tx.stampRegister(ctx, e.Controller)
}

// NoticeOf reads a row.
func NoticeOf(r rows.Notice) desk.Notice {
	return desk.Notice{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Version: r.Version, Language: r.Language, Tone: r.Tone, Digest: r.Digest,
		Short: r.Short, Long: r.Long, At: r.At.Time, By: r.Actor, Material: r.Material,
	}
}

// AddNotices writes a new version of an Inbox's Notice, in all its languages.
func (tx *Tx) AddNotices(ctx context.Context, notices ...desk.Notice) error {
	for _, n := range notices {
		if err := tx.AddNotice(ctx, rows.AddNoticeParams{
			ID: n.ID, Controller: n.Controller, Inbox: n.Inbox, Version: n.Version, Language: n.Language, Tone: n.Tone, Digest: n.Digest,
			Short: n.Short, Long: n.Long, At: tx.Stamp(), Actor: n.By, Material: n.Material,
		}); err != nil {
			return err
		}
	}
	if len(notices) == 0 {
		return nil
	}
	return tx.stampRegister(ctx, notices[0].Controller)
}

// stampRegister draws a number that no state of the register had before, one that was never
// committed included: a count would come twice after a rollback.
func (tx *Tx) stampRegister(ctx context.Context, id desk.ControllerID) error {
	return tx.StampRegister(ctx, rows.StampRegisterParams{ID: id, Register: rand.Int64()})
}

// Givings reads which Notice each Inbox of a Controller gave at a moment.
func Givings(ctx context.Context, q *rows.Queries, id desk.ControllerID, at time.Time) ([]desk.Giving, error) {
	inboxes, err := q.ListInboxes(ctx)
	if err != nil {
		return nil, err
	}
	listed, err := q.ListNoticeDigests(ctx, rows.ListNoticeDigestsParams{Controller: id, At: desk.AsMillis(at)})
	if err != nil {
		return nil, err
	}
	digests := map[desk.InboxID]map[string]string{}
	for _, n := range listed { // versions ascend: the newest stays
		if digests[n.Inbox] == nil {
			digests[n.Inbox] = map[string]string{}
		}
		digests[n.Inbox][n.Language] = n.Digest
	}
	var out []desk.Giving
	for _, i := range inboxes {
		if i.Controller == id && !i.CreatedAt.Time.After(at) {
			out = append(out, desk.Giving{Inbox: i.ID, Name: i.Name, Digests: digests[i.ID]})
		}
	}
	return out, nil
}
