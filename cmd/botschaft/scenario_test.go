package main

import (
	"context"
	"errors"
	"net"
	"testing"

	"botschaft/internal/audit"
	"botschaft/internal/auth"
	"botschaft/internal/config"
	"botschaft/internal/desktest"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// TestScenarios plays the scenarios against the house as serve builds and runs it.
func TestScenarios(t *testing.T) { desktest.Run(t, "../../scenarios", wired) }

// TestCanariesAreFound proves that the search after every scenario finds what it looks
// for, wherever the house may write it.
func TestCanariesAreFound(t *testing.T) { desktest.Prove(t, wired) }

// wired builds a house like serve does; only the clock is the scenario's.
func wired(ctx context.Context, at desktest.Place) (*desktest.House, error) {
	cfg, err := config.Load(config.Sources{Flags: map[string]string{
		"data-dir": at.Dir, "database-url": at.Database, "vault-url": at.Vault, "root-key-file": at.RootKeyFile, "listen": "127.0.0.1:0",
	}})
	if err != nil {
		return nil, err
	}
	cfg.MetricsListen = "" // scenarios read the metrics at an address of their own
	g, err := clockedGround(ctx, cfg, at)
	if err != nil {
		return nil, err
	}
	h, err := buildHouse(ctx, g, at.Log)
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	node := audit.New(g.store, g.vault, g.installation.ID, at.Log) // the house's own belongs to one goroutine
	return &desktest.House{
		Settings: g.settings, Store: g.store, Metrics: h.metrics.Registry(), Checkpoint: node.Checkpoint, Close: g.close,
		Run: func(ctx context.Context, door, metrics net.Listener) error {
			return h.run(ctx, door, func(ctx context.Context) error { return h.metrics.Serve(ctx, metrics, at.Log) })
		},
		Verify: func(ctx context.Context) (audit.Report, error) {
			return audit.NewVerifier(g.store, g.vault.VerifyKey(), g.installation.ID).Verify(ctx)
		},
	}, nil
}

// clockedGround is openGround with a clock.
func clockedGround(ctx context.Context, cfg config.Config, at desktest.Place) (*ground, error) {
	key, err := rootKey(cfg, at.Log)
	if err != nil {
		return nil, err
	}
	g := &ground{cfg: cfg, hasher: auth.NewHasher()}
	if g.vault, err = vault.Open(ctx, vault.Config{URL: urlOf(cfg.Vault), RootKey: key, Clock: at.Clock}); err != nil {
		return nil, err
	}
	if g.store, err = store.Open(ctx, store.Config{URL: urlOf(cfg.Database), Clock: at.Clock}); err != nil {
		return nil, errors.Join(err, g.vault.Close())
	}
	if g.installation, err = settings.Bind(ctx, g.store, g.vault); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.settings = settings.New(g.store, g.vault, g.hasher)
	return g, nil
}
