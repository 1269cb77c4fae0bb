package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"botschaft/internal/api"
	"botschaft/internal/audit"
	"botschaft/internal/auth"
	"botschaft/internal/blob"
	"botschaft/internal/channel"
	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/egress"
	"botschaft/internal/evidence"
	"botschaft/internal/files"
	"botschaft/internal/hook"
	"botschaft/internal/httpd"
	"botschaft/internal/inbound"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
	"botschaft/internal/outbound"
	"botschaft/internal/oversight"
	"botschaft/internal/portal"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/tasks"
	"botschaft/web/app"
)

// How many lanes a node works at once.
const (
	inboundLanes  = 4
	outboundLanes = 64
	answerLanes   = 4
	signalLanes   = 4
	blockLanes    = 1
	fileLanes     = 4
)

// filesDir is where sealed files stand below the data directory.
const filesDir = "files"

// patience is for the fetching of files: the largest on a slow line.
const patience = 30 * time.Minute

// house is a server with everything in its place.
type house struct {
	*ground
	log      *slog.Logger
	metrics  *httpd.Metrics
	meter    *meter
	dialer   *egress.Dialer
	inboxes  *directory.Directory
	intake   *hook.Intake
	worker   *inbound.Worker
	pace     *pace
	receives *queue.Runner
	sends    *queue.Runner
	answers  *queue.Runner
	signals  *queue.Runner
	blocks   *queue.Runner
	files    *files.Files
	fetches  *queue.Runner
	desk     *inbox.Inbox
	feed     *live.Feed[inbox.News]
	audit    *audit.Log
	verifies *oversight.Verification
	server   *httpd.Server
	routes   http.Handler
}

// buildHouse wires a house on open ground. frames are the origins that may show it.
func buildHouse(ctx context.Context, g *ground, log *slog.Logger, frames ...string) (*house, error) {
	h := &house{ground: g, log: log, metrics: httpd.NewMetrics()}
	node := nodeName()
	var err error
	if h.dialer, err = newDialer(g.cfg); err != nil {
		return nil, err
	}
	if h.inboxes, err = directory.New(ctx, g.store, g.vault); err != nil {
		return nil, err
	}
	h.declare()
	m := newMeter(h.metrics.Registry())
	h.meter = m
	h.metrics.Registry().MustRegister(newGauges(g.store))
	whatsapp := channel.NewWhatsApp(h.dialer.HTTPClient(egress.Timeouts{}), g.store.Now, m.Unknown)
	openings := audit.NewOpenings(g.store)
	if err := h.keepFilesOf(openings, node); err != nil {
		return nil, err
	}
	gate := outbound.New(g.store, g.vault, h.inboxes, whatsapp, m, outbound.Place{Node: node, PublicURL: h.publicURL(), Files: h.files}, log)
	h.pace = &pace{
		inboxes: h.inboxes, ask: whatsapp.Capacity, note: g.settings.SetCapacity, told: g.settings.CapacityNews, woken: g.store.Woken(store.WakeCapacity),
		allow: gate.Allow, log: log, known: map[desk.InboxID]learnt{},
	}
	h.worker = inbound.New(g.store, g.vault, h.inboxes, whatsapp, m, log)
	h.intake = hook.NewIntake(g.store)
	h.receives = queue.NewRunner(g.store, queue.Config{
		Kind: inbound.Kind, Node: node, Batch: inbound.BatchSize, Parallel: inboundLanes, Log: log}, h.worker.Work)
	h.sends = queue.NewRunner(g.store, queue.Config{
		Kind: outbound.Kind, Node: node, Batch: 1, Parallel: outboundLanes, Log: log}, gate.Deliver)
	h.answers = queue.NewRunner(g.store, queue.Config{
		Kind: queue.KindAnswers, Node: node, Batch: 1, Parallel: answerLanes, Log: log}, gate.Answer)
	h.signals = queue.NewRunner(g.store, queue.Config{
		Kind: outbound.KindSignals, Node: node, Batch: 1, Parallel: signalLanes, Log: log}, gate.Signal)
	h.blocks = queue.NewRunner(g.store, queue.Config{
		Kind: outbound.KindBlocks, Node: node, Batch: 1, Parallel: blockLanes, Log: log}, gate.Block)
	h.audit = audit.New(g.store, g.vault, g.installation.ID, log)
	if h.server, err = newServer(g.cfg, h.metrics, log, frames); err != nil {
		return nil, err
	}
	h.desk = inbox.New(g.store, g.vault, h.inboxes, gate, openings, channel.Details, log)
	h.feed = live.NewFeed(g.store, g.store.Woken(store.WakeEvents, store.WakeFeed), m.told(h.desk.News, g.store.Now), log)
	h.verifies = oversight.NewVerification(g.store, audit.NewVerifier(g.store, g.vault.VerifyKey(), g.installation.ID), log)
	h.metrics.Registry().MustRegister(newNodeGauges(h.places(), g.store.Skew, h.verifies.Last))
	health := h.server.Health(h.probes()...)
	over := oversight.New(g.store, openings, oversight.Node{
		Name: node, Version: version, StartedAt: g.store.Now(), Checks: health.Checks, Ways: h.ways})
	return h, h.mount(over, health)
}

// filesIn opens the directory of the sealed files.
func filesIn(cfg config.Config) (*blob.Store, error) {
	return blob.New(filepath.Join(cfg.DataDir, filesDir))
}

// keepFilesOf makes what fetches files and shows them.
func (h *house) keepFilesOf(openings *audit.Openings, node string) error {
	blobs, err := filesIn(h.cfg)
	if err != nil {
		return err
	}
	h.files = files.New(files.Place{
		Store: h.store, Vault: h.vault, Inboxes: h.inboxes, Blobs: blobs, Openings: openings, Read: channel.Details, Taken: channel.Taken, Log: h.log,
		Source: channel.NewFiles(h.dialer.HTTPClient(egress.Timeouts{Total: patience})),
	})
	h.fetches = queue.NewRunner(h.store, queue.Config{
		Kind: files.Kind, Node: node, Batch: 1, Parallel: fileLanes, Log: h.log}, h.files.Work)
	return nil
}

func newServer(cfg config.Config, m *httpd.Metrics, log *slog.Logger, frames []string) (*httpd.Server, error) {
	return httpd.New(httpd.Options{
		Listen: cfg.Listen, TLSCertFile: cfg.TLSCertFile, TLSKeyFile: cfg.TLSKeyFile, PublicURL: cfg.PublicURL,
		TrustedProxies: cfg.TrustedProxies, FrameAncestors: frames, ShutdownTimeout: cfg.ShutdownTimeout,
		BodyLimits: []httpd.BodyLimit{{Prefix: api.BodyPrefix, Bytes: api.MaxBody}, {Prefix: api.TermsPrefix, Bytes: api.MaxTermsBody}},
		Log:        log, Now: time.Now, Metrics: m,
	})
}

// mount puts the doors where they are found.
func (h *house) mount(over *oversight.Oversight, health http.Handler) error {
	people, due := auth.NewPeople(h.store, h.vault), tasks.New(h.store, h.vault, audit.NewOpenings(h.store), h.cfg.TimeZone)
	prices, err := readPrices(h.cfg.PricesFile)
	if err != nil {
		return err
	}
	doors := api.New(api.Uses{
		Authenticator: auth.NewAuthenticator(people, h.store.Now),
		Entrance:      auth.NewEntrance(people, h.hasher, auth.NewThrottle(time.Now)),
		People:        people, Inbox: h.desk, Settings: h.settings,
		Evidence:  evidence.New(h.store, h.vault, audit.NewOpenings(h.store), h.cfg.TimeZone),
		Tasks:     due,
		Letters:   due,
		Files:     h.files,
		Uploads:   h.files,
		Alerts:    due,
		Prices:    prices,
		Oversight: over, Protection: over, Verification: h.verifies, Feed: h.feed,
		FeedName: h.installation.Feed, LastEvent: h.store.LastEvent, Client: h.server.Client, Stream: h.server.Stream,
		Secure: h.server.Secure(), PublicURL: h.publicURL(), Now: h.store.Now, Log: h.log, Version: version, TimeZone: h.cfg.TimeZone.String(),
	})
	static, err := httpd.Static(app.Files())
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	hook.New(h.inboxes, h.vault, h.intake, h.meter.Dropped, h.log).Routes(mux)
	portal.New(h.inboxes, h.settings, h.cfg.TimeZone, h.log).Routes(mux)
	mux.Handle("/api/v1/", doors)
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	mux.Handle("/", static)
	h.routes = mux
	return nil
}

// publicURL is how people reach the house, without a slash at its end.
func (h *house) publicURL() string { return strings.TrimSuffix(h.cfg.PublicURL.String(), "/") }

func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:6])
}

// newDialer is the one way out of the process, databases excepted.
func newDialer(cfg config.Config) (*egress.Dialer, error) {
	var c egress.Config
	var err error
	if !cfg.EgressProxy.IsEmpty() {
		if c.Proxy, err = url.Parse(cfg.EgressProxy.Reveal()); err != nil {
			return nil, fmt.Errorf("egress_proxy_url is not a URL")
		}
	}
	if cfg.CABundleFile != "" {
		pem, err := os.ReadFile(cfg.CABundleFile)
		if err != nil {
			return nil, fmt.Errorf("read the CA bundle: %w", err)
		}
		if c.ExtraCA, err = egress.WithSystemCA(pem); err != nil {
			return nil, err
		}
	}
	return egress.New(c)
}
