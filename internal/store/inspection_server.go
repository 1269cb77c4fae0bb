package store

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// Server is what a PostgreSQL tells about itself to whoever asks.
type Server struct {
	Version   int               // 150004 is 15.4
	Settings  map[string]string // the settings named below, as they hold for our sessions
	Identity  string            // equal for two addresses that lead to one running server
	Replica   bool              // it follows another server and cannot be written to
	Local     bool              // the connection does not leave this machine
	Encrypted bool              // the connection is
	Used      int               // connections at the moment, the one that asks included
	Limit     int               // connections that this role or database may have; -1 is any number
	Archiving Archiving
}

// Archiving is how the archive of the write-ahead log goes.
type Archiving struct {
	Last   time.Time // when a file went to it last; zero if none did
	Failed time.Time // when a file last could not
}

// settings are those that decide whether the promises hold.
var settings = []string{"fsync", "synchronous_commit", "full_page_writes", "autovacuum", "max_connections",
	"superuser_reserved_connections", "archive_mode", "wal_level"}

// Server asks a PostgreSQL about itself.
func (i *Inspection) Server(ctx context.Context) (Server, error) {
	s := Server{Settings: map[string]string{}}
	for _, name := range settings {
		var value string
		if err := i.db.QueryRowContext(ctx, `SELECT COALESCE(current_setting($1, true), '')`, name).Scan(&value); err != nil {
			return s, unavailable(err)
		}
		s.Settings[name] = value
	}
	var addr, start string
	err := i.db.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER), pg_is_in_recovery(),
		COALESCE(host(inet_server_addr()), ''), CAST(pg_postmaster_start_time() AS TEXT),
		(SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
		COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE),
		(SELECT LEAST(NULLIF(d.datconnlimit, -1), NULLIF(r.rolconnlimit, -1)) FROM pg_database d, pg_roles r
			WHERE d.datname = current_database() AND r.rolname = current_user)`).
		Scan(&s.Version, &s.Replica, &addr, &start, &s.Used, &s.Encrypted, limit{&s.Limit})
	if err != nil {
		return s, unavailable(err)
	}
	s.Local = addr == "" || addr == "::1" || strings.HasPrefix(addr, "127.")
	if s.Identity, err = i.identity(ctx, start); err != nil {
		return s, unavailable(err)
	}
	var last, failed sql.NullTime
	err = i.db.QueryRowContext(ctx, `SELECT last_archived_time, last_failed_time FROM pg_stat_archiver`).Scan(&last, &failed)
	s.Archiving = Archiving{Last: last.Time, Failed: failed.Time}
	return s, unavailable(err)
}

// identity joins when the server started with the name that its data was given. A copy
// of a server has the same name, and was not started at the same microsecond.
func (i *Inspection) identity(ctx context.Context, start string) (string, error) {
	var may bool
	const ask = `SELECT has_function_privilege('pg_control_system()', 'EXECUTE')`
	if err := i.db.QueryRowContext(ctx, ask).Scan(&may); err != nil || !may {
		return start, err
	}
	var name string
	err := i.db.QueryRowContext(ctx, `SELECT CAST(system_identifier AS TEXT) FROM pg_control_system()`).Scan(&name)
	return name + " " + start, err
}

// limit scans a number of connections; none means any.
type limit struct{ to *int }

// Scan reads the number.
func (l limit) Scan(v any) error {
	var n sql.NullInt64
	err := n.Scan(v)
	if *l.to = -1; n.Valid {
		*l.to = int(n.Int64)
	}
	return err
}
