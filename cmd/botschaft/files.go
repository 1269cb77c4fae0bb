package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/durable"
	"botschaft/internal/sqlite"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// saved ends the name of a whole copy that a server saved when the files of its database
// were taken away; saving that of one that is not complete.
const (
	saved  = ".saved"
	saving = ".saving"
)

// filesOf are the SQLite files of a house.
func filesOf(cfg config.Config) []string {
	var paths []string
	for _, s := range []config.Store{cfg.Database, cfg.Vault} {
		if s.Engine == config.SQLite {
			paths = append(paths, s.Path)
		}
	}
	return paths
}

// errServing says that another process serves the house.
var errServing = errors.New("another botschaft serves this data directory already; stop it, or choose another --data-dir")

// lockDir makes this process the one that serves the data directory.
func lockDir(dir string) (unlock func() error, err error) {
	unlock, err = sqlite.Lock(filepath.Join(dir, "serve.lock"))
	if errors.Is(err, sqlite.ErrHeld) {
		err = errServing
	}
	return unlock, err
}

// lockHouse makes this process the one that serves the data directory and its files: two
// directories may name one database.
func lockHouse(cfg config.Config) (unlock func() error, err error) {
	var held []func() error
	unlock = func() error {
		var errs []error
		for _, end := range held {
			errs = append(errs, end())
		}
		return errors.Join(errs...)
	}
	end, err := lockDir(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	held = append(held, end)
	for _, path := range filesOf(cfg) {
		end, err := sqlite.Lock(sqlite.LockName(path))
		switch {
		case errors.Is(err, fs.ErrNotExist): // nor is there a directory for the database; opening it says so or makes it
			continue
		case errors.Is(err, sqlite.ErrHeld):
			err = errors.New("another botschaft serves " + filepath.Base(path) + " already; stop it, or choose another database")
		}
		if err != nil {
			return nil, errors.Join(err, unlock())
		}
		held = append(held, end)
	}
	return unlock, nil
}

// checkFiles refuses damaged files before anybody writes to them.
func checkFiles(ctx context.Context, cfg config.Config) error {
	for _, path := range filesOf(cfg) {
		if err := sqlite.Check(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// checkVaultFile refuses to make a new vault where data is that needs another one, and to
// go on where a server had to save a copy.
func checkVaultFile(ctx context.Context, cfg config.Config) error {
	for _, path := range filesOf(cfg) {
		if name := filepath.Base(path); sqlite.IsThere(path + saved) {
			return desk.Invalid("data_dir", "holds "+name+saved+", a whole copy that the server saved when "+name+
				" was taken away: put it in the place of "+name+" with no "+name+"-wal and "+name+"-shm beside it, or move it away")
		}
	}
	if cfg.Vault.Engine != config.SQLite || sqlite.IsThere(cfg.Vault.Path) {
		return nil
	}
	used, err := isUsed(ctx, cfg)
	if err == nil && used {
		err = desk.Invalid("vault_url", "leads to no vault: "+filepath.Base(cfg.Vault.Path)+" is gone, and the data cannot be read without it; bring it back from its backup, a new one is not made")
	}
	return err
}

// isUsed tells whether there is a database with a house in it.
func isUsed(ctx context.Context, cfg config.Config) (used bool, err error) {
	i, err := store.Inspect(ctx, store.Config{URL: urlOf(cfg.Database)})
	if errors.Is(err, store.ErrNoDatabase) {
		return false, nil
	}
	if err != nil {
		return false, desk.Unavailable("the database cannot be opened", err)
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	schema, _, err := i.Schema(ctx)
	if err != nil || schema == 0 {
		return false, err
	}
	if _, err = i.Read().GetInstallation(ctx); store.IsNone(err) {
		return false, nil
	}
	return err == nil, err
}

// checkDataFile refuses to make a new database beside a vault that is in use.
func checkDataFile(ctx context.Context, cfg config.Config, v *vault.Vault) error {
	if cfg.Database.Engine != config.SQLite || sqlite.IsThere(cfg.Database.Path) {
		return nil
	}
	used, err := v.IsUsed(ctx)
	if err == nil && used {
		err = desk.Invalid("database_url", "leads to no database: "+filepath.Base(cfg.Database.Path)+" is gone, and the vault is in use; bring it back from its backup, a new one is not made")
	}
	return err
}

// kept is a database whose files are looked after.
type kept struct {
	path    string
	missing func() error
	copyTo  func(ctx context.Context, path string) error
	said    string // last, of what could not be saved
	safe    bool   // a copy was saved
}

// keepFiles looks after the files of the house. While one of them is missing nothing is
// committed, so that what was acknowledged is in the files this process still holds open:
// a whole copy of them is saved beside their names.
func (h *house) keepFiles(ctx context.Context) error {
	all := []*kept{
		{path: h.cfg.Database.Path, missing: h.store.Missing, copyTo: h.store.CopyTo},
		{path: h.cfg.Vault.Path, missing: h.vault.Missing, copyTo: h.vault.CopyTo},
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, k := range all {
			k.look(context.WithoutCancel(ctx), h.log)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look saves a copy once, and tells of it.
func (k *kept) look(ctx context.Context, log *slog.Logger) {
	err := k.missing()
	if err == nil {
		k.said, k.safe = "", false
		return
	}
	if k.safe {
		return
	}
	failed := k.save(ctx)
	k.safe = failed == nil
	if k.safe {
		log.Error("a file of a database was taken away, and a whole copy was saved: end the server and put the copy in its place", "copy", k.path+saved, "cause", plain(err))
	} else if text := plain(errors.Join(err, failed)); text != k.said {
		log.Error("a file of a database was taken away, and what was acknowledged could not be saved yet: do not end the server", "file", k.path, "cause", text)
		k.said = text
	}
}

// save writes the copy, whole or not at all.
func (k *kept) save(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(k.path), 0o700); err != nil {
		return err
	}
	draft := k.path + saving
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := k.copyTo(ctx, draft); err != nil {
		return err
	}
	if err := durable.Link(draft, k.path+saved); err != nil {
		return err
	}
	return os.Remove(draft)
}
