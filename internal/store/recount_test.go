package store_test

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// A recount puts right what drifted, once, while others write and another node recounts.
func TestRecountMendsDrift(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, other := storetest.Open(t, url, nil), storetest.Open(t, url, nil)
		ctx, inbox, owner := t.Context(), desk.NewID[desk.Inbox](), desk.NewID[desk.Agent]()
		open := desk.Tally{Inbox: inbox, State: desk.TallyOpen}
		mine := desk.Tally{Inbox: inbox, Owner: owner, State: desk.TallyOpen}
		add := func(s *store.Store, assignee desk.AgentID) {
			if err := s.Update(ctx, func(tx *store.Tx) error {
				return tx.AddConversations(ctx, []desk.Conversation{{
					ID: desk.NewID[desk.Conversation](), Controller: desk.NewID[desk.Controller](), Inbox: inbox,
					Contact: desk.NewID[desk.Contact](), OpenedAt: tx.Now(), LastAt: tx.Now(), Assignee: assignee,
				}})
			}); err != nil {
				t.Error(err)
			}
		}
		for range 5 {
			add(s, desk.AgentID{})
			add(s, owner)
		}
		check := func(what string, want desk.Tallies) {
			t.Helper()
			if got, err := s.Tallies(ctx); err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: the tallies are %v, %v; want %v", what, got, err, want)
			}
		}
		check("before", desk.Tallies{open: 5, mine: 5})
		if n, err := s.Recount(ctx); n != 0 || err != nil {
			t.Errorf("nothing had drifted, and %d were mended, %v", n, err)
		}
		storetest.Execute(t, url, "UPDATE tally SET n = n + 3 WHERE owner = ''")
		storetest.Execute(t, url, "DELETE FROM tally WHERE owner <> ''")
		storetest.Execute(t, url, "INSERT INTO tally (inbox_id, owner, state, n) SELECT inbox_id, '', 'closed', 2 FROM tally")
		var busy sync.WaitGroup
		for _, s := range []*store.Store{s, other} {
			for range 2 {
				busy.Go(func() {
					for range 20 {
						add(s, owner)
					}
				})
			}
			busy.Go(func() {
				if _, err := s.Recount(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		busy.Wait()
		check("after", desk.Tallies{open: 5, mine: 85})
	})
}

// Hints cross from one node to the others on PostgreSQL, and only what is theirs to do.
func TestHintsReachOtherNodes(t *testing.T) {
	url := storetest.PostgresURL(t)
	a, b := storetest.Open(t, url, nil), storetest.Open(t, url, nil)
	for _, s := range []*store.Store{a, b} {
		storetest.Listen(t, s)
	}
	lanes, events, feed, audit := b.Woken("lanes"), b.Woken(store.WakeEvents), b.Woken(store.WakeFeed), b.Woken(store.WakeAudit)
	a.Woken(store.WakeEvents) // here somebody numbers events
	write := func(s *store.Store, text string) {
		if err := s.Update(t.Context(), func(tx *store.Tx) error {
			tx.Wake("lanes")
			tx.Emit(desk.Event{Kind: desk.EventInbox})
			tx.Audit(desk.AuditEntry{Act: desk.Act(text), Actor: desk.Actor{Kind: desk.ActorSystem}})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	awaitHint(t, "both listen", lanes, func() { write(a, "hello") })
	for _, ch := range []<-chan struct{}{lanes, events, feed, audit} {
		forget(ch)
	}
	for i := range 3 {
		write(a, fmt.Sprint(i))
	}
	awaitHint(t, "lanes", lanes, nil)
	awaitHint(t, "audit, which nobody numbers on that node", audit, nil)
	if _, err := a.NumberEvents(t.Context()); err != nil {
		t.Fatal(err)
	}
	awaitHint(t, "feed", feed, nil)
	select {
	case <-events:
		t.Error("the other node was asked to number what is numbered already")
	default:
	}
}

func awaitHint(t *testing.T, what string, ch <-chan struct{}, again func()) {
	t.Helper()
	for range 100 {
		if again != nil {
			again()
		}
		select {
		case <-ch:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatalf("no hint: %s", what)
}

func forget(ch <-chan struct{}) {
	for {
		select {
		case <-ch:
		case <-time.After(150 * time.Millisecond):
			return
		}
	}
}
