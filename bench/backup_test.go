package bench

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/storetest"
)

// safe is where backups go, and who can open them.
type safe struct {
	dir, identity, recipient string
}

func newSafe(b testing.TB) safe {
	s := safe{dir: b.TempDir(), identity: filepath.Join(b.TempDir(), "identity")}
	var err error
	s.recipient, err = archive.NewIdentity(s.identity)
	must(b, err, "make an identity")
	return s
}

// archived is what the command tells of a backup.
type archived struct {
	Data, Vault struct {
		File  string
		Bytes int64
		Rows  int64
	}
}

// BenchmarkRestore: backup and restore of a house with 1,000,000 messages, or
// BENCH_MESSAGES, by the commands, the checks they make included.
func BenchmarkRestore(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		h.seed(number("BENCH_MESSAGES", 1_000_000))
		s := newSafe(b)
		medians(b, func(int) map[string]float64 {
			var made archived
			begun := time.Now()
			h.command(&made, "backup", "--json", "--to", s.dir, "--recipient", s.recipient)
			out := map[string]float64{
				"backup-s": time.Since(begun).Seconds(), "archives-MiB": float64(made.Data.Bytes+made.Vault.Bytes) / (1 << 20),
			}
			empty := h.elsewhere(database)
			var back struct{ Rows int64 }
			begun = time.Now()
			empty.command(&back, "restore", "--json", "--data", made.Data.File, "--vault", made.Vault.File, "--identity-file", s.identity)
			out["restore-s"] = time.Since(begun).Seconds()
			if back.Rows != made.Data.Rows+made.Vault.Rows {
				b.Errorf("of %d rows came back %d", made.Data.Rows+made.Vault.Rows, back.Rows)
			}
			for _, name := range []string{made.Data.File, made.Vault.File} {
				must(b, os.Remove(name), "remove an archive")
			}
			return out
		})
	})
}

// elsewhere is an empty place that has the house's root key.
func (h *house) elsewhere(database string) *house {
	h.b.Helper()
	dir := h.b.TempDir()
	key, err := os.ReadFile(h.home.RootKeyFile)
	must(h.b, err, "read the root key")
	must(h.b, os.WriteFile(filepath.Join(dir, "root.key"), key, 0o600), "copy the root key")
	n := *h
	n.place = []string{"--data-dir", dir, "--root-key-file", filepath.Join(dir, "root.key")}
	if database != "" {
		n.place = append(n.place, "--database-url", storetest.PostgresURL(h.b), "--vault-url", storetest.PostgresURL(h.b))
	}
	return &n
}

// BenchmarkBackup: how much a backup of 1,000,000 messages, or BENCH_MESSAGES, slows what
// comes in meanwhile. Each round takes a pair, with a backup running all the time and
// without, by turns: as many bodies as are answered, and 500 messages a second.
func BenchmarkBackup(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		h.seed(number("BENCH_MESSAGES", 1_000_000))
		s, t := newSafe(b), &traffic{}
		medians(b, func(round int) map[string]float64 {
			out := map[string]float64{}
			for turn := range 2 {
				if (round+turn)%2 == 0 {
					h.takeIn(t, out, "alone")
					continue
				}
				end := h.backUp(s)
				h.takeIn(t, out, "backup")
				out["backups"] = float64(end())
			}
			out["slower-%"] = 100 * (1 - out["backup-rate/s"]/out["alone-rate/s"])
			return out
		})
	})
}

// takeIn measures what comes in at most, and how fast 500 a second are answered.
func (h *house) takeIn(t *traffic, out map[string]float64, beside string) {
	h.b.Helper()
	lasting := seconds(30)
	out[beside+"-rate/s"] = h.flood(t, lasting)
	h.quiesce(time.Now().Add(5 * time.Minute))
	paced := h.load(t, number("BENCH_RATE", 500), lasting, mixed)
	out[beside+"-ack-p50-ms"] = milliseconds(percentile(paced.acks, 50))
	out[beside+"-ack-p99-ms"] = milliseconds(percentile(paced.acks, 99))
	h.quiesce(time.Now().Add(5 * time.Minute))
	if paced.refused > 0 {
		h.b.Errorf("%d messages were refused", paced.refused)
	}
}

// flood posts as fast as 64 posters are answered and gives the messages a second that were
// answered with 200. The house is filled while it lasts.
func (h *house) flood(t *traffic, lasting time.Duration) float64 {
	var messages atomic.Int64
	var posters sync.WaitGroup
	begun := time.Now()
	for range 64 {
		posters.Go(func() {
			for i := 0; time.Since(begun) < lasting; i++ {
				if _, status, err := h.post(t.body(mixed(i))); err == nil && status == http.StatusOK {
					messages.Add(int64(mixed(i)))
				}
			}
		})
	}
	posters.Wait()
	return float64(messages.Load()) / time.Since(begun).Seconds()
}

// backUp makes one backup after the other from when the first has begun to write until
// end, which gives how many there were.
func (h *house) backUp(s safe) (end func() int) {
	h.b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, begun := make(chan struct{}), 0
	go func() {
		defer close(done)
		for ; ctx.Err() == nil; begun++ {
			if err := h.backUpOnce(ctx, s); err != nil && ctx.Err() == nil {
				h.b.Errorf("a backup failed: %v", err)
				return
			}
		}
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(s.dir, "*", "*")); len(found) > 0 {
			break
		}
		if time.Now().After(deadline) {
			h.b.Error("no backup begins")
			break
		}
	}
	return func() int {
		cancel()
		<-done
		return begun
	}
}

// backUpOnce makes a backup and takes it away.
func (h *house) backUpOnce(ctx context.Context, s safe) error {
	dir, err := os.MkdirTemp(s.dir, "")
	if err != nil {
		return err
	}
	args := append([]string{"backup", "--to", dir, "--recipient", s.recipient}, h.place...)
	err = exec.CommandContext(ctx, h.program, args...).Run()
	return errors.Join(err, os.RemoveAll(dir))
}
