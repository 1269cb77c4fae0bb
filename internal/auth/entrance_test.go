package auth_test

import (
	"context"
	"net/netip"
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

func text(s string) private.Text { return private.NewText(s) }

const (
	erikas  = "erika@example.org"
	oldOne  = "the old password"
	newOne  = "the new password"
	nowhere = "192.0.2.1"
)

func clock() time.Time { return noon }

// entrance gives one with Erika's password set.
func (h *house) entrance(t *testing.T) *auth.Entrance {
	t.Helper()
	h.password(t, oldOne)
	return auth.NewEntrance(h.People, auth.NewHasher(), auth.NewThrottle(clock))
}

// password sets Erika's and ends her Sessions, as a reset does.
func (h *house) password(t *testing.T, password string) {
	t.Helper()
	phc, err := auth.NewHasher().Hash(t.Context(), text(password))
	must(t, err)
	sealed, err := vault.Seal(t.Context(), h.vault, vault.OwnerInstallation(), vault.PasswordPlace(h.erika), phc)
	must(t, err)
	h.update(t, func(tx *store.Tx) error {
		if _, err := tx.LockAgent(t.Context(), h.erika); err != nil {
			return err
		}
		if err := tx.SetPassword(t.Context(), rows.SetPasswordParams{ID: h.erika, Password: sealed}); err != nil {
			return err
		}
		_, err := tx.DropSessionsOf(t.Context(), h.erika)
		return err
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func attempted(password string) auth.Attempted {
	return auth.Attempted{Email: text(erikas), Password: text(password), Peer: netip.MustParseAddr(nowhere), Client: "Firefox · Windows"}
}

func TestEntrance(t *testing.T) {
	storetest.Each(t, clock, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), t.Context()
		e := h.entrance(t)
		if _, err := e.LogIn(ctx, attempted(newOne)); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("a wrong password: %v", err)
		}
		secret, err := e.LogIn(ctx, attempted(oldOne))
		must(t, err)
		who, err := auth.NewAuthenticator(h, clock).Authenticate(ctx, auth.Credentials{Session: secret})
		if err != nil || who.Agent != h.erika {
			t.Errorf("got %+v, %v", who, err)
		}
		sessions, err := h.Sessions(ctx, h.erika)
		if err != nil || len(sessions) != 1 || sessions[0].Client != "Firefox · Windows" || sessions[0].ID != who.Session {
			t.Errorf("got %+v, %v", sessions, err)
		}
	})
}

// A login that began with the old password and ends after a reset opens nothing, and
// does not bring the old password back by hashing it anew.
func TestLoginAcrossAReset(t *testing.T) {
	storetest.Each(t, clock, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), t.Context()
		h.password(t, oldOne)
		row, err := s.Read().GetAgent(ctx, h.erika)
		must(t, err)
		h.password(t, newOne)
		_, _, err = h.StartSession(ctx, auth.Entry{Agent: h.erika, Stored: row.Password, Rehash: text("the old one, hashed anew")})
		if desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("got %v", err)
		}
		if sessions, err := h.Sessions(ctx, h.erika); err != nil || len(sessions) != 0 {
			t.Errorf("%d sessions, %v", len(sessions), err)
		}
		if account, err := h.AccountByEmail(ctx, text(erikas)); err != nil || account.Password.Reveal() == "the old one, hashed anew" {
			t.Errorf("the old password is back, %v", err)
		}
		h.update(t, func(tx *store.Tx) error {
			return tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: h.erika, At: tx.Stamp()})
		})
		row, err = s.Read().GetAgent(ctx, h.erika)
		must(t, err)
		if _, _, err := h.StartSession(ctx, auth.Entry{Agent: h.erika, Stored: row.Password}); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("disabled meanwhile: %v", err)
		}
	})
}

// However login and reset meet, nobody is in with the old password afterwards.
func TestLoginsDuringResets(t *testing.T) {
	storetest.Each(t, clock, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), context.Background()
		for range 10 {
			h.password(t, oldOne)
			row, err := s.Read().GetAgent(ctx, h.erika)
			must(t, err)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { _, _, _ = h.StartSession(ctx, auth.Entry{Agent: h.erika, Stored: row.Password}) })
			}
			h.password(t, newOne)
			wg.Wait()
			if sessions, err := h.Sessions(ctx, h.erika); err != nil || len(sessions) != 0 {
				t.Fatalf("%d sessions outlive the reset, %v", len(sessions), err)
			}
		}
	})
}

// invite writes an Invitation for Erika.
func (h *house) invite(t *testing.T) private.Text {
	t.Helper()
	i, secret := auth.NewInvitation(h.erika, "command", noon)
	h.update(t, func(tx *store.Tx) error {
		return tx.SetInvitation(t.Context(), rows.SetInvitationParams{
			Agent: i.Agent, Digest: i.Digest, Actor: i.By, CreatedAt: desk.AsMillis(i.CreatedAt), ExpiresAt: desk.AsMillis(i.ExpiresAt),
		})
	})
	return secret
}

// Of several who take up one link at the same moment one alone gets in, and its
// password is the one that is kept.
func TestInvitationWorksOnce(t *testing.T) {
	storetest.Each(t, clock, func(t *testing.T, s *store.Store) {
		h, ctx := newHouse(t, s), context.Background()
		e := auth.NewEntrance(h.People, auth.NewHasher(), auth.NewThrottle(clock))
		secret := h.invite(t)
		passwords := []string{"password of the first", "password of the second", "password of the third", "password of the fourth"}
		errs := make([]error, len(passwords))
		var wg sync.WaitGroup
		for i, p := range passwords {
			wg.Go(func() {
				_, errs[i] = e.Accept(ctx, auth.Accepted{Secret: secret, Password: text(p), Peer: netip.MustParseAddr(nowhere)})
			})
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			switch desk.CodeOf(err) {
			case desk.CodeNotFound:
				continue
			default:
				must(t, err)
			}
			won++
			if _, err := e.LogIn(ctx, attempted(passwords[i])); err != nil {
				t.Errorf("whose acceptance worked cannot log in: %v", err)
			}
		}
		if sessions, err := h.Sessions(ctx, h.erika); err != nil || won != 1 || len(sessions) != 2 {
			t.Errorf("%d got in, %d sessions, %v", won, len(sessions), err)
		}
	})
}

// The link carries its secret where no server on the way sees it.
func TestInvitationLink(t *testing.T) {
	t.Parallel()
	if got := auth.InvitationLink("https://desk.example.org", text("secret")).Reveal(); got != "https://desk.example.org/invitation#secret" {
		t.Error(got)
	}
}
