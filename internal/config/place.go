package config

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"botschaft/internal/private"
)

// Engine is a storage engine.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// Store is a place that keeps rows. It prints without user, password and
// parameters.
type Store struct {
	Engine Engine
	Path   string       // SQLite: absolute path of the file
	URL    private.Text // PostgreSQL: the whole URL, for the driver alone

	host string // PostgreSQL: host:port, empty for a local socket
	name string // PostgreSQL: name of the database
}

// String names the place without secrets.
func (s Store) String() string {
	switch s.Engine {
	case SQLite:
		return "sqlite:" + s.Path
	case PostgreSQL:
		return "postgres://" + s.host + "/" + s.name
	}
	return ""
}

// GoString is String, so that %#v shows no more.
func (s Store) GoString() string { return s.String() }

// Reasons why a database URL is not one. They never repeat it.
var (
	errStoreScheme = errors.New(`must begin with "sqlite:" or "postgres://"`)
	errStoreFile   = errors.New(`must name a file after "sqlite:"`)
	errStoreParams = errors.New("takes no parameters on SQLite")
	errStoreURL    = errors.New("is not a valid URL; special characters of a password must be percent-encoded")
	errStoreName   = errors.New("must name a database after the host")
)

// parseStore reads a database URL. Relative SQLite paths count from the working
// directory.
func parseStore(v string) (Store, error) {
	switch scheme, rest, _ := strings.Cut(v, ":"); scheme {
	case "sqlite":
		return parseSQLite(rest)
	case "postgres", "postgresql":
		return parsePostgres(v)
	}
	return Store{}, errStoreScheme
}

func parseSQLite(path string) (Store, error) {
	if strings.ContainsAny(path, "?#") {
		return Store{}, errStoreParams
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		if !strings.HasPrefix(rest, "/") { // sqlite://name would read name as a host
			return Store{}, errStoreFile
		}
		path = rest
	}
	if path == "" || strings.HasPrefix(path, ":") || strings.HasSuffix(path, "/") {
		return Store{}, errStoreFile
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return Store{}, errStoreFile
	}
	return Store{Engine: SQLite, Path: abs}, nil
}

// parsePostgres refuses a second "@", and one after the host: it betrays an unencoded password, part of which
// would otherwise be taken for the host and be shown.
func parsePostgres(v string) (Store, error) {
	u, err := url.Parse(v)
	if err != nil || u.Opaque != "" || u.Fragment != "" || strings.Count(v, "@") > 1 || strings.ContainsAny(u.Path+u.RawQuery, "@") {
		return Store{}, errStoreURL
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" || strings.Contains(name, "/") {
		return Store{}, errStoreName
	}
	return Store{Engine: PostgreSQL, URL: private.NewText(v), host: u.Host, name: name}, nil
}
