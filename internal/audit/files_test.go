package audit_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"botschaft/internal/audit"
	sealed "botschaft/internal/blob"
	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/files"
	"botschaft/internal/inbox"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Fetch hands nothing out.
func (h *house) Fetch(context.Context, desk.WantedFile) (desk.ArrivingFile, error) {
	return desk.ArrivingFile{}, &desk.FileError{Fault: desk.FileUnreachable}
}

// open is what is done with a file that a Contact sent.
func (h *house) open(t *testing.T) {
	t.Helper()
	ctx, v := t.Context(), h.admin
	page, err := h.desk.Messages(ctx, v, h.conversation, 50, "")
	must(t, err)
	m := page.Items[slices.IndexFunc(page.Items, func(m inbox.Message) bool { return m.Direction == desk.In })]
	blobs, err := sealed.New(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	kept := files.New(files.Place{
		Store: h.Store, Vault: h.vault, Inboxes: h.inboxes, Blobs: blobs, Source: h, Openings: audit.NewOpenings(h.Store), Read: channel.Details, Log: silent,
	})
	a := desk.Attachment{Message: m.ID, Contact: m.Contact, State: desk.AttachmentWaiting, At: h.Now(), Until: h.Now().Add(desk.FileLife)}
	must(t, h.Update(ctx, func(tx *store.Tx) error { return tx.AddAttachments(ctx, []desk.Attachment{a}) }))
	must(t, kept.Ask(ctx, v.Actor, v.Scope, m.ID))
	id, k := sealed.NewID(), sealed.NewKey()
	to, err := blobs.Create(id, k)
	must(t, err)
	_, err = to.Write([]byte(canaryWords))
	must(t, errors.Join(err, to.Commit()))
	a.State, a.Blob = desk.AttachmentFetched, desk.AttachmentID(id)
	a.Key, err = vault.Seal(ctx, h.vault, vault.ContactOwner(m.Contact), vault.FileKeyPlace(m.ID), private.NewKey(bytes.Clone(k[:])))
	must(t, err)
	must(t, h.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SaveAttachment(ctx, a)
		return err
	}))
	f, err := kept.File(ctx, v.Actor, v.Scope, m.ID)
	must(t, err)
	must(t, f.Content.Close())
}
