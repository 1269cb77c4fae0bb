package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"time"

	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/diagnosis"
	"botschaft/internal/egress"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Uses is what a look needs.
type Uses struct {
	Config   config.Config
	Data     string                      // the database's address for its driver, password and all
	Vault    string                      // the vault's
	Secrets  map[string]string           // further files that hold secrets: what they hold by path
	Given    string                      // directory of the service manager's credentials; empty if there is none
	Temp     string                      // where temporary files go
	Dialer   *egress.Dialer              // the one way out
	Declare  func(graphURL string) error // opens the way to an Inbox's Provider
	Trusted  *x509.CertPool              // certificate authorities; nil for the system's
	Now      func() time.Time
	Patience time.Duration // for what reads a whole database
}

// Doctor looks at one house.
type Doctor struct{ Uses }

// New makes a Doctor.
func New(u Uses) *Doctor { return &Doctor{u} }

// How long a look at one thing may take.
const (
	patience = 10 * time.Second
	knocking = 5 * time.Second
)

// Look gathers the Facts.
func (d *Doctor) Look(ctx context.Context) diagnosis.Facts {
	f := diagnosis.Facts{At: d.Now()}
	f.Disks, f.Files = d.disks(), d.files()
	f.Serving = d.serving(ctx)
	f.Public, f.Pair, f.Proxies = d.public(ctx), d.pair(), d.proxies()
	data := d.data(ctx, &f)
	if data != nil {
		defer func() { _ = data.Close() }()
	}
	d.servers(ctx, &f, data)
	keys := d.keys(ctx, &f, data)
	if keys != nil {
		defer func() { _ = keys.Close() }()
	}
	if data != nil && f.Data.Found > 0 {
		d.work(ctx, &f, data)
		d.inboxes(ctx, &f, data, keys)
	}
	return f
}

// data opens the database and looks at it; nil if it cannot be read.
func (d *Doctor) data(ctx context.Context, f *diagnosis.Facts) *store.Inspection {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f.Data = &diagnosis.Database{Name: d.Config.Database.String()}
	i, err := store.Inspect(ctx, store.Config{URL: d.Data, Clock: d.Now})
	if err == nil {
		f.Data.Found, f.Data.Known, err = i.Schema(ctx)
	}
	if err != nil {
		f.Data.Trouble = because(err)
		if i != nil {
			_ = i.Close()
		}
		return nil
	}
	if d.Config.Database.Engine == config.SQLite {
		f.Data.SQLite = d.file(ctx, i)
	}
	skew, err := i.Skew(ctx)
	f.Clock = &diagnosis.Clock{Ahead: skew, Trouble: because(err)}
	return i
}

// file looks at a SQLite file; how long the quick check takes is bounded by Patience, not
// by ctx.
func (d *Doctor) file(ctx context.Context, i *store.Inspection) *diagnosis.SQLite {
	s := &diagnosis.SQLite{Patience: d.Patience}
	var err error
	if s.Journal, err = i.Journal(ctx); err != nil {
		s.Trouble = because(err)
		return s
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.Patience)
	defer cancel()
	if s.Intact, err = i.Intact(ctx); err != nil && ctx.Err() == nil {
		s.Trouble = because(err)
	}
	return s
}

// servers asks the PostgreSQL servers of data and keys about themselves.
func (d *Doctor) servers(ctx context.Context, f *diagnosis.Facts, data *store.Inspection) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	dataID, vaultID := "", ""
	if d.Config.Database.Engine == config.PostgreSQL && data != nil {
		s := diagnosis.Server{Name: d.Config.Database.String(), Keeps: "the data", Data: true, Pool: store.Connections}
		dataID = ask(ctx, &s, data)
		f.Servers = append(f.Servers, s)
	}
	if d.Config.Vault.Engine != config.PostgreSQL {
		return
	}
	s := diagnosis.Server{Name: d.Config.Vault.String(), Keeps: "the keys", Keys: true, Pool: vault.Connections}
	i, err := store.Inspect(ctx, store.Config{URL: d.Vault, Clock: d.Now})
	if err != nil {
		s.Trouble = because(err)
	} else {
		vaultID = ask(ctx, &s, i)
		_ = i.Close()
	}
	f.Shared = d.Config.VaultShared() || dataID != "" && dataID == vaultID
	if f.Shared && len(f.Servers) == 1 {
		both := &f.Servers[0]
		both.Keeps, both.Keys, both.Pool = "data and keys", true, both.Pool+s.Pool
		return
	}
	f.Servers = append(f.Servers, s)
}

// ask fills s and gives what tells one running server from another.
func ask(ctx context.Context, s *diagnosis.Server, i *store.Inspection) string {
	told, err := i.Server(ctx)
	if err != nil {
		s.Trouble = because(err)
		return ""
	}
	s.Version, s.Settings, s.Replica = told.Version, told.Settings, told.Replica
	s.Local, s.Encrypted, s.Used, s.Limit = told.Local, told.Encrypted, told.Used, told.Limit
	s.Archived, s.Failed = told.Archiving.Last, told.Archiving.Failed
	return told.Identity
}

// keys looks at root key and vault; nil if the vault does not open.
func (d *Doctor) keys(ctx context.Context, f *diagnosis.Facts, data *store.Inspection) *vault.Vault {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	key, known := d.rootKey(&f.RootKey)
	f.Vault = &diagnosis.Vault{Name: d.Config.Vault.String()}
	if !known {
		if f.Vault.State = d.vaultWithoutKey(ctx); f.Vault.State == "" {
			f.Vault = nil // it is there, and the root key's Finding says what is wrong
		}
		return nil
	}
	v, err := vault.Inspect(ctx, vault.Config{URL: d.Vault, RootKey: key, Clock: d.Now, Spares: vault.SpareFiles(d.Config.NextRootKeyFile)})
	if err == nil && data != nil && f.Data.Found > 0 {
		if own, gone := data.Read().GetInstallation(ctx); gone == nil {
			err = v.Bind(own.ID)
		}
	}
	f.Vault.State = stateOf(err)
	if err != nil {
		f.Vault.Trouble = because(err)
		if v != nil {
			_ = v.Close()
		}
		return nil
	}
	d.days(ctx, f, v)
	return v
}

func stateOf(err error) diagnosis.VaultState {
	switch {
	case err == nil:
		return diagnosis.VaultOpen
	case errors.Is(err, vault.ErrNone):
		return diagnosis.VaultNone
	case errors.Is(err, vault.ErrWrongRootKey):
		return diagnosis.VaultWrongKey
	case errors.Is(err, vault.ErrForeign):
		return diagnosis.VaultForeign
	case errors.Is(err, vault.ErrTooNew):
		return diagnosis.VaultTooNew
	}
	return diagnosis.VaultAway
}

func (d *Doctor) days(ctx context.Context, f *diagnosis.Facts, v *vault.Vault) {
	days, err := v.Days(ctx)
	if err != nil {
		f.Vault.State, f.Vault.Trouble = diagnosis.VaultAway, because(err)
		return
	}
	f.Days = make([]time.Time, len(days))
	for i, day := range days {
		f.Days[i] = time.Unix(day*24*60*60, 0).UTC()
	}
}

// because says what a driver or a package of ours said, without addresses and values:
// what a desk.Error tells everybody, or the innermost cause.
func because(err error) diagnosis.Trouble {
	var known *desk.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "does not answer in time"
	case errors.Is(err, store.ErrNoDatabase):
		return "there is no database file"
	case errors.Is(err, fs.ErrPermission):
		return "this user may not read it"
	case errors.As(err, &known) && known.Err == nil:
		return diagnosis.Trouble(known.Text)
	case errors.As(err, &known):
		return diagnosis.Trouble(known.Text + ": " + string(because(known.Err)))
	}
	return diagnosis.Trouble(innermost(err).Error())
}

// innermost follows the first of several causes.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if many, ok := err.(interface{ Unwrap() []error }); ok && len(many.Unwrap()) > 0 {
			next = many.Unwrap()[0]
		}
		if next == nil {
			return err
		}
		err = next
	}
}
