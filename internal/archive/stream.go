package archive

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
)

// Format is the number of this form of archives. A change that older programs would
// misread gets the next one.
const Format = 1

// Kind tells what an archive holds.
type Kind string

// The kinds.
const (
	Data  Kind = "data"
	Vault Kind = "vault"
)

// Header begins an archive and says whose it is.
type Header struct {
	Format       int       `json:"format"`
	Kind         Kind      `json:"kind"`
	Installation uuid.UUID `json:"installation"`
	Schema       int64     `json:"schema"` // version of the tables
	Engine       string    `json:"engine"` // where it was taken from; it fits any
	TakenAt      time.Time `json:"taken_at"`
	Program      string    `json:"program"`               // version of the program that wrote it
	Rows         int64     `json:"rows"`                  // rows there will be
	Fingerprint  []byte    `json:"fingerprint,omitempty"` // of the root key that opens the vault
}

// Table is what stands under one name.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Sum is what a table held.
type Sum struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 []byte `json:"sha256"` // of its rows as they are encoded, in their order
}

// Manifest ends an archive.
type Manifest struct {
	Tables    []Sum  `json:"tables"`
	Rows      int64  `json:"rows"`
	SHA256    []byte `json:"sha256"` // of the stream up to here
	Key       []byte `json:"key"`    // of the installation, public
	Signature []byte `json:"signature"`
}

// What can be wrong with an archive; test with errors.Is.
var (
	// ErrDamaged: bytes are missing, were changed, or are no archive at all.
	ErrDamaged = errors.New("the archive is damaged or was changed; take another copy of it, or another backup")
	// ErrTooNew: a newer release wrote it in a form this one does not know.
	ErrTooNew = errors.New("the archive was written by a newer release; restore it with that one")
	// ErrIdentity: none of the identities at hand opens it.
	ErrIdentity = errors.New("none of the identities opens this archive: it was made for another recipient")
)

// magic begins every stream, before anything that could change with the format.
const magic = "botschaft archive\n"

// Kinds of records.
const (
	recordHeader   = 'H'
	recordTable    = 'T'
	recordRow      = 'R'
	recordEnd      = 'E' // of a table, with its Sum
	recordManifest = 'M'
)

// maxRecord bounds what a reader takes into memory at once. The largest row is a
// Delivery of 3 MiB.
const maxRecord = 32 << 20

// Tags of the values of a row. They are stored: never renumber them.
const (
	tagNull  = 0
	tagInt   = 1
	tagBytes = 2
	tagText  = 3
	tagFalse = 4
	tagTrue  = 5
)

// appendValue encodes a value as databases give it.
func appendValue(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, tagNull), nil
	case int64:
		return binary.AppendVarint(append(b, tagInt), v), nil
	case []byte:
		return append(binary.AppendUvarint(append(b, tagBytes), uint64(len(v))), v...), nil
	case string:
		return append(binary.AppendUvarint(append(b, tagText), uint64(len(v))), v...), nil
	case bool:
		if v {
			return append(b, tagTrue), nil
		}
		return append(b, tagFalse), nil
	}
	return nil, fmt.Errorf("archive: a %T cannot be kept", value)
}

// takeValue is the inverse of appendValue; bytes stay part of b.
func takeValue(b []byte) (value any, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, ErrDamaged
	}
	tag, b := b[0], b[1:]
	switch tag {
	case tagNull:
		return nil, b, nil
	case tagFalse, tagTrue:
		return tag == tagTrue, b, nil
	case tagInt:
		n, size := binary.Varint(b)
		if size <= 0 {
			return nil, nil, ErrDamaged
		}
		return n, b[size:], nil
	case tagBytes, tagText:
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) || n > math.MaxInt32 {
			return nil, nil, ErrDamaged
		}
		b = b[size:]
		if tag == tagText {
			return string(b[:n]), b[n:], nil
		}
		return b[:n:n], b[n:], nil
	}
	return nil, nil, ErrDamaged
}

// statement is what the installation signs: that this stream is its own.
func statement(sum []byte) []byte { return append([]byte("botschaft archive 1\n"), sum...) }

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // only types of this file, which all can
		panic(err)
	}
	return b
}
