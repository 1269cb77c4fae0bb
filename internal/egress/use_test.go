package egress

import (
	"testing"
	"time"
)

// Where data went is known by what was asked for there, through a pool too;
// what was refused is no use, and what was told of once is not told again.
func TestUsed(t *testing.T) {
	w := newWorld(t, Config{}, example, own, Declaration{Purpose: "another", Host: "example.com", Port: 443, Processor: "Example"})
	began := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	now := began
	w.now = func() time.Time { return now }
	used := func(after time.Time) (list []string) {
		for _, u := range w.Used(after) {
			list = append(list, u.Host+" "+u.Purpose+" "+u.At.Format("15:04"))
		}
		return list
	}
	same := func(what string, got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: got %q", what, got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: got %q", what, got)
			}
		}
	}
	c := w.client(t)
	same("nothing yet", used(time.Time{}))
	now = began.Add(time.Minute)
	if _, err := get(t, c, "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, c, "https://evil.example/"); err == nil {
		t.Fatal("an undeclared host was reached")
	}
	same("both purposes of the host", used(time.Time{}), "example.com another 12:01", "example.com test 12:01")
	same("told already", used(now))
	now = began.Add(2 * time.Minute)
	if _, err := get(t, c, "https://example.com/again"); err != nil { // by the pooled connection
		t.Fatal(err)
	}
	same("again", used(began.Add(time.Minute)), "example.com another 12:02", "example.com test 12:02")
	conn, err := w.DialContext(t.Context(), "tcp", "inside.example:80")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	same("dialled", used(began.Add(2*time.Minute).Add(-1)), "example.com another 12:02", "example.com test 12:02", "inside.example test 12:02")
}
