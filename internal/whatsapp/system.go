package whatsapp

import "time"

// The System.Type values known today.
const (
	SystemChangedNumber   = "user_changed_number"
	SystemChangedUserID   = "user_changed_user_id"
	SystemIdentityChanged = "customer_identity_changed"

	systemChangedNumberOld = "customer_changed_number" // up to v11.0
)

// System is WhatsApp's notice that a person's number, BSUID or identity key
// changed. A new number may be a new person: nothing verified or consented to
// carries over by itself.
// Source: Meta, "Webhooks: system messages".
type System struct {
	// Type is one of the constants above or a newer word.
	Type string
	// Body is an English sentence with name and numbers.
	Body string
	// WAID is the new number (older bodies call it new_wa_id).
	WAID string
	// Customer is the number before the change, and Identity the hash of the new key, where
	// older bodies tell them here.
	Customer, Identity string
	// UserID and ParentUserID are the new business-scoped ids, the others those before.
	UserID, ParentUserID                 string
	PreviousUserID, PreviousParentUserID string
}

func (r *reader) system() *System {
	if !r.at('{') {
		return nil
	}
	s := &System{}
	for key := range r.members("system") {
		switch string(key) {
		case "type":
			s.Type = r.text()
		case "body":
			s.Body = r.text()
		case "wa_id", "new_wa_id":
			s.WAID = r.text()
		case "user_id":
			s.UserID = r.text()
		case "parent_user_id":
			s.ParentUserID = r.text()
		case "previous_user_id":
			s.PreviousUserID = r.text()
		case "previous_parent_user_id":
			s.PreviousParentUserID = r.text()
		case "customer":
			s.Customer = r.text()
		case "identity":
			s.Identity = r.text()
		}
	}
	scoped(&s.WAID, &s.UserID, &s.ParentUserID)
	if s.Type == systemChangedNumberOld {
		s.Type = SystemChangedNumber
	}
	return s
}

// IdentityChange is the state of a person's identity key, from the time when
// it came with messages.
type IdentityChange struct {
	// Acknowledged is true once the business has confirmed the change.
	Acknowledged bool
	// CreatedAt is when the key changed; zero when missing or absurd.
	CreatedAt time.Time
	Hash      string
}

func (r *reader) identityChange() *IdentityChange {
	if !r.at('{') {
		return nil
	}
	c := &IdentityChange{}
	for key := range r.members("identity") {
		switch string(key) {
		case "acknowledged":
			c.Acknowledged = r.boolean()
		case "created_timestamp":
			c.CreatedAt, _ = r.seconds()
		case "hash":
			c.Hash = r.text()
		}
	}
	return c
}
