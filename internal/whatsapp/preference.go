package whatsapp

import (
	"encoding/json"
	"time"
)

// Preference is a person's own choice in WhatsApp about a category of messages (Meta:
// Webhooks, user_preferences).
type Preference struct {
	WAID, UserID string
	Category     string // marketing_messages
	Value        string // stop, resume
	Timestamp    time.Time
}

// Preferences reads those of a change of the field user_preferences; what cannot be read is
// left out.
func Preferences(value json.RawMessage) []Preference {
	var v struct {
		Preferences []struct {
			WAID      string      `json:"wa_id"`
			UserID    string      `json:"user_id"`
			Category  string      `json:"category"`
			Value     string      `json:"value"`
			Timestamp json.Number `json:"timestamp"` // a number here, unlike everywhere else
		} `json:"user_preferences"`
	}
	if json.Unmarshal(value, &v) != nil {
		return nil
	}
	out := make([]Preference, 0, len(v.Preferences))
	for _, p := range v.Preferences {
		seconds, err := p.Timestamp.Int64()
		if err != nil {
			continue
		}
		out = append(out, Preference{p.WAID, p.UserID, p.Category, p.Value, time.Unix(seconds, 0).UTC()})
	}
	return out
}
