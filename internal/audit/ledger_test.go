package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// consentOf is an entry of the Ledger with every field filled; every other one rests on a
// consent, which has no ground of a customer.
func consentOf(contact desk.ContactID, n int) desk.ConsentEntry {
	e := desk.ConsentEntry{
		ActedAt: noon.Add(-time.Hour), Controller: desk.NewID[desk.Controller](), Contact: contact, Step: desk.ConsentGranted,
		Ground: desk.GroundConsent, Purpose: "Neues", Means: desk.MeansPaper, Identity: desk.NewID[desk.Identity](),
		Wording: desk.Wording{Digest: "ab", Version: "1", Language: "de"}, Asked: desk.NewID[desk.Message](), Answer: desk.NewID[desk.Message](),
		Paper: "cd", Actor: ben,
	}
	if n%2 == 1 {
		e.Ground = desk.GroundCustomer
		e.Customer = &desk.CustomerGround{Sale: private.SealedBytes[private.Text](bytes.Repeat([]byte{7}, 40)), OwnSimilar: true, NotObject: true, Told: true}
	}
	return e
}

// consents writes entries into the Ledger, a moment apart, of two Contacts.
func (w *world) consents(t testing.TB, n int) (written []desk.ConsentEntry) {
	t.Helper()
	contacts := []desk.ContactID{desk.NewID[desk.Contact](), desk.NewID[desk.Contact]()}
	for i := range n {
		w.clock.Add(time.Millisecond)
		must(t, w.Update(context.Background(), func(tx *store.Tx) error {
			e, err := tx.AddConsent(context.Background(), consentOf(contacts[i/2%2], i))
			written = append(written, e)
			return err
		}))
	}
	return written
}

// keepLedger lets a test falsify the Ledger and put it back.
func (w *world) keepLedger(t *testing.T) (x tamperer, putBack func()) {
	t.Helper()
	x = tamperer{t, w.database(t)}
	x.db.SetMaxOpenConns(1)
	_, err := x.db.ExecContext(t.Context(), "CREATE TABLE kept_ledger AS SELECT * FROM ledger")
	must(t, err)
	return x, func() {
		_, err := x.db.ExecContext(context.Background(), "DELETE FROM ledger")
		must(t, err)
		x.do("INSERT INTO ledger SELECT * FROM kept_ledger")
	}
}

// names checks that the verifier finds something wrong and says where.
func names(t *testing.T, what string, r audit.Report, kind string, entry int64, said string) {
	t.Helper()
	switch {
	case r.Fault == nil:
		t.Errorf("%s: nothing is found wrong with %d entries", what, r.Ledger)
	case r.Fault.Kind != kind || r.Fault.Entry != entry || !strings.Contains(r.Fault.Text, said):
		t.Errorf("%s: wrong is %+v; want %s at %d, naming %s", what, *r.Fault, kind, entry, said)
	}
}

// Of fifty entries of the Ledger one column of one is changed, each column in turn, and each
// time that entry is named (GDPR Art. 5(2), 7(1)).
func TestAlteredLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		written := w.consents(t, 50)
		w.number(t)
		x, putBack := w.keepLedger(t)
		if r := w.verify(t); r.Fault != nil || r.Ledger != 50 || r.Entries != 50 {
			t.Fatalf("untouched: %+v", r)
		}
		tried := 0
		for _, at := range []int{0, 24, 25, 49} {
			e := written[at]
			for column, value := range w.columnsOf(t, x, e.ID) {
				kind, said := "altered", e.ID.String()
				if column == "id" {
					kind = "missing"
				}
				x.do("UPDATE ledger SET "+column+" = $1 WHERE id = $2", another(column, value), e.ID[:])
				names(t, fmt.Sprintf("%s of entry %d", column, at), w.verify(t), kind, int64(at+1), said)
				putBack()
				tried++
			}
		}
		if tried < 4*22 {
			t.Errorf("only %d columns were tried", tried)
		}
		// What no reader understands is named by the entry before it.
		for _, change := range []string{"customer = 'x'", "identity_id = '7'", "controller_id = ''"} {
			if _, err := x.db.ExecContext(t.Context(), "UPDATE ledger SET "+change+" WHERE id = $1", written[25].ID[:]); err != nil {
				continue // no value of its type here
			}
			names(t, change, w.verify(t), "altered", 0, written[24].ID.String())
			putBack()
		}
		if r := w.verify(t); r.Fault != nil || r.Ledger != 50 {
			t.Errorf("put back: %+v", r)
		}
	})
}

// columnsOf reads every column of an entry.
func (w *world) columnsOf(t *testing.T, x tamperer, id desk.ConsentID) map[string]any {
	t.Helper()
	row, err := x.db.QueryContext(t.Context(), "SELECT * FROM ledger WHERE id = $1", id[:])
	must(t, err)
	defer func() { must(t, row.Close()) }()
	columns, err := row.Columns()
	must(t, err)
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	if !row.Next() {
		t.Fatalf("there is no entry %s", id)
	}
	must(t, row.Scan(into...))
	found := map[string]any{}
	for i, c := range columns {
		found[c] = values[i]
	}
	return found
}

// another gives a value that is not this one, of its type.
func another(column string, value any) any {
	switch v := value.(type) {
	case int64:
		return v + 1000
	case string:
		if column == "customer" {
			return `{"own_similar":false,"not_object":true,"told":true}`
		}
		return v + "x"
	default: // an id, or what is sealed, also where there is none
		return bytes.Repeat([]byte{9}, 16)
	}
}

// An entry that was taken out of the Ledger, or slipped in, is named, whenever it claims to
// have been written (GDPR Art. 5(2), 7(1)).
func TestLedgerWithAnEntryLessOrMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		written := w.consents(t, 50)
		w.number(t)
		w.consents(t, 2) // wait for their numbers
		x, putBack := w.keepLedger(t)
		for _, at := range []int{0, 24, 49} {
			x.do("DELETE FROM ledger WHERE id = $1", written[at].ID[:])
			names(t, "an entry less", w.verify(t), "missing", int64(at+1), written[at].ID.String())
			putBack()
		}
		columns := "controller_id, contact_id, acted_at, step, ground, purpose, means, identity_id, wording_digest, wording_version, wording_language, " +
			"asked_id, answer_id, paper, customer, sale, actor_kind, actor_id, via"
		fresh, ahead := desk.NewID[desk.ConsentEntry](), desk.NewID[desk.ConsentEntry]()
		for _, c := range []struct {
			what string
			id   []byte
			at   time.Time
			said string
		}{
			{"an entry more", fresh[:], noon, fresh.String()},
			{"an entry of the future", ahead[:], noon.Add(24 * time.Hour), ahead.String()},
			{"an entry with an id of zeros", make([]byte, 16), noon, "an id that none can have"},
			{"an entry without an id", []byte{}, noon, "an id that none can have"},
		} {
			x.do("INSERT INTO ledger (id, n, at, "+columns+") SELECT CAST($1 AS "+blob(w.url)+"), 99, $2, "+columns+" FROM ledger WHERE id = $3", c.id, c.at.UnixMilli(), written[3].ID[:])
			names(t, c.what, w.verify(t), "inserted", 0, c.said)
			putBack()
		}
		if r := w.verify(t); r.Fault != nil || r.Ledger != 52 {
			t.Errorf("put back: %+v", r)
		}
		x.do("DELETE FROM ledger")
		names(t, "an empty ledger", w.verify(t), "missing", 1, written[0].ID.String())
	})
}

func blob(url string) string {
	if strings.HasPrefix(url, "sqlite:") {
		return "BLOB"
	}
	return "BYTEA"
}

// Whoever verifies while the house writes consents sees no fault, whether they have a number
// yet or not (GDPR Art. 5(2)).
func TestVerifyWhileConsentsAreWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		ended, wrote := make(chan error, 1), make(chan error, 1)
		go func() { ended <- w.log.Run(ctx) }()
		contact := desk.NewID[desk.Contact]()
		go func() {
			var err error
			for n := 0; ctx.Err() == nil && err == nil; n++ {
				w.clock.Add(time.Millisecond)
				err = w.Update(context.Background(), func(tx *store.Tx) error {
					_, err := tx.AddConsent(context.Background(), consentOf(contact, n))
					return err
				})
			}
			wrote <- err
		}()
		var last int64
		for last < 150 {
			r := w.verify(t)
			if r.Fault != nil || r.Ledger < last {
				t.Errorf("after %d entries: %+v", last, r.Fault)
				break
			}
			last = r.Ledger
		}
		stop()
		must(t, <-wrote)
		must(t, <-ended)
		if r := w.verify(t); r.Fault != nil || r.Ledger < last || r.Ledger != r.Entries+r.Waiting {
			t.Errorf("in the end: %+v", r)
		}
	})
}

// However many entries wait for their numbers, none of them was slipped in.
func TestManyConsentsThatWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.consents(t, 700) // more than are read at once
		w.clock.Add(time.Hour)
		if r := w.verify(t); r.Fault != nil || r.Ledger != 700 || r.Waiting != 700 {
			t.Errorf("while all wait: %+v", r)
		}
	})
}

// BenchmarkVerifyLedger tells how many entries of the Ledger are verified in a second: by
// themselves, and together with the entries of the log that speak of them.
func BenchmarkVerifyLedger(b *testing.B) {
	const entries = 20_000
	w := newWorld(b, storetest.MigratedSQLite(b))
	contacts := make([]desk.ContactID, entries/20)
	for i := range contacts {
		contacts[i] = desk.NewID[desk.Contact]()
	}
	for part := range slices.Chunk(make([]struct{}, entries), 500) {
		must(b, w.Update(b.Context(), func(tx *store.Tx) error {
			for i := range part {
				if _, err := tx.AddConsent(b.Context(), consentOf(contacts[i%len(contacts)], i)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	w.number(b)
	var read time.Time // when the log was
	var alone time.Duration
	v := audit.NewVerifier(w.Store, ours.public(), ourID)
	v.Progress = func(int64, int64) { read = time.Now() }
	for b.Loop() {
		if r, err := v.Verify(b.Context()); err != nil || r.Fault != nil || r.Ledger != entries {
			b.Fatalf("%+v, %v", r, err)
		}
		alone += time.Since(read)
	}
	b.ReportMetric(float64(entries)*float64(b.N)/alone.Seconds(), "entries/s")
	b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "entries-with-log/s")
}
