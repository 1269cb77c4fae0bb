package settings

import (
	"context"
	"encoding/json"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// NoticeText is what a Notice says, in two layers.
type NoticeText = papers.Notice

// NoticeProblem is what is wrong with one, or with a line.
type NoticeProblem = papers.Problem

// NoticeDraft is the Notice that the register would give today, in one language.
type NoticeDraft struct {
	Language string
	Notice   NoticeText
	Problems []NoticeProblem // why it cannot be put to use; none: it can
	InUse    *desk.Notice    // the one in use; nil: none is
	Stale    bool            // the one in use says something else
	Lines    []NoticeLine    // what is told beside it, as it would be sent today
}

// NoticeLine is what a Contact is told on an Occasion.
type NoticeLine struct {
	On       desk.Occasion
	Text     string
	Problems []NoticeProblem // why it is not told; none: it is
}

// DraftNotice makes the Notice of an Inbox from the register, in every language.
func (s *Settings) DraftNotice(ctx context.Context, id desk.InboxID) ([]NoticeDraft, error) {
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := store.RegisterNow(ctx, s.store.Read(), inbox.Controller, s.store.Now())
	if err != nil {
		return nil, err
	}
	listed, err := s.store.Read().ListNotices(ctx, id)
	if err != nil {
		return nil, err
	}
	return drafts(r, listed, r.Footing(s.store.Today())), nil
}

// drafts makes the Notice in every language and compares it with the newest of the list.
func drafts(r desk.Register, listed []rows.Notice, on desk.Footing) []NoticeDraft {
	out := make([]NoticeDraft, len(papers.Languages))
	for i, lang := range papers.Languages {
		f := papers.FactsOf(r, lang, on)
		n := papers.MakeNotice(f)
		out[i] = NoticeDraft{Language: string(lang), Notice: n, Problems: papers.Lint(n, f)}
		for _, row := range listed {
			if row.Language == string(lang) && (out[i].InUse == nil || row.Version > out[i].InUse.Version) {
				inUse := store.NoticeOf(row)
				out[i].InUse = &inUse
			}
		}
		out[i].Stale = out[i].InUse != nil && out[i].InUse.Digest != n.Digest()
		out[i].Lines = lines(f, r.Policies)
	}
	return out
}

// lines makes what is told on each Occasion.
func lines(f papers.NoticeFacts, p desk.Policies) []NoticeLine {
	out := make([]NoticeLine, len(desk.Occasions))
	for i, on := range desk.Occasions {
		text := papers.JustInTime(on, f, p)
		out[i] = NoticeLine{on, text, papers.LintLine(on, text, f)}
	}
	return out
}

// Notices gives every version of an Inbox's Notice, the newest first.
func (s *Settings) Notices(ctx context.Context, id desk.InboxID) ([]desk.Notice, error) {
	listed, err := s.store.Read().ListNotices(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]desk.Notice, len(listed))
	for i, row := range listed {
		out[i] = store.NoticeOf(row)
	}
	return out, nil
}

// ActivateNotice puts the Notice to use that the register gives today. Whether people who
// have seen an older one are shown it again is what material says. desk.CodeConflict names
// what is missing (GDPR Art. 12(1), 13).
func (s *Settings) ActivateNotice(ctx context.Context, actor desk.Actor, id desk.InboxID, material bool) error {
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		made, err := activate(ctx, tx, actor, inbox, material)
		if err == nil && !made {
			return desk.Conflict("the notice in use says the same already")
		}
		return err
	})
}

// activate writes a new version of the Notice in every language; false if the one in use
// says the same.
func activate(ctx context.Context, tx *store.Tx, actor desk.Actor, inbox desk.Inbox, material bool) (bool, error) {
	r, err := store.RegisterNow(ctx, tx.Queries, inbox.Controller, tx.Now())
	if err != nil {
		return false, err
	}
	listed, err := tx.ListNotices(ctx, inbox.ID)
	if err != nil {
		return false, err
	}
	version, made := int64(1), []desk.Notice{}
	stale := len(listed) == 0
	if !stale {
		version = listed[0].Version + 1
	}
	for _, d := range drafts(r, listed, r.Footing(tx.Today())) {
		if len(d.Problems) > 0 {
			return false, desk.Conflict("the notice is not complete: " + papers.Said(d.Problems))
		}
		stale = stale || d.Stale
		long, err := json.Marshal(d.Notice.Long)
		if err != nil {
			return false, err
		}
		made = append(made, desk.Notice{
			ID: desk.NewID[desk.Notice](), Controller: inbox.Controller, Inbox: inbox.ID, Version: version, Language: d.Language, Tone: r.Policies.Tone,
			Digest: d.Notice.Digest(), Short: d.Notice.Short, Long: string(long), By: nameOf(actor), Material: material || version == 1,
		})
	}
	if !stale {
		return false, nil
	}
	was := ""
	if len(listed) > 0 {
		was = listed[0].Digest
	}
	changedInbox(tx, actor, desk.ActNoticeActivated, inbox, map[string]string{"digest": made[0].Digest}, desk.Altered("notice", was, made[0].Digest))
	return true, tx.AddNotices(ctx, made...)
}

// open puts a new Inbox in order: those who carry its Messages stand in the register, and the
// Notice is in use if the register has all that it must state. Without it the Inbox receives,
// and the gate refuses to send (row G4).
func open(ctx context.Context, tx *store.Tx, actor desk.Actor, inbox desk.Inbox) error {
	if err := seed(ctx, tx, actor, inbox.Controller); err != nil {
		return err
	}
	r, err := store.RegisterNow(ctx, tx.Queries, inbox.Controller, tx.Now())
	if err != nil {
		return err
	}
	for _, d := range drafts(r, nil, r.Footing(tx.Today())) {
		if len(d.Problems) > 0 {
			return nil
		}
	}
	_, err = activate(ctx, tx, actor, inbox, true)
	return err
}

// Prepare puts Inboxes in order that an older release made: as open does with a new one. It
// does so once, before anybody looked at the register.
func (s *Settings) Prepare(ctx context.Context) error {
	actor := desk.Actor{Kind: desk.ActorSystem, Via: "upgrade"}
	listed, err := s.store.Read().ListInboxes(ctx)
	if err != nil {
		return err
	}
	for _, row := range listed {
		r, err := store.Register(ctx, s.store.Read(), row.Controller, s.store.Now())
		if err != nil {
			return err
		}
		if len(r.Recipients) > 0 {
			continue
		}
		err = s.change(ctx, func(tx *store.Tx) error {
			for _, other := range listed { // all of a Controller together: the first one enters the Recipients
				if other.Controller == row.Controller {
					if err := open(ctx, tx, actor, store.InboxOf(other)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
