package postgres

import (
	"database/sql"
	"time"
)

// OpenImpatiently is Open with a silence of its own.
func (a Address) OpenImpatiently(lines int, silence time.Duration) *sql.DB {
	return a.open(lines, silence)
}
