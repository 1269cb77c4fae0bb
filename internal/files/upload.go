package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// unsentFor is how long a file is kept that was brought in and not sent: a working day and the
// night behind it.
const unsentFor = 24 * time.Hour

// ole is the form of the older documents of Office, which their head does not tell apart.
const ole = "application/x-ole-storage"

var olderOffice = []string{"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}

// Bring takes in what an Agent will send in a Conversation; size is how many bytes were
// announced, or -1, and declared the media type. It is sealed as it comes. What the Provider
// would not take is desk.CodeUnsupported or desk.CodeTooLarge, if possible before it was read.
func (f *Files) Bring(ctx context.Context, actor desk.Actor, scope desk.Scope, to desk.ConversationID, body io.Reader, size int64, declared string) (*desk.Upload, error) {
	c, err := f.Store.ConversationWithin(ctx, scope, to)
	if err != nil {
		return nil, err
	}
	if c.Closed != nil {
		return nil, desk.Conflict("the conversation is closed; reopen it to write")
	}
	buffered := bufio.NewReaderSize(body, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	sort := sortOf(head, declared)
	kind, most := f.Taken(sort, moves(head))
	if err := takes(sort, kind, most, head, size); err != nil {
		return nil, err
	}
	u := &desk.Upload{
		ID: desk.NewID[desk.Message](), Conversation: c.ID, Contact: c.Contact, Agent: actor.Agent, At: f.Store.Now(), Kind: kind,
	}
	if err := f.sealUpload(ctx, c.Controller, u, buffered, most, sort); err != nil {
		return nil, err
	}
	return u, f.Store.Update(ctx, func(tx *store.Tx) error { return tx.SaveUpload(ctx, u) })
}

// sealUpload keeps what comes as the file of the Message that it will be.
func (f *Files) sealUpload(ctx context.Context, controller desk.ControllerID, u *desk.Upload, body io.Reader, most int64, sort string) error {
	m := &desk.Message{ID: u.ID, Controller: controller, Contact: u.Contact}
	var a desk.Attachment
	err := f.keep(ctx, m, &a, desk.ArrivingFile{Body: io.NopCloser(body), Size: -1}, nil, most)
	var failed *desk.FileError
	switch {
	case errors.As(err, &failed) && failed.Fault == desk.FileTooLarge:
		return tooLarge(most)
	case errors.As(err, &failed) && failed.Fault == desk.FileNoPlace:
		return desk.Unavailable("the file could not be kept", err)
	case errors.As(err, &failed) && failed.Fault == desk.FileUnreachable:
		return &desk.Error{Code: desk.CodeInvalid, Field: "file", Text: "did not come whole", Err: err}
	case err != nil:
		return err
	case a.Type == desk.TypeUnknown: // a picture that would burst whoever looks
		return errors.Join(unsupported("has more points than can be shown"), f.remove(blob.ID(a.Blob)))
	}
	u.Size, u.Type, u.Lasts, u.Blob, u.Key, u.Digest, u.Thumbnail = a.Size, sort, a.Lasts, a.Blob, a.Key, a.Digest, a.Thumbnail
	return nil
}

// remove removes a file that no row knows of.
func (f *Files) remove(id blob.ID) error {
	return errors.Join(f.Blobs.Delete(id), f.Blobs.Delete(id.Beside()))
}

// takes tells whether the Provider takes such a file, as far as its head tells.
func takes(sort string, kind desk.Kind, most int64, head []byte, size int64) error {
	switch {
	case len(head) == 0:
		return desk.Invalid("file", "is empty")
	case kind == "":
		return unsupported("is of a kind that WhatsApp does not take")
	case sort == desk.TypeVoice && !isOpusMono(head):
		return unsupported("is no Opus with one channel, which is the only Ogg that WhatsApp takes")
	case size > most:
		return tooLarge(most)
	}
	return nil
}

func unsupported(text string) error {
	return &desk.Error{Code: desk.CodeUnsupported, Field: "file", Text: text}
}

func tooLarge(most int64) error {
	return &desk.Error{Code: desk.CodeTooLarge, Field: "file", Text: fmt.Sprintf("is larger than the %d bytes that WhatsApp takes of this kind", most)}
}

// sortOf tells as what a file is sent: what stands in it. Tables of text are text; which of the
// older documents of Office it is, its bringer says.
func sortOf(head []byte, declared string) string {
	switch found := typeOf(head); {
	case found == "text/csv", found == "text/tab-separated-values":
		return "text/plain"
	case found == ole && slices.Contains(olderOffice, declared):
		return declared
	default:
		return found
	}
}

// moves tells whether a WebP is animated (RFC 9649, 2.7).
func moves(head []byte) bool {
	return len(head) > 20 && bytes.Equal(head[12:16], []byte("VP8X")) && head[20]&2 != 0
}

// isOpusMono reads the head of an Ogg (RFC 7845, 5.1).
func isOpusMono(head []byte) bool {
	at := bytes.Index(head[:min(len(head), 64)], []byte("OpusHead"))
	return at >= 0 && len(head) > at+9 && head[at+9] == 1
}

// Drop gives up what an Agent brought in for a Conversation. desk.CodeNotFound if there is
// nothing of theirs, or it was sent.
func (f *Files) Drop(ctx context.Context, actor desk.Actor, scope desk.Scope, to desk.ConversationID, id desk.MessageID) error {
	if _, err := f.Store.ConversationWithin(ctx, scope, to); err != nil {
		return err
	}
	u, err := f.Store.FindUpload(ctx, id, to, actor.Agent)
	if err != nil {
		return err
	}
	if u != nil {
		if dropped, err := f.drop(ctx, u); err != nil || dropped {
			return err
		}
	}
	return desk.NotFound("file")
}

// drop removes an Upload; false if it was sent or dropped meanwhile.
func (f *Files) drop(ctx context.Context, u *desk.Upload) (dropped bool, err error) {
	err = f.Store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.DropUpload(ctx, u.ID)
		dropped = n > 0
		return err
	})
	if err != nil || !dropped {
		return false, err
	}
	return true, f.remove(blob.ID(u.Blob))
}

// sweepUploads removes what was brought in and not sent in time.
func (f *Files) sweepUploads(ctx context.Context) error {
	for {
		old, err := f.Store.OldUploads(ctx, f.Store.Now().Add(-unsentFor))
		if err != nil || len(old) == 0 {
			return err
		}
		for i := range old {
			if _, err := f.drop(ctx, &old[i]); err != nil {
				return err
			}
		}
	}
}

// Sending opens the file of a Message for the Provider.
func (f *Files) Sending(ctx context.Context, m *desk.Message) (*desk.OpenFile, error) {
	row, err := f.Store.Read().GetAttachment(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	a := store.AttachmentOf(row)
	_, key, err := f.unlock(ctx, m, &a, vault.ReasonSend)
	if err != nil {
		return nil, err
	}
	defer clear(key[:])
	return f.open(blob.ID(a.Blob), key, desk.OpenFile{Type: a.Type})
}
