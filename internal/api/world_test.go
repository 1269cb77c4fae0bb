package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/api"
	"botschaft/internal/audit"
	"botschaft/internal/auth"
	"botschaft/internal/blob"
	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/evidence"
	"botschaft/internal/files"
	"botschaft/internal/httpd"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
	"botschaft/internal/outbound"
	"botschaft/internal/oversight"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/tasks"
	"botschaft/internal/vault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(s string) private.Key   { return private.NewKey([]byte(s)) }
func text(s string) private.Text { return private.NewText(s) }

// noon is when every test begins: after the days of storetest.Papers, and long enough ago
// that whatever belongs to a connection and takes the house's time for the real one is noticed.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// postman carries nothing: no lane is worked here.
type postman struct{ *channel.WhatsApp }

func (postman) Upload(context.Context, desk.Outgoing, *desk.OpenFile, policy.Permit) (private.Text, error) {
	return private.Text{}, &desk.SendError{}
}

func (postman) Send(context.Context, desk.Outgoing, policy.Permit) (desk.Receipt, error) {
	return desk.Receipt{}, &desk.SendError{}
}

type meter struct{}

func (meter) Sent(string, time.Duration) {}
func (meter) Signalled(string)           {}

// world is the house behind its door, with two Controllers that know nothing of each
// other.
type world struct {
	*store.Store
	vault    *vault.Vault
	inboxes  *directory.Directory
	settings *settings.Settings
	people   *auth.People
	feed     *live.Feed[inbox.News]
	verifies *oversight.Verification
	clock    *storetest.Clock
	blobs    *blob.Store
	files    *files.Files
	api      *api.API
	server   *httptest.Server
	client   *http.Client
	north    *realm
	south    *realm
	made     int
	helper   desk.AgentID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), clock: c}
	var err error
	w.vault, err = vault.Open(t.Context(), vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	w.settings = settings.New(w.Store, w.vault, auth.NewHasher())
	w.north, w.south = w.realm(t, "Nord"), w.realm(t, "Süd")
	w.inboxes, err = directory.New(t.Context(), w.Store, w.vault)
	must(t, err)
	w.serve(t)
	return w
}

// serve wires the house as the program does and opens its door.
func (w *world) serve(t *testing.T) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	public, err := url.Parse("http://desk.example")
	must(t, err)
	door, err := httpd.New(httpd.Options{
		PublicURL: public, Log: log, Now: time.Now, BodyLimits: []httpd.BodyLimit{{Prefix: api.BodyPrefix, Bytes: api.MaxBody}, {Prefix: api.TermsPrefix, Bytes: api.MaxTermsBody}},
	})
	must(t, err)
	w.people = auth.NewPeople(w.Store, w.vault)
	gate := outbound.New(w.Store, w.vault, w.inboxes, postman{}, meter{}, outbound.Place{Node: "one", PublicURL: "https://desk.example"}, log)
	openings := audit.NewOpenings(w.Store)
	over := w.oversight(openings)
	box := inbox.New(w.Store, w.vault, w.inboxes, gate, openings, channel.Details, log)
	w.feed = live.NewFeed(w.Store, w.Woken(store.WakeEvents), box.News, log)
	w.blobs, err = blob.New(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	w.files = files.New(files.Place{
		Store: w.Store, Vault: w.vault, Inboxes: w.inboxes, Blobs: w.blobs, Source: nowhere{}, Openings: openings, Read: channel.Details, Taken: channel.Taken, Log: log,
	})
	due := tasks.New(w.Store, w.vault, openings, time.UTC)
	w.api = api.New(api.Uses{
		Authenticator: auth.NewAuthenticator(w.people, w.Now), Entrance: auth.NewEntrance(w.people, auth.NewHasher(), auth.NewThrottle(w.clock.Now)),
		PublicURL: public.String(), People: w.people, Inbox: box, Settings: w.settings,
		Evidence: evidence.New(w.Store, w.vault, openings, time.UTC),
		Tasks:    due,
		Letters:  due,
		Alerts:   due,
		Files:    w.files, Uploads: w.files,
		Oversight: over, Protection: over, Verification: w.verifies, Feed: w.feed, FeedName: "feed", LastEvent: w.LastEvent,
		Client: door.Client, Stream: door.Stream, Secure: door.Secure(), Now: w.Now, Log: log, Version: "1",
	})
	mux := http.NewServeMux()
	mux.Handle("/api/v1/", w.api)
	w.server = httptest.NewServer(door.Handler(mux))
	w.client = w.server.Client()
	w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		w.server.Close()
	})
}

// oversight is that of a node whose probes all say ok.
func (w *world) oversight(o oversight.Openings) *oversight.Oversight {
	w.verifies = oversight.NewVerification(w.Store, audit.NewVerifier(w.Store, w.vault.VerifyKey(), w.vault.Installation()), slog.New(slog.DiscardHandler))
	return oversight.New(w.Store, o, oversight.Node{
		Name: "one", Version: "1", StartedAt: w.Now(),
		Checks: func(context.Context) []desk.Check { return []desk.Check{{Name: "database", OK: true, Says: "ok"}} },
		Ways: func() []desk.Destination {
			return []desk.Destination{{Host: "graph.example", Port: 443, Purpose: "WhatsApp messages", Company: "Carrier", Open: true}}
		},
	})
}

// run tells events until the test ends.
func (w *world) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = w.feed.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
}

// acts counts the entries of the audit log.
func (w *world) acts(t *testing.T) int64 {
	t.Helper()
	n, err := w.Read().CountFreshEntries(context.Background())
	must(t, err)
	return n
}

// next gives a number nobody was given before.
func (w *world) next() string {
	w.made++
	return fmt.Sprint(w.made)
}
