package audit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"go.uber.org/goleak"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// signer signs with a key made of one letter.
type signer ed25519.PrivateKey

func newSigner(letter string) signer {
	return signer(ed25519.NewKeyFromSeed(bytes.Repeat([]byte(letter), ed25519.SeedSize)))
}

func (s signer) Sign(msg []byte) []byte { return ed25519.Sign(ed25519.PrivateKey(s), msg) }

func (s signer) public() ed25519.PublicKey { return ed25519.PrivateKey(s).Public().(ed25519.PublicKey) }

var (
	silent = slog.New(slog.DiscardHandler)
	ours   = newSigner("o")
	ourID  = desk.NewID[desk.Installation]()
	ben    = desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent](), Via: "session"}
)

// world is a log on a database.
type world struct {
	*store.Store
	log   *audit.Log
	clock *storetest.Clock
	url   string
	wrote int
}

// each runs fn on each engine in a world of its own.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t testing.TB, url string) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), clock: c, url: url}
	w.log = w.node()
	return w
}

// node makes a further Log on the same database.
func (w *world) node() *audit.Log { return audit.New(w.Store, ours, ourID, silent) }

// entry is one with every field filled.
func entry(n int) desk.AuditEntry {
	return desk.AuditEntry{
		Actor: ben, Act: desk.ActConversationOpened, Subject: fmt.Sprintf("conversation:%d", n),
		Controller: desk.NewID[desk.Controller](), Inbox: desk.NewID[desk.Inbox](), Detail: map[string]string{"n": fmt.Sprint(n)},
	}
}

// write commits entries, a moment apart, without numbering them.
func (w *world) write(t testing.TB, n int) {
	t.Helper()
	for range n {
		w.wrote++
		w.clock.Add(time.Millisecond)
		must(t, w.Update(context.Background(), func(tx *store.Tx) error {
			tx.Audit(entry(w.wrote))
			return nil
		}))
	}
}

// number numbers all that waits.
func (w *world) number(t testing.TB, nodes ...*audit.Log) {
	t.Helper()
	for _, l := range append(nodes, w.log) {
		must(t, l.Number(context.Background()))
	}
}

// sign writes and signs: after it the log has n entries more, protected.
func (w *world) sign(t testing.TB, n int) {
	t.Helper()
	w.write(t, n)
	must(t, w.log.Checkpoint(context.Background()))
}

func (w *world) verify(t testing.TB, outside ...audit.Attestation) audit.Report {
	t.Helper()
	r, err := audit.NewVerifier(w.Store, ours.public(), ourID).Verify(context.Background(), outside...)
	must(t, err)
	return r
}

// well checks that nothing is wrong with so many entries, of which so many are
// protected.
func well(t testing.TB, r audit.Report, entries, protected int64) {
	t.Helper()
	if r.Fault != nil {
		t.Errorf("wrong is: %+v", *r.Fault)
	}
	if r.Entries != entries || r.Protected != protected {
		t.Errorf("%d entries, %d of them protected; want %d and %d", r.Entries, r.Protected, entries, protected)
	}
}

// blames checks what is found wrong, and up to where all is well.
func blames(t testing.TB, r audit.Report, kind string, entry, protected int64) {
	t.Helper()
	if r.Fault == nil {
		t.Errorf("nothing is found wrong with %d entries", r.Entries)
		return
	}
	if r.Fault.Kind != kind || r.Fault.Entry != entry || r.Protected != protected {
		t.Errorf("wrong is %+v, protected are %d; want %s at %d, protected %d", *r.Fault, r.Protected, kind, entry, protected)
	}
	if !strings.Contains(r.Fault.Text, fmt.Sprint(entry)) {
		t.Errorf("%q does not name %d", r.Fault.Text, entry)
	}
}

// numbered reads the log from its beginning.
func (w *world) numbered(t testing.TB) []rows.AuditEntry {
	t.Helper()
	listed, err := w.Read().ListEntries(context.Background(), rows.ListEntriesParams{Page: 100_000})
	must(t, err)
	return listed
}

// dense checks that the log holds n entries, each once, numbered without a gap.
func (w *world) dense(t testing.TB, n int) {
	t.Helper()
	listed := w.numbered(t)
	seen := map[desk.AuditID]bool{}
	for i, e := range listed {
		if e.N.Int64 != int64(i+1) || seen[e.ID] {
			t.Fatalf("entry %d has number %d", i+1, e.N.Int64)
		}
		seen[e.ID] = true
	}
	if size, err := w.Read().GetCounter(context.Background(), "audit"); err != nil || len(listed) != n || size != int64(n) {
		t.Errorf("%d entries are numbered and the counter stands at %d, %v; want %d", len(listed), size, err, n)
	}
}

// database opens the data beside the store, as whoever tampers would.
func (w *world) database(t testing.TB) *sql.DB { return storetest.Beside(t, w.url) }

// tamperer changes the database by SQL.
type tamperer struct {
	t  testing.TB
	db *sql.DB
}

// do runs a statement that must change something.
func (x tamperer) do(statement string, args ...any) {
	x.t.Helper()
	done, err := x.db.ExecContext(context.Background(), statement, args...)
	must(x.t, err)
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		x.t.Fatalf("%q changed %d rows, %v", statement, n, err)
	}
}
