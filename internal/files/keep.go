package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/picture"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// headSize is how much of a file is looked at to tell what it is, in bytes.
const headSize = 4 << 10

// thumbnailSide is the side of the square that a thumbnail fits into, in points: twice what a
// thread shows, for fine screens.
const thumbnailSide = 640

// keep seals what comes, so many bytes at most, compares it with what was announced, and looks
// what it is.
func (f *Files) keep(ctx context.Context, m *desk.Message, a *desk.Attachment, from desk.ArrivingFile, announced []byte, most int64) error {
	id, key := blob.NewID(), blob.NewKey()
	defer clear(key[:])
	to, err := f.Blobs.Create(id, key)
	if err != nil {
		return &desk.FileError{Fault: desk.FileNoPlace, Err: err}
	}
	sum, head := sha256.New(), &head{}
	size, err := io.Copy(io.MultiWriter(to, sum, head), io.LimitReader(&source{from.Body, nil}, most+1))
	fault := faultOf(err)
	switch {
	case fault != "":
	case size > most:
		fault = desk.FileTooLarge
	case announced != nil && !bytes.Equal(sum.Sum(nil), announced), from.Size > 0 && size != from.Size:
		fault = desk.FileAltered
	}
	if fault != "" {
		return &desk.FileError{Fault: fault, Err: errors.Join(err, to.Discard())}
	}
	if err := to.Commit(); err != nil {
		return &desk.FileError{Fault: desk.FileNoPlace, Err: err}
	}
	a.Size, a.Type, a.Blob = size, typeOf(head.b), desk.AttachmentID(id)
	if a.Digest, err = f.Vault.Digest(ctx, m.Controller, "file", sum.Sum(nil)); err != nil {
		return err
	}
	if err := f.look(ctx, m, a, key); err != nil {
		return err
	}
	a.Key, err = vault.Seal(ctx, f.Vault, vault.ContactOwner(m.Contact), vault.FileKeyPlace(m.ID), private.NewKey(bytes.Clone(key[:])))
	return err
}

// source marks the errors of the side that sends, to tell them from those of the disk.
type source struct {
	r   io.Reader
	err error
}

type sourceError struct{ error }

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = sourceError{err}
	}
	return n, err
}

func faultOf(err error) desk.FileFault {
	var theirs sourceError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &theirs):
		return desk.FileUnreachable
	default:
		return desk.FileNoPlace
	}
}

// head keeps the first bytes of what passes.
type head struct{ b []byte }

// Write keeps what there is room for.
func (h *head) Write(p []byte) (int, error) {
	h.b = append(h.b, p[:min(len(p), headSize-len(h.b))]...)
	return len(p), nil
}

// called are other names of media types.
var called = map[string]string{"audio/x-m4a": "audio/mp4", "audio/mp3": "audio/mpeg", "video/x-m4v": "video/mp4"}

// typeOf tells what a file is, by what stands in it.
func typeOf(head []byte) string {
	name, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	if other, ok := called[name]; ok {
		return other
	}
	return name
}

// look looks into what was kept, as far as its type is worth it.
func (f *Files) look(ctx context.Context, m *desk.Message, a *desk.Attachment, key blob.Key) error {
	isPicture := desk.ShapeOf(a.Type) == desk.ShapePicture
	if !isPicture && a.Type != "audio/ogg" {
		return nil
	}
	from, err := f.Blobs.Open(blob.ID(a.Blob), key)
	if err != nil {
		return &desk.FileError{Fault: desk.FileNoPlace, Err: err}
	}
	defer func() { _ = from.Close() }()
	if isPicture {
		return f.draw(ctx, m, a, from, key)
	}
	a.Lasts = lasts(from, from.Size())
	return nil
}

// draw makes the thumbnail of a picture and seals it beside it. What would burst whoever looks
// is no picture any more, but a file to be kept.
func (f *Files) draw(ctx context.Context, m *desk.Message, a *desk.Attachment, from io.ReadSeeker, key blob.Key) error {
	select {
	case f.drawing <- struct{}{}:
		defer func() { <-f.drawing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	small, err := picture.Make(a.Type, from, thumbnailSide)
	switch {
	case errors.Is(err, picture.ErrBomb):
		a.Type = desk.TypeUnknown
		return nil
	case errors.Is(err, picture.ErrUnknown):
		f.Log.Info("a picture has no thumbnail", "message", m.ID)
		return nil
	case err != nil:
		return &desk.FileError{Fault: desk.FileNoPlace, Err: err}
	}
	to, err := f.Blobs.Create(blob.ID(a.Blob).Beside(), key)
	if err == nil {
		if _, err = to.Write(small.Data); err != nil {
			err = errors.Join(err, to.Discard())
		} else {
			err = to.Commit()
		}
	}
	if err != nil {
		return &desk.FileError{Fault: desk.FileNoPlace, Err: err}
	}
	a.Thumbnail = desk.Thumbnail{Type: small.Type, Width: small.Width, Height: small.Height}
	return nil
}
