package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sys/unix"
	lite "modernc.org/sqlite"

	"botschaft/internal/desk"
)

// Files are what an open database consists of: the file, its log and what readers share.
// The zero value knows none yet and misses none.
type Files struct{ parts atomic.Pointer[[]part] }

// part is a file as it was when the database was opened.
type part struct {
	path  string
	id    identity
	least uint64 // bytes; a database does not shrink, its log does
}

// identity tells files apart while they are open.
type identity struct {
	major, minor uint32
	inode        uint64
}

// look asks for no times: after a look at them the next write would have to renew them.
func look(path string) (id identity, size uint64, err error) {
	var at unix.Statx_t
	err = unix.Statx(unix.AT_FDCWD, path, unix.AT_STATX_DONT_SYNC, unix.STATX_INO|unix.STATX_SIZE, &at)
	return identity{at.Dev_major, at.Dev_minor, at.Ino}, at.Size, err
}

// Watch takes down the files of the database at path, which must be open. What is not
// there, as without a log, is not missed later.
func (f *Files) Watch(path string) error {
	var parts []part
	for _, suffix := range []string{"", "-wal", "-shm"} {
		id, size, err := look(path + suffix)
		if errors.Is(err, fs.ErrNotExist) && suffix != "" {
			continue
		}
		if err != nil {
			return fmt.Errorf("look at %s: %w", filepath.Base(path+suffix), err)
		}
		if suffix != "" {
			size = 0
		}
		parts = append(parts, part{path + suffix, id, size})
	}
	f.parts.Store(&parts)
	return nil
}

// Missing is nil while every file stands under its name, and else desk.CodeUnavailable
// that names the first one that does not. It costs three looks at the file system.
func (f *Files) Missing() error {
	parts := f.parts.Load()
	if parts == nil {
		return nil
	}
	for _, p := range *parts {
		id, size, err := look(p.path)
		what := ""
		switch {
		case errors.Is(err, fs.ErrNotExist):
			what = "is gone"
		case err != nil:
			what = "cannot be looked at"
		case id != p.id:
			what = "was replaced by another one"
		case size < p.least:
			what = "was cut short"
		default:
			continue
		}
		return desk.Unavailable("the file "+filepath.Base(p.path)+" "+what+"; nothing is taken in until somebody has looked", err)
	}
	return nil
}

// Open gives a pool of connections to the file at path, which must be there (see Make).
// options are those of the driver. Once the files are watched, no connection is made to
// others.
func (f *Files) Open(path, options string) (*sql.DB, error) {
	c, err := lite.NewConnector("file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=rw&" + options)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(&connector{Connector: c, files: f}), nil
}

// connector refuses what is no longer the database that was opened.
type connector struct {
	driver.Connector
	files *Files
}

// Connect opens one connection.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := c.files.Missing(); err != nil {
		return nil, err
	}
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.files.Missing(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Make makes an empty file for a database where there is none. It is its owner's alone;
// SQLite gives the files beside it the same rights.
func Make(path string) error {
	made, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(path, 0o600)
	}
	if err != nil {
		return err
	}
	return made.Close()
}

// IsThere tells whether a database stands at path: a file that is not empty.
func IsThere(path string) bool {
	at, err := os.Stat(path)
	return err == nil && at.Size() > 0
}

// CopyTo writes a whole copy of the open database to a file that is not there yet or
// empty, even if its own files were removed. Nothing of it is flushed to the disk.
func CopyTo(ctx context.Context, db *sql.DB, path string) error {
	if err := Make(path); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}
