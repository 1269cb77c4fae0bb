package diagnosis

import (
	"fmt"
	"strconv"
	"time"
)

const oldestServer = 150000

func database(f Facts) []Finding {
	d := f.Data
	if d == nil {
		return nil
	}
	is := func(check string, severity Severity, found, mend string) Finding {
		return Finding{check, severity, d.Name, found, mend}
	}
	if d.Trouble != "" {
		return []Finding{is("database", Problem, string(d.Trouble),
			"Start the database, check database_url and what stands between. There is no house yet? botschaft setup makes one. A damaged file? Bring the newest backup back.")}
	}
	found := []Finding{is("database", OK, "can be read", "")}
	switch version := fmt.Sprintf("the schema has version %d, this program knows %d", d.Found, d.Known); {
	case d.Found == 0:
		found = append(found, is("schema", Problem, "holds no house", "botschaft setup makes one; if there should be one, check --data-dir and database_url."))
	case d.Found > d.Known+1:
		found = append(found, is("schema", Problem, version, "Start the newer program; this one refuses to start."))
	case d.Found == d.Known+1:
		found = append(found, is("schema", Warning, version, "An upgrade is under way: bring every node and every command to the newer program."))
	case d.Found < d.Known:
		found = append(found, is("schema", Note, version, "The next start of serve brings it up to date. Make a backup before."))
	default:
		found = append(found, is("schema", OK, version, ""))
	}
	if d.SQLite != nil {
		found = append(found, file(d)...)
	}
	return found
}

// file judges SQLite. How carefully commits are written is no property of the file: the
// program asks for it on each connection.
func file(d *Database) []Finding {
	is := func(check string, severity Severity, found, mend string) Finding {
		return Finding{check, severity, d.Name, found, mend}
	}
	s := d.SQLite
	if s.Trouble != "" {
		return []Finding{is("database_settings", Problem, string(s.Trouble), "Bring the newest backup back if the file is damaged.")}
	}
	var found []Finding
	if s.Journal == "wal" {
		found = append(found, is("database_settings", OK, "write-ahead log; every commit is flushed to the disk (synchronous=FULL is set by the program)", ""))
	} else {
		found = append(found, is("database_settings", Note, "journal mode "+s.Journal, "The next start of serve turns on the write-ahead log."))
	}
	switch s.Intact {
	case "ok":
		found = append(found, is("integrity", OK, "the quick check finds nothing", ""))
	case "":
		found = append(found, is("integrity", Note, fmt.Sprintf("the quick check did not end within %v", s.Patience), "Give it more time: --patience 10m."))
	default:
		found = append(found, is("integrity", Problem, "the file is damaged: "+s.Intact,
			"Stop the server, keep a copy of the file as it is, look at the disk, and bring the newest backup back."))
	}
	return found
}

func servers(f Facts) []Finding {
	var found []Finding
	for _, s := range f.Servers {
		found = append(found, server(s)...)
	}
	return found
}

// promise is a setting that must not have a value, and what it costs.
type promise struct {
	setting, bad string
	severity     Severity
	costs, mend  string
}

var promises = []promise{
	{"fsync", "off", Problem, "what was acknowledged can be lost, and the database damaged, when the power fails", ""},
	{"synchronous_commit", "off", Problem, "what was acknowledged can be lost when the server dies", ""},
	{"full_page_writes", "off", Warning, "a page can be torn when the power fails, unless the file system rules that out", ""},
	{"autovacuum", "off", Warning, "tables grow, and rows that were removed stay on the disk", ""},
}

func server(s Server) []Finding {
	is := func(check string, severity Severity, found, mend string) Finding {
		return Finding{check, severity, "PostgreSQL with " + s.Keeps + ", " + s.Name, found, mend}
	}
	if s.Trouble != "" {
		return []Finding{is("database_settings", Problem, string(s.Trouble), "Start the server, and check the address, the role and pg_hba.conf.")}
	}
	found := []Finding{is("database_settings", OK, "version "+strconv.Itoa(s.Version/10000), "")}
	if s.Version < oldestServer {
		found[0] = is("database_settings", Problem, fmt.Sprintf("version %d is too old", s.Version/10000), "Upgrade to PostgreSQL 15 or newer.")
	}
	if s.Replica {
		found = append(found, is("database_settings", Problem, "it is a replica and cannot be written to", "Promote it (pg_ctl promote), or name the primary in the address."))
	}
	well := true
	for _, p := range promises {
		if s.Settings[p.setting] != p.bad {
			continue
		}
		well = false
		severity := p.severity
		if p.setting == "autovacuum" && s.Keys { // a destroyed key would stay in its page
			severity = Problem
		}
		found = append(found, is("database_settings", severity, p.setting+" is off: "+p.costs,
			"ALTER SYSTEM SET "+p.setting+" = on; SELECT pg_reload_conf(); and see that no role or database sets it otherwise."))
	}
	if well {
		found = append(found, is("database_settings", OK, "fsync, synchronous_commit, full_page_writes and autovacuum are on", ""))
	}
	if !s.Local && !s.Encrypted {
		found = append(found, is("database_settings", Warning, "the connection leaves this machine in the clear", "Let the server speak TLS, and add ?sslmode=verify-full to the address."))
	}
	return append(found, connections(s))
}

// connections compares what the server allows with what nodes may hold.
func connections(s Server) Finding {
	is := func(severity Severity, found, mend string) Finding {
		return Finding{"connections", severity, "PostgreSQL with " + s.Keeps + ", " + s.Name, found, mend}
	}
	most, _ := strconv.Atoi(s.Settings["max_connections"])
	kept, _ := strconv.Atoi(s.Settings["superuser_reserved_connections"])
	most -= kept
	if s.Limit >= 0 {
		most = min(most, s.Limit)
	}
	text := fmt.Sprintf("%d are allowed, %d are open, a node holds up to %d: enough for %d", most, s.Used, s.Pool, most/s.Pool)
	const mend = "Raise max_connections, or the limit of role or database, to the nodes' number times that, and some for yourself."
	switch nodes := most / s.Pool; {
	case nodes < 1:
		return is(Problem, text, mend)
	case nodes < 2:
		return is(Note, text, mend)
	default:
		return is(OK, text, "")
	}
}

func vault(f Facts) []Finding {
	v := f.Vault
	if v == nil {
		return nil
	}
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"vault", severity, v.Name, found, mend}}
	}
	switch v.State {
	case VaultOpen:
		if f.Data != nil && f.Data.Trouble == "" && f.Data.Found > 0 {
			return is(OK, "opens with the root key and belongs to the data", "")
		}
		return is(OK, "opens with the root key", "")
	case VaultNone:
		return is(Problem, "there is no vault", "botschaft setup makes one; if there should be one, check --data-dir and vault_url, and never go on without it.")
	case VaultWrongKey:
		return is(Problem, "the root key is not the one of this vault", "Configure the root key this vault was made with.")
	case VaultForeign:
		return is(Problem, "the data belongs to another installation than the vault", "Check that database_url and vault_url belong together, and that both were restored from one installation.")
	case VaultTooNew:
		return is(Problem, "a newer release has changed the vault", "Start the newer program.")
	}
	return is(Problem, string(v.Trouble), "Start the vault's database, check vault_url and what stands between.")
}

// archive judges what an erasure waits for: a destroyed key is gone when the last archive
// that holds it is.
func archive(f Facts) []Finding {
	var found []Finding
	if f.Shared {
		found = append(found, Finding{"archive", Warning, "the vault against the data",
			"data and keys live on one PostgreSQL server: an erasure is complete only when that server's archive has aged out",
			"Give the vault a server of its own with a short archive: vault_url."})
	}
	for _, s := range f.Servers {
		if s.Trouble != "" {
			continue
		}
		is := func(severity Severity, text, mend string) {
			found = append(found, Finding{"archive", severity, "PostgreSQL with " + s.Keeps + ", " + s.Name, text, mend})
		}
		archives := s.Settings["archive_mode"] == "on" || s.Settings["archive_mode"] == "always"
		switch {
		case archives && s.Failed.After(s.Archived):
			is(Problem, "its archive fails since "+stamp(s.Failed)+": logs pile up on its disk", "Look at archive_command and at the server's log.")
		case archives && s.Keys && !s.Data:
			is(Note, "it has an archive: a destroyed key is gone when that has aged out", "Keep the vault's archive for days, not for months.")
		case archives:
			is(OK, "its archive works, last at "+stamp(s.Archived), "")
		case s.Data:
			is(Note, "archive_mode is off: the database comes back as of the last backup and no later", "Turn archiving on, or back up as often as you can afford to lose.")
		default:
			is(OK, "it has no archive that would keep destroyed keys", "")
		}
	}
	return found
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}
