package outbound_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// heard adds a Message that a Contact wrote.
func (w *world) heard(t *testing.T, c desk.Conversation, position int64) desk.MessageID {
	t.Helper()
	ctx := t.Context()
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID, Direction: desk.In,
		Kind: desk.KindText, Position: position, At: w.Now(), ExternalAt: w.Now(), ThreadAt: w.Now(), Status: desk.StatusReceived, StatusAt: w.Now(),
		Origin: desk.OriginContact, WamidDigest: []byte(fmt.Sprint("digest", c.ID, position)),
	}
	var err error
	m.Content, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(m.ID), desk.Content{Text: text("Hallo")})
	must(t, err)
	m.Wamid, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.WamidPlace(m.ID), text(fmt.Sprintf("wamid.in.%d", position)))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.AddMessages(ctx, []desk.Message{m}) }))
	return m.ID
}

// chooses says what the Inbox tells.
func (w *world) chooses(t *testing.T, s desk.Signals) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetInboxSignals(t.Context(), rows.SetInboxSignalsParams{ID: w.inbox, Signals: s})
	}))
	must(t, w.inboxes.Refresh(t.Context()))
}

func (w *world) tells(t *testing.T, tell func(context.Context, *store.Tx, *desk.Conversation, int64) error, c desk.Conversation, position int64) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { return tell(t.Context(), tx, &c, position) }))
}

// signal works what waits, and gives what the Provider was told in the meantime.
func (w *world) signal(t *testing.T) (said []string) {
	t.Helper()
	before := len(w.provider.signals())
	ctx, cancel := context.WithCancel(context.Background())
	r := queue.NewRunner(w.Store, queue.Config{
		Kind: outbound.KindSignals, Node: "one", Batch: 1, Parallel: 2, Lease: lease, Poll: 2 * time.Millisecond, Log: w.log,
	}, w.gate.Signal)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	w.idle(t)
	cancel()
	must(t, <-ended)
	for _, s := range w.provider.signals()[before:] {
		said = append(said, fmt.Sprintf("%s %t", s.Wamid.Reveal(), s.Typing))
	}
	return said
}

func wants(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: told %v, want %v", what, got, want)
	}
}

// An Inbox tells nothing unless somebody chose that it does; then each Message is marked as read
// once, and that somebody writes is told at most every 20 seconds.
func TestSignals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.heard(t, anna, 1)
		w.tells(t, w.gate.TellRead, anna, 1)
		w.tells(t, w.gate.TellTyping, anna, 1)
		wants(t, "by default", w.signal(t))

		w.chooses(t, desk.SignalsRead)
		w.tells(t, w.gate.TellRead, anna, 0)
		w.tells(t, w.gate.TellTyping, anna, 1)
		wants(t, "before it was read", w.signal(t))
		w.tells(t, w.gate.TellRead, anna, 5)
		w.tells(t, w.gate.TellRead, anna, 5)
		wants(t, "read twice", w.signal(t), "wamid.in.1 false")
		w.heard(t, anna, 6)
		w.tells(t, w.gate.TellRead, anna, 6)
		wants(t, "the next", w.signal(t), "wamid.in.6 false")

		w.chooses(t, desk.SignalsTyping)
		w.heard(t, anna, 7)
		w.tells(t, w.gate.TellTyping, anna, 6)
		w.tells(t, w.gate.TellTyping, anna, 6)
		wants(t, "writes, and has not read the newest", w.signal(t), "wamid.in.6 true")
		w.clock.Add(19 * time.Second)
		w.tells(t, w.gate.TellTyping, anna, 7)
		wants(t, "writes on", w.signal(t))
		w.clock.Add(time.Second)
		w.tells(t, w.gate.TellTyping, anna, 7)
		wants(t, "20 seconds later", w.signal(t), "wamid.in.7 true")
		w.tells(t, w.gate.TellRead, anna, 7)
		wants(t, "typing has marked it as read", w.signal(t))
	})
}

// There is no second door: what may not be answered is not marked as read either. What waited too
// long is not told.
func TestSignalsNeedAPermit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.chooses(t, desk.SignalsTyping)
		for name, forbid := range map[string]func(c desk.Conversation){
			"restricted": func(c desk.Conversation) {
				must(t, w.Update(ctx, func(tx *store.Tx) error {
					return tx.RestrictContact(ctx, rows.RestrictContactParams{Contact: c.Contact, At: tx.Stamp(), Reason: "a test"})
				}))
			},
			"paused":        func(desk.Conversation) { w.pause(t) },
			"late":          func(desk.Conversation) { w.clock.Add(31 * time.Second) },
			"nothing stops": func(desk.Conversation) {},
		} {
			c := w.wrote(t, "+49170000000"+fmt.Sprint(len(name)), time.Hour)
			w.heard(t, c, 1)
			w.tells(t, w.gate.TellRead, c, 1)
			forbid(c)
			want := []string{}
			if name == "nothing stops" {
				want = append(want, "wamid.in.1 false")
			}
			wants(t, name, w.signal(t), want...)
			if name == "paused" {
				w.resume(t)
			}
		}
		for name, c := range map[string]desk.Conversation{
			"not informed":  w.came(t, "+491700000008", time.Hour),
			"window closed": w.wrote(t, "+491700000009", 25*time.Hour),
		} {
			w.heard(t, c, 1)
			w.tells(t, w.gate.TellRead, c, 1)
			wants(t, name, w.signal(t))
		}
	})
}
