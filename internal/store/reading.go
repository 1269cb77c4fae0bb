package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
)

// Readings tell how far Agents have read Conversations.
type Readings map[desk.ConversationID]map[desk.AgentID]int64

// FindReadings gives how far each Agent has read these Conversations.
func (s *Store) FindReadings(ctx context.Context, ids []desk.ConversationID) (Readings, error) {
	found := Readings{}
	err := findSet(ctx, s.asked(), "SELECT conversation_id, agent_id, position FROM reading WHERE conversation_id IN", "", nil,
		idBytes(ids), func(r *sql.Rows) error {
			var id desk.ConversationID
			var agent desk.AgentID
			var position int64
			err := r.Scan(&id, &agent, &position)
			if found[id] == nil {
				found[id] = map[desk.AgentID]int64{}
			}
			found[id][agent] = position
			return err
		})
	return found, unavailable(err)
}

// FindOwnReadings gives how far one Agent has read these Conversations.
func (s *Store) FindOwnReadings(ctx context.Context, agent desk.AgentID, ids []desk.ConversationID) (map[desk.ConversationID]int64, error) {
	found := map[desk.ConversationID]int64{}
	err := findSet(ctx, s.asked(), "SELECT conversation_id, position FROM reading WHERE agent_id = $1 AND conversation_id IN", "",
		[]any{agent}, idBytes(ids), func(r *sql.Rows) error {
			var id desk.ConversationID
			var position int64
			err := r.Scan(&id, &position)
			found[id] = position
			return err
		})
	return found, unavailable(err)
}

// FindPresences gives who has these Conversations in front of them now.
func (s *Store) FindPresences(ctx context.Context, ids []desk.ConversationID) (map[desk.ConversationID][]desk.Presence, error) {
	found := map[desk.ConversationID][]desk.Presence{}
	err := findSet(ctx, s.asked(), "SELECT conversation_id, agent_id, state, until FROM presence WHERE until > $1 AND conversation_id IN",
		"ORDER BY agent_id", []any{desk.AsMillis(s.Now())}, idBytes(ids), func(r *sql.Rows) error {
			var p desk.Presence
			var until desk.Millis
			err := r.Scan(&p.Conversation, &p.Agent, &p.State, &until)
			p.Until = until.Time
			found[p.Conversation] = append(found[p.Conversation], p)
			return err
		})
	return found, unavailable(err)
}
