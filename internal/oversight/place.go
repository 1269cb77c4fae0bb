package oversight

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"botschaft/internal/desk"
)

// place is where a page of a list by time ended.
type place[Noun any] struct {
	at time.Time
	id desk.ID[Noun]
}

// String writes the place as a cursor.
func (p place[Noun]) String() string {
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(p.at.UnixMilli())), p.id[:]...))
}

// parsePlace reads a cursor; the empty one stands before everything.
func parsePlace[Noun any](s string) (place[Noun], error) {
	if s == "" {
		return place[Noun]{at: time.UnixMilli(math.MaxInt64 / 2)}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 8+16 {
		return place[Noun]{}, desk.Invalid("cursor", "is not a cursor of this list")
	}
	return place[Noun]{time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC(), desk.ID[Noun](b[8:])}, nil
}
