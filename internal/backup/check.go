package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"botschaft/internal/archive"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// Checked is what an archive was found to be.
type Checked struct {
	File     string
	Header   archive.Header
	Manifest archive.Manifest
}

// Verdict is what a check found.
type Verdict struct {
	Data, Vault *Checked
	Authentic   bool // the root key opened the vault, and the installation signed what was checked
}

// Check reads archives to their end, as a restore would, and changes nothing. With a
// root key it opens the keys in a place of their own, too, and sees that the
// installation signed both archives.
func Check(ctx context.Context, p Plan) (Verdict, error) {
	r := &restoring{Plan: p}
	defer r.close()
	if err := r.open(); err != nil && !(r.data == nil && errors.Is(err, ErrOlder)) { // keys alone are checked without looking at any data
		return Verdict{}, err
	}
	var v Verdict
	var err error
	if r.keys != nil {
		if v.Vault, err = r.checkVault(ctx); err != nil {
			return v, fmt.Errorf("check the keys: %w", err)
		}
	}
	if r.data != nil {
		if v.Data, err = r.checkData(ctx); err != nil {
			return v, fmt.Errorf("check the data: %w", err)
		}
	}
	v.Authentic = r.key != nil
	return v, nil
}

// checkVault restores the keys into a directory to throw away; they stay wrapped.
func (r *restoring) checkVault(ctx context.Context) (*Checked, error) {
	if r.VaultPlace.RootKey.IsEmpty() {
		if err := skim(ctx, r.keys.Reader, r.reading(r.keys)); err != nil {
			return nil, err
		}
		return checked(r.Vault, r.keys), nil
	}
	dir, err := os.MkdirTemp("", "botschaft-check-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	place := vault.Config{URL: "sqlite:" + filepath.Join(dir, "vault.db"), Clock: r.VaultPlace.Clock, RootKey: private.Key{}}
	if r.keyFill, err = vault.Fill(ctx, place, r.keys.Header().Schema); err != nil {
		return nil, err
	}
	if err := r.load(r.keys, func(t archive.Table, next func() ([]any, error)) error {
		return r.keyFill.Table(ctx, t.Name, t.Columns, next)
	}); err != nil {
		return nil, err
	}
	if r.installation, r.key, err = r.keyFill.Recognise(ctx, r.VaultPlace.RootKey); err != nil {
		return nil, err
	}
	return checked(r.Vault, r.keys), errors.Join(r.vouch(r.keys), r.keyFill.Close())
}

func (r *restoring) checkData(ctx context.Context) (*Checked, error) {
	if err := skim(ctx, r.data.Reader, r.reading(r.data)); err != nil {
		return nil, err
	}
	if r.key != nil {
		if err := r.vouch(r.data); err != nil {
			return nil, err
		}
	}
	return checked(r.Data, r.data), nil
}

func (r *restoring) reading(a *archive.Opened) func() error {
	return tell(r.Progress, Progress{Kind: a.Header().Kind, Doing: "read", Total: a.Header().Rows})
}

func checked(file string, a *archive.Opened) *Checked {
	m, _ := a.Manifest()
	return &Checked{File: file, Header: a.Header(), Manifest: m}
}
