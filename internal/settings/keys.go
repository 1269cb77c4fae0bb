package settings

import (
	"context"
	"strconv"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// NoteRootRotated writes down that the vault has another root key now, from which so
// many keys hang.
func (s *Settings) NoteRootRotated(ctx context.Context, actor desk.Actor, id desk.InstallationID, keys int) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActRootKeyRotated, Subject: "installation:" + id.String(),
			Detail: map[string]string{"keys": strconv.Itoa(keys)}})
		return nil
	})
}

// NoteControllerRotated writes down that the keys of a Controller's Contacts, so many,
// are wrapped by another key now.
func (s *Settings) NoteControllerRotated(ctx context.Context, actor desk.Actor, id desk.ControllerID, contacts int64) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActControllerRotated, Subject: "controller:" + id.String(), Controller: id,
			Detail: map[string]string{"keys": strconv.FormatInt(contacts, 10)}})
		return nil
	})
}
