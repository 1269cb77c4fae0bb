package desk

import (
	"database/sql/driver"
	"fmt"
	"time"

	"botschaft/internal/private"
)

// Sealed forms of the nouns' contents, as columns hold them.
type (
	SealedText         = private.Sealed[private.Text]
	SealedContent      = private.Sealed[Content]
	SealedProfile      = private.Sealed[Profile]
	SealedAgentProfile = private.Sealed[AgentProfile]
	SealedSecrets      = private.Sealed[InboxSecrets]
	SealedBytes        = private.Sealed[[]byte]
	SealedKey          = private.Sealed[private.Key]
	SealedWriting      = private.Sealed[Writing]
)

// Installation is one set-up of the house on one database.
type Installation struct{ ID InstallationID }

// InstallationID names an Installation.
type InstallationID = ID[Installation]

// Millis is a column that holds a moment as milliseconds since 1970 UTC; the zero
// time is NULL.
type Millis struct{ time.Time }

// AsMillis makes a column of t.
func AsMillis(t time.Time) Millis { return Millis{t} }

// Value stores the milliseconds.
func (m Millis) Value() (driver.Value, error) {
	if m.IsZero() {
		return nil, nil
	}
	return m.UnixMilli(), nil
}

// Scan reads the milliseconds.
func (m *Millis) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		m.Time = time.Time{}
	case int64:
		m.Time = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("desk: a time column holds %T", src)
	}
	return nil
}
