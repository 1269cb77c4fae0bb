package store

import (
	"time"

	"botschaft/internal/deadline"
)

// Month names the month in which a Message was delivered, by the calendar of Germany: 2026-11.
func Month(at time.Time) string { return deadline.DateOf(at).String()[:len("2026-11")] }
