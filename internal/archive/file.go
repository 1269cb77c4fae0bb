package archive

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"golang.org/x/sys/unix"

	"botschaft/internal/durable"
)

// Suffix ends the name of an archive; unfinished is behind it while it is written.
const (
	Suffix     = ".botschaft.age"
	unfinished = ".part"
)

// File is an archive on its way to the disk. Nothing stands under its name before
// Publish.
type File struct {
	*Writer
	name   string // the final one
	file   *os.File
	digest hash.Hash // of the ciphertext
	bytes  int64
	buffer *bufio.Writer
	sealed io.WriteCloser
	packed *gzip.Writer
}

// Create begins the archive dir/name for recipients. pace, if there is one, is called
// with the number of bytes before each write, and may wait.
func Create(dir, name string, h Header, recipients []age.Recipient, pace func(int) error) (*File, error) {
	f := &File{name: filepath.Join(dir, name), digest: sha256.New()}
	if _, err := os.Lstat(f.name); err == nil {
		return nil, fmt.Errorf("%s is there already", f.name)
	}
	var err error
	if f.file, err = os.OpenFile(f.name+unfinished, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return nil, fmt.Errorf("make the archive: %w", err)
	}
	err = unix.Flock(int(f.file.Fd()), unix.LOCK_EX|unix.LOCK_NB) // says that it is being written; see Tidy
	if err == nil {
		f.buffer = bufio.NewWriterSize(writing(func(b []byte) (int, error) { return f.put(b, pace) }), 1<<20)
		f.sealed, err = age.Encrypt(f.buffer, recipients...)
	}
	if err == nil {
		f.packed, err = gzip.NewWriterLevel(f.sealed, gzip.BestSpeed)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the archive: %w", err), f.Discard())
	}
	f.Writer = NewWriter(f.packed, h)
	return f, nil
}

type writing func([]byte) (int, error)

func (w writing) Write(b []byte) (int, error) { return w(b) }

func (f *File) put(b []byte, pace func(int) error) (int, error) {
	if pace != nil {
		if err := pace(len(b)); err != nil {
			return 0, err
		}
	}
	n, err := f.file.Write(b)
	f.digest.Write(b[:n])
	f.bytes += int64(n)
	return n, err
}

// Written is what stands on the disk.
type Written struct {
	Name   string // of the file
	Bytes  int64
	SHA256 string // of the file, hexadecimal
	Manifest
}

// Finish ends the archive, makes it durable and reads it back from the disk: what is
// there is what was written.
func (f *File) Finish(key []byte, sign func([]byte) []byte) (Written, error) {
	m, err := f.Writer.Finish(key, sign)
	for _, end := range []func() error{f.packed.Close, f.sealed.Close, f.buffer.Flush, f.file.Sync} {
		if err == nil {
			err = end()
		}
	}
	if err != nil {
		return Written{}, fmt.Errorf("write the archive: %w", err)
	}
	w := Written{Name: f.name, Bytes: f.bytes, SHA256: hex.EncodeToString(f.digest.Sum(nil)), Manifest: m}
	sum, bytes, err := digestOf(f.name + unfinished)
	if err != nil {
		return w, fmt.Errorf("read the archive back: %w", err)
	}
	if sum != w.SHA256 || bytes != w.Bytes {
		return w, fmt.Errorf("the archive reads back otherwise than it was written; the disk or the file system of %s is faulty", filepath.Dir(f.name))
	}
	return w, nil
}

func digestOf(name string) (string, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	// What is still in the page cache would prove nothing about the disk.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// Unfinished is the name under which the archive stands until Publish.
func (f *File) Unfinished() string { return f.name + unfinished }

// Publish gives the archive its name.
func (f *File) Publish() error {
	if err := os.Rename(f.name+unfinished, f.name); err != nil {
		return err
	}
	return errors.Join(durable.Sync(filepath.Dir(f.name)), f.file.Close())
}

// Discard takes away what was begun.
func (f *File) Discard() error {
	return errors.Join(os.Remove(f.name+unfinished), f.file.Close())
}

// Tidy removes the unfinished archives in dir that nobody writes any more, and gives
// their number: what a backup left that was killed.
func Tidy(dir string) (int, error) {
	left, err := filepath.Glob(filepath.Join(escaped(dir), "*"+Suffix+unfinished))
	removed := 0
	for _, name := range left {
		f, openErr := os.OpenFile(name, os.O_RDWR, 0)
		if openErr != nil {
			continue
		}
		if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			err = errors.Join(err, os.Remove(name))
			removed++
		}
		_ = f.Close()
	}
	return removed, err
}

// escaped keeps a directory's name from being read as a pattern.
func escaped(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// Opened is an archive that is being read.
type Opened struct {
	*Reader
	file *os.File
}

// Open opens an archive with the identities at hand.
func Open(name string, identities []age.Identity) (*Opened, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the archive: %w", err)
	}
	o := &Opened{file: file}
	if o.Reader, err = open(file, identities); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return o, nil
}

func open(from io.Reader, identities []age.Identity) (*Reader, error) {
	plain, err := age.Decrypt(bufio.NewReaderSize(from, 1<<20), identities...)
	if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
		return nil, ErrIdentity
	} else if err != nil {
		return nil, damaged(err)
	}
	unpacked, err := gzip.NewReader(plain)
	if err != nil {
		return nil, damaged(err)
	}
	return NewReader(unpacked)
}

// Close ends the reading.
func (o *Opened) Close() error { return o.file.Close() }
