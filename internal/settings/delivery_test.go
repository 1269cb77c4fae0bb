package settings_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbound"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// post is the way in: bodies are lists of words, and a word is either taken in as a
// Message or stands in the way.
type post struct {
	*world
	worker *inbound.Worker
	inbox  desk.InboxID

	mu     sync.Mutex
	mended bool // nothing stands in the way any more
	number string
}

const stones = "stone" // words that begin so cannot be decoded

func (p *post) Decode(body []byte) ([]desk.Arrival, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []desk.Arrival
	for i, word := range strings.Fields(string(body)) {
		a := desk.Arrival{Path: fmt.Sprintf("messages[%d]", i), PhoneNumberID: p.number}
		if a.Undecodable = strings.HasPrefix(word, stones) && !p.mended; !a.Undecodable {
			a.Message = &desk.ArrivedMessage{
				Wamid: text("wamid." + word), From: []desk.Alias{{Kind: desk.IdentityPhone, Value: text("+491700000001")}},
				At: p.clock.Now(), Kind: desk.KindText, Content: desk.Content{Text: text(word)},
			}
		}
		out = append(out, a)
	}
	return out, nil
}

func (p *post) Processed(int, int, int, time.Duration) {}
func (p *post) Dropped(string, int)                    {}
func (p *post) SetAside(int)                           {}

func (p *post) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mended = true
}

func openPost(t *testing.T, w *world) *post {
	t.Helper()
	n := w.newInbox()
	p := &post{world: w, number: n.PhoneNumberID}
	var err error
	p.inbox, err = w.CreateWhatsAppInbox(t.Context(), shell, n)
	must(t, err)
	p.worker = inbound.New(w.store, w.vault, w.directory(t), p, p, silent)
	return p
}

// receive stores a body the way the hook does and takes it in.
func (p *post) receive(t *testing.T, words string) desk.DeliveryID {
	t.Helper()
	ctx := t.Context()
	d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: p.inbox, ReceivedAt: p.store.Now(), Day: p.vault.Day(p.store.Now())}
	must(t, p.vault.EnsureDay(ctx, d.Day))
	var err error
	d.Body, err = vault.Seal(ctx, p.vault, vault.DayOwner(d.Day), vault.BodyPlace(d.ID), []byte(words))
	must(t, err)
	must(t, p.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddDeliveries(ctx, []desk.Delivery{d}); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, queue.Inbound(p.inbox), desk.Job{Ordinal: p.store.Now().UnixMilli(), Ref: d.ID})
	}))
	p.work(t)
	return d.ID
}

// work works the lanes until nothing waits.
func (p *post) work(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r := queue.NewRunner(p.store, queue.Config{
		Kind: inbound.Kind, Node: "one", Batch: inbound.BatchSize, Parallel: 1, Poll: 5 * time.Millisecond, Log: silent,
	}, p.worker.Work)
	go func() { ended <- r.Run(ctx) }()
	defer func() { stop(); must(t, <-ended) }()
	for deadline := time.Now().Add(20 * time.Second); p.waiting(t) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("deliveries wait for ever")
		}
	}
}

func (p *post) waiting(t *testing.T) (n int64) {
	t.Helper()
	depths, err := p.store.Read().LaneDepths(context.Background())
	must(t, err)
	for _, d := range depths {
		if d.Kind == inbound.Kind { // automatic answers are given elsewhere
			n += d.Depth
		}
	}
	return n
}

// aside gives the items that wait for a decision, by their path.
func (p *post) aside(t *testing.T) map[string]desk.SetAside {
	t.Helper()
	listed, err := p.Settings.SetAside(context.Background())
	must(t, err)
	out := map[string]desk.SetAside{}
	for _, s := range listed {
		out[s.Path] = s
	}
	if len(out) != len(listed) {
		t.Errorf("%d items stand at %d paths", len(listed), len(out))
	}
	return out
}

// kept tells whether the body of a Delivery can still be read.
func (p *post) kept(t *testing.T, id desk.DeliveryID) bool {
	t.Helper()
	found, err := p.store.FindDeliveries(context.Background(), []desk.DeliveryID{id})
	must(t, err)
	d, ok := found[id]
	if !ok {
		return false
	}
	_, err = vault.OpenOne(context.Background(), p.vault, vault.ReasonProcess, vault.DayOwner(d.Day), vault.BodyPlace(id), d.Body)
	if err != nil && !errors.Is(err, vault.ErrKeyGone) {
		t.Fatal(err)
	}
	return err == nil
}

// arrived counts the Messages that were taken in.
func (p *post) arrived(t *testing.T) (n int) {
	t.Helper()
	ctx := context.Background()
	listed, err := p.store.Read().ListOpenConversations(ctx, rows.ListOpenConversationsParams{
		Inbox: p.inbox, BeforeAt: desk.AsMillis(noon.AddDate(1, 0, 0)), BeforeID: desk.NewID[desk.Conversation](), Page: 100,
	})
	must(t, err)
	for _, c := range listed {
		messages, err := p.store.Read().ListMessages(ctx, rows.ListMessagesParams{
			Conversation: c.ID, BeforeAt: desk.AsMillis(noon.AddDate(1, 0, 0)), BeforePosition: 1 << 40, Page: 100,
		})
		must(t, err)
		n += len(messages)
	}
	return n
}

// What is to be tried again is as safe as what just arrived: the key of its day
// outlives every sweep until it was worked.
func TestRetrySurvivesTheSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, ctx := openPost(t, w), t.Context()
		id := p.receive(t, "good stone")
		must(t, p.RetrySetAside(ctx, shell, p.aside(t)["messages[1]"].ID))
		w.clock.Add(36 * time.Hour)
		must(t, p.worker.Sweep(ctx))
		if !p.kept(t, id) {
			t.Fatal("the body was destroyed before it was tried again")
		}
		p.mend()
		p.work(t)
		if n := p.arrived(t); n != 2 {
			t.Errorf("%d messages came in, want 2", n)
		}
		must(t, p.worker.Sweep(ctx))
		if p.kept(t, id) {
			t.Error("a day that is done was not swept")
		}
	})
}

// What fails again is listed again, as often as it is tried, and what was taken in
// the first time stays once.
func TestRetryThatFailsIsListedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, ctx := openPost(t, w), t.Context()
		id := p.receive(t, "good stone-a stone-b")
		given := p.aside(t)["messages[2]"]
		must(t, p.DropSetAside(ctx, shell, given.ID, "a test of the provider"))
		first := p.aside(t)["messages[1]"]
		if first.Delivery != id || first.Inbox != p.inbox || first.Reason != desk.ReasonItem || !first.ReceivedAt.Equal(noon) {
			t.Fatalf("the item is %+v", first)
		}
		for day := range 3 {
			w.clock.Add(24 * time.Hour)
			item := p.aside(t)["messages[1]"]
			must(t, p.RetrySetAside(ctx, shell, item.ID))
			if left := p.aside(t); len(left) != 0 {
				t.Fatalf("day %d: an item that is tried again is still listed: %v", day, left)
			}
			p.work(t)
			again := p.aside(t)
			if len(again) != 1 || again["messages[1]"].ID.IsZero() || again["messages[1]"].ID == item.ID {
				t.Fatalf("day %d: listed are %v", day, again)
			}
			if at := again["messages[1]"]; !at.At.Equal(w.clock.Now()) || !at.ReceivedAt.Equal(noon) {
				t.Errorf("day %d: set aside at %v, received at %v", day, at.At, at.ReceivedAt)
			}
			must(t, p.worker.Sweep(ctx))
			if !p.kept(t, id) {
				t.Fatalf("day %d: the body of a listed item was swept", day)
			}
		}
		p.mend()
		must(t, p.RetrySetAside(ctx, shell, p.aside(t)["messages[1]"].ID))
		p.work(t)
		if len(p.aside(t)) != 0 || p.arrived(t) != 3 { // mending lets the dropped one in as well
			t.Errorf("%d messages came in and %v is listed", p.arrived(t), p.aside(t))
		}
		must(t, p.worker.Sweep(ctx))
		if p.kept(t, id) {
			t.Error("a day that is done was not swept")
		}
	})
}

// An item is decided once, however many try.
func TestItemsAreDecidedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, ctx := openPost(t, w), t.Context()
		p.receive(t, "stone-a stone-b stone-c")
		listed := p.aside(t)
		retried, dropped, contested := listed["messages[0]"].ID, listed["messages[1]"].ID, listed["messages[2]"].ID
		for _, reason := range []string{"", " \t\n", strings.Repeat("x", 501), "nul \x00", "\xff"} {
			refused(t, fmt.Sprintf("drop for %.10q", reason), p.DropSetAside(ctx, shell, dropped, reason), desk.CodeInvalid, "reason")
		}
		if len(p.aside(t)) != 3 {
			t.Fatal("a refused drop dropped")
		}
		must(t, p.RetrySetAside(ctx, shell, retried))
		must(t, p.DropSetAside(ctx, shell, dropped, " a test of the provider "))
		for _, id := range []desk.SetAsideID{retried, dropped, desk.NewID[desk.SetAside]()} {
			refused(t, "retry what is decided", p.RetrySetAside(ctx, shell, id), desk.CodeNotFound, "")
			refused(t, "drop what is decided", p.DropSetAside(ctx, shell, id, "again"), desk.CodeNotFound, "")
		}
		entries := w.written(t, func() {
			won, lost := winners(w.race(t, "delivery, set_aside, set_aside_decision", 6, func(i int) error {
				if i%2 == 0 {
					return p.RetrySetAside(ctx, shell, contested)
				}
				return p.DropSetAside(ctx, shell, contested, "a test")
			}))
			if won != 1 {
				t.Errorf("%d decisions about one item", won)
			}
			for _, err := range lost {
				refused(t, "the loser of a race", err, desk.CodeNotFound, "")
			}
		})
		if len(entries) != 1 {
			t.Errorf("one decision left the entries %v", acts(entries))
		}
	})
}

// Who decided what and why is kept beside the item and in the log.
func TestDecisionsAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, ctx := openPost(t, w), t.Context()
		id := p.receive(t, "stone-a stone-b")
		listed := p.aside(t)
		ben := desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaSession}
		entries := w.written(t, func() {
			must(t, p.RetrySetAside(ctx, ben, listed["messages[0]"].ID))
			must(t, p.DropSetAside(ctx, ben, listed["messages[1]"].ID, " a test of the provider "))
		})
		if got := acts(entries); !slices.Equal(got, []string{"delivery.dropped", "delivery.retried"}) {
			t.Fatalf("the entries are %v", got)
		}
		for _, e := range entries {
			path := map[desk.Act]string{desk.ActSetAsideRetried: "messages[0]", desk.ActSetAsideDropped: "messages[1]"}[e.Act]
			if e.Actor != ben || e.Inbox != p.inbox || e.Subject != "set_aside:"+listed[path].ID.String() ||
				e.Detail["delivery"] != id.String() || e.Detail["path"] != path || e.Detail["was"] != string(desk.ReasonItem) {
				t.Errorf("the entry is %+v", e)
			}
		}
		var actor, decision, reason string
		row := w.database(t).QueryRowContext(ctx, "SELECT actor, decision, reason FROM set_aside_decision")
		must(t, row.Scan(&actor, &decision, &reason))
		if actor != w.admin.String() || decision != "dropped" || reason != "a test of the provider" {
			t.Errorf("kept is %q by %q for %q", decision, actor, reason)
		}
	})
}

// An item whose Delivery is gone is not made to vanish by a retry that cannot work.
func TestRetryOfALostDelivery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, ctx := openPost(t, w), t.Context()
		p.receive(t, "stone")
		item := p.aside(t)["messages[0]"].ID
		w.execute(t, "DELETE FROM delivery")
		if entries := w.written(t, func() {
			refused(t, "retry", p.RetrySetAside(ctx, shell, item), desk.CodeConflict, "")
		}); len(entries) != 0 {
			t.Errorf("a refused retry left the entries %v", acts(entries))
		}
		if len(p.aside(t)) != 1 || p.waiting(t) != 0 {
			t.Error("the item is not listed any more")
		}
		must(t, p.DropSetAside(ctx, shell, item, "its delivery is gone"))
		if len(p.aside(t)) != 0 {
			t.Error("a dropped item is still listed")
		}
	})
}
