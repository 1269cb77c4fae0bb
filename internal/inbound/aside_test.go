package inbound_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

var operator = desk.Actor{Kind: desk.ActorCommand, Via: "deliveries"}

func TestItemsAreSetAsideAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.controller(t)
		door, sister, other := w.inbox(t, c, "secret"), w.inbox(t, c, "secret"), w.inbox(t, c, "of another app")
		unknown := says(door, phone("+491700000009"), "wamid.9", "to nobody", 0)
		unknown.PhoneNumberID, unknown.Path = "4711", "entry[0].changes[1]"
		foreign := says(other, phone("+491700000008"), "wamid.8", "smuggled in", 0)
		foreign.Path = "entry[0].changes[2]"
		w.deliver(t, door,
			says(door, phone("+491700000001"), "wamid.1", "before", 2),
			desk.Arrival{Path: "entry[0].changes[0].messages[1]", PhoneNumberID: door.PhoneNumberID, Undecodable: true},
			unknown, foreign,
			desk.Arrival{Path: "entry[0].changes[3]"}, // recognised, and nothing to do
			says(sister, phone("+491700000002"), "wamid.2", "to the sister", 1),
			says(door, phone("+491700000001"), "wamid.3", "behind", 0),
		)
		malformed := desk.NewID[desk.Delivery]()
		w.deliverBody(t, door, malformed, "{", vault.BodyPlace(malformed))
		w.process(t, 200)

		var reasons []string
		for _, s := range w.setAside(t) {
			reasons = append(reasons, string(s.Reason)+" "+s.Path)
		}
		slices.Sort(reasons)
		want := []string{
			"item entry[0].changes[0].messages[1]", "malformed ", "unknown_number entry[0].changes[1]", "unknown_number entry[0].changes[2]",
		}
		if !slices.Equal(reasons, want) {
			t.Errorf("set aside: %q", reasons)
		}
		if w.meter.aside != 4 || w.meter.deliveries != 2 {
			t.Errorf("the meter counts %d items of %d deliveries", w.meter.aside, w.meter.deliveries)
		}
		if lines := w.threads(t, door)["+491700000001"].Lines; len(lines) != 2 {
			t.Errorf("of the rest came in: %q", lines)
		}
		if len(w.threads(t, sister)) != 1 || len(w.threads(t, other)) != 0 {
			t.Error("a message went to the wrong inbox")
		}
	})
}

func TestRetryAndDrop(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in, house := w.inbox(t, w.controller(t), "secret"), settings.New(w.Store, w.vault, nil)
		anna := phone("+491700000001")
		good := says(in, anna, "wamid.1", "good", 1)
		broken := desk.Arrival{Path: "entry[0].changes[0].messages[1]", PhoneNumberID: in.PhoneNumberID, Undecodable: true}
		lost := desk.Arrival{Path: "entry[0].changes[0].messages[2]", PhoneNumberID: in.PhoneNumberID, Undecodable: true}
		id := w.deliver(t, in, good, broken, lost)
		w.process(t, 200)
		aside := w.setAside(t)
		if len(aside) != 2 {
			t.Fatalf("%d items were set aside", len(aside))
		}
		slot := func(path string) desk.SetAsideID {
			for _, s := range w.setAside(t) {
				if s.Path == path {
					return s.ID
				}
			}
			return desk.SetAsideID{}
		}
		// Without mending it is set aside anew.
		must(t, house.RetrySetAside(ctx, operator, slot(broken.Path)))
		if slot(broken.Path) != (desk.SetAsideID{}) {
			t.Error("an item that is tried again still waits for a decision")
		}
		w.process(t, 200)
		if slot(broken.Path) == (desk.SetAsideID{}) {
			t.Fatal("an item that failed again has vanished")
		}
		must(t, house.DropSetAside(ctx, operator, slot(lost.Path), "is a test of the provider"))
		if err := house.RetrySetAside(ctx, operator, aside[0].ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a decided item can be decided again: %v", err)
		}
		// After mending it comes in; what was there stays once, what was dropped stays dropped.
		w.bodies.keep(id.String(), []desk.Arrival{good, says(in, anna, "wamid.2", "mended", 0), lost})
		must(t, house.RetrySetAside(ctx, operator, slot(broken.Path)))
		w.process(t, 200)
		lines := w.threads(t, in)["+491700000001"].Lines
		if len(lines) != 2 || !strings.HasSuffix(lines[0]+lines[1], "mended") {
			t.Errorf("the thread is %q", lines)
		}
		if left := w.setAside(t); len(left) != 0 {
			t.Errorf("%d items are left", len(left))
		}
	})
}

// What cannot be taken in, whatever the reason, stops nobody behind it.
func TestPoisonStopsNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		in := w.inbox(t, w.controller(t), "secret")
		gone := phone("+491700000001")
		w.deliver(t, in, says(in, gone, "wamid.1", "hello", 3))
		w.process(t, 200)
		for id := range w.contacts(t, in) {
			must(t, w.vault.Destroy(ctx, id, "test")) // the key is gone, the identity still stands
		}
		poison := says(in, gone, "wamid.2", "nobody can seal this", 2)
		altered := desk.NewID[desk.Delivery]()
		w.deliverBody(t, in, altered, "x", vault.BodyPlace(desk.NewID[desk.Delivery]()))
		w.deliver(t, in, says(in, phone("+491700000002"), "wamid.3", "before", 2), poison, says(in, phone("+491700000003"), "wamid.4", "behind", 1))
		w.deliver(t, in, says(in, phone("+491700000002"), "wamid.5", "later", 0))
		w.process(t, 200)
		var paths []string
		for _, s := range w.setAside(t) {
			if s.Reason != desk.ReasonFault {
				t.Errorf("%s was set aside as %s", s.Path, s.Reason)
			}
			paths = append(paths, s.Path)
		}
		slices.Sort(paths)
		if !slices.Equal(paths, []string{"", poison.Path}) {
			t.Errorf("set aside: %q", paths)
		}
		for _, m := range []string{"wamid.3", "wamid.4", "wamid.5"} {
			if !w.has(t, in, m) {
				t.Errorf("%s did not come in", m)
			}
		}
		if w.has(t, in, "wamid.2") {
			t.Error("the poison came in")
		}
	})
}

// An item that another lane brings at the same moment time and again is not to blame. The
// count of a sequence outlives what is undone, so the third refusal meets the item alone.
func TestLosingARaceIsNoFault(t *testing.T) {
	t.Parallel()
	url := storetest.MigratedPostgres(t)
	w := newWorld(t, url, slog.New(slog.DiscardHandler))
	storetest.Execute(t, url, `CREATE SEQUENCE race;
		CREATE FUNCTION race() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('race') <= 3 THEN RAISE unique_violation; END IF;
			RETURN NULL;
		END $$;
		CREATE TRIGGER race AFTER INSERT ON message FOR EACH STATEMENT EXECUTE FUNCTION race()`)
	in := w.inbox(t, w.controller(t), "secret")
	w.deliver(t, in, says(in, phone("+491700000001"), "wamid.1", "hello", 1))
	w.process(t, 200)
	if n := len(w.setAside(t)); n > 0 || !w.has(t, in, "wamid.1") {
		t.Errorf("%d items were set aside; the message came in: %v", n, w.has(t, in, "wamid.1"))
	}
}

// What a database refuses to keep is an item's fault; taking it for a database that is
// gone would stop the lane for ever.
func TestWhatCannotBeStoredStopsNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		zero := says(in, phone("+491700000002"), "wamid.2", "of a kind with a zero byte", 1)
		zero.Message.Kind = "holo\x00gram"
		w.deliver(t, in, says(in, phone("+491700000001"), "wamid.1", "before", 2), zero, says(in, phone("+491700000003"), "wamid.3", "behind", 0))
		w.process(t, 200)
		if !w.has(t, in, "wamid.1") || !w.has(t, in, "wamid.3") {
			t.Error("its neighbours did not come in")
		}
		if aside := len(w.setAside(t)); (aside == 1) == w.has(t, in, "wamid.2") {
			t.Errorf("%d items are set aside, and it came in: %v", aside, w.has(t, in, "wamid.2"))
		}
	})
}

// Big bodies are worked a few at a time, so that memory stays bounded.
func TestBigBodiesAreWorkedAFewAtATime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		big := strings.Repeat("x", 3<<20)
		for range 5 {
			id := desk.NewID[desk.Delivery]()
			w.deliverBody(t, in, id, big, vault.BodyPlace(id))
		}
		w.process(t, 200)
		if w.meter.deliveries != 5 || w.meter.batches < 3 || len(w.setAside(t)) != 5 {
			t.Errorf("%d deliveries in %d batches, %d set aside", w.meter.deliveries, w.meter.batches, len(w.setAside(t)))
		}
	})
}

// A Delivery whose job runs again, as after a crash, changes nothing.
func TestRunningAgainIsHarmless(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		anna := phone("+491700000001")
		id := w.deliver(t, in, says(in, anna, "wamid.1", "once", 1), desk.Arrival{Path: "bad", Undecodable: true}, says(in, anna, "wamid.2", "twice", 0))
		w.process(t, 200)
		before, aside := w.state(t, in, nil), w.setAside(t)
		events := w.events(t)
		for range 3 {
			w.again(t, in, id)
			w.process(t, 200)
		}
		after := w.state(t, in, nil)
		if len(after.Threads["+491700000001"].Lines) != 2 || len(before.Threads) != len(after.Threads) {
			t.Errorf("before %+v, after %+v", before, after)
		}
		if again := w.setAside(t); len(again) != len(aside) || again[0].ID != aside[0].ID {
			t.Errorf("set aside before %v, after %v", aside, again)
		}
		if n := w.events(t); n != events {
			t.Errorf("%d events became %d", events, n)
		}
	})
}
