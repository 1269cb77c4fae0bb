package private

import (
	"database/sql/driver"
	"fmt"
	"io"
	"log/slog"
)

// Sealed is a T as ciphertext: what the database keeps and nouns carry. Only the
// vault turns a T into a Sealed[T] and back. The zero value seals nothing.
type Sealed[T any] struct{ b []byte }

// SealedBytes marks b, an envelope made by the vault, as a sealed T.
func SealedBytes[T any](b []byte) Sealed[T] { return Sealed[T]{b} }

// Bytes returns the envelope.
func (s Sealed[T]) Bytes() []byte { return s.b }

// IsEmpty tells whether nothing is sealed.
func (s Sealed[T]) IsEmpty() bool { return len(s.b) == 0 }

// Format prints the mark: ciphertext in a log helps nobody.
func (s Sealed[T]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "‹sealed›") }

// LogValue logs the mark.
func (s Sealed[T]) LogValue() slog.Value { return slog.StringValue("‹sealed›") }

// Value stores the envelope; an empty one is NULL.
func (s Sealed[T]) Value() (driver.Value, error) {
	if len(s.b) == 0 {
		return nil, nil
	}
	return s.b, nil
}

// Scan reads an envelope.
func (s *Sealed[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		s.b = nil
	case []byte:
		s.b = append([]byte(nil), v...)
	default:
		return fmt.Errorf("private: a sealed column holds %T", src)
	}
	return nil
}
