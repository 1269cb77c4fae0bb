package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"

	"botschaft/internal/config"
	"botschaft/web/app"
)

// serveCmd runs the server.
type serveCmd struct {
	placement
	Listen    string `help:"Address to listen on." placeholder:"HOST:PORT"`
	PublicURL string `help:"How people reach the server." placeholder:"URL"`
}

// Run serves until the process is asked to end.
func (c *serveCmd) Run(ctx context.Context) error {
	cfg, err := c.load(map[string]string{"listen": c.Listen, "public-url": c.PublicURL})
	if err != nil {
		return err
	}
	log := newLog(cfg, os.Stderr)
	return serve(ctx, cfg, log, nil)
}

// serve runs a house; ready is called once it listens.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger, ready func(*house), frames ...string) (err error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return err
	}
	if cfg.Database.Engine == config.SQLite {
		unlock, err := lockHouse(cfg)
		if err != nil {
			return err
		}
		defer func() { _ = unlock() }()
	}
	if err := checkFiles(ctx, cfg); err != nil {
		return unlessAsked(ctx, log, err)
	}
	g, err := openGround(ctx, cfg, log)
	if err != nil {
		return unlessAsked(ctx, log, err)
	}
	defer func() { err = errors.Join(err, g.close()) }()
	h, err := buildHouse(ctx, g, log, frames...)
	if err != nil {
		return unlessAsked(ctx, log, err)
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return unlessAsked(ctx, log, err)
	}
	log.Info("serving", "address", ln.Addr().String(), "public_url", cfg.PublicURL.String(), "version", version)
	if !app.Built() {
		log.Warn("this program was built without its front end; the API works")
	}
	if cfg.VaultShared() {
		log.Warn("data and keys share one database server: an erasure is complete only when that server's archive has aged out")
	}
	if ready != nil {
		ready(h)
	}
	return h.run(ctx, ln)
}

// unlessAsked gives an error of the start, unless the server was asked to end meanwhile:
// then it is what became of the start, and no fault.
func unlessAsked(ctx context.Context, log *slog.Logger, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	log.Info("asked to end while starting", "cause", err)
	return nil
}

func newLog(cfg config.Config, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == config.FormatJSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
