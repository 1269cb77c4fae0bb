package files

import (
	"context"
	"sync"
	"time"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
)

// abandonedAfter is how old a file must be that belongs to nobody: whoever fetched it died
// before it said so.
const abandonedAfter = time.Hour

// sweeper remembers how far the files were looked through.
type sweeper struct {
	mu sync.Mutex
	to time.Time
}

// Sweep removes what was brought in and not sent in time, and what a crash left behind: files
// that were never finished, and those that no Message knows of. now is the machine's clock, by which the disk tells how old a file is.
func (f *Files) Sweep(ctx context.Context, now time.Time) error {
	f.sweeper.mu.Lock()
	defer f.sweeper.mu.Unlock()
	if err := f.sweepUploads(ctx); err != nil {
		return err
	}
	before := now.Add(-abandonedAfter)
	if err := f.Blobs.SweepDrafts(before); err != nil {
		return err
	}
	var found []blob.ID
	if err := f.Blobs.Each(func(id blob.ID, at time.Time) error {
		if at.Before(before) && !at.Before(f.sweeper.to) {
			found = append(found, id)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := f.removeStrays(ctx, found); err != nil {
		return err
	}
	f.sweeper.to = before
	return f.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SweepLanes(ctx, queue.KindFiles)
		return err
	})
}

// removeStrays removes those files that no Message knows of.
func (f *Files) removeStrays(ctx context.Context, found []blob.ID) error {
	ids := make([]desk.AttachmentID, len(found))
	for i, id := range found {
		ids[i] = desk.AttachmentID(id.Main())
	}
	known, err := f.Store.FindBlobs(ctx, ids)
	if err != nil {
		return err
	}
	for i, id := range found {
		if known[ids[i]] {
			continue
		}
		if err := f.Blobs.Delete(id); err != nil {
			return err
		}
	}
	return nil
}
