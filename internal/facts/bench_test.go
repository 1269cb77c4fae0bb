package facts_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/storetest"
)

// benchContacts is how many Contacts a house has that is asked; BENCH_CONTACTS changes it.
const benchContacts = 1_000_000

// benchLooked is how many of them are looked at at once.
const benchLooked = 100_000

// inACrowd runs fn on each engine, in a house of many Contacts.
func inACrowd(b *testing.B, fn func(b *testing.B, w *world, ids []desk.ContactID)) {
	n := benchContacts
	if text := os.Getenv("BENCH_CONTACTS"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(b, err)
	}
	engines := []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.MigratedSQLite}, {"postgres", storetest.MigratedPostgres}}
	for _, engine := range engines {
		b.Run(engine.name, func(b *testing.B) {
			url := engine.url(b)
			w := newWorld(b, url)
			ids := w.crowd(b, n)
			if engine.name == "postgres" { // as it has done long ago in a house that grew
				_, err := storetest.Beside(b, url).ExecContext(b.Context(), "VACUUM (ANALYZE)")
				must(b, err)
			}
			fn(b, w, ids)
		})
	}
}

// BenchmarkFacts tells what it takes to know of one Contact among 1,000,000 whether it may be
// advertised to, and of 100,000 of them at once, Ledgers included.
func BenchmarkFacts(b *testing.B) {
	inACrowd(b, func(b *testing.B, w *world, ids []desk.ContactID) {
		b.Run("one", func(b *testing.B) { askOne(b, w, ids) })
		b.Run("crowd", func(b *testing.B) { askCrowd(b, w, ids[:min(len(ids), benchLooked)]) })
	})
}

func askOne(b *testing.B, w *world, ids []desk.ContactID) {
	r, ask := facts.NewRegisters(), w.question()
	ask.Conversation = desk.ConversationID{}
	w.ask(b, r)
	var took []time.Duration
	for b.Loop() {
		ask.Contact = ids[rand.N(len(ids))]
		began := time.Now()
		_, err := r.Ask(b.Context(), w.Read(), ask)
		took = append(took, time.Since(began))
		must(b, err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}

func askCrowd(b *testing.B, w *world, ids []desk.ContactID) {
	r, ask := facts.NewRegisters(), w.question()
	ask.Conversation = desk.ConversationID{}
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		must(b, r.AskAll(b.Context(), w.Store, ask, ids, func(desk.ContactID, facts.Known) error { return nil }))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms-median")
}
