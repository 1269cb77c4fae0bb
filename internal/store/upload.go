package store

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// SaveUpload writes a file that was brought in.
func (tx *Tx) SaveUpload(ctx context.Context, u *desk.Upload) error {
	return tx.AddUpload(ctx, rows.AddUploadParams{
		ID: u.ID, Conversation: u.Conversation, Contact: u.Contact, Agent: u.Agent, At: desk.AsMillis(u.At), Kind: u.Kind, Size: u.Size,
		Type: u.Type, Duration: u.Lasts.Milliseconds(), BlobID: u.Blob, BlobKey: u.Key, Digest: u.Digest,
		ThumbnailType: u.Thumbnail.Type, ThumbnailWidth: int64(u.Thumbnail.Width), ThumbnailHeight: int64(u.Thumbnail.Height),
	})
}

// FindUpload gives what an Agent brought in for a Conversation; nil if there is none, or none
// any more.
func (s *Store) FindUpload(ctx context.Context, id desk.MessageID, c desk.ConversationID, a desk.AgentID) (*desk.Upload, error) {
	row, err := s.Read().GetUpload(ctx, rows.GetUploadParams{ID: id, Conversation: c, Agent: a})
	if IsNone(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	u := uploadOf(row)
	return &u, nil
}

// OldUploads gives some of what was brought in before a moment and never sent.
func (s *Store) OldUploads(ctx context.Context, before time.Time) ([]desk.Upload, error) {
	found, err := s.Read().ListUploadsBefore(ctx, rows.ListUploadsBeforeParams{At: desk.AsMillis(before), Page: 200})
	all := make([]desk.Upload, len(found))
	for i, row := range found {
		all[i] = uploadOf(row)
	}
	return all, err
}

// Adopt gives an Upload to the Message of its id, which stands there; the caller has dropped
// the Upload.
func (tx *Tx) Adopt(ctx context.Context, u *desk.Upload) error {
	a := u.Attachment(tx.Now())
	waiting := a
	waiting.State = desk.AttachmentWaiting
	if err := tx.AddAttachments(ctx, []desk.Attachment{waiting}); err != nil {
		return err
	}
	_, err := tx.SaveAttachment(ctx, a)
	return err
}

func uploadOf(r rows.Upload) desk.Upload {
	return desk.Upload{
		ID: r.ID, Conversation: r.Conversation, Contact: r.Contact, Agent: r.Agent, At: r.At.Time, Kind: r.Kind, Size: r.Size, Type: r.Type,
		Lasts: time.Duration(r.Duration) * time.Millisecond, Blob: r.BlobID, Key: r.BlobKey, Digest: r.Digest,
		Thumbnail: desk.Thumbnail{Type: r.ThumbnailType, Width: int(r.ThumbnailWidth), Height: int(r.ThumbnailHeight)},
	}
}
