package whatsapp

import "time"

// StatusWord is what became of a message we sent. Order of arrival means
// nothing: "read" may come before "delivered", and any of them before the
// answer to the send itself.
type StatusWord string

// The states Meta documents; others are kept as they come.
const (
	StatusSent      StatusWord = "sent"
	StatusDelivered StatusWord = "delivered"
	StatusRead      StatusWord = "read"
	StatusPlayed    StatusWord = "played"
	StatusFailed    StatusWord = "failed"
	StatusDeleted   StatusWord = "deleted"
)

// Status is one report about a message we sent.
// Source: Meta, "Webhooks: status messages webhook reference".
type Status struct {
	// ID is the wamid of the message; it holds the recipient's number.
	ID     string
	Status StatusWord
	// Timestamp in whole seconds, UTC; zero with TimestampOK false.
	Timestamp   time.Time
	TimestampOK bool
	// RecipientID is the phone number in digits, missing when it is hidden.
	// The others are business-scoped ids.
	RecipientID, RecipientUserID, RecipientParentUserID string
	// Type is empty for news of a message; "payment" or "call" for what happened to another
	// thing, whose words for its states may be the same.
	Type string
	// RecipientType is "group" for groups; ParticipantID then is the member.
	RecipientType, ParticipantID, GroupID string
	// Contact is the recipient, from whatever the body tells.
	Contact Contact
	// Callback returns the biz_opaque_callback_data of the send.
	Callback string
	// Conversation and Pricing are often missing.
	Conversation *BilledConversation
	Pricing      *Pricing
	// Errors say why a message failed.
	Errors []Error
}

// BilledConversation is Meta's billing unit of old; since v24 it comes for
// free entry points only.
type BilledConversation struct {
	ID, Origin string
	// ExpiresAt is zero when missing or absurd.
	ExpiresAt time.Time
}

// Pricing says what Meta charges for a message. Source: Meta, "Pricing".
type Pricing struct {
	// Model is "PMP" (per message), Type "regular" or a free one, Category such as "utility".
	Model, Type, Category string
	// Billable is deprecated by Meta in favour of Type.
	Billable bool
}

func (r *reader) status() (*Status, error) {
	if !r.at('{') {
		return nil, errObject
	}
	s := &Status{}
	for key := range r.members("statuses") {
		switch string(key) {
		case "id":
			s.ID = r.text()
		case "status":
			s.Status = StatusWord(r.text())
		case "type":
			s.Type = r.text()
		case "payment":
			r.skip()
		case "timestamp":
			s.Timestamp, s.TimestampOK = r.seconds()
		case "biz_opaque_callback_data":
			s.Callback = r.text()
		case "conversation":
			s.Conversation = r.billedConversation()
		case "pricing":
			s.Pricing = r.pricing()
		case "errors":
			s.Errors = r.errors()
		default:
			r.recipient(s, key)
		}
	}
	scoped(&s.RecipientID, &s.RecipientUserID, &s.RecipientParentUserID)
	s.Contact.WAID, s.Contact.UserID, s.Contact.ParentUserID = s.RecipientID, s.RecipientUserID, s.RecipientParentUserID
	if s.RecipientType == "group" {
		s.Contact.WAID = s.ParticipantID
		scoped(&s.Contact.WAID, &s.Contact.UserID, &s.Contact.ParentUserID)
	}
	switch {
	case s.ID == "":
		return nil, errNoID
	case s.Status == "":
		return nil, errNoState
	}
	return s, nil
}

func (r *reader) recipient(s *Status, key []byte) {
	switch string(key) {
	case "recipient_id":
		s.RecipientID = r.text()
	case "recipient_user_id":
		s.RecipientUserID = r.text()
	case "recipient_parent_user_id":
		s.RecipientParentUserID = r.text()
	case "recipient_type":
		s.RecipientType = r.text()
	case "recipient_participant_id":
		s.ParticipantID = r.text()
	case "recipient_identity_key_hash":
		s.Contact.IdentityKeyHash = r.text()
	case "group_id":
		s.GroupID = r.text()
	}
}

func (r *reader) billedConversation() *BilledConversation {
	if !r.at('{') {
		return nil
	}
	c := &BilledConversation{}
	for key := range r.members("conversation") {
		switch string(key) {
		case "id":
			c.ID = r.text()
		case "expiration_timestamp":
			c.ExpiresAt, _ = r.seconds()
		case "origin":
			for key := range r.members("origin") {
				if string(key) == "type" {
					c.Origin = r.text()
				}
			}
		}
	}
	return c
}

func (r *reader) pricing() *Pricing {
	if !r.at('{') {
		return nil
	}
	p := &Pricing{}
	for key := range r.members("pricing") {
		switch string(key) {
		case "pricing_model":
			p.Model = r.text()
		case "type":
			p.Type = r.text()
		case "category":
			p.Category = r.text()
		case "billable":
			p.Billable = r.boolean()
		}
	}
	return p
}
