package whatsapp

import (
	"encoding/json"
	"time"
)

// Rotation says that a person's business-scoped ids are new ones (Meta: Webhooks,
// user_id_update).
type Rotation struct {
	WAID                               string // empty while the person hides the number
	PreviousUserID, UserID             string
	PreviousParentUserID, ParentUserID string
	Timestamp                          time.Time // zero if it is missing or absurd
}

// Rotations reads those of a change of the field user_id_update, as many as there are: what
// cannot be read of one is zero, and leaves the others alone. None: the value holds no list.
// Meta's documents contradict each other about whether the field can be subscribed to.
func Rotations(value json.RawMessage) []Rotation {
	r := &reader{b: value}
	var out []Rotation
	for key := range r.members("value") {
		if string(key) == "user_id_update" {
			r.each(func() { out = append(out, r.rotation()) })
		}
	}
	return out
}

func (r *reader) rotation() (u Rotation) {
	for key := range r.members("user_id_update") {
		switch string(key) {
		case "wa_id":
			u.WAID = r.text()
		case "user_id":
			u.PreviousUserID, u.UserID = r.ids()
		case "parent_user_id":
			u.PreviousParentUserID, u.ParentUserID = r.ids()
		case "timestamp":
			u.Timestamp, _ = r.seconds()
		}
	}
	scoped(&u.WAID, &u.UserID, &u.ParentUserID)
	return u
}

// ids reads what an id was and what it is.
func (r *reader) ids() (previous, current string) {
	for key := range r.members("user_id") {
		switch string(key) {
		case "previous":
			previous = r.text()
		case "current":
			current = r.text()
		}
	}
	return previous, current
}
