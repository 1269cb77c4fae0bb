package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"botschaft/internal/auth"
	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// placement says where a house lives; every command that opens one takes it.
type placement struct {
	Config      string `help:"Configuration file (TOML)." type:"path" placeholder:"FILE"`
	DataDir     string `help:"Directory of everything kept outside a PostgreSQL." placeholder:"DIR"`
	DatabaseURL string `help:"sqlite:FILE or postgres://…" placeholder:"URL"`
	VaultURL    string `help:"Where keys are kept, apart from the data." placeholder:"URL"`
	RootKeyFile string `help:"File with the root key." placeholder:"FILE"`
}

// flags gives those that were set, by the names of the configuration.
func (p placement) flags() map[string]string {
	return given(map[string]string{
		"data-dir": p.DataDir, "database-url": p.DatabaseURL, "vault-url": p.VaultURL, "root-key-file": p.RootKeyFile,
	})
}

func given(all map[string]string) map[string]string {
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}

// load reads the configuration.
func (p placement) load(more map[string]string) (config.Config, error) {
	flags := p.flags()
	for name, value := range given(more) {
		flags[name] = value
	}
	return config.Load(config.Sources{File: p.Config, Environ: os.Environ(), Flags: flags})
}

// ground is the open stores of a house and what stands directly on them.
type ground struct {
	cfg          config.Config
	store        *store.Store
	vault        *vault.Vault
	installation settings.Installation
	hasher       *auth.Hasher
	settings     *settings.Settings
}

// openGround opens data and vault, which must belong together.
func openGround(ctx context.Context, cfg config.Config, log *slog.Logger) (*ground, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, desk.Invalid("data_dir", "cannot be made: "+errors.Unwrap(err).Error())
	}
	key, err := rootKey(cfg, log)
	if err != nil {
		return nil, err
	}
	if err := checkVaultFile(ctx, cfg); err != nil {
		return nil, err
	}
	g := &ground{cfg: cfg, hasher: auth.NewHasher()}
	if g.vault, err = vault.Open(ctx, vault.Config{URL: urlOf(cfg.Vault), RootKey: key, Spares: spareRoots(cfg)}); err != nil {
		return nil, err
	}
	if err := checkDataFile(ctx, cfg, g.vault); err != nil {
		return nil, errors.Join(err, g.vault.Close())
	}
	if g.store, err = store.Open(ctx, store.Config{URL: urlOf(cfg.Database)}); err != nil {
		return nil, errors.Join(err, g.vault.Close())
	}
	g.store.Guard(g.vault.Missing)
	if g.installation, err = settings.Bind(ctx, g.store, g.vault); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.settings = settings.New(g.store, g.vault, g.hasher)
	return g, nil
}

func (g *ground) close() error { return errors.Join(g.store.Close(), g.vault.Close()) }

// urlOf is the address a driver understands.
func urlOf(s config.Store) string {
	if s.Engine == config.SQLite {
		return "sqlite:" + s.Path
	}
	return s.URL.Reveal()
}

// commandActor is whoever has a shell on the server.
func commandActor(name string) desk.Actor { return desk.Actor{Kind: desk.ActorCommand, Via: name} }

// withGround runs a command on the open house. There must be one: a slip in the name of
// a directory makes none.
func (p placement) withGround(ctx context.Context, do func(*ground) error) error {
	cfg, err := p.load(nil)
	if err != nil {
		return err
	}
	if cfg.Vault.Engine == config.SQLite {
		if _, err := os.Stat(cfg.Vault.Path); errors.Is(err, os.ErrNotExist) {
			return desk.Invalid("data_dir", "holds no house: "+cfg.Vault.Path+" is not there; botschaft setup makes one")
		}
	}
	return onGround(ctx, cfg, do)
}

// withNewGround is withGround where a house may yet have to be made.
func (p placement) withNewGround(ctx context.Context, do func(*ground) error) error {
	cfg, err := p.load(nil)
	if err != nil {
		return err
	}
	return onGround(ctx, cfg, do)
}

func onGround(ctx context.Context, cfg config.Config, do func(*ground) error) error {
	g, err := openGround(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(do(g), g.close())
}

// spareRoots are where a root key may be that took the place of the one that was read.
func spareRoots(cfg config.Config) func() []private.Key {
	return vault.SpareFiles(cfg.NextRootKeyFile, cfg.RootKeyFile)
}

// rootKey reads the root key; on SQLite it makes one at the first start. Beside a vault
// that is there none is made: a new key would open nothing, and stand where the lost
// one belongs.
func rootKey(cfg config.Config, log *slog.Logger) (private.Key, error) {
	if !cfg.RootKey.IsEmpty() {
		return vault.ParseRootKey(cfg.RootKey)
	}
	if _, err := os.Stat(cfg.Vault.Path); err == nil && cfg.Vault.Engine == config.SQLite {
		if _, err := os.Stat(cfg.RootKeyFile); errors.Is(err, os.ErrNotExist) {
			return private.Key{}, desk.Invalid("root_key_file", "is missing: the key vault is there and needs the key it was made with; bring the file back from its copy")
		}
	}
	key, created, err := vault.RootKeyFile(cfg.RootKeyFile)
	if created {
		log.Warn("a root key was made: without this file nothing can be read any more; keep a copy in a safe place", "file", cfg.RootKeyFile)
	}
	return key, err
}
