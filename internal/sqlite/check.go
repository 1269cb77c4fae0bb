package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	lite "modernc.org/sqlite"

	"botschaft/internal/desk"
)

// patience is how long a check may read.
const patience = 2 * time.Second

// SQLite's codes for a file that is damaged: SQLITE_CORRUPT, SQLITE_NOTADB.
const (
	codeCorrupt = 11
	codeNoDB    = 26
)

// Check reads the database at path for two seconds at most and refuses a damaged one. No
// file, an empty one and one that cannot be opened pass; opening them tells. Nobody in this
// process may have the file open.
func Check(ctx context.Context, path string) error {
	if !IsThere(path) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := new(Files).Open(path, "_pragma=busy_timeout(1000)")
	if err != nil {
		return err
	}
	says := "ok"
	err = db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&says)
	if closed := db.Close(); err == nil {
		err = closed
	}
	var known *lite.Error
	if says == "ok" && (!errors.As(err, &known) || known.Code()&0xff != codeCorrupt && known.Code()&0xff != codeNoDB) {
		return nil
	}
	if says != "ok" {
		err = errors.New(says)
	}
	return desk.Unavailable(filepath.Base(path)+" is damaged and is left as it is; keep a copy, look at the disk, and bring the newest backup back", err)
}
