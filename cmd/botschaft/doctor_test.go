package main_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// examined is what doctor --json prints.
type examined struct {
	Worst    string
	Findings []struct{ Check, Severity, Looked, Found, Mend string }
}

// doctor looks at the house. It must print facts, and say nothing of what is secret or of
// what people wrote.
func (h *house) doctor(want int, more ...string) examined {
	h.t.Helper()
	args := append([]string{"doctor", "--json", "--listen", h.listen}, more...)
	status, out, said := h.run(args...)
	var got examined
	if err := json.Unmarshal([]byte(out), &got); err != nil || status != want || (said == "") != (want == 0) {
		h.t.Errorf("doctor: status %d, want %d, said %q, printed:\n%s", status, want, said, out)
	}
	_, told, _ := h.run(append(args[:1:1], append([]string{"--all"}, args[2:]...)...)...)
	for _, f := range got.Findings {
		if !strings.Contains(told, strings.ToUpper(f.Severity)) || !strings.Contains(told, f.Looked) {
			h.t.Errorf("%+v is not told to people:\n%s", f, told)
		}
	}
	wantNoTraces(h.t, "doctor", out+said+told, append(h.secrets(), canary{"the number", "4915700000001"}, canary{"the name", "Anna Muster"}))
	return got
}

// has wants a Finding whose text holds these words.
func (e examined) has(t testing.TB, check, severity, words string) {
	t.Helper()
	for _, f := range e.Findings {
		if f.Check == check && f.Severity == severity && strings.Contains(f.Looked+": "+f.Found, words) {
			return
		}
	}
	t.Errorf("no %s of %s with %q among %+v", severity, check, words, e.Findings)
}

// prints gives what every file of the data directory holds.
func (h *house) prints() string {
	h.t.Helper()
	var all strings.Builder
	must(h.t, filepath.WalkDir(filepath.Join(h.dir, "data"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		info, gone := d.Info()
		must(h.t, gone)
		fmt.Fprintf(&all, "%s %v %x\n", path, info.Mode(), sha256.Sum256(content))
		return err
	}))
	return all.String()
}

// liesInMemory tells whether a directory is on a tmpfs, as that of temporary files may be.
func liesInMemory(t testing.TB, dir string) bool {
	t.Helper()
	const tmpfs = 0x01021994
	var fs syscall.Statfs_t
	must(t, syscall.Statfs(dir, &fs))
	return fs.Type == tmpfs
}

// TestDoctor looks at a house at rest, at one that works, and at one in trouble.
func TestDoctor(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		p := newProvider(t)
		id, webhook := h.inbox(phoneNumberID, p.url)
		sqlite := len(h.place) == 2
		status := 1 // the tests' PostgreSQL has fsync off
		if sqlite && !liesInMemory(t, h.dir) {
			status = 0
		}
		before := h.prints()
		resting := h.doctor(status)
		if after := h.prints(); after != before {
			t.Errorf("looking changed something:\n%s\n%s", before, after)
		}
		resting.has(t, "serving", "note", "none runs")
		resting.has(t, "vault", "ok", "opens")
		resting.has(t, "egress", "ok", "answers")
		resting.has(t, "inboxes", "ok", "1 have their secrets")
		resting.has(t, "schema", "ok", "version")
		if sqlite && liesInMemory(t, h.dir) {
			resting.has(t, "disk", "problem", "in memory")
		}
		if sqlite {
			resting.has(t, "integrity", "ok", "finds nothing")
			resting.has(t, "root_key", "note", "data directory")
		} else {
			resting.has(t, "database_settings", "problem", "fsync is off")
			resting.has(t, "archive", "warning", "one PostgreSQL server")
			resting.has(t, "connections", "ok", "a node holds up to 33")
		}

		h.start()
		working := h.doctor(status)
		working.has(t, "serving", "ok", "is ready")
		knocks := len(p.sent())
		wantStatus(t, "webhook", h.deliver(webhook, said(1, "hello")), http.StatusOK)
		h.awaitTexts("hello")
		eventually(t, 10*time.Second, "the notice is sent", func() bool { return len(p.sent()) > knocks })
		wantStatus(t, "malformed", h.deliver(webhook, "{"), http.StatusOK)
		p.hush(true)
		wantStatus(t, "reply", h.reply(h.conversation(), "1", "in doubt"), http.StatusCreated)
		h.awaitStatus("in doubt", "in_doubt")
		h.command(&struct{}{}, "inbox", "pause", "--json", "--reason", "a test", id)
		eventually(t, 10*time.Second, "an item is set aside", func() bool { return len(h.aside()) == 1 })
		troubled := h.doctor(1) // nobody listens to the provider any more: it drops the line
		troubled.has(t, "set_aside", "warning", "1 wait")
		troubled.has(t, "doubt", "note", "one since")
		troubled.has(t, "paused", "warning", id)
		troubled.has(t, "egress", "problem", "no answer")
		h.serving.end(t, syscall.SIGKILL)
		h.doctor(1).has(t, "waiting", "ok", "")
	})
}

// What is missing, wrong or readable by others is a problem, and the look goes on.
func TestDoctorFindsFaults(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	data := filepath.Join(h.dir, "data")
	key := filepath.Join(data, "root.key")
	must(t, os.Chmod(key, 0o644))
	got := h.doctor(1)
	got.has(t, "root_key", "problem", "chmod 600")
	got.has(t, "file_rights", "problem", "others may read it")
	got.has(t, "set_aside", "ok", "none")
	must(t, os.Chmod(key, 0o600))
	was, err := os.ReadFile(key)
	must(t, err)
	must(t, os.WriteFile(key, []byte(randomKey()), 0o600))
	h.doctor(1).has(t, "vault", "problem", "not the one of this vault")
	must(t, os.Remove(key))
	h.doctor(1).has(t, "root_key", "problem", "missing")
	if _, err := os.Stat(key); err == nil {
		t.Error("doctor made a root key")
	}
	must(t, os.WriteFile(key, was, 0o600))
	must(t, os.Rename(filepath.Join(data, "vault.db"), filepath.Join(h.dir, "vault.db")))
	h.doctor(1).has(t, "vault", "problem", "no vault")
	other := newHouse(t)
	must(t, os.Rename(filepath.Join(other.dir, "data", "vault.db"), filepath.Join(data, "vault.db")))
	must(t, os.Rename(filepath.Join(other.dir, "data", "root.key"), key))
	h.doctor(1).has(t, "vault", "problem", "another installation")
	damage(t, filepath.Join(data, "botschaft.db"))
	h.doctor(1).has(t, "integrity", "problem", "damaged")
	must(t, os.WriteFile(filepath.Join(data, "botschaft.db"), []byte(strings.Repeat("no database ", 800)), 0o600))
	h.doctor(1).has(t, "database", "problem", "not a database")
	must(t, os.RemoveAll(data))
	gone := h.doctor(1)
	gone.has(t, "database", "problem", "no database file")
	gone.has(t, "disk", "problem", "no such file")
	if _, err := os.Stat(data); err == nil {
		t.Error("doctor made a data directory")
	}
	h.env = append(h.env, "BOTSCHAFT_TIME_ZONE=Local")
	h.doctor(1).has(t, "configuration", "problem", "time_zone")
}

// damage overwrites pages in the middle of a SQLite file.
func damage(t testing.TB, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt(make([]byte, 20*4096), 60*4096)
	must(t, errors.Join(err, f.Close()))
}

// A container asks its own server with the same program.
func TestHealth(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ask := func(want int, more ...string) {
		t.Helper()
		if status, out, said := h.run(append([]string{"health", "--listen", h.listen}, more...)...); status != want || (out == "") == (want == 0) || (said == "") != (want == 0) {
			t.Errorf("health %v: status %d, printed %q, said %q", more, status, out, said)
		}
	}
	ask(1)
	h.start()
	ask(0)
	ask(0, "--ready")
	must(t, os.Chmod(filepath.Join(h.dir, "data"), 0o500))
	defer func() { _ = os.Chmod(filepath.Join(h.dir, "data"), 0o700) }()
	ask(0)
	h.serving.end(t, syscall.SIGTERM)
	ask(1, "--ready")
}
