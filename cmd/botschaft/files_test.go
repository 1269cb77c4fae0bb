package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSmallDisk fills the disk of the data, then that of the keys alone, while customers
// write: nothing is acknowledged that is not kept, and all goes on when there is room.
func TestSmallDisk(t *testing.T) {
	t.Parallel()
	for what, place := range map[string]func(d *disk, dir string) []string{
		"the database's directory": func(d *disk, dir string) []string {
			return []string{"sqlite:" + d.dir + "/botschaft.db", "sqlite:" + dir + "/vault.db"}
		},
		"the vault's directory": func(d *disk, dir string) []string {
			return []string{"sqlite:" + dir + "/botschaft.db", "sqlite:" + d.dir + "/vault.db"}
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			d := newDisk(t, "80m")
			h := newHouse(t, place(d, t.TempDir())...)
			_, webhook := h.inbox(phoneNumberID, nowhere)
			h.start()
			f := h.flow(webhook, 2)
			f.await(t, 20, 0)
			d.fill()
			eventually(t, 10*time.Second, "the server is not ready", func() bool { return !h.readiness().Ready })
			if says := h.readiness().Checks["disk"]; says != "only 0 MiB are free in "+what {
				t.Errorf("the disk is said to be %q", says)
			}
			stranger := strings.ReplaceAll(said(900_000, "a stranger writes"), "4915700000001", "4915700000002")
			kept := h.deliver(webhook, stranger).status // with the vault full it is kept, and waits for a key
			if strings.HasPrefix(what, "the database") {
				f.await(t, 0, 10)
			}
			d.free()
			eventually(t, 10*time.Second, "the server is ready again", func() bool { return h.readiness().Ready })
			f.await(t, 20, 0)
			f.end()
			f.wantRefusals()
			f.bodies["a stranger writes"], f.accepted["a stranger writes"] = stranger, kept == http.StatusOK
			f.settle()
			want(t, "the server's status", h.serving.end(t, syscall.SIGTERM), 0)
		})
	}
}

// TestFilesGone takes files away under a server. What it acknowledged is found again by
// whoever puts the copy in its place that the server saved.
func TestFilesGone(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		check, database, says string
		do                    func(t *testing.T, h *house)
	}{
		"the database": {"database", "botschaft.db", "botschaft.db is gone", func(t *testing.T, h *house) { must(t, os.Remove(h.data("botschaft.db"))) }},
		"its log":      {"database", "botschaft.db", "botschaft.db-wal is gone", func(t *testing.T, h *house) { must(t, os.Remove(h.data("botschaft.db-wal"))) }},
		"its index":    {"database", "botschaft.db", "botschaft.db-shm is gone", func(t *testing.T, h *house) { must(t, os.Remove(h.data("botschaft.db-shm"))) }},
		"replaced": {"database", "botschaft.db", "botschaft.db was replaced", func(t *testing.T, h *house) {
			bytes, err := os.ReadFile(h.data("botschaft.db"))
			must(t, err)
			must(t, os.Rename(h.file("other.db", string(bytes)), h.data("botschaft.db")))
		}},
		"the vault": {"vault", "vault.db", "vault.db is gone", func(t *testing.T, h *house) { must(t, os.Remove(h.data("vault.db"))) }},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			_, webhook := h.inbox(phoneNumberID, nowhere)
			h.start()
			f := h.flow(webhook, 2)
			f.await(t, 20, 0)
			c.do(t, h)
			f.await(t, 0, 5)
			before, _ := f.counts()
			if says := h.readiness().Checks[c.check]; !strings.Contains(says, "the file "+c.says) {
				t.Errorf("readiness says %q", says)
			}
			if status, _, says := h.run("health", "--ready", "--listen", h.listen); status != 1 || !strings.Contains(says, c.says) {
				t.Errorf("health: status %d, %q", status, says)
			}
			h.awaitCopy(c.database)
			f.end()
			f.wantRefusals()
			if after, _ := f.counts(); after > before {
				t.Errorf("%d webhooks were acknowledged without %s", after-before, what)
			}
			h.serving.end(t, syscall.SIGTERM)
			if log := h.serving.said.String(); !strings.Contains(log, "a whole copy was saved") || !strings.Contains(log, c.says) {
				t.Errorf("the log does not tell of it:\n%s", log)
			}
			h.refused("a server beside a saved copy", c.database+".saved, a whole copy")
			h.putBack(c.database)
			h.start()
			f.settle()
			want(t, "the server's status", h.serving.end(t, syscall.SIGTERM), 0)
			if status, out, says := h.run("verify", "audit"); status != 0 {
				t.Errorf("the audit log: status %d\n%s%s", status, out, says)
			}
		})
	}
}

// TestFilesLost starts a server whose files were lost or damaged: it makes no new house in
// the place of the old one, and touches nothing.
func TestFilesLost(t *testing.T) {
	t.Parallel()
	t.Run("while it serves", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		_, webhook := h.inbox(phoneNumberID, nowhere)
		h.start()
		wantStatus(t, "a text", h.deliver(webhook, said(1, "a text")), http.StatusOK)
		h.awaitTexts("a text")
		h.spoil(t, "botschaft.db")
		a := h.call(http.MethodGet, "/conversations", "")
		if a.status != http.StatusServiceUnavailable || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("a damaged database is answered with %d %s", a.status, a.body)
		}
		h.serving.end(t, syscall.SIGKILL)
		h.refused("a damaged file", "botschaft.db is damaged and is left as it is")
	})
	t.Run("before it starts", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		for _, c := range []struct{ file, says string }{
			{"botschaft.db", "leads to no database: botschaft.db is gone"},
			{"vault.db", "leads to no vault: vault.db is gone"},
		} {
			must(t, os.Rename(h.data(c.file), h.data("aside")))
			h.refused("a server without "+c.file, c.says)
			if _, err := os.Stat(h.data(c.file)); !os.IsNotExist(err) {
				t.Errorf("%s was made anew", c.file)
			}
			if status, _, says := h.run("deliveries"); status != 1 || !strings.Contains(says, c.file) {
				t.Errorf("a command without %s: status %d, %q", c.file, status, says)
			}
			must(t, os.WriteFile(h.data(c.file), nil, 0o600))
			h.refused("a server without "+c.file, c.says)
			must(t, os.Rename(h.data("aside"), h.data(c.file)))
		}
		for _, file := range []string{"botschaft.db", "vault.db"} {
			whole, err := os.ReadFile(h.data(file))
			must(t, err)
			h.spoil(t, file)
			h.refused("a damaged file", file+" is damaged")
			must(t, os.WriteFile(h.data(file), whole, 0o600))
		}
		h.start()
	})
}

// spoil overwrites all of a SQLite file but its first page.
func (h *house) spoil(t testing.TB, file string) {
	t.Helper()
	f, err := os.OpenFile(h.data(file), os.O_WRONLY, 0)
	must(t, err)
	at, err := f.Stat()
	must(t, err)
	const page = 4096
	_, err = f.WriteAt([]byte(strings.Repeat("\xff", int(at.Size())-page)), page)
	must(t, err)
	must(t, f.Close())
}

// TestSecondServer starts a second server on the same files, in three ways. It refuses; the
// first one does not notice; commands work beside it.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, webhook := h.inbox(phoneNumberID, nowhere)
	h.start()
	f := h.flow(webhook, 2)
	f.await(t, 10, 0)
	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(h.data("botschaft.db"), link))
	elsewhere := []string{"--data-dir", t.TempDir(), "--root-key-file", h.data("root.key"), "--vault-url", "sqlite:" + h.data("vault.db")}
	for what, c := range map[string]struct {
		flags []string
		says  string
	}{
		"the same directory":       {h.place, "another botschaft serves this data directory already"},
		"the files from elsewhere": {append(elsewhere, "--database-url", "sqlite:"+h.data("botschaft.db")), "another botschaft serves botschaft.db already"},
		"through a link":           {append(elsewhere, "--database-url", "sqlite:"+link), "another botschaft serves link.db already"},
	} {
		p := begin(t, h.env, append([]string{"serve", "--listen", freeAddress(t)}, c.flags...)...)
		if status := p.status(t, 10*time.Second); status != 1 || !strings.Contains(p.said.String(), c.says) {
			t.Errorf("%s: status %d, %q", what, status, p.said.String())
		}
	}
	if items := h.aside(); len(items) > 0 {
		t.Errorf("set aside: %v", items)
	}
	f.await(t, 10, 0)
	f.end()
	if len(f.refused) > 0 {
		t.Errorf("%d webhooks were refused", len(f.refused))
	}
	f.settle()
	h.serving.end(t, syscall.SIGKILL) // the locks go with their holder
	h.start()
}
