package outbound_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// A send without a clear answer is shown as in doubt and never repeated by itself. Its
// lane waits a minute and goes on.
func TestDoubt(t *testing.T) {
	for name, err := range map[string]error{"no answer": lost, "an error without an outcome": errors.New("broken on purpose")} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				anna := w.wrote(t, "+491700000001", time.Hour)
				w.provider.answers(func(n int, _ desk.Outgoing) (desk.Receipt, error) {
					if n == 0 {
						return desk.Receipt{}, err
					}
					return desk.Receipt{Wamid: text("wamid.behind")}, nil
				})
				m, behind := w.says(t, anna, "hello"), w.says(t, anna, "behind")
				w.deliver(t, "one")
				w.stands(t, m, desk.StatusInDoubt)
				if since, err := w.gate.OldestDoubt(t.Context()); err != nil || !since.Equal(noon) {
					t.Errorf("the oldest doubt is of %v, %v", since, err)
				}
				waited := w.soonest(t, "what stands behind", func() bool { return w.message(t, behind.ID).Status == desk.StatusSent })
				if waited < time.Minute {
					t.Errorf("the lane went on after %v", waited)
				}
				w.clock.Add(time.Hour)
				w.idle(t)
				if got := w.provider.texts(); got != "hello behind" || w.message(t, m.ID).Status != desk.StatusInDoubt {
					t.Errorf("sent %s, and the first stands at %s", got, w.message(t, m.ID).Status)
				}
			})
		})
	}
}

func TestStatusSettlesDoubt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(lost, 1)
		m, behind := w.says(t, anna, "hello"), w.says(t, anna, "behind")
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusInDoubt)
		w.status(t, m, "wamid.x", desk.StatusDelivered, "")
		waited := w.soonest(t, "what stands behind", func() bool { return w.message(t, behind.ID).Status == desk.StatusSent })
		if waited > 50*time.Second {
			t.Errorf("the lane went on %v after the doubt was settled", waited)
		}
		if now := w.message(t, m.ID); now.Status != desk.StatusDelivered || w.provider.count() != 2 {
			t.Errorf("stands at %s after %d sends", now.Status, w.provider.count())
		}
	})
}

// Whoever crashed after it had begun to send leaves a doubt, never a second send.
func TestCrashWhileSending(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.SetMessageStatus(ctx, rows.SetMessageStatusParams{ID: m.ID, Was: desk.StatusQueued, Status: desk.StatusSending, StatusAt: tx.Stamp()})
			return err
		}))
		w.deliver(t, "after the crash")
		w.stands(t, m, desk.StatusInDoubt)
		w.soonest(t, "an empty lane", func() bool {
			depths, err := w.Read().LaneDepths(ctx)
			must(t, err)
			return len(depths) == 0
		})
		if n := w.provider.count(); n != 0 {
			t.Errorf("sent %d times", n)
		}
	})
}

// A node that loses its lane while it sends does not make another one send again.
func TestTakeoverWhileSending(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		begun, answer := make(chan struct{}), make(chan struct{})
		w.provider.answers(func(int, desk.Outgoing) (desk.Receipt, error) {
			close(begun)
			<-answer
			return desk.Receipt{Wamid: text("wamid.1")}, nil
		})
		w.deliver(t, "sleeper")
		<-begun
		w.clock.Add(lease + time.Second)
		w.deliver(t, "other")
		w.stands(t, m, desk.StatusInDoubt)
		close(answer)
		if now := w.stands(t, m, desk.StatusSent); now.Wamid.IsEmpty() {
			t.Error("the receipt was thrown away with the lane")
		}
		w.clock.Add(2 * time.Minute)
		w.idle(t)
		if n := w.provider.count(); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

// A stop waits for the send under way and notes what came of it.
func TestStopWaitsForTheSend(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		begun, answer := make(chan struct{}), make(chan struct{})
		w.provider.answers(func(int, desk.Outgoing) (desk.Receipt, error) {
			close(begun)
			<-answer
			return desk.Receipt{Wamid: text("wamid.1")}, nil
		})
		stop := w.deliver(t, "one")
		<-begun
		var stopped atomic.Bool
		ended := make(chan struct{})
		go func() { stop(); stopped.Store(true); close(ended) }()
		time.Sleep(20 * time.Millisecond)
		if stopped.Load() {
			t.Error("stopped in the middle of a send")
		}
		close(answer)
		<-ended
		if now := w.message(t, m.ID); now.Status != desk.StatusSent {
			t.Errorf("stands at %s", now.Status)
		}
	})
}

// Statuses may overtake the answer to the send, by our reference or parked by wamid.
func TestStatusesOvertake(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for name, c := range map[string]struct {
			overtakes func(m desk.Message)
			want      desk.Status
			failure   string
		}{
			"delivered, by reference": {func(m desk.Message) { w.status(t, m, "wamid.x", desk.StatusDelivered, "") }, desk.StatusDelivered, ""},
			"failed, by reference":    {func(m desk.Message) { w.status(t, m, "wamid.x", desk.StatusFailed, "131026") }, desk.StatusFailed, "131026"},
			"of an earlier attempt":   {func(m desk.Message) { w.status(t, m, "wamid.earlier", desk.StatusFailed, "131026") }, desk.StatusSent, ""},
			"parked": {func(desk.Message) {
				digest, err := w.vault.Digest(ctx, w.controller, "wamid", w.inbox[:], []byte("wamid.x"))
				must(t, err)
				must(t, w.Update(ctx, func(tx *store.Tx) error {
					return tx.ParkStatuses(ctx, []store.ParkedStatus{
						{Inbox: w.inbox, WamidDigest: digest, Status: desk.StatusRead, At: noon, ParkedAt: noon},
						{Inbox: w.inbox, WamidDigest: digest, Status: desk.StatusDelivered, At: noon, ParkedAt: noon},
					})
				}))
			}, desk.StatusRead, ""},
		} {
			anna := w.wrote(t, "+49170000"+name, time.Hour)
			var m desk.Message
			w.provider.answers(func(int, desk.Outgoing) (desk.Receipt, error) {
				c.overtakes(m)
				return desk.Receipt{Wamid: text("wamid.x")}, nil
			})
			m = w.says(t, anna, "hello")
			stop := w.deliver(t, "one")
			w.idle(t)
			stop()
			now := w.message(t, m.ID)
			if now.Status != c.want || now.Failure != c.failure || now.Wamid.IsEmpty() {
				t.Errorf("%s: stands at %s %s", name, now.Status, now.Failure)
			}
			// The wamid is free for the next case.
			w.status(t, m, "wamid of "+name, now.Status, now.Failure)
		}
	})
}

func TestRepeat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.deliver(t, "one")
		m := w.says(t, anna, "hello")
		m = w.stands(t, m, desk.StatusSent)
		if err := w.gate.Repeat(ctx, ben, m, true); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a message that was sent: %v", err)
		}
		first := m.WamidDigest
		w.status(t, m, "wamid.0", desk.StatusFailed, "131026")
		stale := m
		m = w.message(t, m.ID)
		stale.Status = desk.StatusInDoubt
		if err := w.gate.Repeat(ctx, ben, stale, true); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a message that moved on meanwhile: %v", err)
		}
		app := m
		app.Origin = desk.OriginApp
		if err := w.gate.Repeat(ctx, ben, app, true); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a message that was written in the app: %v", err)
		}
		w.pause(t)
		var refused *outbound.Refused
		if err := w.gate.Repeat(ctx, ben, m, false); !errors.As(err, &refused) || w.message(t, m.ID).Status != desk.StatusFailed {
			t.Errorf("a paused inbox: %v", err)
		}
		w.resume(t)
		must(t, w.gate.Repeat(ctx, ben, m, false))
		now := w.stands(t, m, desk.StatusSent)
		if now.Failure != "" || w.provider.count() != 2 || string(now.WamidDigest) == string(first) {
			t.Errorf("repeated: %d sends, failure %q", w.provider.count(), now.Failure)
		}
		if entries := w.audited(t, desk.ActMessageRepeated); len(entries) != 1 || entries[0].Detail["was"] != "failed" {
			t.Errorf("audited %+v", entries)
		}
	})
}

// To repeat a doubt a person must say that the message may arrive twice.
func TestRepeatOfADoubt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(lost, 1)
		w.deliver(t, "one")
		m := w.stands(t, w.says(t, anna, "hello"), desk.StatusInDoubt)
		if err := w.gate.Repeat(ctx, ben, m, false); desk.CodeOf(err) != desk.CodeConflict {
			t.Fatalf("without a warning: %v", err)
		}
		must(t, w.gate.Repeat(ctx, ben, m, true))
		w.soonest(t, "the second send", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		w.clock.Add(2 * time.Minute)
		w.idle(t)
		if n := w.provider.count(); n != 2 {
			t.Errorf("sent %d times", n)
		}
	})
}
