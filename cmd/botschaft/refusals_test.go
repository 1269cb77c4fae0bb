package main_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// wantRefusal checks that a command ended with status 1 and a sentence that holds each
// of these words, printed nothing else, and told no secret.
func wantRefusal(t testing.TB, what string, status int, out, said string, words ...string) {
	t.Helper()
	if status != 1 || out != "" || !strings.HasPrefix(said, "botschaft: ") {
		t.Errorf("%s: status %d, printed %q, said %q", what, status, out, said)
	}
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("%s: %q is missing in %q", what, word, said)
		}
	}
	if strings.Contains(said, "goroutine ") || strings.Count(said, "\n") > 3 {
		t.Errorf("%s: this is no plain sentence: %q", what, said)
	}
}

// refused starts a server that must refuse, and quickly.
func (h *house) refused(what string, words ...string) {
	h.t.Helper()
	p := h.launch()
	status := p.status(h.t, 10*time.Second)
	wantRefusal(h.t, what, status, "", lastLines(p.said.String()), words...)
	wantNoTraces(h.t, what, p.said.String(), append(h.secrets(), passwords(h.t, h.databases()...)...))
}

// lastLines leaves out what a log says before the end.
func lastLines(said string) string {
	if at := strings.Index(said, "botschaft: "); at >= 0 {
		return said[at:]
	}
	return said
}

// An address that is taken is refused, too, and the sentence names it.
func TestTakenAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	other := newHouse(t)
	other.listen = h.listen
	other.refused("a taken address", h.listen, "address already in use")
	other.listen = freeAddress(t)
	other.env = append(other.env, "BOTSCHAFT_METRICS_LISTEN="+h.listen)
	other.refused("a taken address for metrics", h.listen, "metrics")
}

// Data is opened with its own root key and vault alone.
func TestWrongKeys(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		h, other := newHouse(t), newHouse(t)
		data, foreign := filepath.Join(h.dir, "data"), filepath.Join(other.dir, "data")
		key := filepath.Join(data, "root.key")
		kept := move(t, key)
		h.refused("a lost root key", "root_key_file", "is missing", "copy")
		if _, err := os.Stat(key); err == nil {
			t.Error("a new root key was put where the lost one belongs")
		}
		must(t, os.WriteFile(key, []byte(randomKey()), 0o600))
		h.refused("another root key", "wrong root key")
		must(t, os.WriteFile(key, []byte("not a key"), 0o600))
		h.refused("what is no key", "32 bytes", "base64")
		must(t, os.Rename(kept, key))
		must(t, os.Chmod(key, 0o644))
		h.refused("a root key that others may read", "chmod 600")
		must(t, os.Chmod(key, 0o600))
		vault := move(t, filepath.Join(data, "vault.db"))
		h.refused("a lost vault", "leads to no vault", "vault.db is gone")
		must(t, os.Rename(vault, filepath.Join(data, "vault.db")))
		h.start() // nothing was harmed by all this
		h.serving.end(t, syscall.SIGTERM)
		h.place = append(h.place, "--vault-url", "sqlite:"+filepath.Join(foreign, "vault.db"), "--root-key-file", filepath.Join(foreign, "root.key"))
		h.refused("another installation's vault", "another installation", "vault URL")
		status, out, said := h.run("deliveries", "--json")
		wantRefusal(t, "a command with another installation's vault", status, out, said, "another installation")
		other.start()
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, storetest.PostgresURL(t), storetest.PostgresURL(t))
		place := h.place
		h.place = append(place[:len(place):len(place)], "--root-key-file", h.file("wrong.key", randomKey()))
		h.refused("another root key", "wrong root key")
		h.place = append(place[:len(place):len(place)], "--vault-url", storetest.PostgresURL(t))
		h.refused("another installation's vault", "another installation")
		h.place = append(place[:len(place):len(place)], "--root-key-file", filepath.Join(h.dir, "nothing.key"))
		h.refused("a lost root key", "root_key_file", "does not exist")
		h.place = append(place[:len(place):len(place)], "--database-url", "postgres://erika:Kanarienvogel@127.0.0.1:9/none")
		h.refused("a database that is not there", "PostgreSQL")
		h.place = place
		h.start()
	})
}

// move puts a file aside and gives its new name.
func move(t testing.TB, path string) string {
	t.Helper()
	must(t, os.Rename(path, path+".kept"))
	return path + ".kept"
}

// A schema one version ahead is served, so that nodes can be upgraded one by one; a
// newer one is not.
func TestSchemaAhead(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		newest := column(t, h.open("data"), "SELECT CAST(MAX(version_id) AS TEXT) FROM goose_db_version")[0]
		for ahead := range 2 {
			h.change("data", fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%s + %d, %s)", newest, ahead+1, "TRUE"))
			if ahead == 0 {
				h.start()
				h.serving.end(t, syscall.SIGTERM)
				continue
			}
			h.refused("a schema two versions ahead", "newer schema", "start the newer program")
			status, out, said := h.run("deliveries", "--json")
			wantRefusal(t, "a command on a schema two versions ahead", status, out, said, "newer schema")
		}
		h.change("data", fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id > %s", newest))
		h.change("vault", "INSERT INTO vault_schema (version) VALUES (99)")
		h.refused("a vault of a newer release", "newer release")
	})
}

// open opens the house's data or vault as no program of ours does.
func (h *house) open(which string) *sql.DB {
	h.t.Helper()
	driver, name := "sqlite", filepath.Join(h.dir, "data", map[string]string{"data": "botschaft.db", "vault": "vault.db"}[which])
	if d := h.databases(); len(d) == 2 {
		driver, name = "pgx", d[map[string]int{"data": 0, "vault": 1}[which]]
	}
	db, err := sql.Open(driver, name)
	must(h.t, err)
	h.t.Cleanup(func() { _ = db.Close() })
	return db
}

// change changes the house's data or vault behind its back.
func (h *house) change(which, statement string) {
	h.t.Helper()
	db := h.open(which)
	_, err := db.ExecContext(h.t.Context(), statement)
	must(h.t, err)
	must(h.t, db.Close())
}

// A house is set up once, and the second attempt changes nothing.
func TestSetupTwice(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		status, out, said := h.run("setup", "--json", "--controller", "Andere AG", "--email", "max@andere.example", "--password-file", h.file("other", "another horse battery"))
		wantRefusal(t, "a second setup", status, out, said, "set up already", "botschaft agent create")
		h.start()
		if a := h.call(http.MethodGet, "/me", ""); a.status != http.StatusOK || !strings.Contains(a.body, adminEmail) || strings.Contains(a.body, "Andere") {
			t.Errorf("after it: %d %s", a.status, a.body)
		}
		body := `{"email":"max@andere.example","password":"another horse battery"}`
		wantStatus(t, "the second admin", h.ask(http.MethodPost, "/api/v1/session", body, "Content-Type", "application/json"), http.StatusUnauthorized)
	})
}

// The server has nothing of the simulator in it.
func TestServerIsNoSimulator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	for _, path := range []string{
		"/sim/state", "/sim/events", "/sim/numbers", "/sim/customers", "/sim/customers/anna/messages", "/sim/clock", "/sim/faults", "/sim/settings", "/sim/outbox",
		"/v25.0/" + phoneNumberID, "/v25.0/" + phoneNumberID + "/messages", "/" + phoneNumberID + "/messages", "/stage.css", "/phone",
	} {
		wantStatus(t, "GET "+path, h.ask(http.MethodGet, path, "", h.bearer()...), http.StatusNotFound)
		a := h.ask(http.MethodPost, path, `{"text":"hello"}`, h.bearer()...)
		if a.status != http.StatusNotFound && (a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET, HEAD") { // of the app's pages
			t.Errorf("POST %s: got %d %q", path, a.status, a.body)
		}
	}
}
