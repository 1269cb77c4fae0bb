package backup

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Plan says what is to come back, from where and where to.
type Plan struct {
	Data, Vault string // files; one of them may be empty, and what is there is used
	Identities  []archive.Identity
	DataPlace   store.Config
	VaultPlace  vault.Config // with the root key
	Files       *blob.Store  // where what Contacts sent goes; nil: it is left out
	OlderVault  bool         // bring keys back that are older than the data
	Sends       []string     // kinds of the lanes that send, or make what is sent
	Actor       desk.Actor
	Now         func() time.Time
	Progress    func(Progress) // may be nil
}

// Why a restore is refused; test with errors.Is.
var (
	ErrDataThere  = errors.New("there is a house already where the data would go; a restore fills an empty place only. Move it away, or name another place")
	ErrVaultThere = errors.New("there is a vault already where the keys would go. If it is the house's own and unharmed, leave out --vault: the newest keys are the right ones. Otherwise move it away")
	ErrForeign    = errors.New("the archives belong to different installations")
	ErrForged     = errors.New("the archive was not made by the installation whose keys these are; somebody else encrypted it for your recipient")
	ErrOlder      = errors.New("the keys are older than the data. Keys that were destroyed since would come back, and what was sealed with newer keys could not be read. Take the newest backup of the vault, or the vault itself if it is unharmed. If there is none, --older-vault restores it all the same: then erase again whom you erased since")
	ErrNoVault    = errors.New("there is no vault where the keys should be; name its newest backup with --vault")
	ErrNoData     = errors.New("there is no house where the data should be; name its backup with --data")
)

// Restored is what came back.
type Restored struct {
	Data, Vault *archive.Header // nil: what was there was used
	Rows        int64
	Kept        bool // the vault was in place already, from a restore that was interrupted
	store.Settled
	vault.Census
}

// restoring is a restore under way.
type restoring struct {
	Plan
	data, keys   *archive.Opened
	dataFill     *store.Filling
	keyFill      *vault.Filling
	installation [16]byte
	key          []byte // the installation's public one
	done         Restored
}

// Restore fills an empty place. On an error nothing is there, or the vault alone: then
// the same restore can be made again.
func Restore(ctx context.Context, p Plan) (Restored, error) {
	r := &restoring{Plan: p}
	defer r.close()
	if err := r.open(); err != nil {
		return r.done, err
	}
	if err := r.vacant(ctx); err != nil {
		return r.done, err
	}
	if err := r.fillVault(ctx); err != nil {
		return r.done, fmt.Errorf("restore the keys: %w", err)
	}
	if err := r.fillData(ctx); err != nil {
		return r.done, fmt.Errorf("restore the data: %w", err)
	}
	return r.done, r.finish(ctx)
}

func (r *restoring) close() {
	for _, a := range []*archive.Opened{r.data, r.keys} {
		if a != nil {
			_ = a.Close()
		}
	}
	if r.dataFill != nil {
		_ = r.dataFill.Close()
	}
	if r.keyFill != nil {
		_ = r.keyFill.Close()
	}
}

// open opens the archives and compares what their headers say.
func (r *restoring) open() (err error) {
	if r.Data == "" && r.Vault == "" {
		return desk.Invalid("data", "is missing: name the archives to restore")
	}
	if r.data, err = openKind(r.Data, archive.Data, r.Identities); err != nil {
		return err
	}
	if r.keys, err = openKind(r.Vault, archive.Vault, r.Identities); err != nil {
		return err
	}
	if r.data != nil {
		h := r.data.Header()
		r.done.Data = &h
	}
	if r.keys != nil {
		h := r.keys.Header()
		r.done.Vault = &h
	}
	return agree(r.done.Data, r.done.Vault, r.OlderVault)
}

// openKind opens an archive that must be of a kind; no name gives none.
func openKind(name string, kind archive.Kind, identities []archive.Identity) (*archive.Opened, error) {
	if name == "" {
		return nil, nil
	}
	a, err := archive.Open(name, identities)
	if err != nil {
		return nil, err
	}
	if found := a.Header().Kind; found != kind {
		return nil, errors.Join(desk.Invalid(string(kind), "names an archive of the "+string(found)), a.Close())
	}
	return a, nil
}

// agree tells whether two archives may be restored together.
func agree(data, keys *archive.Header, older bool) error {
	switch {
	case keys == nil:
		return nil
	case data == nil:
		if !older { // the data in place went on after any backup of the keys
			return ErrOlder
		}
		return nil
	case data.Installation != keys.Installation:
		return fmt.Errorf("%w: the data are of %s, the keys of %s", ErrForeign, data.Installation, keys.Installation)
	case keys.TakenAt.Before(data.TakenAt) && !older:
		return fmt.Errorf("the keys are of %s, the data of %s: %w", keys.TakenAt.Format(time.RFC3339), data.TakenAt.Format(time.RFC3339), ErrOlder)
	}
	return nil
}

// vacant sees that what comes back has a place, and what does not is there.
func (r *restoring) vacant(ctx context.Context) error {
	empty, err := store.IsEmpty(ctx, r.DataPlace)
	switch {
	case err != nil:
		return err
	case r.data != nil && !empty:
		return ErrDataThere
	case r.data == nil && empty:
		return ErrNoData
	}
	empty, err = vault.IsEmpty(ctx, r.VaultPlace.URL)
	switch {
	case err != nil:
		return err
	case r.keys == nil && empty:
		return ErrNoVault
	}
	return nil
}

// fillVault brings the keys back, or recognises those in place.
func (r *restoring) fillVault(ctx context.Context) error {
	empty, err := vault.IsEmpty(ctx, r.VaultPlace.URL)
	if err != nil {
		return err
	}
	if !empty {
		return r.useVault(ctx)
	}
	if r.keyFill, err = vault.Fill(ctx, r.VaultPlace, r.keys.Header().Schema); err != nil {
		return err
	}
	if err := r.load(r.keys, func(t archive.Table, next func() ([]any, error)) error {
		return r.keyFill.Table(ctx, t.Name, t.Columns, next)
	}); err != nil {
		return err
	}
	if r.installation, r.key, err = r.keyFill.Recognise(ctx, r.VaultPlace.RootKey); err != nil {
		return err
	}
	return r.vouch(r.keys)
}

// useVault takes the vault that is in place: the only one, or one that a restore of
// this very archive left which did not come to its end.
func (r *restoring) useVault(ctx context.Context) error {
	v, err := vault.Open(ctx, r.VaultPlace)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }()
	r.installation, r.key = v.Installation(), v.VerifyKey()
	if r.keys == nil {
		return nil
	}
	if err := skim(ctx, r.keys.Reader, tell(r.Progress, Progress{Kind: archive.Vault, Doing: "read", Total: r.keys.Header().Rows})); err != nil {
		return err
	}
	same, err := holds(ctx, v, r.keys.Reader)
	if err != nil {
		return err
	}
	if !same {
		return ErrVaultThere
	}
	r.done.Kept = true
	return r.vouch(r.keys)
}

// holds tells whether a vault is what an archive holds, row by row.
func holds(ctx context.Context, v *vault.Vault, a *archive.Reader) (bool, error) {
	sn, err := v.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = sn.Close() }()
	w := archive.NewWriter(io.Discard, archive.Header{})
	if err := copyTables(ctx, keySource(sn), w, func() error { return nil }); err != nil {
		return false, err
	}
	m, _ := a.Manifest()
	there := w.Sums()
	if len(there) != len(m.Tables) {
		return false, nil
	}
	for i, sum := range there {
		if sum.Name != m.Tables[i].Name || !bytes.Equal(sum.SHA256, m.Tables[i].SHA256) {
			return false, nil
		}
	}
	return true, nil
}

// vouch checks that an archive that was read to its end is the installation's own.
func (r *restoring) vouch(a *archive.Opened) error {
	m, complete := a.Manifest()
	switch {
	case !complete:
		return archive.ErrDamaged
	case !bytes.Equal(m.Key, r.key):
		return ErrForged
	case a.Header().Installation != r.installation:
		return ErrForeign
	}
	r.done.Rows += m.Rows
	return nil
}

// load hands every table of an archive on.
func (r *restoring) load(a *archive.Opened, table func(archive.Table, func() ([]any, error)) error) error {
	h := a.Header()
	passed := tell(r.Progress, Progress{Kind: h.Kind, Doing: "write", Total: h.Rows})
	return eachTable(a.Reader, func(t archive.Table) error {
		return table(t, func() ([]any, error) {
			values, err := a.Row()
			if err == nil {
				err = passed()
			}
			return values, err
		})
	})
}

// eachTable walks through the tables of an archive to its end.
func eachTable(a *archive.Reader, each func(archive.Table) error) error {
	for {
		t, err := a.Table()
		if err != nil {
			return unlessEnd(err)
		}
		if err := each(t); err != nil {
			return err
		}
	}
}

func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// fillData brings the data back, not yet for anybody to see.
func (r *restoring) fillData(ctx context.Context) (err error) {
	if r.data == nil {
		return nil
	}
	if r.dataFill, err = store.Fill(ctx, r.DataPlace, r.data.Header().Schema); err != nil {
		return err
	}
	if err := r.load(r.data, func(t archive.Table, next func() ([]any, error)) error {
		if t.Name == fileTable {
			return fillFiles(r.Files, next)
		}
		return r.dataFill.Table(ctx, t.Name, t.Columns, next)
	}); err != nil {
		return err
	}
	return r.vouch(r.data)
}

// finish commits. The keys come first: data without them would be another's.
func (r *restoring) finish(ctx context.Context) error {
	if r.dataFill == nil {
		if err := r.ownData(ctx); err != nil {
			return err
		}
	}
	if r.keyFill != nil {
		if err := r.keyFill.Commit(ctx); err != nil {
			return fmt.Errorf("restore the keys: %w", err)
		}
	}
	v, err := vault.Open(ctx, r.VaultPlace)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }()
	if r.dataFill == nil {
		return r.beside(ctx, v)
	}
	if err := r.settle(ctx, v); err != nil {
		return fmt.Errorf("settle what was under way: %w", err)
	}
	if err := r.dataFill.Commit(ctx); err != nil {
		return fmt.Errorf("restore the data: %w", err)
	}
	return nil
}

// settle tells the house that time has passed.
func (r *restoring) settle(ctx context.Context, v *vault.Vault) error {
	days, err := v.Days(ctx)
	if err != nil {
		return err
	}
	if err := r.dataFill.Contacts(ctx, r.countKeys(ctx, v)); err != nil {
		return err
	}
	r.done.Settled, err = r.dataFill.Settle(ctx, store.Settlement{
		At: desk.AsMillis(r.Now().UTC().Truncate(time.Millisecond)), Feed: strings.ToLower(rand.Text()[:12]), Sends: r.Sends, Days: days, Entry: r.entry(),
	})
	return err
}

// countKeys takes the census. Of whom the keys were destroyed nothing opens any more,
// whatever the backup of the data holds.
func (r *restoring) countKeys(ctx context.Context, v *vault.Vault) func([]desk.ContactID) error {
	return func(page []desk.ContactID) error {
		c, err := v.Census(ctx, page)
		r.done.Alive, r.done.Erased, r.done.Missing = r.done.Alive+c.Alive, r.done.Erased+c.Erased, r.done.Missing+c.Missing
		return err
	}
}

// entry is what the audit log says of it.
func (r *restoring) entry() desk.AuditEntry {
	detail := map[string]string{}
	if r.done.Data != nil {
		detail["data_taken_at"] = r.done.Data.TakenAt.Format(time.RFC3339)
	}
	if r.done.Vault != nil {
		detail["vault_taken_at"] = r.done.Vault.TakenAt.Format(time.RFC3339)
	}
	return desk.AuditEntry{Actor: r.Actor, Act: desk.ActBackupRestored, Subject: "installation:" + desk.InstallationID(r.installation).String(), Detail: detail}
}

// ownData sees that the data in place is of the same installation as the keys.
func (r *restoring) ownData(ctx context.Context) error {
	s, err := store.Open(ctx, r.DataPlace)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	row, err := s.Read().GetInstallation(ctx)
	if err != nil {
		return err
	}
	if row.ID != desk.InstallationID(r.installation) {
		return ErrForeign
	}
	return nil
}

// beside finishes where the keys alone came back.
func (r *restoring) beside(ctx context.Context, v *vault.Vault) error {
	s, err := store.Open(ctx, r.DataPlace)
	if err != nil {
		return err
	}
	err = s.Contacts(ctx, r.countKeys(ctx, v))
	if err == nil {
		err = s.Update(ctx, func(tx *store.Tx) error {
			tx.Audit(r.entry())
			return nil
		})
	}
	return errors.Join(err, s.Close())
}
