package settings

import (
	"context"
	"time"
	"unicode/utf8"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// NewToken is what a Token is made of.
type NewToken struct {
	Agent    desk.AgentID
	Name     private.Text  // what it is for; may be empty
	Lifetime time.Duration // 0: auth.TokenLifetime
}

// CreateToken makes a Token of an Agent; the secret is shown once.
func (s *Settings) CreateToken(ctx context.Context, actor desk.Actor, n NewToken) (desk.Token, private.Text, error) {
	t, secret, err := auth.NewToken(n.Agent, s.store.Now(), n.Lifetime)
	if err != nil {
		return t, secret, err
	}
	if t.Name, err = s.tokenName(ctx, t.ID, n.Name); err != nil {
		return t, secret, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(ctx, t.Agent)
		if err != nil {
			return err
		}
		if agent.Disabled != nil {
			return desk.Conflict("the agent is disabled")
		}
		tx.Changed(desk.AuditEntry{
			Actor: actor, Act: desk.ActTokenCreated, Subject: tokenSubject(t.ID), Detail: map[string]string{"agent": t.Agent.String()},
		}, desk.Altered("agent", "", t.Agent.String()), desk.Altered("expires_at", "", t.ExpiresAt.Format(time.RFC3339)))
		return tx.AddToken(ctx, rows.AddTokenParams{
			ID: t.ID, Agent: t.Agent, Digest: t.Digest, Name: t.Name,
			CreatedAt: desk.AsMillis(t.CreatedAt), ExpiresAt: desk.AsMillis(t.ExpiresAt),
		})
	})
	return t, secret, err
}

// tokenName seals a Token's name: people write what they like into it.
func (s *Settings) tokenName(ctx context.Context, id desk.TokenID, given private.Text) (desk.SealedText, error) {
	given = trimmed(given)
	if given.IsEmpty() {
		return desk.SealedText{}, nil
	}
	if text := given.Reveal(); utf8.RuneCountInString(text) > 100 || !utf8.ValidString(text) {
		return desk.SealedText{}, desk.Invalid("name", "is too long, or no text")
	}
	return vault.Seal(ctx, s.vault, vault.OwnerInstallation(), vault.TokenNamePlace(id), given)
}

func tokenSubject(id desk.TokenID) string { return "token:" + id.String() }

// RevokeToken ends a Token; an ended one is desk.CodeNotFound. of limits it to the
// Tokens of one Agent; zero does not.
func (s *Settings) RevokeToken(ctx context.Context, actor desk.Actor, of desk.AgentID, id desk.TokenID) error {
	return s.change(ctx, func(tx *store.Tx) error {
		t, err := tx.FindToken(ctx, id)
		if store.IsNone(err) || err == nil && !of.IsZero() && t.Agent != of {
			return desk.NotFound("token")
		} else if err != nil {
			return err
		}
		n, err := tx.RevokeToken(ctx, rows.RevokeTokenParams{ID: id, RevokedAt: tx.Stamp()})
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.NotFound("token")
		}
		tx.Changed(desk.AuditEntry{Actor: actor, Act: desk.ActTokenRevoked, Subject: tokenSubject(id)},
			desk.Altered("revoked_at", "", tx.Now().Format(time.RFC3339)))
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: t.Agent})
		return nil
	})
}

// NamedToken is a Token with its name.
type NamedToken struct {
	desk.Token
	Name private.Text
}

// Tokens gives those of an Agent, or all for zero, the newest first; ended ones too.
func (s *Settings) Tokens(ctx context.Context, of desk.AgentID) ([]NamedToken, error) {
	var listed []rows.Token
	var err error
	if of.IsZero() {
		listed, err = s.store.Read().ListTokens(ctx)
	} else {
		listed, err = s.store.Read().ListTokensOf(ctx, of)
	}
	if err != nil {
		return nil, err
	}
	out, opening := make([]NamedToken, len(listed)), s.vault.Opening(vault.ReasonView)
	for i, row := range listed {
		out[i].Token = store.TokenOf(row)
		vault.Add(opening, vault.OwnerInstallation(), vault.TokenNamePlace(row.ID), row.Name, &out[i].Name)
	}
	return out, opening.Run(ctx)
}
