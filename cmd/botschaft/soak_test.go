package main_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// briefly is for how long to soak if nobody asked for longer.
const briefly = 3 * time.Minute

// soaking gives a test its share: so many thirds of what BOTSCHAFT_TEST_SOAK says, or of
// briefly.
func soaking(t testing.TB, thirds time.Duration) (lasting time.Duration, long bool) {
	t.Helper()
	lasting = briefly
	if given := os.Getenv(soakVariable); given != "" {
		var err error
		lasting, err = time.ParseDuration(given)
		must(t, err)
		long = true
	}
	return lasting * thirds / 3, long
}

// The pace of customers who write for long.
const unhurried = 40 * time.Millisecond

// between is a moment's length.
func between(least, most time.Duration) time.Duration { return least + rand.N(most-least) }

// nodeFaults are what can happen to one of several nodes.
var nodeFaults = []fault{
	{"bereft of a node that was killed", func(a *arena) func() {
		n := a.nodes[rand.IntN(len(a.nodes))]
		a.kill(n.serving)
		return n.start
	}, 6 * time.Second, true},
	{"left alone by a node that was restarted", func(a *arena) func() {
		n := a.nodes[rand.IntN(len(a.nodes))]
		want(a.t, "the status of a node that was asked to end", n.serving.end(a.t, syscall.SIGTERM), 0)
		return n.start
	}, time.Second, true},
	{"asked by a node that had stopped", func(a *arena) func() {
		p := a.nodes[rand.IntN(len(a.nodes))].serving
		must(a.t, p.Process.Signal(syscall.SIGSTOP))
		return func() { must(a.t, p.Process.Signal(syscall.SIGCONT)) }
	}, 11 * time.Second, true},
	{"asked by a node that had stopped at work", func(a *arena) func() {
		p := a.stopAtWork()
		time.Sleep(takeOver) // another works what it held
		return func() { must(a.t, p.Process.Signal(syscall.SIGCONT)) }
	}, time.Second, true},
}

// stopAtWork stops the node that takes in, after its look for what is known and before it
// hears the answer: nobody can read Messages until it stands still.
func (a *arena) stopAtWork() *process {
	a.t.Helper()
	release := a.lanes.lock("message")
	defer release()
	var p *process
	eventually(a.t, 10*time.Second, "a node takes in", func() bool {
		return slices.ContainsFunc(a.nodes, func(n *house) bool {
			p = n.serving
			return a.lanes.takenInBy(p.Process.Pid) > 0
		})
	})
	time.Sleep(300 * time.Millisecond) // it comes to the look
	must(a.t, p.Process.Signal(syscall.SIGSTOP))
	return p
}

// serverFaults are what the soak does to a PostgreSQL beside the faults of every test.
var serverFaults = []fault{
	{"silent", func(a *arena) func() { a.proxy.Freeze(true); return func() { a.proxy.Freeze(false) } }, 4 * time.Second, true},
	{"failed over", func(a *arena) func() {
		replica := a.cluster.Replica()
		a.cluster.Kill()
		return func() {
			replica.Promote()
			a.proxy.Turn(replica.Address())
			a.cluster, a.lanes.url = replica, replica.URL("botschaft")
		}
	}, time.Second, true},
}

// fileFaults are what can happen to a house on SQLite.
var fileFaults = []fault{
	{"killed with its server", func(a *arena) func() { a.kill(a.house.serving); return a.house.start }, 300 * time.Millisecond, true},
	{"full", func(a *arena) func() {
		p := a.house.serving
		p.limit(a.t, 1)
		return func() { p.limit(a.t, unix.RLIM_INFINITY) }
	}, 2 * time.Second, false},
	{"asked by a server that had stopped", func(a *arena) func() {
		p := a.house.serving
		must(a.t, p.Process.Signal(syscall.SIGSTOP))
		return func() { must(a.t, p.Process.Signal(syscall.SIGCONT)) }
	}, 3 * time.Second, true},
	bereft("botschaft.db"),
	bereft("vault.db"),
	{"wanted by a second server", func(a *arena) func() {
		second := a.house.launch()
		want(a.t, "the status of a second server", second.status(a.t, 10*time.Second), 1)
		return func() {}
	}, 0, true},
}

// bereft takes a file away, and heals as operators are told to.
func bereft(file string) fault {
	return fault{"bereft of " + file, func(a *arena) func() {
		must(a.t, os.Remove(a.house.data(file)))
		return func() {
			a.house.awaitCopy(file)
			a.kill(a.house.serving)
			a.house.putBack(file)
			a.house.start()
		}
	}, 2 * time.Second, true}
}

// soak lets faults strike at random for so long, then judges.
func (a *arena) soak(lasting time.Duration, possible []fault) {
	a.t.Helper()
	var end func()
	a.caller, end = a.call(a.webhook, a.side)
	order := rand.Perm(len(possible))
	struck := 0
	for began := time.Now(); struck == 0 || time.Since(began) < lasting; struck++ {
		if struck%len(order) == 0 {
			order = rand.Perm(len(possible)) // each once before any comes again
		}
		f := possible[order[struck%len(order)]]
		if f.lasts > 0 {
			f.lasts = between(f.lasts/4, f.lasts)
		}
		f.silent = true // it may be over before anybody knocked
		a.suffer(f)
		time.Sleep(between(0, time.Second))
	}
	end()
	a.t.Logf("%d faults", struck)
}

// TestSoakFaults lets everything go wrong at random while customers write and agents
// answer: on PostgreSQL with two nodes behind a balancer, and on SQLite.
func TestSoakFaults(t *testing.T) {
	t.Parallel()
	lasting, long := soaking(t, 2)
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		a := newArena(t, 2)
		one, two := a.house.node(), a.house.node()
		a.house.balance(one, two)
		a.nodes, a.brief, a.every = []*house{one, two}, !long, unhurried
		a.openSideDoor()
		a.watchLanes()
		defer a.keep()
		rest := a.live()
		one.start()
		two.start()
		a.meet()
		a.soak(lasting, append(append(serverFaults, nodeFaults...), faults...))
		rest()
		a.judge(50, 10)
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		a := &arena{world: newWorld(t, h, 24, !long), lanes: lanes{t, "sqlite:" + filepath.Join(h.dir, "data", "botschaft.db")}}
		a.every = unhurried
		a.openSideDoor()
		defer a.keep()
		rest := a.live()
		h.start()
		a.meet()
		a.soak(lasting, fileFaults)
		rest()
		a.judge(50, 10)
	})
}
