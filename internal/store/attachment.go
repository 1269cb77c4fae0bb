package store

import (
	"context"
	"database/sql"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var attachmentRows = newInsert("attachment", "",
	column[desk.Attachment]{"message_id", "bytea", func(a *desk.Attachment) any { return a.Message }},
	column[desk.Attachment]{"contact_id", "bytea", func(a *desk.Attachment) any { return a.Contact }},
	column[desk.Attachment]{"state", "text", func(a *desk.Attachment) any { return string(a.State) }},
	column[desk.Attachment]{"at", "bigint", func(a *desk.Attachment) any { return desk.AsMillis(a.At) }},
	column[desk.Attachment]{"until", "bigint", func(a *desk.Attachment) any { return desk.AsMillis(a.Until) }},
)

// AddAttachments writes files that are to be fetched; the caller queues the Jobs.
func (tx *Tx) AddAttachments(ctx context.Context, as []desk.Attachment) error {
	return attachmentRows.write(ctx, tx, as)
}

// SaveAttachment writes how far a file came; false if it had been fetched already.
func (tx *Tx) SaveAttachment(ctx context.Context, a desk.Attachment) (bool, error) {
	n, err := tx.SetAttachment(ctx, rows.SetAttachmentParams{
		Message: a.Message, State: a.State, At: desk.AsMillis(a.At), Why: a.Why, Tries: int64(a.Tries), Size: a.Size, Type: a.Type,
		Duration: a.Lasts.Milliseconds(), BlobID: a.Blob, BlobKey: a.Key, Digest: a.Digest, ThumbnailType: a.Thumbnail.Type, ThumbnailWidth: int64(a.Thumbnail.Width), ThumbnailHeight: int64(a.Thumbnail.Height),
	})
	return n > 0, err
}

// AttachmentOf reads a row.
func AttachmentOf(r rows.Attachment) desk.Attachment {
	return desk.Attachment{
		Message: r.Message, Contact: r.Contact, State: r.State, At: r.At.Time, Why: r.Why, Tries: int(r.Tries), Until: r.Until.Time,
		Size: r.Size, Type: r.Type, Lasts: time.Duration(r.Duration) * time.Millisecond, Blob: r.BlobID, Key: r.BlobKey, Digest: r.Digest,
		Thumbnail: desk.Thumbnail{Type: r.ThumbnailType, Width: int(r.ThumbnailWidth), Height: int(r.ThumbnailHeight)},
	}
}

// FindAttachments gives the files of these Messages.
func (s *Store) FindAttachments(ctx context.Context, ids []desk.MessageID) (map[desk.MessageID]desk.Attachment, error) {
	found := make(map[desk.MessageID]desk.Attachment, len(ids))
	err := findSet(ctx, s.asked(), `SELECT message_id, contact_id, state, at, why, tries, until, size, type, duration, blob_id, blob_key, digest,
		thumbnail_type, thumbnail_width, thumbnail_height FROM attachment WHERE message_id IN`, "", nil, idBytes(ids), func(r *sql.Rows) error {
		var a rows.Attachment
		err := r.Scan(&a.Message, &a.Contact, &a.State, &a.At, &a.Why, &a.Tries, &a.Until, &a.Size, &a.Type, &a.Duration, &a.BlobID, &a.BlobKey,
			&a.Digest, &a.ThumbnailType, &a.ThumbnailWidth, &a.ThumbnailHeight)
		found[a.Message] = AttachmentOf(a)
		return err
	})
	return found, unavailable(err)
}

// FindBlobs tells which of these sealed files belong to a Message, or wait for one.
func (s *Store) FindBlobs(ctx context.Context, ids []desk.AttachmentID) (map[desk.AttachmentID]bool, error) {
	found := make(map[desk.AttachmentID]bool, len(ids))
	for _, table := range []string{"upload", "attachment"} { // in the order in which a file passes them
		err := findSet(ctx, s.asked(), "SELECT blob_id FROM "+table+" WHERE blob_id IN", "", nil, idBytes(ids), func(r *sql.Rows) error {
			var id desk.AttachmentID
			err := r.Scan(&id)
			found[id] = true
			return err
		})
		if err != nil {
			return nil, unavailable(err)
		}
	}
	return found, nil
}
