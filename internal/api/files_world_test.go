package api_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// nowhere is where no file comes from.
type nowhere struct{}

func (nowhere) Fetch(context.Context, desk.WantedFile) (desk.ArrivingFile, error) {
	return desk.ArrivingFile{}, &desk.FileError{Fault: desk.FileUnreachable}
}

// filed is a Message with a file of a media type, and with a thumbnail; nil content: it has not
// come yet.
func (w *world) filed(t *testing.T, c desk.Conversation, mediaType string, content []byte) desk.MessageID {
	t.Helper()
	ctx := context.Background()
	a := desk.Attachment{
		Message: w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindDocument, Status: desk.StatusReceived, Origin: desk.OriginContact}, "Anlage"),
		Contact: c.Contact, State: desk.AttachmentWaiting, At: w.Now(), Until: w.Now().Add(desk.FileLife),
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.AddAttachments(ctx, []desk.Attachment{a}) }))
	if content == nil {
		return a.Message
	}
	id, k := blob.NewID(), blob.NewKey()
	for _, part := range []blob.ID{id, id.Beside()} {
		to, err := w.blobs.Create(part, k)
		must(t, err)
		_, err = to.Write(content)
		must(t, errors.Join(err, to.Commit()))
	}
	var err error
	a.State, a.Type, a.Size, a.Blob = desk.AttachmentFetched, mediaType, int64(len(content)), desk.AttachmentID(id)
	a.Thumbnail = desk.Thumbnail{Type: "image/png", Width: 1, Height: 1}
	a.Key, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.FileKeyPlace(a.Message), private.NewKey(bytes.Clone(k[:])))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SaveAttachment(ctx, a)
		return err
	}))
	return a.Message
}
