package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Reader reads a file from anywhere. It is for one goroutine.
type Reader struct {
	file   *os.File
	chunks *chunks
	count  int64
	size   int64
	at     int64
	held   int64  // the chunk in plain; -1: none
	plain  []byte // within buf
	buf    []byte
}

// Open opens a whole file; fs.ErrNotExist if there is none, ErrAltered if it was cut. What
// else was altered is found where it is read.
func (s *Store) Open(id ID, k Key) (*Reader, error) {
	f, err := os.Open(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("blob: the file is not there: %w", fs.ErrNotExist)
	} else if err != nil {
		return nil, err
	}
	r, err := newReader(f, id, k)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

func newReader(f *os.File, id ID, k Key) (*Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil {
		return nil, ErrAltered
	}
	if header[0] != version {
		return nil, ErrVersion
	}
	r := &Reader{file: f, held: -1, buf: make([]byte, sealedSize)}
	if r.count, r.size, err = shape(info.Size()); err != nil {
		return nil, err
	}
	if r.chunks, err = newChunks(k, id, header[1:]); err != nil {
		return nil, err
	}
	return r, r.load(r.count - 1) // only the true last one says that it is the last
}

// Size is how many bytes the file holds.
func (r *Reader) Size() int64 { return r.size }

// Close ends the reading.
func (r *Reader) Close() error {
	clear(r.buf)
	return r.file.Close()
}

// Read reads on.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	n := r.at / chunkSize
	if n != r.held {
		if err := r.load(n); err != nil {
			return 0, err
		}
	}
	got := copy(p, r.plain[r.at-n*chunkSize:])
	r.at += int64(got)
	return got, nil
}

var errSeek = errors.New("blob: no such place in the file")

// Seek sets where Read goes on.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	r.at = offset
	return offset, nil
}

// load opens the chunk n.
func (r *Reader) load(n int64) error {
	r.held = -1
	length := int64(sealedSize)
	if n == r.count-1 {
		length = r.size - n*chunkSize + tagSize
	}
	sealed := r.buf[:length]
	if _, err := r.file.ReadAt(sealed, headerSize+n*sealedSize); err != nil {
		return ErrAltered
	}
	plain, err := r.chunks.open(sealed, n, n == r.count-1)
	if err != nil {
		return err
	}
	r.held, r.plain = n, plain
	return nil
}
