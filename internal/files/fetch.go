package files

import (
	"context"
	"errors"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// How long is waited before a file is tried again: longer each time.
const (
	firstPause   = 5 * time.Second
	longestPause = 15 * time.Minute
)

// mostAltered is how often a file may come that is not what was announced.
const mostAltered = 5

// pauseAfter is how long is waited after so many tries.
func pauseAfter(tries int) time.Duration {
	return min(firstPause<<min(tries-1, 10), longestPause)
}

// Work fetches the file of one Message.
func (f *Files) Work(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	job := jobs[0]
	m, a, err := f.waiting(ctx, job.Ref)
	if err != nil {
		return err
	}
	if a == nil {
		return f.Store.Update(ctx, func(tx *store.Tx) error { return h.Finish(ctx, tx, job.ID) })
	}
	if !f.Store.Now().Before(a.Until) {
		return f.putOff(ctx, h, job, m, a, desk.FileOver)
	}
	err = f.fetch(ctx, m, a)
	var failed *desk.FileError
	switch {
	case err == nil:
		return f.finish(ctx, h, job, m, a)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &failed):
		f.Log.Warn("a file did not come", "message", m.ID, "fault", string(failed.Fault), "tries", a.Tries+1, "error", failed.Err)
		return f.putOff(ctx, h, job, m, a, failed.Fault)
	default:
		return err
	}
}

// waiting gives the Message and its file if somebody still waits for it; else nil.
func (f *Files) waiting(ctx context.Context, id desk.MessageID) (*desk.Message, *desk.Attachment, error) {
	row, err := f.Store.Read().GetAttachment(ctx, id)
	if store.IsNone(err) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	a := store.AttachmentOf(row)
	if a.State != desk.AttachmentWaiting {
		return nil, nil, nil
	}
	message, err := f.Store.Read().GetMessage(ctx, id)
	if store.IsNone(err) {
		return nil, nil, nil
	}
	m := store.MessageOf(message)
	return &m, &a, err
}

// fetch fetches and seals the file and notes in a what it is.
func (f *Files) fetch(ctx context.Context, m *desk.Message, a *desk.Attachment) error {
	w, err := f.wanted(ctx, m)
	if err != nil {
		return err
	}
	from, err := f.Source.Fetch(ctx, w)
	if err != nil {
		return err
	}
	defer func() { _ = from.Body.Close() }()
	if from.Size > desk.MaxFile {
		return &desk.FileError{Fault: desk.FileTooLarge}
	}
	if w.SHA256 == nil {
		w.SHA256 = from.SHA256
	}
	return f.keep(ctx, m, a, from, w.SHA256, desk.MaxFile)
}

// wanted says how the file of a Message is asked for.
func (f *Files) wanted(ctx context.Context, m *desk.Message) (w desk.WantedFile, err error) {
	content, err := vault.OpenOne(ctx, f.Vault, vault.ReasonProcess, vault.ContactOwner(m.Contact), vault.ContentPlace(m.ID), m.Content)
	if errors.Is(err, vault.ErrKeyGone) || errors.Is(err, vault.ErrUnreadable) {
		return w, &desk.FileError{Fault: desk.FileMissing, Err: err}
	} else if err != nil {
		return w, err
	}
	to, err := f.Inboxes.Inbox(ctx, m.Inbox)
	if err != nil {
		return w, err
	}
	file := f.Read(content).File
	if file == nil {
		return w, &desk.FileError{Fault: desk.FileMissing}
	}
	if unwanted, err := f.isUnwanted(ctx, m, file); err != nil {
		return w, err
	} else if unwanted {
		return w, &desk.FileError{Fault: desk.FileUnwanted}
	}
	return desk.WantedFile{
		GraphURL: to.GraphURL, GraphVersion: to.GraphVersion, PhoneNumberID: to.PhoneNumberID, Token: to.Secrets.AccessToken,
		ID: file.ID, SHA256: file.SHA256,
	}, nil
}

// isUnwanted tells whether the Controller turns voice messages away: who sends one is told that
// only its coming is kept.
func (f *Files) isUnwanted(ctx context.Context, m *desk.Message, file *desk.File) (bool, error) {
	if !file.Voice {
		return false, nil
	}
	register, err := store.RegisterNow(ctx, f.Store.Read(), m.Controller, f.Store.Now())
	return register.Policies.Voice == "reject", err
}

// isStill tells whether a Message is of whom it was when its file was asked for: a Split may have
// made it somebody else's, whose key is another.
func isStill(ctx context.Context, tx *store.Tx, m *desk.Message) (bool, error) {
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return false, err
	}
	now, err := tx.GetMessage(ctx, m.ID)
	if store.IsNone(err) {
		return false, nil
	}
	return err == nil && now.Contact == m.Contact, err
}

// finish writes that the file is there; it is fetched anew if it became somebody else's.
func (f *Files) finish(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, a *desk.Attachment) error {
	return f.Store.Update(ctx, func(tx *store.Tx) error {
		if still, err := isStill(ctx, tx, m); err != nil {
			return err
		} else if !still {
			return h.Delay(ctx, tx, job.ID, tx.Now())
		}
		a.State, a.At, a.Why = desk.AttachmentFetched, tx.Now(), ""
		if _, err := tx.SaveAttachment(ctx, *a); err != nil {
			return err
		}
		tx.Emit(changed(m))
		return h.Finish(ctx, tx, job.ID)
	})
}

// putOff writes why the file is not there, and when it is tried again, if it is.
func (f *Files) putOff(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, a *desk.Attachment, why desk.FileFault) error {
	return f.Store.Update(ctx, func(tx *store.Tx) error {
		next := desk.Attachment{Message: a.Message, Contact: a.Contact, State: a.State, At: a.At, Why: why, Tries: a.Tries + 1, Until: a.Until}
		due := tx.Now().Add(pauseAfter(next.Tries))
		switch {
		case why == desk.FileTooLarge, why == desk.FileUnwanted, why == desk.FileAltered && next.Tries >= mostAltered:
			next.State, next.At = desk.AttachmentFailed, tx.Now()
		case !due.Before(a.Until):
			next.State, next.At = desk.AttachmentGone, tx.Now()
		}
		if _, err := tx.SaveAttachment(ctx, next); err != nil {
			return err
		}
		if next.State != a.State || next.Why != a.Why {
			tx.Emit(changed(m))
		}
		if next.State != desk.AttachmentWaiting {
			return h.Finish(ctx, tx, job.ID)
		}
		return h.Delay(ctx, tx, job.ID, due)
	})
}

// changed tells that a Message looks different now.
func changed(m *desk.Message) desk.Event {
	return desk.Event{Kind: desk.EventMessage, Controller: m.Controller, Inbox: m.Inbox, Conversation: m.Conversation, Message: m.ID}
}
