package blob

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Store is a directory of sealed files.
type Store struct{ dir string }

// drafts is where files stand until they are whole.
const drafts = "draft"

// New opens the directory and makes it if it is not there.
func New(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, drafts), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the files: %w", err)
	}
	return &Store{dir}, nil
}

// path spreads the files over 256 directories.
func (s *Store) path(id ID) string {
	name := hex.EncodeToString(id[:])
	return filepath.Join(s.dir, name[:2], name)
}

// Delete removes a file; one that is not there is removed already.
func (s *Store) Delete(id ID) error {
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each tells of every whole file, and when it got its name.
func (s *Store) Each(do func(id ID, at time.Time) error) error {
	return filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		} else if err != nil {
			return err
		}
		if d.IsDir() {
			if path == filepath.Join(s.dir, drafts) {
				return fs.SkipDir
			}
			return nil
		}
		id, ok := idOf(d.Name())
		info, err := d.Info()
		if !ok || errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		return do(id, info.ModTime())
	})
}

// SweepDrafts removes what was begun before a moment and never finished: its writer is dead.
func (s *Store) SweepDrafts(before time.Time) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, drafts))
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(filepath.Join(s.dir, drafts, e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func idOf(name string) (id ID, ok bool) {
	b, err := hex.DecodeString(name)
	if err != nil || len(b) != len(id) || name != strings.ToLower(name) {
		return id, false
	}
	return ID(b), true
}
