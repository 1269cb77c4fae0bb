package channel

import (
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/whatsapp"
)

// rotationOf reads what a system message says of its sender's Identities; nil: nothing.
func rotationOf(m *whatsapp.Message) *desk.ArrivedRotation {
	r := &desk.ArrivedRotation{News: newsOf(m)}
	if m.TimestampOK {
		r.At = m.Timestamp
	}
	switch s := m.System; r.News {
	case desk.SystemNewNumber, desk.SystemNewUserID:
		r.Before = append(aliases(m.From, m.FromUserID, m.FromParentUserID), aliases("", s.PreviousUserID, s.PreviousParentUserID)...)
		r.After = aliases(s.WAID, s.UserID, s.ParentUserID)
		return apart(r)
	case desk.SystemNewIdentity:
		return r
	default:
		return nil
	}
}

// rotationsOf reads the field user_id_update, which tells the same as a system message or
// comes instead of one.
func rotationsOf(it *whatsapp.Item) (out []desk.Arrival) {
	if it.Other == nil || it.Field != "user_id_update" {
		return nil
	}
	for i, u := range whatsapp.Rotations(it.Other.Raw) {
		r := apart(&desk.ArrivedRotation{
			News: desk.SystemNewUserID, Before: aliases("", u.PreviousUserID, u.PreviousParentUserID),
			After: aliases(u.WAID, u.UserID, u.ParentUserID), At: u.Timestamp,
		})
		a := part(it, i)
		a.Rotation, a.Undecodable = r, r == nil
		out = append(out, a)
	}
	return orAside(it, out)
}

// apart takes out of Before what stayed as it is; nil if it says nothing of before or of after.
// Some bodies name the sender by what is new already.
func apart(r *desk.ArrivedRotation) *desk.ArrivedRotation {
	var before []desk.Alias
	for _, b := range r.Before {
		if !has(r.After, b) && !has(before, b) {
			before = append(before, b)
		}
	}
	if r.Before = before; len(before) == 0 || len(r.After) == 0 {
		return nil
	}
	return r
}

func has(all []desk.Alias, a desk.Alias) bool {
	return slices.ContainsFunc(all, func(b desk.Alias) bool { return b.Kind == a.Kind && b.Value.Reveal() == a.Value.Reveal() })
}
