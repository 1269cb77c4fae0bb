package inbound_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// The key of a day lives until all of the day is processed or decided, and an hour
// into the next day at least.
func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in := w.inbox(t, w.controller(t), "secret")
		anna := phone("+491700000001")
		id := w.deliver(t, in, says(in, anna, "wamid.1", "hello", 0))
		day := w.vault.Day(w.Now())
		kept := func() bool {
			found, err := w.FindDeliveries(ctx, []desk.DeliveryID{id})
			must(t, err)
			_, err = vault.Seal(ctx, w.vault, vault.DayOwner(day), vault.BodyPlace(id), []byte("x"))
			if err != nil && !errors.Is(err, vault.ErrKeyGone) {
				t.Fatal(err)
			}
			if (len(found) == 1) != (err == nil) {
				t.Errorf("%d deliveries of the day and its key: %v", len(found), err)
			}
			return err == nil
		}
		w.clock.Add(24 * time.Hour)
		must(t, w.worker.Sweep(ctx))
		if !kept() {
			t.Fatal("a delivery that waits was swept")
		}
		w.process(t, 200)
		w.clock.Add(-12 * time.Hour) // midnight
		must(t, w.worker.Sweep(ctx))
		if !kept() {
			t.Fatal("the day was swept at the stroke of midnight")
		}
		w.clock.Add(2 * time.Hour)
		must(t, w.worker.Sweep(ctx))
		if kept() {
			t.Error("a day that is done was not swept")
		}
		must(t, w.worker.Sweep(ctx))
	})
}

// Canaries: what people say, are called and are reached by is in no log line, however
// badly things go.
func TestLogsAreSilent(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var logged bytes.Buffer
		w := newWorld(t, url, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
		in := w.inbox(t, w.controller(t), "canary-secret")
		canary := append(phone("+4915199887766"), bsuid("DE.CANARYID")...)
		w.deliver(t, in, says(in, canary, "wamid.CANARYWAMID", "canary text", 1))
		w.process(t, 200)
		for id := range w.contacts(t, in) {
			must(t, w.vault.Destroy(t.Context(), id, "test"))
		}
		altered := desk.NewID[desk.Delivery]()
		w.deliverBody(t, in, altered, "canary text", vault.BodyPlace(desk.NewID[desk.Delivery]()))
		malformed := desk.NewID[desk.Delivery]()
		w.deliverBody(t, in, malformed, "canary text", vault.BodyPlace(malformed))
		unknown := says(in, canary, "wamid.CANARYWAMID2", "canary text", 1)
		unknown.PhoneNumberID = "4711"
		poison := says(in, canary, "wamid.CANARYWAMID3", "canary text", 0)
		poison.Path = "entry[0]"
		w.deliver(t, in, unknown, poison)
		w.process(t, 200)
		if len(w.setAside(t)) != 4 || logged.Len() == 0 {
			t.Fatalf("%d items went badly, and %d bytes were logged", len(w.setAside(t)), logged.Len())
		}
		for _, word := range []string{"canary", "99887766", "wamid.", "name of"} {
			if strings.Contains(strings.ToLower(logged.String()), word) {
				t.Errorf("the log says %q:\n%s", word, logged.String())
			}
		}
	})
}
