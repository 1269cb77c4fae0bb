// Package durable puts files where a crash finds them whole or not at all. It promises
// no more than the file system does: what was synced before a name was given to it is
// what stands under the name.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Sync makes the content of a file, or the names in a directory, safe.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Link gives a complete draft its name in the same file system. It takes the place of
// nothing: fs.ErrExist if the name is taken. The draft's own name stays.
func Link(draft, name string) error {
	if err := Sync(draft); err != nil {
		return err
	}
	if err := os.Link(draft, name); err != nil {
		return err
	}
	return Sync(filepath.Dir(name))
}
