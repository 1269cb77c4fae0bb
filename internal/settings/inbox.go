package settings

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
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

// CreateWhatsAppInbox makes an Inbox that receives at once. desk.CodeConflict if
// another Inbox has the number.
func (s *Settings) CreateWhatsAppInbox(ctx context.Context, actor desk.Actor, n NewInbox) (desk.InboxID, error) {
	n.fill()
	if err := n.check(); err != nil {
		return desk.InboxID{}, err
	}
	if err := s.checkControllers(ctx, []desk.ControllerID{n.Controller}); err != nil {
		return desk.InboxID{}, err
	}
	id := desk.NewID[desk.Inbox]()
	sealed, err := vault.Seal(ctx, s.vault, vault.ControllerOwner(n.Controller), vault.SecretsPlace(id), n.Secrets)
	if err != nil {
		return id, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{
			Actor: actor, Act: desk.ActInboxCreated, Subject: "inbox:" + id.String(), Controller: n.Controller, Inbox: id,
			Detail: map[string]string{"channel": string(desk.ChannelWhatsApp), "auth": string(n.Auth), "graph_version": n.GraphVersion},
		})
		tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: n.Controller, Inbox: id})
		tx.Wake(directory.WakeDirectory)
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: id, Controller: n.Controller, Channel: desk.ChannelWhatsApp, Name: n.Name, PhoneNumberID: n.PhoneNumberID,
			WabaID: n.WABA, GraphUrl: n.GraphURL, GraphVersion: n.GraphVersion, Auth: n.Auth, Secrets: sealed, CreatedAt: tx.Stamp(),
		})
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
	local := err == nil && (u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" || u.Hostname() == "localhost")
	switch {
	case err != nil || !utf8.ValidString(text) || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return desk.Invalid("graph_url", "is not the base address of the provider")
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return desk.Invalid("graph_url", "must begin with https://")
	}
	return nil
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
	inbox, err := s.inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		pauses, err := tx.ListInboxPauses(ctx)
		if err != nil {
			return err
		}
		for _, p := range pauses {
			if p.Inbox == id {
				return desk.Conflict("the inbox is paused already")
			}
		}
		changedInbox(tx, actor, desk.ActInboxPaused, inbox, map[string]string{"reason": reason})
		return tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: id, At: tx.Stamp(), Actor: nameOf(actor), Reason: reason})
	})
}

// ResumeInbox sends again, in order, what waited.
func (s *Settings) ResumeInbox(ctx context.Context, actor desk.Actor, id desk.InboxID) error {
	inbox, err := s.inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		n, err := tx.DropInboxPause(ctx, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.Conflict("the inbox is not paused")
		}
		changedInbox(tx, actor, desk.ActInboxResumed, inbox, nil)
		return nil
	})
}

func (s *Settings) inbox(ctx context.Context, id desk.InboxID) (desk.Inbox, error) {
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
