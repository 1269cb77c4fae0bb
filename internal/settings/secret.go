package settings

import (
	"context"
	"slices"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// ReplaceSecrets gives an Inbox new secrets of the kinds that given holds; the others
// stay. While one is rotated both are given, so that nothing is refused meanwhile. A new access
// token resumes an Inbox that the Provider's errors paused.
func (s *Settings) ReplaceSecrets(ctx context.Context, actor desk.Actor, id desk.InboxID, given desk.InboxSecrets) error {
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		secrets, err := s.secrets(ctx, tx, inbox)
		if err != nil {
			return err
		}
		replaced := merge(&secrets, given)
		if len(replaced) == 0 {
			return desk.Invalid("secrets", "are missing: give at least one")
		}
		if err := checkSecrets(inbox.Auth, secrets); err != nil {
			return err
		}
		sealed, err := vault.Seal(ctx, s.vault, vault.ControllerOwner(inbox.Controller), vault.SecretsPlace(id), secrets)
		if err != nil {
			return err
		}
		changedInbox(tx, actor, desk.ActSecretsReplaced, inbox, map[string]string{"replaced": strings.Join(replaced, " ")}, unseen(replaced)...)
		if err := tx.SetInboxSecrets(ctx, rows.SetInboxSecretsParams{ID: id, Secrets: sealed}); err != nil {
			return err
		}
		return tryAgain(ctx, tx, actor, inbox, !given.AccessToken.IsEmpty())
	})
}

// tryAgain resumes an Inbox that the Provider's errors paused, once it has another access
// token. If that was not the trouble, the first send pauses it anew, and nothing is lost.
func tryAgain(ctx context.Context, tx *store.Tx, actor desk.Actor, inbox desk.Inbox, renewed bool) error {
	pauses, err := tx.ListInboxPauses(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(pauses, func(p rows.InboxPause) bool { return p.Inbox == inbox.ID })
	if at < 0 || !renewed || !store.PauseOf(pauses[at]).BySystem() {
		return nil
	}
	changedInbox(tx, actor, desk.ActInboxResumed, inbox, map[string]string{"because": "access_token"}, desk.Altered("paused", pauses[at].Reason, ""))
	return tx.ResumeInbox(ctx, inbox.ID)
}

// secrets opens those that an Inbox has now.
func (s *Settings) secrets(ctx context.Context, tx *store.Tx, of desk.Inbox) (now desk.InboxSecrets, err error) {
	all, err := tx.ListInboxes(ctx)
	if err != nil {
		return now, err
	}
	i := slices.IndexFunc(all, func(r rows.Inbox) bool { return r.ID == of.ID })
	if i < 0 {
		return now, desk.NotFound("inbox")
	}
	return vault.OpenOne(ctx, s.vault, vault.ReasonSettings, vault.ControllerOwner(of.Controller), vault.SecretsPlace(of.ID), all[i].Secrets)
}

// merge puts what is given in the place of what is there, and tells which kinds.
func merge(now *desk.InboxSecrets, given desk.InboxSecrets) (replaced []string) {
	if !given.AccessToken.IsEmpty() {
		now.AccessToken, replaced = given.AccessToken, append(replaced, "access_token")
	}
	if len(given.AppSecrets) > 0 {
		now.AppSecrets, replaced = given.AppSecrets, append(replaced, "app_secrets")
	}
	if len(given.VerifyTokens) > 0 {
		now.VerifyTokens, replaced = given.VerifyTokens, append(replaced, "verify_tokens")
	}
	return replaced
}

// unseen is what the history says of secrets: which kinds changed.
func unseen(kinds []string) []desk.Alteration {
	out := make([]desk.Alteration, len(kinds))
	for i, kind := range kinds {
		out[i] = desk.AlteredUnseen(kind)
	}
	return out
}

func checkSecrets(auth desk.AuthMode, s desk.InboxSecrets) error {
	switch {
	case len(s.AppSecrets) == 0:
		return desk.Invalid("app_secrets", "are missing: webhooks could not prove where they come from")
	case s.AccessToken.IsEmpty():
		return desk.Invalid("access_token", "is missing")
	case !isHeaderSafe(s.AccessToken):
		return desk.Invalid("access_token", "holds a space or a character that no access token has")
	case auth == desk.AuthMeta && len(s.VerifyTokens) == 0:
		return desk.Invalid("verify_tokens", "are missing: Meta's handshake could not be answered")
	case slices.ContainsFunc(s.AppSecrets, private.Key.IsEmpty):
		return desk.Invalid("app_secrets", "hold an empty one")
	case slices.ContainsFunc(s.VerifyTokens, private.Key.IsEmpty):
		return desk.Invalid("verify_tokens", "hold an empty one")
	}
	return nil
}

// isHeaderSafe tells whether a Provider can be sent the token.
func isHeaderSafe(token private.Key) bool {
	return !slices.ContainsFunc(token.Reveal(), func(b byte) bool { return b <= ' ' || b > '~' })
}

func changedInbox(tx *store.Tx, actor desk.Actor, act desk.Act, in desk.Inbox, detail map[string]string, changes ...desk.Alteration) {
	tx.Changed(desk.AuditEntry{
		Actor: actor, Act: act, Subject: "inbox:" + in.ID.String(), Controller: in.Controller, Inbox: in.ID, Detail: detail,
	}, changes...)
	tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: in.Controller, Inbox: in.ID})
	tx.Wake(store.WakeDirectory)
}
