package desk_test

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
)

func TestStranger(t *testing.T) {
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const before, later = -time.Hour, time.Hour
	type held struct {
		kind  desk.IdentityKind
		from  time.Duration
		ended bool
	}
	for name, c := range map[string]struct{ held, want []held }{
		"another device": {
			[]held{{desk.IdentityPhone, before, false}, {desk.IdentityBSUID, before, false}},
			[]held{{desk.IdentityPhone, before, false}, {desk.IdentityBSUID, before, false}},
		},
		"the number went to another account": {
			[]held{{desk.IdentityPhone, before, false}, {desk.IdentityBSUID, before, false}, {desk.IdentityBSUID, 0, false}},
			[]held{{desk.IdentityPhone, before, false}, {desk.IdentityBSUID, 0, false}},
		},
		"the account went to another number": {
			[]held{{desk.IdentityPhone, before, false}, {desk.IdentityPhone, later, false}, {desk.IdentityBSUID, before, false}},
			[]held{{desk.IdentityPhone, later, false}, {desk.IdentityBSUID, before, false}},
		},
		"nothing is left": {[]held{{desk.IdentityPhone, before, true}}, nil},
		"it went on since": {
			[]held{{desk.IdentityPhone, before, true}, {desk.IdentityPhone, 0, true}, {desk.IdentityPhone, later, false}},
			[]held{{desk.IdentityPhone, 0, true}, {desk.IdentityPhone, later, false}},
		},
	} {
		of := func(all []held) (out []desk.Identity) {
			for _, h := range all {
				id := desk.Identity{Kind: h.kind, ValidFrom: since.Add(h.from)}
				if h.ended {
					id.ValidUntil = &since
				}
				out = append(out, id)
			}
			return out
		}
		same := func(a, b desk.Identity) bool { return a.Kind == b.Kind && a.ValidFrom.Equal(b.ValidFrom) }
		if got := (desk.Split{Since: since}).Stranger(of(c.held)); !slices.EqualFunc(got, of(c.want), same) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What a Conversation's row holds can be told from its Messages.
func TestRetrace(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := desk.Conversation{ID: desk.NewID[desk.Conversation](), OpenedAt: at, LastAt: at}
	var said []desk.Trace
	for i, m := range []desk.Message{
		{Direction: desk.In, Kind: desk.KindText},
		{Direction: desk.Out, Kind: desk.KindText, Origin: desk.OriginNotice},
		{Direction: desk.Out, Kind: desk.KindText, Origin: desk.OriginAgent},
		{Direction: desk.In, Kind: desk.KindImage},
		{Direction: desk.In, Kind: desk.KindReaction},
	} {
		m.ID = desk.NewID[desk.Message]()
		m.At = at.Add(time.Duration(i) * time.Minute)
		m.ExternalAt, m.ThreadAt = m.At, m.At
		c.Receive(&m)
		if m.Direction == desk.In && m.Kind.Asks() {
			c.OpenWindow(m.ExternalAt, m.At)
		}
		said = append(said, desk.Trace{
			ID: m.ID, Direction: m.Direction, Kind: m.Kind, Origin: m.Origin, Position: m.Position, At: m.At, ExternalAt: m.ExternalAt, ThreadAt: m.ThreadAt,
		})
	}
	if got := c.Retrace(said); got != c {
		t.Errorf("got  %+v\nwant %+v", got, c)
	}
	if got := c.Retrace(said[:3]); got.Received != 1 || !got.WaitingSince.IsZero() || got.LastMessage != said[2].ID || !got.WindowOpened.Equal(at) || got.Position != 5 {
		t.Errorf("of the first three: %+v", got)
	}
}

func TestIsSince(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind desk.Kind
		at   time.Time
		want bool
	}{
		{desk.KindText, at.Add(-time.Second), false},
		{desk.KindText, at, true},
		{desk.KindSystem, at, false},
		{desk.KindSystem, at.Add(time.Second), true},
	} {
		if got := (desk.Trace{Kind: c.kind, ExternalAt: c.at}).IsSince(at); got != c.want {
			t.Errorf("%s at %v: %v", c.kind, c.at, got)
		}
	}
}
