package oversight_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/oversight"
	"botschaft/internal/private"
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

// key signs the log's Checkpoints.
type key ed25519.PrivateKey

// Sign signs.
func (k key) Sign(msg []byte) []byte { return ed25519.Sign(ed25519.PrivateKey(k), msg) }

var (
	signer = key(ed25519.NewKeyFromSeed(bytes.Repeat([]byte("o"), ed25519.SeedSize)))
	ourID  = desk.NewID[desk.Installation]()
	silent = slog.New(slog.DiscardHandler)
	shell  = desk.Actor{Kind: desk.ActorCommand, Via: "test"}
	every  = desk.Scope{All: true}
)

// world is a house with two Controllers that are looked at.
type world struct {
	*store.Store
	*oversight.Oversight
	log   *audit.Log
	clock *storetest.Clock
	url   string
	ways  []desk.Destination // that are open

	north, south realm
	dpo          desk.Actor // serves the north
	scope        desk.Scope // the same
}

// realm is a Controller with its Inbox.
type realm struct {
	controller desk.ControllerID
	inbox      desk.InboxID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), clock: c, url: url}
	w.Oversight = oversight.New(w.Store, audit.NewOpenings(w.Store), oversight.Node{
		Name: "one", Version: "7", StartedAt: noon,
		Checks: func(context.Context) []desk.Check { return []desk.Check{{Name: "disk", Says: "full"}} },
		Ways:   func() []desk.Destination { return w.ways },
	})
	w.log = audit.New(w.Store, signer, ourID, silent)
	w.north, w.south = w.realm(t, "1"), w.realm(t, "2")
	w.dpo = desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent](), Via: "session"}
	w.scope = desk.Scope{Agent: w.dpo.Agent}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddAgent(t.Context(), rows.AddAgentParams{
			ID: w.dpo.Agent, Role: desk.RoleDPO, EmailDigest: []byte("digest"), Profile: sealed[desk.AgentProfile]("x"), CreatedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		return tx.AddMembership(t.Context(), rows.AddMembershipParams{Agent: w.dpo.Agent, Controller: w.north.controller, At: tx.Stamp()})
	}))
	return w
}

func sealed[T any](s string) (b private.Sealed[T]) {
	if err := b.Scan([]byte(s)); err != nil {
		panic(err)
	}
	return b
}

func (w *world) realm(t *testing.T, number string) realm {
	t.Helper()
	r := realm{desk.NewID[desk.Controller](), desk.NewID[desk.Inbox]()}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddController(t.Context(), rows.AddControllerParams{ID: r.controller, Name: number, Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddInbox(t.Context(), rows.AddInboxParams{
			ID: r.inbox, Controller: r.controller, Channel: desk.ChannelWhatsApp, Name: number, PhoneNumberID: number, WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: sealed[desk.InboxSecrets]("x"), CreatedAt: tx.Stamp(),
		})
	}))
	return r
}

// act commits an entry a second after the one before and gives it its number.
func (w *world) act(t *testing.T, e desk.AuditEntry) {
	t.Helper()
	w.clock.Add(time.Second)
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { tx.Audit(e); return nil }))
	must(t, w.log.Number(t.Context()))
}

// read gives the subjects of a page of the log.
func (w *world) read(t *testing.T, q desk.AuditQuery) (subjects []string, next int64) {
	t.Helper()
	entries, next, err := w.Entries(t.Context(), shell, q)
	must(t, err)
	for _, e := range entries {
		subjects = append(subjects, e.Subject)
	}
	return subjects, next
}

// change commits a change of a setting a second after the one before.
func (w *world) change(t *testing.T, subject string, controller desk.ControllerID, changes ...desk.Alteration) {
	t.Helper()
	w.clock.Add(time.Second)
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		tx.Changed(desk.AuditEntry{Actor: shell, Act: "thing.changed", Subject: subject, Controller: controller}, changes...)
		return nil
	}))
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
