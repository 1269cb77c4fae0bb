package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

var (
	busy      = &desk.SendError{Outcome: desk.SendRejected, Code: 131016, Retry: true}
	expired   = &desk.SendError{Outcome: desk.SendRejected, Code: 190, Stop: true}
	invalid   = &desk.SendError{Outcome: desk.SendRejected, Code: 131026}
	unwritten = &desk.SendError{Outcome: desk.SendNotWritten}
	lost      = &desk.SendError{Outcome: desk.SendUnknown}
)

func TestDeliverInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, carl := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		m := w.says(t, anna, "1")
		for _, words := range []string{"2", "3", "4"} {
			w.says(t, anna, words)
		}
		w.says(t, carl, "5")
		w.deliver(t, "one")
		await(t, "all sends", func() bool { return w.provider.count() == 5 })
		w.idle(t)
		if got := strings.ReplaceAll(w.provider.texts(), "5", ""); strings.Join(strings.Fields(got), " ") != "1 2 3 4" {
			t.Errorf("sent in the order %s", w.provider.texts())
		}
		first := w.provider.sent[0]
		if first.text == "5" {
			first = w.provider.sent[1]
		}
		if first.to != "+491700000001" || first.reference != m.ID {
			t.Errorf("sent %+v, composed %s", first, m.ID)
		}
		if !first.permit.Allows(m.ID, desk.KindText) || first.permit.Allows(m.ID, desk.KindImage) || first.permit.Allows(desk.NewID[desk.Message](), desk.KindText) {
			t.Error("the permit is not for this very message")
		}
		if !first.permit.Until().Equal(noon.Add(policy.Life)) {
			t.Errorf("the permit lasts until %v", first.permit.Until())
		}
		if now := w.stands(t, m, desk.StatusSent); len(now.WamidDigest) == 0 || now.Wamid.IsEmpty() {
			t.Error("the provider's id was not kept")
		}
	})
}

func TestTransientErrorsAreRepeated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(busy, 4)
		m := w.says(t, anna, "hello")
		w.says(t, anna, "behind")
		w.deliver(t, "one")
		await(t, "the first try", func() bool { return w.provider.count() == 1 })
		w.stands(t, m, desk.StatusQueued)
		for n, least := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second} {
			if waited := w.soonest(t, "the next try", func() bool { return w.provider.count() >= n+2 }); waited < least {
				t.Errorf("try %d came after %v", n+2, waited)
			}
		}
		w.stands(t, m, desk.StatusSent)
		await(t, "what stood behind", func() bool { return w.provider.count() == 6 })
		if got := w.provider.texts(); got != "hello hello hello hello hello behind" {
			t.Errorf("sent %s", got)
		}
	})
}

func TestTheProvidersWaitIsRespected(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(&desk.SendError{Outcome: desk.SendRejected, Code: 131056, Retry: true, Slows: desk.SlowsPair, After: 20 * time.Second}, 1)
		w.says(t, anna, "hello")
		w.deliver(t, "one")
		await(t, "the first try", func() bool { return w.provider.count() == 1 })
		if waited := w.soonest(t, "the next try", func() bool { return w.provider.count() == 2 }); waited < 20*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestTransientErrorsEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(busy, 1000)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		await(t, "giving up", func() bool {
			w.clock.Add(2 * time.Second)
			return w.message(t, m.ID).Status == desk.StatusFailed
		})
		if n, failure := w.provider.count(), w.message(t, m.ID).Failure; n != 8 || failure != "131016" {
			t.Errorf("failed with %s after %d tries", failure, n)
		}
	})
}

// A Message that was altered in the database is not sent, and holds nobody up.
func TestAlteredMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m, next := w.says(t, anna, "hello"), w.says(t, anna, "behind")
		storetest.Execute(t, w.url, "UPDATE message SET content = (SELECT o.content FROM message o WHERE o.id = $1) WHERE id = $2", next.ID, m.ID)
		w.deliver(t, "one")
		if now := w.stands(t, m, desk.StatusFailed); now.Failure != outbound.FailureUnreadable {
			t.Errorf("failed with %s", now.Failure)
		}
		w.stands(t, next, desk.StatusSent)
		if got := w.provider.texts(); got != "behind" {
			t.Errorf("sent %s", got)
		}
	})
}

func TestFinalErrors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(invalid, 1)
		m, next := w.says(t, anna, "hello"), w.says(t, anna, "behind")
		w.deliver(t, "one")
		if now := w.stands(t, m, desk.StatusFailed); now.Failure != "131026" {
			t.Errorf("failed with %s", now.Failure)
		}
		w.stands(t, next, desk.StatusSent)
		w.idle(t)
	})
}

// An error that every further send would meet pauses the Inbox and keeps everything.
func TestStopErrorsPause(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, carl := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		w.provider.fails(expired, 1)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		await(t, "the pause", func() bool { return len(w.audited(t, desk.ActInboxPaused)) == 1 })
		if _, err := w.compose(t, carl, "refused", "hello"); desk.CodeOf(err) != desk.CodeRefused {
			t.Errorf("composing while paused: %v", err)
		}
		for range 50 {
			w.clock.Add(time.Second)
			time.Sleep(time.Millisecond)
		}
		if n, now := w.provider.count(), w.message(t, m.ID); n != 1 || now.Status != desk.StatusQueued {
			t.Errorf("after %d sends the message stands at %s", n, now.Status)
		}
		w.resume(t)
		w.soonest(t, "the send after mending", func() bool { return w.provider.count() == 2 })
		w.stands(t, m, desk.StatusSent)
	})
}

// The gate decides again at the moment of sending.
func TestGateDecidesAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna, carl, dora := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour), w.wrote(t, "+491700000003", 23*time.Hour)
		waits, restricted, shut := w.says(t, anna, "waits"), w.says(t, carl, "restricted"), w.says(t, dora, "too late")
		w.pause(t)
		stop := w.deliver(t, "one")
		for range 20 {
			w.clock.Add(10 * time.Second)
			time.Sleep(time.Millisecond)
		}
		if n := w.provider.count(); n != 0 {
			t.Fatalf("%d messages left a paused inbox", n)
		}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.RestrictContact(ctx, rows.RestrictContactParams{Contact: carl.Contact, At: tx.Stamp(), Reason: "request"})
		}))
		stop() // a decision under way would be of two hours ago
		w.clock.Add(2 * time.Hour)
		w.resume(t)
		w.deliver(t, "one")
		w.soonest(t, "the send after the pause", func() bool { return w.message(t, waits.ID).Status == desk.StatusSent })
		w.soonest(t, "the end of what is restricted", func() bool { return w.message(t, restricted.ID).Status == desk.StatusFailed })
		if now := w.message(t, restricted.ID); now.Failure != string(policy.CodeContactRestricted) {
			t.Errorf("failed with %s", now.Failure)
		}
		w.soonest(t, "the end of what is too late", func() bool { return w.message(t, shut.ID).Status == desk.StatusFailed })
		if now := w.message(t, shut.ID); now.Failure != string(policy.CodeWindowClosed) {
			t.Errorf("failed with %s", now.Failure)
		}
		w.idle(t)
		if got := w.provider.texts(); got != "waits" {
			t.Errorf("sent %s", got)
		}
		if n := len(w.audited(t, desk.ActMessageRefused)); n != 2 {
			t.Errorf("%d refusals were audited", n)
		}
	})
}

// What was never written may go again, as often as it takes.
func TestUnwrittenSendsAreRepeated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(unwritten, 12)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		await(t, "the send", func() bool {
			w.clock.Add(5 * time.Second)
			return w.message(t, m.ID).Status == desk.StatusSent
		})
		if n := w.provider.count(); n != 13 {
			t.Errorf("%d tries", n)
		}
	})
}

// A long pause costs nothing: who waited is sent at once when it ends.
func TestPauseTakesNoPlaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		w.pause(t)
		w.deliver(t, "one")
		for range 150 {
			w.clock.Add(2 * time.Second)
			time.Sleep(4 * time.Millisecond)
		}
		w.resume(t)
		w.soonest(t, "the send", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		for range 20 {
			m = w.says(t, anna, "hello again")
		}
		w.stands(t, m, desk.StatusSent) // with a clock that stands still
	})
}

// Nobody can read any more what was said to a Contact whose key was destroyed: such
// a Message ends, and nothing empty is sent in its place.
func TestErasedContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		must(t, w.vault.Destroy(t.Context(), anna.Contact, "test"))
		w.deliver(t, "one")
		if now := w.stands(t, m, desk.StatusFailed); now.Failure != string(policy.CodeContactErased) {
			t.Errorf("failed with %s", now.Failure)
		}
		w.idle(t)
		if n := w.provider.count(); n != 0 {
			t.Errorf("%d messages were sent", n)
		}
	})
}

// Many lanes at once keep to what one number may send.
func TestOneNumberSendsEightyPerSecond(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people = 100
		for i := range people {
			w.says(t, w.wrote(t, fmt.Sprintf("+49170%07d", i), time.Hour), "hello")
		}
		w.deliver(t, "one")
		await(t, "the first second's sends", func() bool { return w.provider.count() >= 80 })
		time.Sleep(20 * time.Millisecond)
		if n := w.provider.count(); n != 80 {
			t.Errorf("%d sends in one second", n)
		}
		w.soonest(t, "the rest", func() bool { return w.provider.count() == people })
	})
}

// locked is a writer that several goroutines log to.
type locked struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Canaries: what is said, to whom and with which secret is in no log line and no audit
// entry, however badly things go.
func TestLogsAndAuditAreSilent(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var log locked
		w := newWorld(t, url, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		anna := w.wrote(t, "+4915199887766", time.Hour)
		rough := errors.New("an error without an outcome")
		outcomes := []error{rough, busy, invalid, nil, expired}
		w.provider.answers(func(n int, _ desk.Outgoing) (desk.Receipt, error) {
			return desk.Receipt{Wamid: text("wamid.CANARY")}, outcomes[min(n, 4)]
		})
		for i := range 4 {
			w.says(t, anna, fmt.Sprintf("canary text %d", i))
		}
		w.deliver(t, "one")
		await(t, "all outcomes", func() bool {
			w.clock.Add(time.Second)
			return len(w.audited(t, desk.ActInboxPaused)) == 1
		})
		_, err := w.compose(t, anna, "canary client", "canary text")
		if desk.CodeOf(err) != desk.CodeRefused {
			t.Errorf("got %v", err)
		}
		entries, err := w.Read().ListFreshEntries(context.Background(), 1000)
		must(t, err)
		if log.String() == "" || len(entries) < 5 {
			t.Fatalf("%d bytes of log, %d audit entries", len(log.String()), len(entries))
		}
		said := strings.ToLower(log.String() + fmt.Sprintf("%+v", entries) + fmt.Sprint(err))
		for _, word := range []string{"canary", "99887766", "wamid."} {
			if strings.Contains(said, word) {
				t.Errorf("%q is told:\n%s", word, said)
			}
		}
	})
}
