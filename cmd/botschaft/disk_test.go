package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// disk is a small file system of its own that can be filled and freed.
type disk struct {
	t   testing.TB
	dir string
}

// newDisk mounts one of so many MiB, or skips the test where nobody may mount. Readiness
// asks for 64 MiB of room, so give it more.
func newDisk(t testing.TB, size string) *disk {
	t.Helper()
	d := &disk{t, t.TempDir()}
	if err := unix.Mount("tmpfs", d.dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount(d.dir, unix.MNT_DETACH)) })
	return d
}

// fill leaves no byte of room.
func (d *disk) fill() {
	d.t.Helper()
	f, err := os.OpenFile(filepath.Join(d.dir, "filler"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	must(d.t, err)
	for size := 1 << 20; size > 0; {
		if _, err = f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, unix.ENOSPC) {
		d.t.Errorf("the disk is not full: %v", err)
	}
	must(d.t, f.Close())
}

// free makes room again.
func (d *disk) free() {
	d.t.Helper()
	must(d.t, os.Remove(filepath.Join(d.dir, "filler")))
}

// data is the path of a file in the data directory.
func (h *house) data(name string) string { return filepath.Join(h.dir, "data", name) }

// awaitCopy waits until the server has saved a copy of a database.
func (h *house) awaitCopy(database string) {
	h.t.Helper()
	eventually(h.t, 30*time.Second, "a copy of "+database+" is saved", func() bool {
		_, err := os.Stat(h.data(database + ".saved"))
		return err == nil
	})
}

// putBack does what docs/operate.md asks of an operator.
func (h *house) putBack(database string) {
	h.t.Helper()
	lines := strings.Join(linesOf(h.t, "## When a file of SQLite is taken away"), "\n")
	lines = strings.NewReplacer("/var/lib/botschaft", h.data("."), "botschaft.db", database).Replace(lines)
	if said, err := exec.CommandContext(h.t.Context(), "sh", "-ec", lines).CombinedOutput(); err != nil {
		h.t.Fatalf("%s: %v\n%s", lines, err, said)
	}
}
