package bench

import (
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// BenchmarkTakeover: of two nodes one is killed that holds lanes with due work, while 200
// messages a second come in at each. From the kill until the other has taken over the
// last of those lanes. PostgreSQL only.
func BenchmarkTakeover(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		database := storetest.PostgresURL(b)
		dying := newHouse(b, database, nowhere)
		other := dying.node()
		worst := 0.0
		all := map[string][]float64{}
		for round := range number("BENCH_ROUNDS", 5) {
			took, lanes := dying.takenOver(other, database, round)
			worst = max(worst, took.Seconds())
			all["takeover-s"] = append(all["takeover-s"], took.Seconds())
			all["lanes"] = append(all["lanes"], float64(lanes))
			dying.start()
		}
		all["takeover-worst-s"] = []float64{worst}
		report(b, all)
	})
}

// node is a further server of the same house.
func (h *house) node() *house {
	h.b.Helper()
	n := *h
	n.listen, n.metrics = freeAddress(h.b), freeAddress(h.b)
	n.place = slices.Concat([]string{"--data-dir", h.b.TempDir()}, h.place[2:])
	n.start()
	h.b.Cleanup(n.stop)
	return &n
}

// takenOver kills the node at work and gives how long the last of its lanes rested, and how
// many with due work it had. It is tried anew while it dies with none.
func (h *house) takenOver(other *house, database string, round int) (took time.Duration, lanes int) {
	h.b.Helper()
	db := storetest.Beside(h.b, database)
	pid := 0
	held := func() (n int) {
		const query = "SELECT COUNT(*) FROM lane WHERE holder LIKE $1 AND due_at <= $2"
		must(h.b, db.QueryRow(query, fmt.Sprintf("%%-%d-%%", pid), time.Now().UnixMilli()).Scan(&n), "look at the lanes")
		return n
	}
	for try := range 20 {
		t := &traffic{}
		t.serial.Store(int64(round*20+try+1) << 32)
		var loading sync.WaitGroup
		loading.Go(func() { h.load(t, 200, seconds(15), alone) }) // refused once it is dead
		loading.Go(func() {
			if out := other.load(t, 200, seconds(15), alone); out.refused > 0 {
				h.b.Errorf("the living node refused %d messages", out.refused)
			}
		})
		pid = h.process.Process.Pid
		died := h.stopAtWork(held)
		_ = h.process.Process.Kill()
		_ = h.process.Wait()
		for lanes = held(); held() > 0; time.Sleep(5 * time.Millisecond) {
			if time.Since(died) > time.Minute {
				h.b.Fatal("the lanes are not taken over")
			}
		}
		took = time.Since(died)
		loading.Wait()
		other.quiesce(time.Now().Add(time.Minute))
		if lanes > 0 {
			return took, lanes
		}
		h.start()
	}
	h.b.Fatal("the node never died with lanes of its own")
	return 0, 0
}

// stopAtWork stops the process for good when it holds lanes, and gives when. What it had
// under way at the database has ended by then.
func (h *house) stopAtWork(held func() int) (stopped time.Time) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		stopped = time.Now()
		_ = h.process.Process.Signal(syscall.SIGSTOP)
		time.Sleep(50 * time.Millisecond)
		if held() > 0 {
			break
		}
		_ = h.process.Process.Signal(syscall.SIGCONT)
	}
	return stopped
}
