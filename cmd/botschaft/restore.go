package main

import (
	"errors"
	"os"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/backup"
	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// plan is what the flags and the configuration ask for.
func (c *restoreCmd) plan(cfg config.Config) (backup.Plan, error) {
	identities, err := archive.Identities(c.IdentityFile)
	if err != nil {
		return backup.Plan{}, desk.Invalid("identity-file", err.Error())
	}
	key, err := presentRootKey(cfg)
	if err != nil {
		return backup.Plan{}, err
	}
	return backup.Plan{
		Data: c.Data, Vault: c.Vault, Identities: identities, OlderVault: c.OlderVault,
		DataPlace: store.Config{URL: urlOf(cfg.Database)}, VaultPlace: vault.Config{URL: urlOf(cfg.Vault), RootKey: key, Spares: spareRoots(cfg)},
		Sends: []string{outbound.Kind, queue.KindAnswers}, Actor: commandActor("restore"), Now: time.Now,
	}, nil
}

// presentRootKey reads the root key if there is one. A restore makes none: a new key
// opens nothing.
func presentRootKey(cfg config.Config) (private.Key, error) {
	if !cfg.RootKey.IsEmpty() {
		return vault.ParseRootKey(cfg.RootKey)
	}
	key, err := vault.ReadRootKey(cfg.RootKeyFile)
	if errors.Is(err, os.ErrNotExist) {
		return private.Key{}, nil
	}
	return key, err
}
