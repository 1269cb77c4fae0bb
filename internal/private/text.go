package private

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Mark is what is printed instead of a private value.
const Mark = "‹private›"

// errStored guards against a readable value reaching a database driver.
var errStored = errors.New("private: a readable value must not be stored; seal it first")

// Text is personal text: a message, a name, a telephone number.
//
// The text stands behind a pointer because fmt, given a verb that does not fit,
// walks through a pointer's fields without asking them how to print.
type Text struct{ s *string }

// NewText wraps s.
func NewText(s string) Text { return Text{&s} }

// Reveal returns the readable text. Call it at the edges alone.
func (t Text) Reveal() string {
	if t.s == nil {
		return ""
	}
	return *t.s
}

// IsEmpty tells whether there is no text, without revealing any.
func (t Text) IsEmpty() bool { return t.s == nil || *t.s == "" }

// Equal tells whether both say the same, without revealing either.
func (t Text) Equal(other Text) bool { return t.Reveal() == other.Reveal() }

// String prints the mark.
func (Text) String() string { return Mark }

// Format prints the mark for every verb, %#v and %x included.
func (Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mark) }

// LogValue logs the mark.
func (Text) LogValue() slog.Value { return slog.StringValue(Mark) }

// MarshalText encodes the mark, so that JSON never carries the text by accident.
func (Text) MarshalText() ([]byte, error) { return []byte(Mark), nil }

// Value refuses: only sealed values are stored.
func (Text) Value() (driver.Value, error) { return nil, errStored }

// Key is a secret: a cipher key, an access token, an application secret.
type Key struct{ b *[]byte }

// NewKey wraps b; the caller gives b away.
func NewKey(b []byte) Key { return Key{&b} }

// Reveal returns the secret bytes. Call it where they are used, nowhere else.
func (k Key) Reveal() []byte {
	if k.b == nil {
		return nil
	}
	return *k.b
}

// IsEmpty tells whether there is no secret.
func (k Key) IsEmpty() bool { return k.b == nil || len(*k.b) == 0 }

// String prints the mark.
func (Key) String() string { return Mark }

// Format prints the mark for every verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mark) }

// LogValue logs the mark.
func (Key) LogValue() slog.Value { return slog.StringValue(Mark) }

// MarshalText encodes the mark.
func (Key) MarshalText() ([]byte, error) { return []byte(Mark), nil }

// Value refuses: only sealed values are stored.
func (Key) Value() (driver.Value, error) { return nil, errStored }
