package store_test

import (
	"strings"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// A node whose clock runs ahead of the database's or behind it knows by how much.
// SQLite has no clock of its own.
func TestSkew(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		for _, ahead := range []time.Duration{0, 10 * time.Second, -time.Hour} {
			s := storetest.Open(t, url, func() time.Time { return time.Now().Add(ahead) })
			skew, err := s.Skew(t.Context())
			want := -ahead
			if strings.HasPrefix(url, "sqlite:") {
				want = 0
			}
			if err != nil || (skew-want).Abs() > time.Second {
				t.Errorf("a clock %v ahead: %v, %v", ahead, skew, err)
			}
		}
	})
}
