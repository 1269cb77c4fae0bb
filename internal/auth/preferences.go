package auth

import (
	"context"
	"encoding/json"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Preferences gives an Agent's, or the defaults.
func (p *People) Preferences(ctx context.Context, agent desk.AgentID) (desk.Preferences, error) {
	chosen := desk.DefaultPreferences()
	row, err := p.store.Read().GetPreferences(ctx, agent)
	if store.IsNone(err) {
		return chosen, nil
	} else if err != nil {
		return chosen, err
	}
	text, err := vault.OpenOne(ctx, p.vault, vault.ReasonView, vault.OwnerInstallation(), vault.PreferencesPlace(agent), row.Preferences)
	if err != nil {
		return chosen, err
	}
	if err := json.Unmarshal(text, &chosen); err != nil {
		return chosen, fmt.Errorf("read preferences: %w", err)
	}
	return chosen, nil
}

// SetPreferences keeps an Agent's, all of them. How somebody likes the screen is no act
// that the audit log needs to know.
func (p *People) SetPreferences(ctx context.Context, agent desk.AgentID, chosen desk.Preferences) error {
	if err := chosen.Check(); err != nil {
		return err
	}
	text, err := json.Marshal(chosen)
	if err != nil {
		return err
	}
	sealed, err := vault.Seal(ctx, p.vault, vault.OwnerInstallation(), vault.PreferencesPlace(agent), text)
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx *store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: agent})
		return tx.SetPreferences(ctx, rows.SetPreferencesParams{Agent: agent, Preferences: sealed, At: tx.Stamp()})
	})
}
