// Package directory knows the Inboxes: whose they are, how they authenticate, and
// with which secrets.
//
// It promises a snapshot at most a second old that costs no query to read. What must
// be exact at the moment of an act, such as whether an Inbox is paused, is read from
// the store instead.
package directory

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

const refreshEvery = time.Second

// strangers is how many ids that nobody knows are looked for between two refreshes by
// the clock.
const strangers = 4

// Entry is an Inbox with its secrets and its Controller.
type Entry struct {
	desk.Inbox
	Secrets    desk.InboxSecrets
	Controller desk.Controller
}

// SharesSecret tells whether a body authenticated for e may speak of other: only
// Inboxes of one Meta app share an application secret.
func (e *Entry) SharesSecret(other *Entry) bool {
	if e.ID == other.ID {
		return true
	}
	for _, a := range e.Secrets.AppSecrets {
		for _, b := range other.Secrets.AppSecrets {
			if bytes.Equal(a.Reveal(), b.Reveal()) {
				return true
			}
		}
	}
	return false
}

type snapshot struct {
	byID     map[desk.InboxID]*Entry
	byNumber map[string]*Entry
	all      []*Entry
	secrets  map[desk.InboxID][]byte // sealed, to see what changed
}

// Directory is the cached snapshot.
type Directory struct {
	store *store.Store
	vault *vault.Vault
	mu    sync.Mutex
	begun atomic.Int64 // refreshes, counted at their beginning
	fresh bool         // whether the last one succeeded
	now   atomic.Pointer[snapshot]
	woken <-chan struct{}
	odd   atomic.Int64 // ids nobody knew, since the clock last asked for a refresh
}

// New reads the Inboxes for the first time.
func New(ctx context.Context, s *store.Store, v *vault.Vault) (*Directory, error) {
	d := &Directory{store: s, vault: v, woken: s.Woken(store.WakeDirectory)}
	d.now.Store(&snapshot{})
	return d, d.Refresh(ctx)
}

// Run keeps the snapshot fresh until ctx ends.
func (d *Directory) Run(ctx context.Context, log *slog.Logger) error {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.woken:
		case <-tick.C:
			d.odd.Store(0)
		}
		if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
			log.Warn("reading the inboxes failed; the last known ones stay", "error", err)
		}
	}
}

// Inbox gives the Inbox; one that is not in the snapshot is looked up.
func (d *Directory) Inbox(ctx context.Context, id desk.InboxID) (*Entry, error) {
	if e := d.now.Load().byID[id]; e != nil {
		return e, nil
	}
	if err := d.refreshSince(ctx, d.begun.Load()); err != nil {
		return nil, err
	}
	if e := d.now.Load().byID[id]; e != nil {
		return e, nil
	}
	return nil, desk.NotFound("inbox")
}

// Claimed is Inbox for an id that anybody may have made up. It looks for a few of those
// that are not in the snapshot, and then no more until the snapshot is fresh again: ids
// out of thin air cost next to nothing, and an Inbox that came a moment ago is found at
// once, or within a second while somebody tries such ids.
func (d *Directory) Claimed(ctx context.Context, id desk.InboxID) (*Entry, error) {
	if e := d.now.Load().byID[id]; e != nil {
		return e, nil
	}
	if d.odd.Add(1) > strangers {
		return nil, desk.NotFound("inbox")
	}
	return d.Inbox(ctx, id)
}

// ByNumber gives the Inbox of Meta's phone number id, nil if there is none.
func (d *Directory) ByNumber(phoneNumberID string) *Entry {
	return d.now.Load().byNumber[phoneNumberID]
}

// Turn counts how often the Inboxes were read, for ByNumberSince.
func (d *Directory) Turn() int64 { return d.begun.Load() }

// ByNumberSince is ByNumber, but a number that is not in the snapshot is looked up,
// unless that was done since the given Turn: many strange numbers cost one look.
func (d *Directory) ByNumberSince(ctx context.Context, phoneNumberID string, turn int64) (*Entry, error) {
	if e := d.ByNumber(phoneNumberID); e != nil {
		return e, nil
	}
	if err := d.refreshSince(ctx, turn); err != nil {
		return nil, err
	}
	return d.ByNumber(phoneNumberID), nil
}

// All gives every Inbox, by name.
func (d *Directory) All() []*Entry { return d.now.Load().all }

// Refresh reads the Inboxes now.
func (d *Directory) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refresh(ctx)
}

// refreshSince refreshes unless somebody else began to after the count was read: a
// crowd that asks for an Inbox that is not there costs one refresh, not one each.
func (d *Directory) refreshSince(ctx context.Context, begun int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.begun.Load() > begun && d.fresh {
		return nil
	}
	return d.refresh(ctx)
}

func (d *Directory) refresh(ctx context.Context) error {
	d.begun.Add(1)
	d.fresh = false
	inboxes, err := d.store.Read().ListInboxes(ctx)
	if err != nil {
		return fmt.Errorf("list inboxes: %w", err)
	}
	pauses, err := d.store.Read().ListInboxPauses(ctx)
	if err != nil {
		return fmt.Errorf("list pauses: %w", err)
	}
	coexistences, err := d.store.Read().ListCoexistences(ctx)
	if err != nil {
		return fmt.Errorf("list coexistences: %w", err)
	}
	controllers, err := d.controllers(ctx)
	if err != nil {
		return err
	}
	next, err := d.build(ctx, inboxes, controllers)
	if err != nil {
		return err
	}
	for _, p := range pauses {
		if e := next.byID[p.Inbox]; e != nil {
			e.Pause = store.PauseOf(p)
		}
	}
	for _, c := range coexistences {
		if e := next.byID[c.Inbox]; e != nil {
			e.Coexistence = store.CoexistenceOf(c)
		}
	}
	d.now.Store(next)
	d.fresh = true
	return nil
}

func (d *Directory) controllers(ctx context.Context) (map[desk.ControllerID]desk.Controller, error) {
	listed, err := d.store.Read().ListControllers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list controllers: %w", err)
	}
	found := make(map[desk.ControllerID]desk.Controller, len(listed))
	for _, c := range listed {
		if found[c.ID], err = store.ControllerOf(c); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (d *Directory) build(ctx context.Context, inboxes []rows.Inbox, controllers map[desk.ControllerID]desk.Controller) (*snapshot, error) {
	was := d.now.Load()
	next := &snapshot{byID: map[desk.InboxID]*Entry{}, byNumber: map[string]*Entry{}, secrets: map[desk.InboxID][]byte{}}
	opening := d.vault.Opening(vault.ReasonProcess)
	for _, row := range inboxes {
		e := &Entry{Inbox: store.InboxOf(row), Controller: controllers[row.Controller]}
		if old := was.byID[row.ID]; old != nil && bytes.Equal(was.secrets[row.ID], row.Secrets.Bytes()) {
			e.Secrets = old.Secrets
		} else {
			vault.Add(opening, vault.ControllerOwner(row.Controller), vault.SecretsPlace(row.ID), row.Secrets, &e.Secrets)
		}
		next.secrets[row.ID] = row.Secrets.Bytes()
		next.byID[row.ID], next.byNumber[row.PhoneNumberID] = e, e
		next.all = append(next.all, e)
	}
	if err := opening.Run(ctx); err != nil {
		return nil, fmt.Errorf("open the inboxes' secrets: %w", err)
	}
	return next, nil
}
