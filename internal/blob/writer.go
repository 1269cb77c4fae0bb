package blob

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"botschaft/internal/durable"
)

// Writer seals one file. It ends with Commit or Discard.
type Writer struct {
	store  *Store
	id     ID
	file   *os.File
	chunks *chunks
	plain  []byte // of the chunk that is being filled
	sealed []byte
	count  int64
	size   int64
	err    error
}

// Create begins a file.
func (s *Store) Create(id ID, k Key) (*Writer, error) {
	header := make([]byte, headerSize)
	header[0] = version
	_, _ = rand.Read(header[1:])
	c, err := newChunks(k, id, header[1:])
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Join(s.dir, drafts), "*")
	if err != nil {
		return nil, err
	}
	w := &Writer{store: s, id: id, file: f, chunks: c, plain: make([]byte, 0, chunkSize), sealed: make([]byte, 0, sealedSize)}
	if _, err := f.Write(header); err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	return w, nil
}

// Size is how many bytes were written to it.
func (w *Writer) Size() int64 { return w.size }

// Write seals p. A chunk is written when more follows: the last one must be known as such.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && w.err == nil {
		if len(w.plain) == chunkSize {
			w.flush(false)
		}
		take := min(len(p), chunkSize-len(w.plain))
		w.plain = append(w.plain, p[:take]...)
		p, n = p[take:], n+take
	}
	w.size += int64(n)
	return n, w.err
}

func (w *Writer) flush(last bool) {
	if w.err != nil {
		return
	}
	if w.count == maxChunks {
		w.err = errTooLong
		return
	}
	w.sealed = w.chunks.seal(w.sealed[:0], w.plain, w.count, last)
	w.plain = w.plain[:0]
	w.count++
	_, w.err = w.file.Write(w.sealed)
}

// Commit makes the file safe on the disk and gives it its name.
func (w *Writer) Commit() error {
	w.flush(true)
	if w.err != nil {
		return errors.Join(w.err, w.Discard())
	}
	name := w.store.path(w.id)
	err := w.file.Close()
	if err == nil {
		if err = os.Mkdir(filepath.Dir(name), 0o700); errors.Is(err, os.ErrExist) {
			err = nil
		} else if err == nil {
			err = durable.Sync(w.store.dir)
		}
	}
	if err == nil {
		err = durable.Link(w.file.Name(), name)
	}
	return errors.Join(err, os.Remove(w.file.Name()))
}

// Discard leaves nothing of the file.
func (w *Writer) Discard() error {
	clear(w.plain[:cap(w.plain)])
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}
