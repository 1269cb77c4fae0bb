package settings

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Settings changes settings.
type Settings struct {
	store  *store.Store
	vault  *vault.Vault
	hasher *auth.Hasher
}

// New makes Settings.
func New(s *store.Store, v *vault.Vault, h *auth.Hasher) *Settings {
	return &Settings{store: s, vault: v, hasher: h}
}

// change runs fn in one transaction that is the only one to change settings, on all
// nodes: what fn checks first still holds when it writes.
func (s *Settings) change(ctx context.Context, fn func(*store.Tx) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockSettings(ctx); err != nil {
			return err
		}
		return fn(tx)
	})
}

// nameOf tells who decided, beside the decision: the Agent, or the kind of Actor.
func nameOf(actor desk.Actor) string { return actor.Name() }

// Installation is the identity of the house's data.
type Installation struct {
	ID   desk.InstallationID
	Feed string // name of the present feed of events
}

// Bind joins data and vault: it gives an empty database the vault's installation id
// and refuses data that belongs to another vault.
func Bind(ctx context.Context, s *store.Store, v *vault.Vault) (Installation, error) {
	row, err := s.Read().GetInstallation(ctx)
	if store.IsNone(err) {
		in := Installation{ID: v.Installation(), Feed: strings.ToLower(rand.Text()[:12])}
		err = s.Update(ctx, func(tx *store.Tx) error {
			return tx.AddInstallation(ctx, rows.AddInstallationParams{ID: in.ID, Feed: in.Feed, CreatedAt: tx.Stamp()})
		})
		if err == nil {
			return in, nil
		}
		if !store.IsConstraint(err) {
			return Installation{}, err
		}
		row, err = s.Read().GetInstallation(ctx) // another node was quicker
	}
	if err != nil {
		return Installation{}, err
	}
	return Installation{ID: row.ID, Feed: row.Feed}, v.Bind(row.ID)
}

// checkEmail tells whether text can be the address an Agent logs in with.
func checkEmail(email private.Text) error {
	text := email.Reveal()
	name, host, ok := strings.Cut(text, "@")
	if !ok || name == "" || host == "" || len(text) > 254 || strings.ContainsAny(text, " \t\r\n<>,;") || strings.Contains(host, "@") {
		return desk.Invalid("email", "is not an e-mail address")
	}
	return nil
}

func trimmed(t private.Text) private.Text {
	return private.NewText(norm.NFC.String(strings.TrimSpace(t.Reveal())))
}

// isControl tells whether a character is no text; breaks of lines may be.
func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func checkName(field, name string, limit int) error {
	switch {
	case strings.TrimSpace(name) == "":
		return desk.Invalid(field, "is missing")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, isControl):
		return desk.Invalid(field, "must be plain text") // it is shown on terminals, too
	case utf8.RuneCountInString(name) > limit:
		return desk.Invalid(field, "is too long")
	}
	return nil
}
