package inbound_test

import (
	"context"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// A Message that is repeated keeps the wamid of the attempt before. Late news of that
// attempt says nothing of the next one, but for that it arrived.
func TestNewsOfEarlierAttempts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const first, second = "wamid.first", "wamid.second"
		for name, c := range map[string]struct {
			stands desk.Status
			known  string // the wamid that stands on the message
			of     string // the wamid the news speaks of
			news   desk.Status
			want   desk.Status
		}{
			"queued again, the first failed once more":      {desk.StatusQueued, first, first, desk.StatusFailed, desk.StatusQueued},
			"queued again, the first was sent":              {desk.StatusQueued, first, first, desk.StatusSent, desk.StatusQueued},
			"queued again, the first arrived after all":     {desk.StatusQueued, first, first, desk.StatusDelivered, desk.StatusDelivered},
			"queued after a doubt, the first failed":        {desk.StatusQueued, "", first, desk.StatusFailed, desk.StatusQueued},
			"queued after a doubt, the first was sent":      {desk.StatusQueued, "", first, desk.StatusSent, desk.StatusSent},
			"sending again, the first failed once more":     {desk.StatusSending, first, first, desk.StatusFailed, desk.StatusSending},
			"sending again, the second overtakes":           {desk.StatusSending, first, second, desk.StatusSent, desk.StatusSent},
			"sending again, the second fails at once":       {desk.StatusSending, first, second, desk.StatusFailed, desk.StatusFailed},
			"in doubt again, the first failed once more":    {desk.StatusInDoubt, first, first, desk.StatusFailed, desk.StatusInDoubt},
			"in doubt again, the second settles it":         {desk.StatusInDoubt, first, second, desk.StatusSent, desk.StatusSent},
			"sent again, the first failed once more":        {desk.StatusSent, second, first, desk.StatusFailed, desk.StatusSent},
			"sent again, the first is read":                 {desk.StatusSent, second, first, desk.StatusRead, desk.StatusRead},
			"sent, and failed":                              {desk.StatusSent, first, first, desk.StatusFailed, desk.StatusFailed},
			"sending, and failed before it was accepted":    {desk.StatusSending, "", first, desk.StatusFailed, desk.StatusFailed},
			"failed for good, and delivered all the same":   {desk.StatusFailed, first, first, desk.StatusDelivered, desk.StatusDelivered},
			"failed for good, and the news comes once more": {desk.StatusFailed, first, first, desk.StatusFailed, desk.StatusFailed},
		} {
			in := w.inbox(t, w.controller(t), "secret")
			m := w.outgoing(t, in, c.stands, c.known)
			w.deliver(t, in, tells(in, c.of, m.ID, c.news, ""))
			w.process(t, 200)
			now, err := w.Read().GetMessage(t.Context(), m.ID)
			must(t, err)
			if now.Status != c.want {
				t.Errorf("%s: stands at %s, want %s", name, now.Status, c.want)
			}
		}
	})
}

// News of two attempts in one batch is one step for the Message.
func TestNewsOfTwoAttemptsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		m := w.outgoing(t, in, desk.StatusSending, "wamid.first")
		events := w.events(t)
		w.deliver(t, in,
			tells(in, "wamid.second", m.ID, desk.StatusDelivered, ""), tells(in, "wamid.first", m.ID, desk.StatusFailed, "131026"),
			tells(in, "wamid.second", m.ID, desk.StatusRead, ""), tells(in, "wamid.first", desk.MessageID{}, desk.StatusDelivered, ""))
		w.process(t, 200)
		now, err := w.Read().GetMessage(t.Context(), m.ID)
		must(t, err)
		if now.Status != desk.StatusRead || now.Failure != "" {
			t.Errorf("stands at %s %s", now.Status, now.Failure)
		}
		if n := w.events(t) - events; n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

// One of several statuses of a Message that names it is enough for all.
func TestReferenceServesAllOfABatch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		m := w.outgoing(t, in, desk.StatusSending, "")
		w.deliver(t, in, tells(in, "wamid.1", desk.MessageID{}, desk.StatusDelivered, ""), tells(in, "wamid.1", m.ID, desk.StatusSent, ""))
		w.process(t, 200)
		now, err := w.Read().GetMessage(t.Context(), m.ID)
		must(t, err)
		if now.Status != desk.StatusDelivered {
			t.Errorf("stands at %s", now.Status)
		}
	})
}

func TestStatusesOfUnknownMessagesAreParked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.controller(t)
		in, other := w.inbox(t, c, "secret"), w.inbox(t, c, "secret")
		m := w.outgoing(t, other, desk.StatusSent, "wamid.1")
		w.deliver(t, in, tells(in, "wamid.1", m.ID, desk.StatusDelivered, ""), tells(in, "wamid.1", m.ID, desk.StatusFailed, "131026"))
		w.process(t, 200)
		w.deliver(t, in, tells(in, "wamid.1", m.ID, desk.StatusRead, ""), tells(in, "wamid.1", m.ID, desk.StatusRead, ""))
		w.process(t, 200)
		digest, err := w.vault.Digest(ctx, c, "wamid", in.ID[:], []byte("wamid.1"))
		must(t, err)
		var parked []store.ParkedStatus
		must(t, w.Update(ctx, func(tx *store.Tx) (err error) {
			parked, err = tx.TakeParked(ctx, in.ID, [][]byte{digest})
			return err
		}))
		if len(parked) != 2 {
			t.Errorf("%d statuses are parked, want the highest of each batch", len(parked))
		}
		now, err := w.Read().GetMessage(ctx, m.ID)
		must(t, err)
		if now.Status != desk.StatusSent {
			t.Error("a status of one inbox changed a message of another")
		}
	})
}

// A status about a Message that came in, or of a kind that is no rung, changes nothing.
func TestNewsOfNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		w.deliver(t, in, says(in, phone("+491700000001"), "wamid.in", "hello", 0))
		w.process(t, 200)
		m := w.outgoing(t, in, desk.StatusSent, "wamid.out")
		w.deliver(t, in, tells(in, "wamid.in", desk.MessageID{}, desk.StatusRead, ""), tells(in, "wamid.out", m.ID, "", ""))
		w.process(t, 200)
		if line := w.threads(t, in)["+491700000001"].Last; line != "12:00:00 received hello" {
			t.Errorf("the inbound message is %q", line)
		}
		now, err := w.Read().GetMessage(t.Context(), m.ID)
		must(t, err)
		if now.Status != desk.StatusSent {
			t.Errorf("stands at %s", now.Status)
		}
	})
}
