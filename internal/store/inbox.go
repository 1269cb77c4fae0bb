package store

import (
	"encoding/json"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// InboxOf reads a row.
func InboxOf(r rows.Inbox) desk.Inbox {
	return desk.Inbox{
		ID: r.ID, Controller: r.Controller, Channel: r.Channel, Name: r.Name, PhoneNumberID: r.PhoneNumberID,
		WABA: r.WabaID, GraphURL: r.GraphUrl, GraphVersion: r.GraphVersion, Auth: r.Auth, CreatedAt: r.CreatedAt.Time,
	}
}

// ControllerOf reads a row.
func ControllerOf(r rows.Controller) (desk.Controller, error) {
	c := desk.Controller{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt.Time}
	if err := json.Unmarshal([]byte(r.Facts), &c.Facts); err != nil {
		return c, fmt.Errorf("facts of controller %s: %w", r.ID, err)
	}
	return c, nil
}
