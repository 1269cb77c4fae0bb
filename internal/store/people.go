package store

import (
	"context"
	"database/sql"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// LockAgent gives the Agent, locked: until the transaction ends nobody else changes
// its password, starts a session of it or takes its access. desk.CodeNotFound if there
// is none.
func (tx *Tx) LockAgent(ctx context.Context, id desk.AgentID) (desk.Agent, error) {
	var a desk.Agent
	err := findSet(ctx, tx, "SELECT id, role, profile, password, created_at FROM agent WHERE id IN", tx.locked(), nil, [][]byte{id[:]},
		func(r *sql.Rows) error {
			var at desk.Millis
			err := r.Scan(&a.ID, &a.Role, &a.Profile, &a.Password, &at)
			a.CreatedAt = at.Time
			return err
		})
	if err != nil {
		return a, err
	}
	if a.ID.IsZero() {
		return a, desk.NotFound("agent")
	}
	d, err := tx.GetDisabling(ctx, id)
	switch {
	case IsNone(err):
		return a, nil
	case err != nil:
		return a, err
	}
	a.Disabled = DisablingOf(d)
	return a, nil
}

// HoldAgent keeps an Agent's access as it is until the transaction ends. Others may
// hold it as well. Hold before locking Conversations: who ends an access locks the Agent
// first, too.
func (tx *Tx) HoldAgent(ctx context.Context, id desk.AgentID) error {
	if tx.store.engine != postgres || id.IsZero() {
		return nil // SQLite has one writer
	}
	_, err := tx.sql.ExecContext(ctx, "SELECT 1 FROM agent WHERE id = $1 FOR SHARE", id)
	return err
}

// MayHave tells whether an Agent may have Conversations of an Inbox; it stays so if the
// Agent is held.
func (tx *Tx) MayHave(ctx context.Context, agent desk.AgentID, inbox desk.InboxID) (bool, error) {
	may, err := tx.ListAssignable(ctx, inbox)
	return slices.Contains(may, agent), err
}

// DisablingOf makes the noun of a row.
func DisablingOf(r rows.AgentDisabling) *desk.Disabling {
	return &desk.Disabling{At: r.At.Time, By: r.Actor, Reason: r.Reason}
}

// SessionOf makes the noun of a row.
func SessionOf(r rows.Session) desk.Session {
	return desk.Session{
		ID: r.ID, Agent: r.Agent, Digest: r.Digest, Client: r.Client, CreatedAt: r.CreatedAt.Time, SeenAt: r.SeenAt.Time,
	}
}

// TokenOf makes the noun of a row.
func TokenOf(r rows.Token) desk.Token {
	t := desk.Token{
		ID: r.ID, Agent: r.Agent, Digest: r.Digest, Name: r.Name, CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time,
	}
	if !r.RevokedAt.IsZero() {
		t.RevokedAt = &r.RevokedAt.Time
	}
	return t
}

// Reach loads what a Scope covers, to be decided in memory.
func (s *Store) Reach(ctx context.Context, scope desk.Scope) (desk.Reach, error) {
	r := desk.Reach{All: scope.All}
	if scope.All {
		return r, nil
	}
	controllers, err := s.read.ListMemberships(ctx, scope.Agent)
	if err != nil {
		return r, unavailable(err)
	}
	inboxes, err := s.read.ListInboxMemberships(ctx, scope.Agent)
	if err != nil {
		return r, unavailable(err)
	}
	r.Controllers, r.Inboxes = setOf(controllers), setOf(inboxes)
	return r, nil
}

func setOf[T comparable](list []T) map[T]bool {
	set := make(map[T]bool, len(list))
	for _, v := range list {
		set[v] = true
	}
	return set
}
