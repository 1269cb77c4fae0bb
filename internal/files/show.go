package files

import (
	"context"
	"errors"
	"io/fs"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// File opens the file of a Message, noted in the audit log first. desk.CodeNotFound if there is
// none in the Scope, or none any more because its author took the Message back;
// desk.CodeConflict while it is not there.
func (f *Files) File(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) (*desk.OpenFile, error) {
	m, a, err := f.find(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	if a.State != desk.AttachmentFetched {
		return nil, desk.Conflict("the file is not here")
	}
	if err := f.Openings.Open(ctx, desk.AuditEntry{
		Actor: actor, Act: desk.ActFileOpened, Subject: "message:" + id.String(), Controller: m.Controller, Inbox: m.Inbox,
		Detail: map[string]string{"conversation": m.Conversation.String()},
	}); err != nil {
		return nil, err
	}
	name, key, err := f.unlock(ctx, m, a, vault.ReasonView)
	if err != nil {
		return nil, err
	}
	defer clear(key[:])
	return f.open(blob.ID(a.Blob), key, desk.OpenFile{Name: name, Type: a.Type})
}

// Thumbnail opens the small picture of a picture. It is part of the thread: that the
// Conversation was opened is noted in the audit log first.
func (f *Files) Thumbnail(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) (*desk.OpenFile, error) {
	m, a, err := f.find(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	if a.Thumbnail.Width == 0 {
		return nil, desk.NotFound("thumbnail")
	}
	if err := f.Openings.Open(ctx, desk.AuditEntry{
		Actor: actor, Act: desk.ActConversationOpened, Subject: "conversation:" + m.Conversation.String(), Controller: m.Controller, Inbox: m.Inbox,
	}); err != nil {
		return nil, err
	}
	_, key, err := f.unlock(ctx, m, a, vault.ReasonView)
	if err != nil {
		return nil, err
	}
	defer clear(key[:])
	return f.open(blob.ID(a.Blob).Beside(), key, desk.OpenFile{Type: a.Thumbnail.Type, Small: true})
}

// Ask has the file of a Message fetched now, once more if that was given up.
// desk.CodeConflict if it is there already, or can be had no more.
func (f *Files) Ask(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) error {
	m, a, err := f.find(ctx, scope, id)
	if err != nil {
		return err
	}
	if !a.CanBeAsked(f.Store.Now()) {
		return desk.Conflict("the file is here, or can be had no more")
	}
	return f.Store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{
			Actor: actor, Act: desk.ActFileAsked, Subject: "message:" + id.String(), Controller: m.Controller, Inbox: m.Inbox,
			Detail: map[string]string{"conversation": m.Conversation.String()},
		})
		again := desk.Attachment{Message: a.Message, Contact: a.Contact, State: desk.AttachmentWaiting, At: tx.Now(), Until: a.Until}
		if asked, err := tx.SaveAttachment(ctx, again); err != nil || !asked {
			return err // it came meanwhile
		}
		tx.Emit(changed(m))
		if hurried, err := queue.HurryFile(ctx, tx, id); err != nil || hurried {
			return err
		}
		return queue.EnqueueFiles(ctx, tx, id)
	})
}

// find gives a Message in the Scope and its file. What its author took back says nothing any
// more, and its file is none (Meta: Revoke).
func (f *Files) find(ctx context.Context, scope desk.Scope, id desk.MessageID) (*desk.Message, *desk.Attachment, error) {
	m, err := f.Store.MessageWithin(ctx, scope, id)
	if err != nil {
		return nil, nil, err
	}
	row, err := f.Store.Read().GetAttachment(ctx, id)
	if store.IsNone(err) {
		return nil, nil, desk.NotFound("file")
	} else if err != nil {
		return nil, nil, err
	}
	changes, err := f.Store.FindChanges(ctx, [][]byte{m.WamidDigest})
	if err != nil {
		return nil, nil, err
	}
	for _, c := range changes {
		if c.Kind == desk.KindRevoke && c.Contact == m.Contact && c.Direction == m.Direction {
			return nil, nil, desk.NotFound("file")
		}
	}
	if hidden, err := f.hides(ctx, &m); err != nil {
		return nil, nil, err
	} else if hidden {
		return nil, nil, desk.NotFound("file")
	}
	a := store.AttachmentOf(row)
	return &m, &a, nil
}

// hides tells whether a Message is not shown until an Agent has vouched for who its Contact is: an
// Agent must not tell of it to whoever has the number now (GDPR Art. 5(1)(f), 32).
func (f *Files) hides(ctx context.Context, m *desk.Message) (bool, error) {
	open, err := f.Store.FindOpenChanges(ctx, []desk.ContactID{m.Contact})
	if err != nil || len(open) == 0 {
		return false, err
	}
	r, err := store.RegisterNow(ctx, f.Store.Read(), m.Controller, f.Store.Now())
	return m.ThreadAt.Before(r.Policies.HiddenBefore(open[m.Contact])), err
}

// unlock opens the key of a file, and what its sender called it.
func (f *Files) unlock(ctx context.Context, m *desk.Message, a *desk.Attachment, why vault.Reason) (name private.Text, key blob.Key, err error) {
	var content desk.Content
	var sealed private.Key
	opening, owner := f.Vault.Opening(why), vault.ContactOwner(m.Contact)
	vault.Add(opening, owner, vault.ContentPlace(m.ID), m.Content, &content)
	vault.Add(opening, owner, vault.FileKeyPlace(m.ID), a.Key, &sealed)
	if err := opening.Run(ctx); err != nil {
		return name, key, err
	}
	if opening.Gone() > 0 || len(sealed.Reveal()) != len(key) {
		return name, key, desk.NotFound("file") // the key of the Contact was destroyed
	}
	if file := f.Read(content).File; file != nil {
		name = private.NewText(desk.SafeName(file.Name.Reveal()))
	}
	return name, blob.Key(sealed.Reveal()), nil
}

// open opens a sealed file.
func (f *Files) open(id blob.ID, key blob.Key, o desk.OpenFile) (*desk.OpenFile, error) {
	r, err := f.Blobs.Open(id, key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, desk.Unavailable("the file is not where this node keeps files", err)
	} else if err != nil {
		return nil, err
	}
	o.Content, o.Size = r, r.Size()
	return &o, nil
}
