package blob

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"botschaft/internal/durable"
)

// partSize is how much of a file is copied at once, in bytes.
const partSize = 1 << 20

// CountParts tells how many parts Copy would give now.
func (s *Store) CountParts() (parts int64, err error) {
	err = s.Each(func(id ID, _ time.Time) error {
		info, err := os.Stat(s.path(id))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		parts += (info.Size() + partSize - 1) / partSize
		return nil
	})
	return parts, err
}

// Copy gives every whole file as it stands sealed, part by part. No key is needed, and nothing
// becomes readable.
func (s *Store) Copy(part func(id ID, n int64, b []byte) error) error {
	buf := make([]byte, partSize)
	return s.Each(func(id ID, _ time.Time) error {
		f, err := os.Open(s.path(id))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		} else if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		for n := int64(0); ; n++ {
			got, err := io.ReadFull(f, buf)
			if got > 0 {
				if err := part(id, n, buf[:got]); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	})
}

// Filler takes back what Copy gave.
type Filler struct {
	store *Store
	id    ID
	next  int64
	file  *os.File
}

// Fill begins to take files back. It ends with Close.
func (s *Store) Fill() *Filler { return &Filler{store: s} }

var errOrder = errors.New("blob: the parts of a file do not follow each other")

// Add takes the next part.
func (f *Filler) Add(id ID, n int64, b []byte) error {
	if f.file == nil || id != f.id {
		if err := f.Close(); err != nil {
			return err
		}
		var err error
		if f.file, err = os.CreateTemp(filepath.Join(f.store.dir, drafts), "*"); err != nil {
			return err
		}
		f.id, f.next = id, 0
	}
	if n != f.next {
		return errOrder
	}
	f.next++
	_, err := f.file.Write(b)
	return err
}

// Close gives the file its name that was taken back last. One that is there already is the
// same: names are random, and no file changes.
func (f *Filler) Close() error {
	if f.file == nil {
		return nil
	}
	draft, name := f.file.Name(), f.store.path(f.id)
	err := f.file.Close()
	f.file = nil
	if err == nil {
		err = os.MkdirAll(filepath.Dir(name), 0o700)
	}
	if err == nil {
		if err = durable.Link(draft, name); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(draft), durable.Sync(f.store.dir))
}
