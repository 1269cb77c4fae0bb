package settings

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Defaults of a WhatsApp Inbox (Meta: Cloud API, versioning).
const (
	DefaultGraphURL     = "https://graph.facebook.com"
	DefaultGraphVersion = "v25.0"
)

// NewInbox is what a WhatsApp Inbox is made of. Its secrets are written and never
// read back; there may be several while one is rotated.
type NewInbox struct {
	Controller    desk.ControllerID
	Name          string
	PhoneNumberID string
	WABA          string
	GraphURL      string        // empty: Meta's
	GraphVersion  string        // empty: the default
	Auth          desk.AuthMode // empty: Meta's signature
	Secrets       desk.InboxSecrets
}

// InboxFacts are what may be known about an Inbox: of its secrets no more than their
// number.
type InboxFacts struct {
	desk.Inbox
	Kept desk.KeptSecrets
}

// Inboxes gives the facts of every Inbox, by name.
func (s *Settings) Inboxes(ctx context.Context) ([]InboxFacts, error) {
	listed, err := s.store.Read().ListInboxes(ctx)
	if err != nil {
		return nil, err
	}
	pauses, err := s.store.Read().ListInboxPauses(ctx)
	if err != nil {
		return nil, err
	}
	coexistences, err := s.store.Read().ListCoexistences(ctx)
	if err != nil {
		return nil, err
	}
	out, secrets := make([]InboxFacts, len(listed)), make([]desk.InboxSecrets, len(listed))
	opening := s.vault.Opening(vault.ReasonSettings)
	for i, row := range listed {
		out[i].Inbox = store.InboxOf(row)
		vault.Add(opening, vault.ControllerOwner(row.Controller), vault.SecretsPlace(row.ID), row.Secrets, &secrets[i])
		if at := slices.IndexFunc(pauses, func(p rows.InboxPause) bool { return p.Inbox == row.ID }); at >= 0 {
			out[i].Pause = store.PauseOf(pauses[at])
		}
		if at := slices.IndexFunc(coexistences, func(c rows.Coexistence) bool { return c.Inbox == row.ID }); at >= 0 {
			out[i].Coexistence = store.CoexistenceOf(coexistences[at])
		}
	}
	// Secrets that were altered cannot be used either: the Inbox is shown with none.
	if err := opening.Run(ctx); err != nil && !errors.Is(err, vault.ErrUnreadable) {
		return nil, err
	}
	for i, kept := range secrets {
		out[i].Kept = desk.KeptSecrets{
			AppSecrets: len(kept.AppSecrets), VerifyTokens: len(kept.VerifyTokens), AccessToken: !kept.AccessToken.IsEmpty(),
		}
	}
	return out, nil
}

// CreateWhatsAppInbox makes an Inbox that receives at once. desk.CodeConflict if
// another Inbox has the number.
func (s *Settings) CreateWhatsAppInbox(ctx context.Context, actor desk.Actor, n NewInbox) (desk.InboxID, error) {
	n.fill()
	if err := n.check(); err != nil {
		return desk.InboxID{}, err
	}
	if actor.Kind == desk.ActorAgent && isLocal(n.GraphURL) {
		// Whoever has no shell here is not led to what listens on this machine alone.
		return desk.InboxID{}, desk.Invalid("graph_url", "leads to the server itself, which the command line alone may ask for")
	}
	if err := s.checkControllers(ctx, "controller", []desk.ControllerID{n.Controller}); err != nil {
		return desk.InboxID{}, err
	}
	id := desk.NewID[desk.Inbox]()
	sealed, err := vault.Seal(ctx, s.vault, vault.ControllerOwner(n.Controller), vault.SecretsPlace(id), n.Secrets)
	if err != nil {
		return id, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		changedInbox(tx, actor, desk.ActInboxCreated, desk.Inbox{ID: id, Controller: n.Controller},
			map[string]string{"channel": string(desk.ChannelWhatsApp), "auth": string(n.Auth), "graph_version": n.GraphVersion},
			n.changes()...)
		if err := tx.AddInbox(ctx, rows.AddInboxParams{
			ID: id, Controller: n.Controller, Channel: desk.ChannelWhatsApp, Name: n.Name, PhoneNumberID: n.PhoneNumberID,
			WabaID: n.WABA, GraphUrl: n.GraphURL, GraphVersion: n.GraphVersion, Auth: n.Auth, Secrets: sealed, CreatedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		return open(ctx, tx, actor, desk.Inbox{ID: id, Controller: n.Controller})
	})
	if store.IsConstraint(err) {
		err = desk.Conflict("another inbox has this phone number id")
	}
	return id, err
}

func (n *NewInbox) fill() {
	n.Name, n.PhoneNumberID, n.WABA = strings.TrimSpace(n.Name), strings.TrimSpace(n.PhoneNumberID), strings.TrimSpace(n.WABA)
	if n.GraphURL == "" {
		n.GraphURL = DefaultGraphURL
	}
	n.GraphURL = strings.TrimRight(n.GraphURL, "/")
	if n.GraphVersion == "" {
		n.GraphVersion = DefaultGraphVersion
	}
	if n.Auth == "" {
		n.Auth = desk.AuthMeta
	}
}

// changes are what the history begins with.
func (n *NewInbox) changes() []desk.Alteration {
	return []desk.Alteration{
		desk.Altered("name", "", n.Name), desk.Altered("controller", "", n.Controller.String()),
		desk.Altered("channel", "", string(desk.ChannelWhatsApp)), desk.Altered("phone_number_id", "", n.PhoneNumberID),
		desk.Altered("waba_id", "", n.WABA), desk.Altered("graph_url", "", n.GraphURL),
		desk.Altered("graph_version", "", n.GraphVersion), desk.Altered("auth", "", string(n.Auth)),
	}
}

func (n *NewInbox) check() error {
	if err := checkName("name", n.Name, 200); err != nil {
		return err
	}
	switch {
	case !isDigits(n.PhoneNumberID):
		return desk.Invalid("phone_number_id", "is not Meta's id of the number, which is digits alone")
	case !isDigits(n.WABA):
		return desk.Invalid("waba_id", "is not the id of a WhatsApp Business Account, which is digits alone")
	case !isVersion(n.GraphVersion):
		return desk.Invalid("graph_version", "is not of the form v25.0")
	case n.Auth != desk.AuthMeta && n.Auth != desk.AuthD360 && n.Auth != desk.AuthHeader:
		return desk.Invalid("auth", "is not one of meta_signature, d360_signature and secret_header")
	}
	if err := checkSecrets(n.Auth, n.Secrets); err != nil {
		return err
	}
	return checkGraphURL(n.GraphURL)
}

func checkGraphURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || !utf8.ValidString(text) || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return desk.Invalid("graph_url", "is not the base address of the provider")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLocal(text)):
		return desk.Invalid("graph_url", "must begin with https://")
	}
	return nil
}

// isLocal tells whether a Provider's address is this very machine.
func isLocal(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.Unmap().IsLoopback()
}

func isDigits(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "0123456789") == ""
}

func isVersion(s string) bool {
	major, minor, ok := strings.Cut(strings.TrimPrefix(s, "v"), ".")
	return ok && strings.HasPrefix(s, "v") && isDigits(major) && isDigits(minor)
}

// PauseInbox stops sending at once; receiving goes on, and what is queued stays. The
// reason is shown to Agents and stays in the audit log, because the pause itself goes
// when it ends: it is for codes and circumstances, not for names.
func (s *Settings) PauseInbox(ctx context.Context, actor desk.Actor, id desk.InboxID, reason string) error {
	if err := checkName("reason", reason, 500); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		pauses, err := tx.ListInboxPauses(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(pauses, func(p rows.InboxPause) bool { return p.Inbox == id }) {
			return desk.Conflict("the inbox is paused already")
		}
		changedInbox(tx, actor, desk.ActInboxPaused, inbox, map[string]string{"reason": reason}, desk.Altered("paused", "", reason))
		return tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: id, At: tx.Stamp(), Actor: nameOf(actor), Reason: reason})
	})
}

// ResumeInbox sends again, in order, what waited.
func (s *Settings) ResumeInbox(ctx context.Context, actor desk.Actor, id desk.InboxID) error {
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		pauses, err := tx.ListInboxPauses(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(pauses, func(p rows.InboxPause) bool { return p.Inbox == id })
		if at < 0 {
			return desk.Conflict("the inbox is not paused")
		}
		changedInbox(tx, actor, desk.ActInboxResumed, inbox, nil, desk.Altered("paused", pauses[at].Reason, ""))
		return tx.ResumeInbox(ctx, id)
	})
}

// RenameInbox gives an Inbox another name.
func (s *Settings) RenameInbox(ctx context.Context, actor desk.Actor, id desk.InboxID, name string) error {
	name = strings.TrimSpace(name)
	if err := checkName("name", name, 200); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		all, err := tx.ListInboxes(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(r rows.Inbox) bool { return r.ID == id })
		if at < 0 {
			return desk.NotFound("inbox")
		}
		changedInbox(tx, actor, desk.ActInboxRenamed, store.InboxOf(all[at]), nil, desk.Altered("name", all[at].Name, name))
		return tx.SetInboxName(ctx, rows.SetInboxNameParams{ID: id, Name: name})
	})
}

// ChooseSignals says what an Inbox tells people beside Messages.
func (s *Settings) ChooseSignals(ctx context.Context, actor desk.Actor, id desk.InboxID, signals desk.Signals) error {
	switch signals {
	case desk.SignalsNone, desk.SignalsRead, desk.SignalsTyping:
	default:
		return desk.Invalid("signals", "is not one of none, read and typing")
	}
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		changedInbox(tx, actor, desk.ActSignalsChosen, inbox, map[string]string{"signals": string(signals)},
			desk.Altered("signals", string(inbox.Signals), string(signals)))
		return tx.SetInboxSignals(ctx, rows.SetInboxSignalsParams{ID: id, Signals: signals})
	})
}

// Inbox finds an Inbox; desk.CodeNotFound if there is none.
func (s *Settings) Inbox(ctx context.Context, id desk.InboxID) (desk.Inbox, error) {
	all, err := s.store.Read().ListInboxes(ctx)
	if err != nil {
		return desk.Inbox{}, err
	}
	for _, row := range all {
		if row.ID == id {
			return store.InboxOf(row), nil
		}
	}
	return desk.Inbox{}, desk.NotFound("inbox")
}
