package settings_test

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// A Token is shown once, kept as its SHA-256, and ends by time, by revocation or with
// its Agent.
func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		token, secret, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: w.admin})
		must(t, err)
		if !strings.HasPrefix(secret.Reveal(), "bo_") || len(secret.Reveal()) < 40 {
			t.Errorf("a token has %d characters", len(secret.Reveal()))
		}
		sum := sha256.Sum256([]byte(secret.Reveal()))
		row, err := w.store.Read().GetToken(ctx, sum[:])
		if err != nil || row.ID != token.ID || row.Agent != w.admin || !row.ExpiresAt.Equal(noon.Add(auth.TokenLifetime)) || !row.RevokedAt.IsZero() {
			t.Fatalf("kept is %+v, %v", row, err)
		}
		w.leaves(t, w.rows(t), "the database", secret.Reveal(), strings.TrimPrefix(secret.Reveal(), "bo_"))
		_, other, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: w.admin, Lifetime: time.Hour})
		must(t, err)
		if bytes.Equal([]byte(secret.Reveal()), []byte(other.Reveal())) {
			t.Error("two tokens are one")
		}
		lets := func(when string, c auth.Credentials, want bool) {
			t.Helper()
			if _, err := w.asked.Authenticate(ctx, c); (err == nil) != want || err != nil && desk.CodeOf(err) != desk.CodeUnauthorized {
				t.Errorf("%s: %v", when, err)
			}
		}
		first, brief := auth.Credentials{Bearer: secret}, auth.Credentials{Bearer: other}
		w.clock.Add(time.Hour - time.Millisecond)
		lets("the last moment", brief, true)
		w.clock.Add(time.Millisecond)
		lets("expired", brief, false)
		lets("the other one", first, true)

		must(t, w.RevokeToken(ctx, shell, desk.AgentID{}, token.ID))
		lets("revoked", first, false)
		refused(t, "revoke twice", w.RevokeToken(ctx, shell, desk.AgentID{}, token.ID), desk.CodeNotFound, "")
		refused(t, "revoke nothing", w.RevokeToken(ctx, shell, desk.AgentID{}, desk.NewID[desk.Token]()), desk.CodeNotFound, "")
		if again, err := w.store.Read().GetToken(ctx, sum[:]); err != nil || !again.RevokedAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("kept is %+v, %v", again, err)
		}
		for _, lifetime := range []time.Duration{-time.Hour, time.Second, auth.TokenLifetimeMax + time.Second} {
			refused(t, lifetime.String(), tokenError(w.CreateToken(ctx, shell, settings.NewToken{Agent: w.admin, Lifetime: lifetime})), desk.CodeInvalid, "lifetime")
		}
		refused(t, "nobody's", tokenError(w.CreateToken(ctx, shell, settings.NewToken{Agent: desk.NewID[desk.Agent]()})), desk.CodeNotFound, "")
	})
}

// A Token may what its Agent may now, not what the Agent might when it was made.
func TestTokenFollowsItsAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		max := w.agent(t, "max@muster.example", desk.RoleAdmin)
		token, secret, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: max})
		must(t, err)
		who := func() auth.Principal {
			t.Helper()
			p, err := w.asked.Authenticate(ctx, auth.Credentials{Bearer: secret})
			must(t, err)
			return p
		}
		if p := who(); p.Agent != max || p.Token != token.ID || p.Require(auth.ChangeSettings) != nil || !p.Scope().All {
			t.Errorf("an admin's token is %+v", p)
		}
		if a := who().Actor(); a.Agent != max || a.Via != auth.ViaToken || a.Kind != desk.ActorAgent {
			t.Errorf("a token acts as %+v", a)
		}
		for _, c := range []struct {
			role               desk.Role
			changes, reads, ow bool
		}{{desk.RoleAgent, false, true, true}, {desk.RoleDPO, false, false, false}, {desk.RoleAdmin, true, true, true}} {
			if n := w.execute(t, "UPDATE agent SET role = $1 WHERE id = $2", string(c.role), max[:]); n != 1 {
				t.Fatalf("%d agents changed", n)
			}
			p := who()
			for right, want := range map[auth.Right]bool{auth.ChangeSettings: c.changes, auth.ReadConversations: c.reads, auth.OwnTokens: c.ow} {
				if got := p.Require(right) == nil; got != want {
					t.Errorf("a token of %s may %s: %v", c.role, right, got)
				}
			}
			if p.Scope().All != (c.role == desk.RoleAdmin) || p.Scope().Agent != max {
				t.Errorf("the scope of a token of %s is %+v", c.role, p.Scope())
			}
		}
	})
}
