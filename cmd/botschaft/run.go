package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/httpd"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// stage is a group of loops that end together.
type stage []func(context.Context) error

// run serves on ln until ctx ends. The stages end one after the other: first nobody
// comes in any more, then what came in is committed, then the work under way is
// finished, and the audit log is signed last. The first failure ends them all.
func (h *house) run(ctx context.Context, ln net.Listener, more ...func(context.Context) error) error {
	stages := []stage{
		append(stage{func(ctx context.Context) error { return h.server.Serve(ctx, ln, h.routes) }, h.serveMetrics}, more...),
		{h.intake.Run},
		{h.receives.Run, h.sends.Run, h.answers.Run, h.signals.Run, h.blocks.Run, h.fetches.Run, h.feed.Run, h.listen, h.verifies.Run, h.keepInboxes, h.keepHouse, h.keepRest, h.noteDestinations, h.pace.Run},
		{h.audit.Run, h.keepFiles},
	}
	if h.store.IsSQLite() { // the lock on the directory says that whoever held a lane is gone
		if err := h.store.Update(ctx, func(tx *store.Tx) error { return tx.FreeLanes(ctx) }); err != nil {
			return unlessAsked(ctx, h.log, err)
		}
	}
	if err := h.settings.Prepare(ctx); err != nil {
		return unlessAsked(ctx, h.log, err)
	}
	return runStages(ctx, stages)
}

func runStages(ctx context.Context, stages []stage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var errs []error
	groups, ends := make([]sync.WaitGroup, len(stages)), make([]context.CancelFunc, len(stages))
	for i, loops := range stages {
		own, end := context.WithCancel(context.WithoutCancel(ctx))
		ends[i] = end
		for _, loop := range loops {
			groups[i].Go(func() {
				if err := loop(own); err != nil && !errors.Is(err, context.Canceled) {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
					cancel()
				}
			})
		}
	}
	<-ctx.Done()
	for i := range stages {
		ends[i]()
		groups[i].Wait()
	}
	return errors.Join(errs...)
}

func (h *house) serveMetrics(ctx context.Context) error {
	if h.cfg.MetricsListen == "" {
		<-ctx.Done()
		return nil
	}
	return h.metrics.Run(ctx, h.cfg.MetricsListen, h.log)
}

// keepInboxes keeps the Inboxes fresh and opens the way to new ones' Providers.
func (h *house) keepInboxes(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- h.inboxes.Run(ctx, h.log) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			h.declare()
		}
	}
}

// listen hears what other nodes commit.
func (h *house) listen(ctx context.Context) error { return h.store.Listen(ctx, h.log) }

// How long is kept what only reconnecting clients and late statuses need.
const (
	keepEvents   = 7 * 24 * time.Hour
	keepParked   = 8 * 24 * time.Hour
	keepReach    = 25 * time.Hour
	keepOrphans  = 7 * 24 * time.Hour
	keepSessions = 12 * time.Hour
	longSessions = 7 * 24 * time.Hour
)

// keepHouse sweeps hourly what has served its purpose.
func (h *house) keepHouse(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := h.sweep(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("sweeping failed and is tried again in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (h *house) sweep(ctx context.Context) error {
	now := h.store.Now()
	before := func(d time.Duration) desk.Millis { return desk.AsMillis(now.Add(-d)) }
	if err := h.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.SweepEvents(ctx, before(keepEvents)); err != nil {
			return err
		}
		if _, err := tx.SweepSessions(ctx, rows.SweepSessionsParams{Idle: before(keepSessions), Oldest: before(longSessions)}); err != nil {
			return err
		}
		if _, err := tx.SweepPresence(ctx, before(0)); err != nil {
			return err
		}
		if _, err := tx.SweepReach(ctx, before(keepReach)); err != nil {
			return err
		}
		_, err := tx.SweepParkedStatuses(ctx, before(keepParked))
		return err
	}); err != nil {
		return err
	}
	if mended, err := h.store.Recount(ctx); err != nil {
		return err
	} else if mended > 0 {
		h.log.Warn("counts of conversations had drifted and were put right", "counts", mended)
	}
	if err := h.worker.Sweep(ctx); err != nil {
		return err
	}
	if err := h.files.Sweep(ctx, time.Now()); err != nil { // by the clock of the disk
		return err
	}
	_, err := h.vault.SweepOrphans(ctx, now.Add(-keepOrphans), func(ctx context.Context, ids []desk.ContactID) (map[desk.ContactID]bool, error) {
		found, err := h.store.FindContacts(ctx, ids)
		known := make(map[desk.ContactID]bool, len(found))
		for id := range found {
			known[id] = true
		}
		return known, err
	})
	return err
}

// Limits of readiness.
const (
	leastDisk = 64 << 20
	mostSkew  = 2 * time.Second
)

// probes are what must be there for the house to be ready.
func (h *house) probes() []httpd.Probe {
	return []httpd.Probe{
		{Name: "database", Check: h.store.Ready},
		{Name: "vault", Check: h.vault.Ready},
		{Name: "disk", Check: func(context.Context) error { return h.disk() }},
		{Name: "clock", Check: h.clock},
	}
}

// disk looks at every directory the house keeps files in.
func (h *house) disk() error {
	looked := map[string]bool{}
	for _, d := range []struct{ name, dir string }{
		{"the data directory", h.cfg.DataDir},
		{"the database's directory", directoryOf(h.cfg.Database)},
		{"the vault's directory", directoryOf(h.cfg.Vault)},
	} {
		if d.dir == "" || looked[d.dir] {
			continue
		}
		looked[d.dir] = true
		if err := hasRoom(d.name, d.dir); err != nil {
			return err
		}
	}
	return nil
}

func directoryOf(s config.Store) string {
	if s.Engine != config.SQLite {
		return ""
	}
	return filepath.Dir(s.Path)
}

// hasRoom writes a little, too: a quota that is used up and a disk that was made
// read-only still count free blocks.
func hasRoom(name, dir string) error {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return desk.Unavailable(name+" cannot be looked at", err)
	}
	if free := fs.Bavail * uint64(fs.Bsize); free < leastDisk {
		return desk.Unavailable(fmt.Sprintf("only %d MiB are free in %s", free>>20, name), nil)
	}
	probe := filepath.Join(dir, ".ready")
	err := os.WriteFile(probe, make([]byte, 4096), 0o600)
	if removed := os.Remove(probe); !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	if err != nil {
		return desk.Unavailable(name+" cannot be written to", err)
	}
	return nil
}

func (h *house) clock(ctx context.Context) error {
	skew, err := h.store.Skew(ctx)
	if err != nil {
		return err
	}
	if skew.Abs() > mostSkew {
		return desk.Unavailable("this machine's clock and the database's differ by more than two seconds", nil)
	}
	return nil
}

// keepRest wakes the Conversations whose rest is over.
func (h *house) keepRest(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := h.desk.Rouse(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("waking conversations is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
