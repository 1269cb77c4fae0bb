package desktest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"botschaft/internal/audit"
	"botschaft/internal/settings"
	"botschaft/internal/simulator"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// Place is where a house lives, and what it is given by the world it lives in.
type Place struct {
	Dir         string // of its files
	Database    string // sqlite:… or postgres://…
	Vault       string // the same
	RootKeyFile string // outside Dir
	Clock       func() time.Time
	Log         *slog.Logger
}

// House is the product, wired and not running yet. Beside its doors it gives what the
// command line would reach in another process.
type House struct {
	Settings   *settings.Settings
	Store      *store.Store
	Metrics    prometheus.Registerer
	Run        func(ctx context.Context, door, metrics net.Listener) error
	Checkpoint func(ctx context.Context) error
	Verify     func(ctx context.Context) (audit.Report, error)
	Close      func() error
}

// Build wires the product on a Place, as the program does.
type Build func(ctx context.Context, at Place) (*House, error)

// world is one house, the people around it, and what a scenario has to remember.
type world struct {
	build     Build
	at        Place
	clock     *storetest.Clock
	log       *logbook
	std       *notes // what the process itself logs
	answers   notes  // to requests that failed
	client    *http.Client
	sim       *simulator.Simulator
	phones    *httptest.Server
	endPhones func() error
	door      *door
	gauge     net.Listener // where the metrics are
	data      *database
	keys      *database

	house *House // nil while it is stopped
	end   func() error

	inboxes  map[string]*inboxPlace
	agents   map[string]*colleague
	people   map[string]*person
	crowd    []string // of people, by name
	canaries []canary
	script   *script

	refused *refusal      // the last one
	failed  *failureWords // the last one that was looked at
	doubled uint64        // webhooks behind this one are posted twice; 0: none
}

// newWorld opens a house at the place and gives it Controllers, Inboxes and an admin.
// It ends with the test.
func newWorld(t testing.TB, build Build, s *script, at Place) *world {
	t.Helper()
	w := &world{
		build: build, at: at, clock: newClock(), log: &logbook{}, std: &notes{}, script: s,
		client:  &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}},
		inboxes: map[string]*inboxPlace{}, agents: map[string]*colleague{}, people: map[string]*person{},
	}
	w.at.Clock, w.at.Log = w.clock.Now, w.log.logger()
	t.Cleanup(func() {
		if err := w.leave(); err != nil {
			t.Error(err)
		}
	})
	if err := w.found(context.Background()); err != nil {
		t.Fatal(err)
	}
	return w
}

// onEachEngine runs fn with a Place on SQLite and with one on PostgreSQL.
func onEachEngine(t *testing.T, fn func(t *testing.T, at Place)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		at := newPlace(t)
		at.Database, at.Vault = "sqlite:"+filepath.Join(at.Dir, "botschaft.db"), "sqlite:"+filepath.Join(at.Dir, "vault.db")
		fn(t, at)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		at := newPlace(t)
		at.Database, at.Vault = storetest.PostgresURL(t), storetest.PostgresURL(t)
		fn(t, at)
	})
}

func newPlace(t testing.TB) Place {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	at := Place{Dir: t.TempDir(), RootKeyFile: filepath.Join(t.TempDir(), "root.key")}
	if err := os.WriteFile(at.RootKeyFile, []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

// found builds the world around a house that is empty still.
func (w *world) found(ctx context.Context) error {
	var err error
	if w.door, err = newDoor(); err != nil {
		return err
	}
	key, err := os.ReadFile(w.at.RootKeyFile)
	if err != nil {
		return err
	}
	w.keepSecret("the root key", string(key))
	w.sim = simulator.New(simulator.Config{
		Settings: &simulator.Settings{}, Clock: w.clock.Now, Backoff: []time.Duration{time.Second},
	})
	w.phones = httptest.NewServer(w.sim.Handler())
	done := make(chan error, 1)
	go func() { done <- w.sim.Run(ctx) }()
	w.endPhones = func() error { w.sim.Close(); w.phones.Close(); return <-done }
	if err := w.setUpFirst(ctx); err != nil {
		return err
	}
	if w.data, err = openBeside("data", w.at.Database); err != nil {
		return err
	}
	if w.keys, err = openBeside("keys", w.at.Vault); err != nil {
		return err
	}
	return w.start(ctx)
}

// setUpFirst sets the house up before it runs, as commands do.
func (w *world) setUpFirst(ctx context.Context) error {
	house, err := w.build(ctx, w.at)
	if err != nil {
		return fmt.Errorf("build the house: %w", err)
	}
	w.house = house
	defer func() { w.house = nil }()
	return errors.Join(w.setUp(ctx), house.Close())
}

// leave ends everything; what is open already is all there is to close.
func (w *world) leave() error {
	errs := []error{w.stop()}
	w.client.CloseIdleConnections()
	if w.endPhones != nil {
		errs = append(errs, w.endPhones())
	}
	if w.door != nil {
		errs = append(errs, w.door.close())
	}
	for _, db := range []*database{w.data, w.keys} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// openBeside opens a store of the house as another process would.
func openBeside(name, url string) (*database, error) {
	path, lite := strings.CutPrefix(url, "sqlite:")
	driver := "pgx"
	if lite {
		driver, url = "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, url)
	return &database{db, name, lite}, err
}

// start starts the house behind the door.
func (w *world) start(ctx context.Context) error {
	if w.house != nil {
		return errors.New("the house is running already")
	}
	house, err := w.build(ctx, w.at)
	if err != nil {
		return fmt.Errorf("build the house: %w", err)
	}
	if w.gauge, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return errors.Join(err, house.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done, door, gauge := make(chan error, 1), w.door.open(), w.gauge
	go func() { done <- house.Run(running, door, gauge) }()
	w.house = house
	w.end = func() error {
		cancel()
		if err := <-done; err != nil {
			return errors.Join(fmt.Errorf("the house did not stop well: %w", err), house.Close())
		}
		return house.Close()
	}
	return nil
}

// stop ends the house as a signal would; a stopped one stays stopped.
func (w *world) stop() error {
	if w.house == nil {
		return nil
	}
	end := w.end
	w.house, w.end = nil, nil
	w.client.CloseIdleConnections()
	return end()
}

// random gives n characters that are nowhere else.
func random(n int) string { return strings.ToLower(rand.Text())[:n] }

// keepSecret makes value a canary.
func (w *world) keepSecret(what, value string) string {
	w.canaries = append(w.canaries, canary{what, value})
	return value
}
