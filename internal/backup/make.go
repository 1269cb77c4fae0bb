package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Progress tells how far an archive is. Total is 0 while it is not known.
type Progress struct {
	Kind        archive.Kind
	Doing       string // "write" or "read"
	Rows, Total int64
}

// progressEvery is how many rows pass between two reports of progress.
const progressEvery = 1000

// Order says what backup is wanted.
type Order struct {
	Dir        string // where the archives go
	VaultDir   string // where that of the keys goes; empty: Dir
	Recipients []archive.Recipient
	Identities []archive.Identity // to check what is inside, too; may be empty
	Files      *blob.Store        // what Contacts sent, as it stands sealed; nil: none
	Rate       int64              // bytes a second at most; 0: as fast as it goes
	Program    string             // version of this program
	Actor      desk.Actor
	Progress   func(Progress) // may be nil
}

// Archive is one that was made.
type Archive struct {
	archive.Written
	TakenAt time.Time
}

// Made is a backup.
type Made struct {
	Data, Vault Archive
	Opened      bool // what is inside was read back, too
}

// Make makes a backup beside a running house. Nothing stands under the name of an
// archive before both are complete, on the disk and read back.
func Make(ctx context.Context, s *store.Store, v *vault.Vault, o Order) (Made, error) {
	if len(o.Recipients) == 0 {
		return Made{}, desk.Invalid("recipient", "is missing: a backup is encrypted for somebody, always")
	}
	if o.VaultDir == "" {
		o.VaultDir = o.Dir
	}
	for _, dir := range []string{o.Dir, o.VaultDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return Made{}, fmt.Errorf("make the directory of the backup: %w", err)
		}
		if _, err := archive.Tidy(dir); err != nil {
			return Made{}, fmt.Errorf("remove what an earlier backup left unfinished: %w", err)
		}
	}
	m := &making{Order: o, store: s, vault: v, name: s.Now().Format("20060102T150405Z")}
	made, err := m.make(ctx)
	if err != nil {
		return Made{}, errors.Join(err, m.discard())
	}
	return made, nil
}

// making is a backup under way.
type making struct {
	Order
	store *store.Store
	vault *vault.Vault
	name  string
	files []*archive.File
}

func (m *making) make(ctx context.Context) (made Made, err error) {
	if made.Data, err = m.data(ctx); err != nil {
		return made, fmt.Errorf("back up the data: %w", err)
	}
	if made.Vault, err = m.keys(ctx); err != nil {
		return made, fmt.Errorf("back up the keys: %w", err)
	}
	if len(m.Identities) > 0 {
		for i, kind := range []archive.Kind{archive.Data, archive.Vault} {
			if err := m.readBack(ctx, m.files[i].Unfinished(), kind); err != nil {
				return made, fmt.Errorf("read the archive back: %w", err)
			}
		}
		made.Opened = true
	}
	for len(m.files) > 0 {
		if err := m.files[0].Publish(); err != nil {
			return made, fmt.Errorf("give the archive its name: %w", err)
		}
		m.files = m.files[1:]
	}
	return made, m.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: m.Actor, Act: desk.ActBackupMade, Subject: "backup:" + m.name, Detail: map[string]string{
			"data_sha256": made.Data.SHA256, "vault_sha256": made.Vault.SHA256,
		}})
		return nil
	})
}

func (m *making) discard() error {
	var errs []error
	for _, f := range m.files {
		errs = append(errs, f.Discard())
	}
	return errors.Join(errs...)
}

// source is a snapshot, of the data or of the keys.
type source struct {
	kind   archive.Kind
	tables []string
	count  func(ctx context.Context, i int) (int64, error)
	read   func(ctx context.Context, i int, begin func([]string) error, row func([]any) error) error
}

func (m *making) data(ctx context.Context) (Archive, error) {
	sn, err := m.store.Snapshot(ctx)
	if err != nil {
		return Archive{}, err
	}
	defer func() { _ = sn.Close() }()
	taken := m.store.Now() // not before what it holds
	schema, err := sn.Schema(ctx)
	if err != nil {
		return Archive{}, err
	}
	kept := keptData()
	s := source{kind: archive.Data}
	for _, t := range kept {
		s.tables = append(s.tables, t.Name)
	}
	s.count = func(ctx context.Context, i int) (int64, error) { return sn.Count(ctx, kept[i]) }
	s.read = func(ctx context.Context, i int, begin func([]string) error, row func([]any) error) error {
		return sn.Read(ctx, kept[i], begin, row)
	}
	return m.write(ctx, withFiles(s, m.Files), archive.Header{Schema: schema, Engine: sn.Engine(), TakenAt: taken}, m.Dir)
}

func keptData() []store.Table {
	var kept []store.Table
	for _, t := range store.Tables {
		if t.LeftOut == "" {
			kept = append(kept, t)
		}
	}
	return kept
}

func (m *making) keys(ctx context.Context) (Archive, error) {
	taken := m.store.Now() // not behind what it holds
	sn, err := m.vault.Snapshot(ctx)
	if err != nil {
		return Archive{}, err
	}
	defer func() { _ = sn.Close() }()
	h := archive.Header{Schema: sn.Schema(), Engine: m.vault.Engine(), TakenAt: taken, Fingerprint: sn.Fingerprint()}
	return m.write(ctx, keySource(sn), h, m.VaultDir)
}

func keySource(sn *vault.Snapshot) source {
	var kept []vault.Table
	s := source{kind: archive.Vault}
	for _, t := range vault.Tables {
		if t.LeftOut == "" {
			kept, s.tables = append(kept, t), append(s.tables, t.Name)
		}
	}
	s.count = func(ctx context.Context, i int) (int64, error) { return sn.Count(ctx, kept[i]) }
	s.read = func(ctx context.Context, i int, begin func([]string) error, row func([]any) error) error {
		return sn.Read(ctx, kept[i], begin, row)
	}
	return s
}

// write writes an archive, which has its name only after publishing.
func (m *making) write(ctx context.Context, s source, h archive.Header, dir string) (Archive, error) {
	h.Kind, h.Installation, h.Program = s.kind, m.vault.Installation(), m.Program
	for i := range s.tables {
		n, err := s.count(ctx, i)
		if err != nil {
			return Archive{}, err
		}
		h.Rows += n
	}
	f, err := archive.Create(dir, m.name+"-"+string(s.kind)+archive.Suffix, h, m.Recipients, m.pace(ctx))
	if err != nil {
		return Archive{}, err
	}
	m.files = append(m.files, f)
	if err := copyTables(ctx, s, f.Writer, m.telling(s.kind, "write", h.Rows)); err != nil {
		return Archive{}, err
	}
	w, err := f.Finish(m.vault.VerifyKey(), m.vault.Sign)
	w.Name = filepath.Clean(w.Name)
	return Archive{Written: w, TakenAt: h.TakenAt}, err
}

// copyTables writes every table of s.
func copyTables(ctx context.Context, s source, to *archive.Writer, passed func() error) error {
	for i, name := range s.tables {
		err := s.read(ctx, i, func(columns []string) error {
			return to.Table(archive.Table{Name: name, Columns: columns})
		}, func(values []any) error {
			if err := passed(); err != nil {
				return err
			}
			return to.Row(values)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// telling gives a function to be called with each row.
func (o *Order) telling(kind archive.Kind, doing string, total int64) func() error {
	return tell(o.Progress, Progress{Kind: kind, Doing: doing, Total: total})
}

func tell(report func(Progress), p Progress) func() error {
	if report == nil {
		return func() error { return nil }
	}
	report(p)
	return func() error {
		if p.Rows++; p.Rows%progressEvery == 0 || p.Rows == p.Total {
			report(p)
		}
		return nil
	}
}

// pace holds the writing to the rate that was asked for.
func (m *making) pace(ctx context.Context) func(int) error {
	if m.Rate <= 0 {
		return ctxPace(ctx)
	}
	return func(n int) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(float64(n) / float64(m.Rate) * float64(time.Second))):
			return nil
		}
	}
}

func ctxPace(ctx context.Context) func(int) error {
	return func(int) error { return ctx.Err() }
}

// readBack opens an archive and checks all that is in it.
func (m *making) readBack(ctx context.Context, name string, kind archive.Kind) error {
	a, err := archive.Open(name, m.Identities)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return skim(ctx, a.Reader, m.telling(kind, "read", a.Header().Rows))
}

// skim reads an archive to its end and checks it.
func skim(ctx context.Context, a *archive.Reader, passed func() error) error {
	return eachTable(a, func(archive.Table) error {
		for {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := passed(); err != nil {
				return err
			}
			if _, err := a.Row(); err != nil {
				return unlessEnd(err)
			}
		}
	})
}
