package whatsapp

import (
	"encoding/json"
	"strings"
	"time"
)

// Preference is a person's own choice in WhatsApp about a category of messages (Meta:
// Webhooks, user_preferences).
type Preference struct {
	Contact   Contact // who chose
	Category  string  // marketing_messages
	Value     string  // stop, resume; in lower case
	Timestamp time.Time
}

// Preferences reads those of a change of the field user_preferences, as many as there are: what
// cannot be read of one is zero, and leaves the others alone. None: the value holds no list.
func Preferences(value json.RawMessage) []Preference {
	r := &reader{b: value}
	var out []Preference
	var contacts []Contact
	for key := range r.members("value") {
		switch string(key) {
		case "contacts":
			contacts = list(r, MaxItems, r.contact)
		case "user_preferences":
			r.each(func() { out = append(out, r.preference()) })
		}
	}
	index := indexContacts(contacts)
	for i := range out {
		own := &out[i].Contact
		found := index.find(own)
		if found == nil && len(contacts) == 1 && len(out) == 1 && !contradict(own, &contacts[0]) {
			found = &contacts[0]
		}
		if found != nil {
			own.complete(found)
		}
	}
	return out
}

func (r *reader) preference() (p Preference) {
	for key := range r.members("user_preferences") {
		switch string(key) {
		case "wa_id":
			p.Contact.WAID = r.text()
		case "user_id":
			p.Contact.UserID = r.text()
		case "parent_user_id":
			p.Contact.ParentUserID = r.text()
		case "category":
			p.Category = r.text()
		case "value":
			p.Value = strings.ToLower(r.text())
		case "timestamp":
			p.Timestamp, _ = r.seconds()
		}
	}
	scoped(&p.Contact.WAID, &p.Contact.UserID, &p.Contact.ParentUserID)
	return p
}
