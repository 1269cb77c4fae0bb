package archive

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
)

// Writer writes the stream of an archive. It is for one goroutine. The first error
// ends it: every call after it gives the same.
type Writer struct {
	to     io.Writer
	stream hash.Hash // over everything written
	table  hash.Hash // over the rows of the present table
	sum    Sum
	sums   []Sum
	rows   int64
	width  int // columns of the present table
	buf    []byte
	err    error
}

// NewWriter begins a stream.
func NewWriter(to io.Writer, h Header) *Writer {
	w := &Writer{to: to, stream: sha256.New(), table: sha256.New()}
	h.Format = Format
	w.write([]byte(magic))
	w.record(recordHeader, marshal(h))
	return w
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	w.stream.Write(b)
	_, w.err = w.to.Write(b)
}

func (w *Writer) record(kind byte, payload []byte) {
	head := binary.AppendUvarint([]byte{kind}, uint64(len(payload)))
	w.write(head)
	w.write(payload)
}

// Table begins a table and ends the one before.
func (w *Writer) Table(t Table) error {
	w.endTable()
	w.sum, w.width = Sum{Name: t.Name}, len(t.Columns)
	w.table.Reset()
	w.record(recordTable, marshal(t))
	return w.err
}

func (w *Writer) endTable() {
	if w.sum.Name == "" {
		return
	}
	w.sum.SHA256 = w.table.Sum(nil)
	w.record(recordEnd, marshal(w.sum))
	w.sums, w.sum = append(w.sums, w.sum), Sum{}
}

var errRow = errors.New("archive: a row does not fit its table")

// Row writes a row of the present table: nil, int64, []byte, string or bool.
func (w *Writer) Row(values []any) error {
	if w.err == nil && (w.sum.Name == "" || len(values) != w.width) {
		w.err = errRow
	}
	b := w.buf[:0]
	for _, v := range values {
		if w.err != nil {
			return w.err
		}
		b, w.err = appendValue(b, v)
	}
	w.buf = b
	if w.err == nil && len(b) > maxRecord {
		w.err = errRow
	}
	if w.err != nil {
		return w.err
	}
	w.table.Write(b)
	w.sum.Rows++
	w.rows++
	w.record(recordRow, b)
	return w.err
}

// Finish writes the manifest. sign and key are the installation's.
func (w *Writer) Finish(key []byte, sign func([]byte) []byte) (Manifest, error) {
	w.endTable()
	m := Manifest{Tables: w.sums, Rows: w.rows, Key: key}
	m.SHA256 = w.stream.Sum(nil)
	m.Signature = sign(statement(m.SHA256))
	w.record(recordManifest, marshal(m))
	return m, w.err
}

// Sums gives what was written so far, the present table included.
func (w *Writer) Sums() []Sum {
	w.endTable()
	return w.sums
}
