package main_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"

	"botschaft/internal/storetest"
)

// A server that is well names what it looked at.
func TestReadiness(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		h.start()
		r := h.readiness()
		if got := slices.Sorted(maps.Keys(r.Checks)); !r.Ready || !slices.Equal(got, []string{"clock", "database", "disk", "vault"}) {
			t.Errorf("got %+v", r)
		}
		for name, said := range r.Checks {
			if said != "ok" {
				t.Errorf("%s says %q", name, said)
			}
		}
		if a := h.ask(http.MethodGet, "/healthz", ""); a.status != http.StatusOK || a.body != "{\"alive\":true}\n" {
			t.Errorf("healthz: %d %q", a.status, a.body)
		}
	})
}

// TestDatabaseGone cuts a PostgreSQL off while webhooks stream in, once that of the
// data and once that of the keys.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	for n, check := range []string{"database", "vault"} {
		t.Run(check, func(t *testing.T) {
			t.Parallel()
			databases := []string{storetest.PostgresURL(t), storetest.PostgresURL(t)}
			h := newHouse(t, databases...)
			_, webhook := h.inbox(phoneNumberID, nowhere)
			h.outspoken()
			h.start()
			f := h.flow(webhook, 2)
			f.await(t, 20, 0)
			allow(t, databases[n], false)
			eventually(t, 10*time.Second, "the server is not ready", func() bool { return !h.readiness().Ready })
			r := h.readiness()
			if said := r.Checks[check]; said == "ok" || len(strings.Fields(said)) < 3 {
				t.Errorf("%s says %q", check, said)
			}
			if other := []string{"vault", "database"}[n]; r.Checks[other] != "ok" || r.Checks["disk"] != "ok" {
				t.Errorf("what is well is blamed: %+v", r)
			}
			wantStatus(t, "healthz", h.ask(http.MethodGet, "/healthz", ""), http.StatusOK)
			if check == "database" { // a day's key is at hand for a while, so webhooks need no vault
				f.await(t, 0, 20)
				a := h.call(http.MethodGet, "/conversations", "")
				if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, `"code":"unavailable"`) {
					t.Errorf("the API answers %d %s", a.status, a.body)
				}
			}
			wantNoTraces(t, "readyz", fmt.Sprint(r), append(passwords(t, databases...), addresses(t, databases...)...))
			allow(t, databases[n], true)
			eventually(t, 10*time.Second, "the server is ready again", func() bool { return h.readiness().Ready })
			f.await(t, 20, 0)
			f.end()
			f.wantRefusals()
			f.settle()
			wantNoTraces(t, "the log", h.serving.said.String(), append(h.secrets(), passwords(t, databases...)...))
			if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
				t.Errorf("the server ended with status %d", status)
			}
		})
	}
}

// wantRefusals checks that whoever was refused was told to come again.
func (f *flow) wantRefusals() {
	f.h.t.Helper()
	for _, a := range f.refused {
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			f.h.t.Fatalf("refused with %d %q %v", a.status, a.body, a.header)
		}
	}
}

// passwords are what must not be told of a PostgreSQL.
func passwords(t testing.TB, databases ...string) []canary {
	t.Helper()
	var all []canary
	for _, d := range databases {
		u, err := url.Parse(d)
		must(t, err)
		if password, ok := u.User.Password(); ok {
			all = append(all, canary{"a database's password", password})
		}
	}
	return all
}

// addresses are what is nobody's business but the operator's.
func addresses(t testing.TB, databases ...string) []canary {
	t.Helper()
	var all []canary
	for _, d := range databases {
		u, err := url.Parse(d)
		must(t, err)
		all = append(all, canary{"a database's host", u.Host}, canary{"a database's name", strings.TrimPrefix(u.Path, "/")})
	}
	return all
}

// allow lets connections into a database, or ends them all and lets none in.
func allow(t testing.TB, database string, allowed bool) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	conn, err := pgx.Connect(t.Context(), u.String())
	must(t, err)
	_, err = conn.Exec(t.Context(), fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", name, allowed))
	if err == nil && !allowed {
		_, err = conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
	}
	must(t, errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))))
}

// TestDiskFull lets no file grow any more while webhooks stream in, as a full disk or
// a quota does: what cannot be kept is refused, and what was accepted stays.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, webhook := h.inbox(phoneNumberID, nowhere)
	h.outspoken()
	h.start()
	f := h.flow(webhook, 2)
	f.await(t, 20, 0)
	conversation := h.conversation()
	h.serving.limit(t, 1)
	f.await(t, 0, 20)
	r := h.readiness()
	if said := r.Checks["disk"]; r.Ready || !strings.Contains(said, "data directory") || strings.Contains(said, h.dir) {
		t.Errorf("not ready: %+v", r)
	}
	wantStatus(t, "healthz", h.ask(http.MethodGet, "/healthz", ""), http.StatusOK)
	if a := h.reply(conversation, "1", "a reply"); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `"code":"unavailable"`) {
		t.Errorf("a reply: %d %s", a.status, a.body)
	}
	h.serving.limit(t, unix.RLIM_INFINITY)
	eventually(t, 10*time.Second, "the server is ready again", func() bool { return h.readiness().Ready })
	f.await(t, 20, 0)
	h.serving.limit(t, 1)
	f.await(t, 0, 20)
	f.end()
	f.wantRefusals()
	h.serving.end(t, syscall.SIGKILL) // full to the end
	wantNoTraces(t, "the log", h.serving.said.String(), h.secrets())
	h.start()
	f.settle()
	if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("the server ended with status %d", status)
	}
	if status, out, said := h.run("verify", "audit"); status != 0 {
		t.Errorf("the audit log: status %d\n%s%s", status, out, said)
	}
}

// limit bounds the files the process writes.
func (p *process) limit(t testing.TB, size uint64) {
	t.Helper()
	must(t, unix.Prlimit(p.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}, nil))
}
