package auth

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// digestMaker makes digests of what belongs to the installation.
type digestMaker interface {
	InstallationDigest(domain string, parts ...[]byte) []byte
}

// EmailDigest is how an e-mail address is found again, whatever its case.
func EmailDigest(d digestMaker, email private.Text) []byte {
	folded := cases.Fold().String(norm.NFKC.String(strings.TrimSpace(email.Reveal())))
	return d.InstallationDigest("email", []byte(folded))
}

// People are the Agents as the store knows them; they are the Records and Accounts
// of this package.
type People struct {
	store *store.Store
	vault *vault.Vault

	begun    atomic.Int64 // readings of all profiles
	mu       sync.Mutex
	read     int64                              // the reading that the profiles are from
	sealed   map[desk.AgentID][]byte            // what the profiles were opened from
	profiles map[desk.AgentID]desk.AgentProfile // handed out, so never written to
}

// NewPeople makes People.
func NewPeople(s *store.Store, v *vault.Vault) *People {
	return &People{store: s, vault: v}
}

func (p *People) holder(ctx context.Context, id desk.AgentID) (Holder, error) {
	agent, err := p.store.Read().GetAgent(ctx, id)
	if err != nil {
		return Holder{}, err
	}
	h := Holder{Agent: agent.ID, Role: agent.Role}
	_, err = p.store.Read().GetDisabling(ctx, id)
	if store.IsNone(err) {
		return h, nil
	}
	h.Disabled = err == nil
	return h, err
}

// SessionByDigest gives the Session and its Agent.
func (p *People) SessionByDigest(ctx context.Context, digest []byte) (desk.Session, Holder, error) {
	row, err := p.store.Read().GetSession(ctx, digest)
	if store.IsNone(err) {
		return desk.Session{}, Holder{}, desk.NotFound("session")
	} else if err != nil {
		return desk.Session{}, Holder{}, err
	}
	h, err := p.holder(ctx, row.Agent)
	return store.SessionOf(row), h, err
}

// TokenByDigest gives the Token and its Agent.
func (p *People) TokenByDigest(ctx context.Context, digest []byte) (desk.Token, Holder, error) {
	row, err := p.store.Read().GetToken(ctx, digest)
	if store.IsNone(err) {
		return desk.Token{}, Holder{}, desk.NotFound("token")
	} else if err != nil {
		return desk.Token{}, Holder{}, err
	}
	h, err := p.holder(ctx, row.Agent)
	return store.TokenOf(row), h, err
}

// SeeSession moves the Session's SeenAt.
func (p *People) SeeSession(ctx context.Context, id desk.SessionID, at time.Time) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		return tx.TouchSession(ctx, rows.TouchSessionParams{ID: id, SeenAt: desk.AsMillis(at)})
	})
}

// AccountByEmail gives the Account of an e-mail address.
func (p *People) AccountByEmail(ctx context.Context, email private.Text) (Account, error) {
	row, err := p.store.Read().GetAgentByEmail(ctx, EmailDigest(p.vault, email))
	if store.IsNone(err) {
		return Account{}, desk.NotFound("agent")
	} else if err != nil {
		return Account{}, err
	}
	return p.account(ctx, row)
}

func (p *People) account(ctx context.Context, row rows.Agent) (Account, error) {
	h, err := p.holder(ctx, row.ID)
	if err != nil || row.Password.IsEmpty() {
		return Account{Holder: h}, err
	}
	password, err := vault.OpenOne(ctx, p.vault, vault.ReasonLogin, vault.OwnerInstallation(), vault.PasswordPlace(row.ID), row.Password)
	return Account{Holder: h, Password: password, Stored: row.Password}, err
}

// Profiles gives what colleagues see of each other. Every open stream keeps them, so all
// who ask share the map while nothing changes; and when many streams begin at once, those
// who waited for a reading that began after they asked share that, too.
func (p *People) Profiles(ctx context.Context) (map[desk.AgentID]desk.AgentProfile, error) {
	asked := p.begun.Load()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read > asked {
		return p.profiles, nil
	}
	reading := p.begun.Add(1)
	listed, err := p.store.Read().ListAgents(ctx)
	if err == nil {
		err = p.open(ctx, listed)
	}
	if err != nil {
		return nil, err
	}
	p.read = reading
	return p.profiles, nil
}

// open puts the profiles in the place of those before, which others still hold.
func (p *People) open(ctx context.Context, listed []rows.Agent) error {
	same := func(a rows.Agent) bool { return bytes.Equal(p.sealed[a.ID], a.Profile.Bytes()) }
	if p.profiles != nil && len(listed) == len(p.profiles) && !slices.ContainsFunc(listed, func(a rows.Agent) bool { return !same(a) }) {
		return nil
	}
	opened := make([]desk.AgentProfile, len(listed))
	opening := p.vault.Opening(vault.ReasonView)
	for i, a := range listed {
		if old, ok := p.profiles[a.ID]; ok && same(a) {
			opened[i] = old
			continue
		}
		vault.Add(opening, vault.OwnerInstallation(), vault.AgentPlace(a.ID), a.Profile, &opened[i])
	}
	if err := opening.Run(ctx); err != nil {
		return err
	}
	sealed, profiles := make(map[desk.AgentID][]byte, len(listed)), make(map[desk.AgentID]desk.AgentProfile, len(listed))
	for i, a := range listed {
		sealed[a.ID], profiles[a.ID] = a.Profile.Bytes(), opened[i]
	}
	p.sealed, p.profiles = sealed, profiles
	return nil
}

// Reach gives what the Principal serves, to be decided in memory.
func (p *People) Reach(ctx context.Context, who Principal) (desk.Reach, error) {
	return p.store.Reach(ctx, who.Scope())
}

// Controllers gives those of whose Inboxes the Principal serves all or some, by name.
func (p *People) Controllers(ctx context.Context, who Principal) ([]desk.Controller, error) {
	var listed []rows.Controller
	var err error
	if who.Scope().All {
		listed, err = p.store.Read().ListControllers(ctx)
	} else {
		listed, err = p.store.Read().ListControllersOf(ctx, who.Agent)
	}
	if err != nil {
		return nil, err
	}
	out := make([]desk.Controller, len(listed))
	for i, row := range listed {
		if out[i], err = store.ControllerOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
