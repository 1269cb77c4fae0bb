package settings_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
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

// noon is when every test begins.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// shell is who uses the command line.
var shell = desk.Actor{Kind: desk.ActorCommand, Via: "test"}

// hasher is one for all, so that not every test fills memory with its own.
var hasher = auth.NewHasher()

const password = "correct horse battery"

// world is a house whose settings are changed.
type world struct {
	*settings.Settings
	store  *store.Store
	vault  *vault.Vault
	people *auth.People
	asked  *auth.Authenticator
	clock  *storetest.Clock
	url    string

	controller desk.ControllerID // of the set-up house
	admin      desk.AgentID
	second     desk.AgentID // another admin, once there is one
	numbers    int
}

// eachEmpty runs fn on each engine in an empty house.
func eachEmpty(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

// each runs fn on each engine in a house that is set up.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	eachEmpty(t, func(t *testing.T, w *world) {
		var err error
		w.controller, w.admin, err = w.SetUp(t.Context(), shell, firstSetup("erika@muster.example"))
		must(t, err)
		fn(t, w)
	})
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{store: storetest.Open(t, url, c.Now), clock: c, url: url}
	var err error
	w.vault, err = vault.Open(t.Context(), vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	w.Settings = settings.New(w.store, w.vault, hasher)
	w.people = auth.NewPeople(w.store, w.vault)
	w.asked = auth.NewAuthenticator(w.people, w.store.Now)
	return w
}

func firstSetup(email string) settings.FirstSetup {
	return settings.FirstSetup{
		Controller: desk.ControllerFacts{Name: "Muster Versicherung AG"}, Email: text(email), Name: text("Erika Muster"), Password: text(password),
	}
}

// agent makes an Agent.
func (w *world) agent(t *testing.T, email string, role desk.Role) desk.AgentID {
	t.Helper()
	id, err := w.CreateAgent(t.Context(), shell, settings.NewAgent{
		Email: text(email), Role: role, Password: text(password), Controllers: []desk.ControllerID{w.controller},
	})
	must(t, err)
	return id
}

// newInbox is an Inbox with a number of its own, ready to be created.
func (w *world) newInbox() settings.NewInbox {
	w.numbers++
	return settings.NewInbox{
		Controller: w.controller, Name: "Service", PhoneNumberID: fmt.Sprint(1000 + w.numbers), WABA: "2",
		Secrets: desk.InboxSecrets{
			AppSecrets: []private.Key{key("app secret")}, AccessToken: key("access-token"), VerifyTokens: []private.Key{key("verify token")},
		},
	}
}

func (w *world) inbox(t *testing.T) desk.InboxID {
	t.Helper()
	id, err := w.CreateWhatsAppInbox(t.Context(), shell, w.newInbox())
	must(t, err)
	return id
}

// directory knows the Inboxes there are now.
func (w *world) directory(t *testing.T) *directory.Directory {
	t.Helper()
	d, err := directory.New(t.Context(), w.store, w.vault)
	must(t, err)
	return d
}

// entries gives what the audit log says so far, the oldest first.
func (w *world) entries(t *testing.T) []desk.AuditEntry {
	t.Helper()
	listed, err := w.store.Read().ListFreshEntries(context.Background(), 10_000)
	must(t, err)
	out := make([]desk.AuditEntry, len(listed))
	for i, row := range listed {
		out[i], err = store.AuditEntryOf(row)
		must(t, err)
	}
	return out
}

// written gives the entries that fn wrote.
func (w *world) written(t *testing.T, fn func()) []desk.AuditEntry {
	t.Helper()
	before := map[desk.AuditID]bool{}
	for _, e := range w.entries(t) {
		before[e.ID] = true
	}
	fn()
	return slices.DeleteFunc(w.entries(t), func(e desk.AuditEntry) bool { return before[e.ID] })
}

// acts are the acts of entries, sorted.
func acts(entries []desk.AuditEntry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = string(e.Act)
	}
	slices.Sort(out)
	return out
}

// refused checks that err is of the code and blames the field.
func refused(t *testing.T, what string, err error, code desk.Code, field string) {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Errorf("%s: got %v, want %s %s", what, err, code, field)
	}
}

// database opens the data beside the store, as somebody with a shell would.
func (w *world) database(t *testing.T) *sql.DB { return storetest.Beside(t, w.url) }

// execute runs a statement beside the store and tells how many rows it changed.
func (w *world) execute(t *testing.T, statement string, args ...any) int64 {
	t.Helper()
	return storetest.Execute(t, w.url, statement, args...)
}

var silent = slog.New(slog.DiscardHandler)
