package inbound_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// said is one Message of a history.
type said struct {
	customer int
	ago      time.Duration
}

// told is one status of a history, about an outbound Message.
type told struct {
	message int
	status  desk.Status
	named   bool // with our own reference
}

// history is what happened in the world outside.
type history struct {
	customers [][]desk.Alias
	said      []said
	sent      []bool // outbound Messages: whether the answer to the send was noted
	told      []told
}

// out is one outbound Message in an Inbox.
type out struct {
	id    desk.MessageID
	wamid string
}

func drawHistory(t *rapid.T) history {
	var h history
	for i := range rapid.IntRange(1, 4).Draw(t, "customers") {
		both := append(phone(fmt.Sprintf("+4917000000%02d", i)), bsuid(fmt.Sprintf("DE.%d", i))...)
		h.customers = append(h.customers, rapid.SampledFrom([][]desk.Alias{both, both[:1], both[1:]}).Draw(t, "identities"))
	}
	// Every customer's messages are of different seconds: of two in one second the
	// one that arrived first stands first, and a shuffle changes which that is.
	used := map[said]bool{}
	for range rapid.IntRange(0, 25).Draw(t, "messages") {
		m := said{rapid.IntRange(0, len(h.customers)-1).Draw(t, "customer"), time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds ago")) * time.Second}
		if late := m.ago > desk.LateAfter; !late && !used[m] {
			h.said = append(h.said, m)
		}
		used[m] = true
	}
	slices.SortFunc(h.said, func(a, b said) int { return cmp.Compare(b.ago, a.ago) })
	h.sent = rapid.SliceOfN(rapid.Bool(), 0, 5).Draw(t, "sent")
	for i, noted := range h.sent {
		words := []desk.Status{desk.StatusSent, desk.StatusDelivered, desk.StatusRead, desk.StatusFailed, ""}
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "statuses") {
			h.told = append(h.told, told{i, s, !noted || rapid.Bool().Draw(t, "named")})
		}
	}
	return h
}

// begin prepares an Inbox with the outbound Messages of the history.
func (w *world) begin(t failing, at *directory.Entry, h history) []out {
	t.Helper()
	made := make([]out, len(h.sent))
	for i, noted := range h.sent {
		wamid := fmt.Sprintf("wamid.out%d", i)
		m := w.outgoing(t, at, desk.StatusSending, "")
		if noted {
			m = w.outgoing(t, at, desk.StatusSent, wamid)
		}
		made[i] = out{m.ID, wamid}
	}
	return made
}

// outgoing puts an outbound Message of a Contact of its own into the Inbox.
func (w *world) outgoing(t failing, at *directory.Entry, s desk.Status, wamid string) desk.Message {
	t.Helper()
	ctx := context.Background()
	controller := at.Inbox.Controller
	contact := desk.NewID[desk.Contact]()
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: controller, Contact: contact}}))
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: controller, Inbox: at.ID, Contact: contact, Conversation: desk.NewID[desk.Conversation](),
		Direction: desk.Out, Kind: desk.KindText, Status: s, Origin: desk.OriginAgent, Position: 1,
		At: noon, ExternalAt: noon, ThreadAt: noon, StatusAt: noon,
	}
	var err error
	m.Content, err = vault.Seal(ctx, w.vault, vault.ContactOwner(contact), vault.ContentPlace(m.ID), desk.Content{Text: text("answer")})
	must(t, err)
	if wamid != "" {
		m.WamidDigest, err = w.vault.Digest(ctx, controller, "wamid", at.ID[:], []byte(wamid))
		must(t, err)
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddContacts(ctx, []desk.Contact{{ID: contact, Controller: controller, CreatedAt: noon}}); err != nil {
			return err
		}
		if err := tx.AddConversations(ctx, []desk.Conversation{{
			ID: m.Conversation, Controller: controller, Inbox: at.ID, Contact: contact, OpenedAt: noon, LastAt: noon, Position: 1, Closed: &desk.Closure{At: noon},
		}}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{m})
	}))
	return m
}

// arrivals tells the history in order to an Inbox.
func (h history) arrivals(to *directory.Entry, made []out) []desk.Arrival {
	var all []desk.Arrival
	for i, m := range h.said {
		all = append(all, says(to, h.customers[m.customer], fmt.Sprintf("wamid.%d", i), fmt.Sprintf("message %d", i), m.ago))
	}
	for _, s := range h.told {
		ref := desk.MessageID{}
		if s.named {
			ref = made[s.message].id
		}
		failure := ""
		if s.status == desk.StatusFailed {
			failure = "131026"
		}
		all = append(all, tells(to, made[s.message].wamid, ref, s.status, failure))
	}
	return all
}

// state is all that a reader can see of an Inbox.
type state struct {
	Threads map[string]thread
	Sent    []string
}

func (w *world) state(t failing, at *directory.Entry, made []out) state {
	t.Helper()
	s := state{Threads: w.threads(t, at)}
	for _, o := range made {
		m, err := w.Read().GetMessage(context.Background(), o.id)
		must(t, err)
		s.Sent = append(s.Sent, string(m.Status)+" "+m.Failure)
	}
	return s
}

// However the Provider cuts, shuffles, doubles and repeats what happened, the desk
// looks the same as if each thing had been told once, one by one and in order.
func TestDeliveryDoesNotMatter(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var logged strings.Builder
		w := newWorld(t, url, slog.New(slog.NewTextHandler(&logged, nil)))
		defer func() {
			if logged.Len() > 0 { // such as a batch that had to be repeated item by item
				t.Errorf("something went wrong on the way: %.500s", logged.String())
			}
		}()
		rapid.Check(t, func(t *rapid.T) {
			h := drawHistory(t)
			plain := w.inbox(t, w.controller(t), "secret")
			made := w.begin(t, plain, h)
			for _, a := range h.arrivals(plain, made) {
				w.deliver(t, plain, a)
			}
			w.process(t, 1)
			want := w.state(t, plain, made)

			wild := w.inbox(t, w.controller(t), "secret")
			made = w.begin(t, wild, h)
			all := h.arrivals(wild, made)
			for round := range rapid.IntRange(1, 2).Draw(t, "rounds") {
				order := all
				if len(all) > 0 {
					order = append(order, rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "doubles")...)
				}
				order = rapid.Permutation(order).Draw(t, "order")
				for len(order) > 0 {
					n := rapid.IntRange(1, len(order)).Draw(t, "cut")
					id := w.deliver(t, wild, order[:n]...)
					order = order[n:]
					if rapid.Bool().Draw(t, "repeat the body") {
						w.again(t, wild, id)
					}
				}
				w.process(t, rapid.SampledFrom([]int{1, 2, 3, 200}).Draw(t, fmt.Sprintf("batch in round %d", round)))
			}
			if got := w.state(t, wild, made); !reflect.DeepEqual(got, want) {
				t.Fatalf("the desk looks different:\n got %+v\nwant %+v", got, want)
			}
			checkState(t, h, want)
			if n := len(w.setAside(t)); n > 0 {
				t.Fatalf("%d items were set aside", n)
			}
		})
	})
}

// checkState says that the state is not only equal but right.
func checkState(t failing, h history, s state) {
	t.Helper()
	lines := 0
	for _, th := range s.Threads {
		lines += len(th.Lines)
		if !slices.IsSorted(th.Lines) || th.Last != th.Lines[len(th.Lines)-1] {
			t.Fatalf("a thread out of order: %+v", th)
		}
	}
	writers := map[int]bool{}
	for _, m := range h.said {
		writers[m.customer] = true
	}
	if lines != len(h.said) || len(s.Threads) != len(writers) {
		t.Fatalf("%d messages of %d people became %d in %d threads: %v", len(h.said), len(writers), lines, len(s.Threads), slices.Collect(maps.Keys(s.Threads)))
	}
	for i, noted := range h.sent {
		top := desk.StatusSending
		if noted {
			top = desk.StatusSent
		}
		for _, n := range h.told {
			if n.message == i && n.status.Rank() > top.Rank() {
				top = n.status
			}
		}
		want := string(top) + " "
		if top == desk.StatusFailed {
			want += "131026"
		}
		if s.Sent[i] != want {
			t.Fatalf("an outbound message stands at %q, want %q", s.Sent[i], want)
		}
	}
}

func TestLateMessagesStandAtTheirArrival(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		anna := phone("+491700000001")
		absurd := says(in, anna, "wamid.3", "no time", 0)
		absurd.Message.At = time.Time{}
		w.deliver(t, in, says(in, anna, "wamid.1", "on time", time.Minute))
		w.deliver(t, in, says(in, anna, "wamid.2", "from yesterday", 24*time.Hour), says(in, anna, "wamid.4", "from the future", -time.Hour), absurd)
		w.process(t, 1)
		th := w.threads(t, in)["+491700000001"]
		want := []string{
			"11:59:00 received on time", "12:00:00 received no time (late)", "12:00:00 received from yesterday (late)", "12:00:00 received from the future",
		}
		if !slices.Equal(th.Lines, want) {
			t.Errorf("the thread is %q", th.Lines)
		}
		if !th.Window.Equal(noon) {
			t.Errorf("the window opened at %v", th.Window)
		}
	})
}

// What opens the Window is what people write, not what they or the system do to it.
func TestWindow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		for i, kind := range []desk.Kind{desk.KindImage, desk.KindReaction, desk.KindSystem, desk.KindEdit, desk.KindRevoke, desk.KindUnsupported} {
			anna := phone(fmt.Sprintf("+49170000000%d", i))
			w.deliver(t, in, says(in, anna, fmt.Sprintf("wamid.a%d", i), "first", 9*time.Minute))
			a := says(in, anna, fmt.Sprintf("wamid.b%d", i), "then", time.Minute)
			a.Message.Kind = kind
			w.deliver(t, in, a)
			w.process(t, 200)
			opened := w.threads(t, in)[anna[0].Value.Reveal()].Window
			if opens := kind == desk.KindImage || kind == desk.KindUnsupported; opens != opened.Equal(noon.Add(-time.Minute)) {
				t.Errorf("%s: the window opened at %v", kind, opened)
			}
		}
	})
}

// A profile is the sum of what is known, whether told in one batch or in two.
func TestProfilesGrow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, batch := range []int{1, 200} {
			in := w.inbox(t, w.controller(t), "secret")
			anna := phone("+491700000001")
			nameless := says(in, anna, "wamid.2", "still me", time.Second)
			nameless.Message.Profile = desk.Profile{Username: text("anna")}
			w.deliver(t, in, says(in, anna, "wamid.1", "me", time.Minute))
			w.deliver(t, in, nameless)
			w.process(t, batch)
			if name := w.threads(t, in)["+491700000001"].Name; name != "name of +491700000001" {
				t.Errorf("in batches of %d: the name became %q", batch, name)
			}
			renamed := says(in, anna, "wamid.3", "married", 0)
			renamed.Message.Profile = desk.Profile{Name: private.NewText("Anna Neu")}
			w.deliver(t, in, renamed)
			w.process(t, batch)
			if name := w.threads(t, in)["+491700000001"].Name; name != "Anna Neu" {
				t.Errorf("in batches of %d: the new name is %q", batch, name)
			}
		}
	})
}
