package auth_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// house is a store with one Agent, Erika.
type house struct {
	*auth.People
	store *store.Store
	vault *vault.Vault
	erika desk.AgentID
}

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	ctx := t.Context()
	v, err := vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: private.NewKey([]byte("0123456789abcdef0123456789abcdef")),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	h := &house{auth.NewPeople(s, v), s, v, desk.NewID[desk.Agent]()}
	profile, err := vault.Seal(ctx, v, vault.OwnerInstallation(), vault.AgentPlace(h.erika), desk.AgentProfile{Name: private.NewText("Erika Muster")})
	if err != nil {
		t.Fatal(err)
	}
	h.update(t, func(tx *store.Tx) error {
		return tx.AddAgent(ctx, rows.AddAgentParams{
			ID: h.erika, Role: desk.RoleAgent, EmailDigest: auth.EmailDigest(v, private.NewText("Erika@Example.org")),
			Profile: profile, CreatedAt: desk.AsMillis(noon),
		})
	})
	return h
}

func (h *house) update(t *testing.T, fn func(tx *store.Tx) error) {
	t.Helper()
	err := h.store.Update(t.Context(), func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: desk.Actor{Kind: desk.ActorSystem, Via: "test"}, Act: desk.ActLoggedIn, Subject: "test"})
		return fn(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func() time.Time { return noon }, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), t.Context()
		account, err := h.AccountByEmail(ctx, private.NewText(" ERIKA@example.org"))
		if err != nil || account.Agent != h.erika || account.Role != desk.RoleAgent || account.Disabled || !account.Password.IsEmpty() {
			t.Fatalf("got %+v, %v", account, err)
		}
		if _, err := h.AccountByEmail(ctx, private.NewText("nobody@example.org")); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("got %v", err)
		}
		session, secret, err := h.StartSession(ctx, auth.Entry{Agent: h.erika, Rehash: private.NewText("hashed anew"), Client: "Firefox · Windows"})
		if err != nil {
			t.Fatal(err)
		}
		if account, err = h.AccountByEmail(ctx, private.NewText("erika@example.org")); err != nil || account.Password.Reveal() != "hashed anew" {
			t.Errorf("got %v", err)
		}
		a := auth.NewAuthenticator(h, func() time.Time { return noon.Add(time.Hour) })
		who, err := a.Authenticate(ctx, auth.Credentials{Session: secret})
		if err != nil || who.Agent != h.erika || who.Session != session.ID {
			t.Fatalf("got %+v, %v", who, err)
		}
		if again, _, err := h.SessionByDigest(ctx, session.Digest); err != nil || !again.SeenAt.Equal(noon.Add(time.Hour)) || !again.CreatedAt.Equal(noon) {
			t.Errorf("got %+v, %v", again, err)
		}
		if err := h.EndSession(ctx, who); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Authenticate(ctx, auth.Credentials{Session: secret}); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("after the logout: got %v", err)
		}
		if err := h.NoteRefusal(ctx); err != nil {
			t.Error(err)
		}
		profiles, err := h.Profiles(ctx)
		if err != nil || len(profiles) != 1 || profiles[h.erika].Name.Reveal() != "Erika Muster" {
			t.Errorf("got %d profiles, %v", len(profiles), err)
		}
	})
}

func TestPeopleTokens(t *testing.T) {
	storetest.Each(t, func() time.Time { return noon }, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), t.Context()
		token, secret, err := auth.NewToken(h.erika, noon, 0)
		if err != nil {
			t.Fatal(err)
		}
		h.update(t, func(tx *store.Tx) error {
			return tx.AddToken(ctx, rows.AddTokenParams{
				ID: token.ID, Agent: token.Agent, Digest: token.Digest, CreatedAt: desk.AsMillis(token.CreatedAt), ExpiresAt: desk.AsMillis(token.ExpiresAt),
			})
		})
		a := auth.NewAuthenticator(h, func() time.Time { return noon })
		if who, err := a.Authenticate(ctx, auth.Credentials{Bearer: secret}); err != nil || who.Token != token.ID || who.Via != auth.ViaToken {
			t.Errorf("got %+v, %v", who, err)
		}
		h.update(t, func(tx *store.Tx) error {
			return tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: h.erika, At: desk.AsMillis(noon)})
		})
		if _, err := a.Authenticate(ctx, auth.Credentials{Bearer: secret}); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("disabled: got %v", err)
		}
		if account, err := h.AccountByEmail(ctx, private.NewText("erika@example.org")); err != nil || !account.Disabled {
			t.Errorf("got %+v, %v", account, err)
		}
		if _, _, err := h.TokenByDigest(ctx, []byte("nobody's")); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("got %v", err)
		}
	})
}

// All who ask share what colleagues see while nothing changes. What was handed out stays
// as it was, and whoever asks after a change sees it, however many ask at once.
func TestProfilesAreShared(t *testing.T) {
	storetest.Each(t, time.Now, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		before, err := h.Profiles(t.Context())
		if again, failed := h.Profiles(t.Context()); err != nil || failed != nil || reflect.ValueOf(before).Pointer() != reflect.ValueOf(again).Pointer() {
			t.Fatalf("each has profiles of its own: %v, %v", err, failed)
		}
		for i := range 20 {
			name := fmt.Sprintf("Erika %d", i)
			profile, err := vault.Seal(t.Context(), h.vault, vault.OwnerInstallation(), vault.AgentPlace(h.erika), desk.AgentProfile{Name: private.NewText(name)})
			if err != nil {
				t.Fatal(err)
			}
			h.update(t, func(tx *store.Tx) error {
				return tx.SetAgent(t.Context(), rows.SetAgentParams{ID: h.erika, Role: desk.RoleAgent, Profile: profile})
			})
			var asking sync.WaitGroup
			for range 8 {
				asking.Go(func() {
					if now, err := h.Profiles(t.Context()); err != nil || now[h.erika].Name.Reveal() != name {
						t.Errorf("got %q, %v, want %q", now[h.erika].Name.Reveal(), err, name)
					}
				})
			}
			asking.Wait()
		}
		if was := before[h.erika].Name.Reveal(); was != "Erika Muster" {
			t.Errorf("what was handed out says %q now", was)
		}
	})
}
