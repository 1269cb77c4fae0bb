package backup_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"botschaft/internal/backup"
	"botschaft/internal/blob"
)

// Sealed files come back as they were, on either engine, and open with their own keys.
func TestFilesComeBack(t *testing.T) {
	t.Parallel()
	h, r := newPlace(t, "sqlite", rootKey('r')).open(t), newReader(t)
	from, err := blob.New(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	sizes := []int{0, 1, 70_000, 1 << 20, 2<<20 + 77}
	ids, keys := make([]blob.ID, len(sizes)), make([]blob.Key, len(sizes))
	for i, size := range sizes {
		ids[i], keys[i] = blob.NewID(), blob.NewKey()
		w, err := from.Create(ids[i], keys[i])
		must(t, err)
		_, err = w.Write(bytes.Repeat([]byte{byte(i + 1)}, size))
		must(t, errors.Join(err, w.Commit()))
	}
	made, err := backup.Make(t.Context(), h.store, h.vault, backup.Order{
		Dir: t.TempDir(), Recipients: r.recipients, Identities: r.identities, Actor: shell, Files: from,
	})
	must(t, err)
	for _, engine := range engines {
		to, err := blob.New(filepath.Join(t.TempDir(), "files"))
		must(t, err)
		plan := newPlace(t, engine, rootKey('r')).plan(made, r)
		plan.Files = to
		_, err = backup.Restore(t.Context(), plan)
		must(t, err)
		for i, size := range sizes {
			f, err := to.Open(ids[i], keys[i])
			must(t, err)
			b, err := io.ReadAll(f)
			must(t, errors.Join(err, f.Close()))
			if !bytes.Equal(b, bytes.Repeat([]byte{byte(i + 1)}, size)) {
				t.Errorf("a file of %d bytes came back as another", size)
			}
		}
	}
	_, err = backup.Restore(t.Context(), newPlace(t, "sqlite", rootKey('r')).plan(made, r)) // with no place for files
	must(t, err)
	_, err = backup.Check(t.Context(), newPlace(t, "sqlite", rootKey('r')).plan(made, r))
	must(t, err)
}
