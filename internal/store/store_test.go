package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// This is the gate that finds SQL which one of the engines does not understand.
func TestEveryStatementCompiles(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		if _, err := rows.Prepare(t.Context(), storetest.Beside(t, url)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFailureUndoesItsOwnWorkAlone(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		broken := errors.New("broken on purpose")
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := s.Update(ctx, func(tx *store.Tx) error {
					tx.Emit(desk.Event{Kind: desk.EventInbox})
					if err := tx.AddDeliveries(ctx, []desk.Delivery{{ID: desk.NewID[desk.Delivery](), Inbox: desk.NewID[desk.Inbox](), ReceivedAt: tx.Now(), Body: sealed("x")}}); err != nil {
						return err
					}
					if i%2 == 1 {
						return broken
					}
					return nil
				})
				if (i%2 == 1) != errors.Is(err, broken) {
					t.Errorf("transaction %d: got %v", i, err)
				}
			}()
		}
		wg.Wait()
		n, err := s.NumberEvents(ctx)
		if err != nil || n != 50 {
			t.Fatalf("got %d events, %v; want 50", n, err)
		}
	})
}

// A reader who follows numbers misses nothing, however many write.
func TestNumbersAreDenseAndOnlyGrow(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		const writers, each = 8, 50
		var wg sync.WaitGroup
		for range writers {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range each {
					if err := s.Update(ctx, func(tx *store.Tx) error { tx.Emit(desk.Event{Kind: desk.EventInbox}); return nil }); err != nil {
						t.Error(err)
					}
				}
			}()
		}
		writing := make(chan struct{})
		go func() { wg.Wait(); close(writing) }()
		var seen int64
		for more := true; more; {
			select {
			case <-writing:
				more = false
			default:
			}
			if _, err := s.NumberEvents(ctx); err != nil {
				t.Fatal(err)
			}
			events, err := s.EventsAfter(ctx, seen, 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.N != seen+1 {
					t.Fatalf("number %d follows %d", e.N, seen)
				}
				seen = e.N
			}
		}
		if seen != writers*each {
			t.Fatalf("saw %d events, want %d", seen, writers*each)
		}
	})
}

func sealed(s string) desk.SealedBytes {
	var b desk.SealedBytes
	if err := b.Scan([]byte(s)); err != nil {
		panic(err)
	}
	return b
}

// An Inspection reads, migrates nothing and cannot write.
func TestInspection(t *testing.T) {
	storetest.EachEmptyURL(t, func(t *testing.T, url string) {
		ctx := t.Context()
		if i, err := store.Inspect(ctx, store.Config{URL: url}); err == nil { // PostgreSQL is there, and empty
			if found, known, err := i.Schema(ctx); err != nil || found != 0 || known < 4 {
				t.Errorf("an empty database has schema %d of %d (%v)", found, known, err)
			}
			if err := i.Close(); err != nil {
				t.Error(err)
			}
		} else if !errors.Is(err, store.ErrNoDatabase) {
			t.Error(err)
		}
		s := storetest.Open(t, url, nil)
		i, err := store.Inspect(ctx, store.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		if found, known, err := i.Schema(ctx); err != nil || found != known {
			t.Errorf("the schema is %d of %d (%v)", found, known, err)
		}
		if n, err := i.Read().GetCounter(ctx, "event"); err != nil || n != 0 {
			t.Errorf("the counter reads %d (%v)", n, err)
		}
		if err := i.Read().SetCounter(ctx, rows.SetCounterParams{Name: "event", N: 7}); err == nil {
			t.Error("an inspection could write")
		}
		if skew, err := i.Skew(ctx); err != nil || skew.Abs() > time.Minute {
			t.Errorf("skew %v (%v)", skew, err)
		}
		if s.IsSQLite() {
			if mode, err := i.Journal(ctx); err != nil || mode != "wal" {
				t.Errorf("journal %q (%v)", mode, err)
			}
			return
		}
		told, err := i.Server(ctx)
		if err != nil || told.Version < 150000 || told.Settings["max_connections"] == "" || told.Identity == "" || told.Used < 1 || told.Limit != -1 || !told.Local {
			t.Errorf("the server tells %+v (%v)", told, err)
		}
	})
}
