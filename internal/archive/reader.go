package archive

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Reader reads the stream of an archive. It is for one goroutine.
type Reader struct {
	from   *bufio.Reader
	stream hash.Hash
	table  hash.Hash
	header Header
	now    *Table // the table whose rows come next
	sum    Sum
	sums   []Sum
	rows   int64
	buf    []byte
	values []any
	end    *Manifest
}

// NewReader reads the header.
func NewReader(from io.Reader) (*Reader, error) {
	r := &Reader{from: bufio.NewReaderSize(from, 256<<10), stream: sha256.New(), table: sha256.New()}
	begin := make([]byte, len(magic))
	if _, err := io.ReadFull(r.from, begin); err != nil {
		return nil, damaged(err)
	}
	if string(begin) != magic {
		return nil, fmt.Errorf("%w (it is no archive of this program)", ErrDamaged)
	}
	r.stream.Write(begin)
	kind, payload, err := r.record()
	if err != nil {
		return nil, err
	}
	if kind != recordHeader || json.Unmarshal(payload, &r.header) != nil {
		return nil, ErrDamaged
	}
	if r.header.Format > Format {
		return nil, ErrTooNew
	}
	return r, nil
}

// Header says whose archive it is. Until Finish nobody has vouched for it.
func (r *Reader) Header() Header { return r.header }

// damaged says that an archive ends too early or does not decrypt; a failing disk and
// an answer of ours stay what they are.
func damaged(err error) error {
	if err == nil || errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w (%w)", ErrDamaged, err)
}

// record reads the next record; its payload is valid until the next call.
func (r *Reader) record() (kind byte, payload []byte, err error) {
	if kind, err = r.from.ReadByte(); err != nil {
		return 0, nil, damaged(noEOF(err))
	}
	n, err := binary.ReadUvarint(r.from)
	if err != nil {
		return 0, nil, damaged(noEOF(err))
	}
	if n > maxRecord {
		return 0, nil, ErrDamaged
	}
	if uint64(cap(r.buf)) < n {
		r.buf = make([]byte, n)
	}
	r.buf = r.buf[:n]
	if _, err := io.ReadFull(r.from, r.buf); err != nil {
		return 0, nil, damaged(noEOF(err))
	}
	if kind != recordManifest { // which holds the sum of what stands before it
		r.stream.Write(binary.AppendUvarint([]byte{kind}, n))
		r.stream.Write(r.buf)
	}
	return kind, r.buf, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Table goes to the next table, whose rows Row gives; io.EOF when there is none and
// the manifest agrees with all that was read. The rows of the present table must have
// been read.
func (r *Reader) Table() (Table, error) {
	if r.now != nil {
		return Table{}, errors.New("archive: the table before was not read to its end")
	}
	if r.end != nil {
		return Table{}, io.EOF
	}
	kind, payload, err := r.record()
	switch {
	case err != nil:
		return Table{}, err
	case kind == recordManifest:
		return Table{}, r.finish(payload)
	case kind != recordTable:
		return Table{}, ErrDamaged
	}
	var t Table
	if err := json.Unmarshal(payload, &t); err != nil || t.Name == "" || len(t.Columns) == 0 {
		return Table{}, ErrDamaged
	}
	r.now, r.sum = &t, Sum{Name: t.Name}
	r.values = make([]any, len(t.Columns))
	r.table.Reset()
	return t, nil
}

// Row gives the next row of the table, valid until the next call; io.EOF at its end.
func (r *Reader) Row() ([]any, error) {
	if r.now == nil {
		return nil, io.EOF
	}
	kind, payload, err := r.record()
	switch {
	case err != nil:
		return nil, err
	case kind == recordEnd:
		return nil, r.endTable(payload)
	case kind != recordRow:
		return nil, ErrDamaged
	}
	r.table.Write(payload)
	r.sum.Rows++
	for i := range r.values {
		if r.values[i], payload, err = takeValue(payload); err != nil {
			return nil, err
		}
	}
	if len(payload) > 0 {
		return nil, ErrDamaged
	}
	return r.values, nil
}

func (r *Reader) endTable(payload []byte) error {
	var said Sum
	r.sum.SHA256 = r.table.Sum(nil)
	if json.Unmarshal(payload, &said) != nil || !said.equals(r.sum) {
		return fmt.Errorf("%w (table %s)", ErrDamaged, r.now.Name)
	}
	r.sums, r.rows, r.now = append(r.sums, r.sum), r.rows+r.sum.Rows, nil
	return io.EOF
}

func (s Sum) equals(other Sum) bool {
	return s.Name == other.Name && s.Rows == other.Rows && bytes.Equal(s.SHA256, other.SHA256)
}

// finish compares the manifest with what was read and gives io.EOF if all is well.
func (r *Reader) finish(payload []byte) error {
	var m Manifest
	if json.Unmarshal(payload, &m) != nil || !bytes.Equal(payload, marshal(m)) || m.Rows != r.rows || len(m.Tables) != len(r.sums) || !bytes.Equal(m.SHA256, r.stream.Sum(nil)) {
		return ErrDamaged
	}
	for i, s := range m.Tables {
		if !s.equals(r.sums[i]) {
			return ErrDamaged
		}
	}
	if len(m.Key) != ed25519.PublicKeySize || !ed25519.Verify(m.Key, statement(m.SHA256), m.Signature) {
		return fmt.Errorf("%w (its signature is wrong)", ErrDamaged)
	}
	// The seals of gzip and age stand behind the last byte: read them, too.
	if _, err := r.from.ReadByte(); err == nil {
		return ErrDamaged
	} else if !errors.Is(err, io.EOF) {
		return damaged(err)
	}
	r.end = &m
	return io.EOF
}

// Manifest gives what ends the archive, once Table has given io.EOF. Whether its Key is
// the installation's is for the caller to compare.
func (r *Reader) Manifest() (Manifest, bool) {
	if r.end == nil {
		return Manifest{}, false
	}
	return *r.end, true
}
