package api

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Maybe is a value or null; null is always written.
type Maybe[T any] struct{ Value *T }

func some[T any](v T) Maybe[T] { return Maybe[T]{&v} }

// MarshalJSON writes the value or null.
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// UnmarshalJSON reads the value or null.
func (m *Maybe[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &m.Value) }

// Schema is that of the value, or null.
func (Maybe[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// maybeTime is null for no moment.
func maybeTime(t time.Time) Maybe[time.Time] {
	if t.IsZero() {
		return Maybe[time.Time]{}
	}
	return some(t)
}
