package main_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"botschaft/internal/storetest"
)

// caller posts webhooks as Meta does, one after the other, each until it is accepted, and
// counts the answers.
type caller struct {
	w     *world
	doors []string

	mu      sync.Mutex
	answers map[int]int // by status; 0 is none
}

// callerName writes what the caller posts.
const callerName = "caller"

// call lets the caller post at these webhooks until the returned function is called.
func (w *world) call(doors ...string) (c *caller, end func()) {
	c = &caller{w: w, doors: doors, answers: map[int]int{}}
	ctx, stop := context.WithCancel(w.t.Context())
	var calling sync.WaitGroup
	calling.Go(func() {
		for n := 1; ctx.Err() == nil; n++ {
			c.insist(n)
			pause(ctx, 20*time.Millisecond)
		}
	})
	end = func() { stop(); calling.Wait() }
	w.t.Cleanup(end) // also when the test has failed
	return c, end
}

// insist brings a text to the first door, and every other text to all of them at once: it
// comes in by lanes of their own then, which only the key of the wamid keeps apart.
func (c *caller) insist(n int) {
	text, at := fmt.Sprintf("%s says %06d", callerName, n), time.Now()
	body := strings.Replace(said(n, text), "4915700000001", "4915700009999", 2)
	doors := c.doors
	if n%2 == 0 {
		doors = doors[:1]
	}
	var posting sync.WaitGroup
	var taken atomic.Int32
	for _, door := range doors {
		posting.Go(func() {
			if c.post(door, body) {
				taken.Add(1)
			}
		})
	}
	posting.Wait()
	switch {
	case c.w.t.Context().Err() != nil: // the test is over
	case int(taken.Load()) < len(doors):
		c.w.t.Errorf("%s was not taken within two minutes", text)
	default:
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
		c.w.written[callerName] = append(c.w.written[callerName], written{text, at})
	}
}

// post tries until it is answered with 200; false if it never was.
func (c *caller) post(door, body string) bool {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		a, err := c.w.house.do(http.MethodPost, door, strings.NewReader(body), metaHeader, signature(appSecret, body))
		if err != nil {
			a.status = 0
		}
		if c.w.t.Context().Err() != nil {
			return false
		}
		c.mu.Lock()
		c.answers[a.status]++
		c.mu.Unlock()
		if a.status == http.StatusOK {
			return true
		}
	}
	return false
}

// since gives the answers of late.
func (c *caller) since(before map[int]int) map[int]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	late := map[int]int{}
	for status, n := range c.answers {
		if n > before[status] {
			late[status] = n - before[status]
		}
	}
	return late
}

// arena is a world on a PostgreSQL that is about to fail.
type arena struct {
	*world
	cluster *storetest.Cluster
	proxy   *storetest.Proxy
	room    int // connections that the server gives to such as us
	caller  *caller
	lanes   lanes // past the proxy
}

// fault is a way in which a PostgreSQL fails and gets well again.
type fault struct {
	name   string
	strike func(a *arena) (heal func())
	lasts  time.Duration
	silent bool // webhooks need not be refused meanwhile
}

// perNode is how many connections the arena's server has for each node, which takes 33 at
// most.
const perNode = 35

var faults = []fault{
	{"killed", func(a *arena) func() { a.cluster.Kill(); return a.cluster.Start }, time.Second, false},
	{"restarted", func(a *arena) func() { a.cluster.Restart(); return func() {} }, 0, true},
	{"cut", func(a *arena) func() {
		for range 3 {
			a.cluster.CutLines()
			time.Sleep(200 * time.Millisecond)
			a.proxy.Cut()
			time.Sleep(200 * time.Millisecond)
		}
		return func() {}
	}, 0, true},
	{"away", func(a *arena) func() { a.proxy.Shut(true); return func() { a.proxy.Shut(false) } }, time.Second, false},
	{"slow", func(a *arena) func() { a.proxy.Delay(2 * time.Second); return func() { a.proxy.Delay(0) } }, 8 * time.Second, true},
	{"read-only", func(a *arena) func() {
		a.cluster.Set("default_transaction_read_only", "on")
		return func() { a.cluster.Set("default_transaction_read_only", "off") }
	}, 2 * time.Second, false},
	{"out of connections", func(a *arena) func() { return hog(a.t, a.cluster, a.room) }, 2 * time.Second, false},
}

// hog takes every connection that the server gives to such as us.
func hog(t testing.TB, c *storetest.Cluster, room int) (release func()) {
	t.Helper()
	var taken []*pgx.Conn
	for range room + 1 {
		conn, err := pgx.Connect(t.Context(), c.URL("postgres"))
		must(t, err)
		taken = append(taken, conn)
	}
	c.CutLines()
	return func() {
		for _, conn := range taken {
			_ = conn.Close(context.Background())
		}
	}
}

// soonAgain is how long the house may take until it works as before: on a machine with
// nothing else to do about a second.
const soonAgain = 30 * time.Second

// suffer lets the fault strike and heal, and looks whether all goes on by itself.
func (a *arena) suffer(f fault) {
	a.t.Helper()
	before := a.caller.since(nil)
	heal := f.strike(a)
	time.Sleep(f.lasts) // how long it lasts is what is tested
	during := a.caller.since(before)
	heal()
	healed := time.Now()
	known := a.lanes.number("SELECT COUNT(*) FROM message WHERE direction = 'in'")
	eventually(a.t, soonAgain, "all goes on after the database was "+f.name, func() bool {
		old := time.Now().Add(-time.Second).UnixMilli()
		return a.lanes.number("SELECT COUNT(*) FROM message WHERE direction = 'in'") > known+10 &&
			a.lanes.number("SELECT COUNT(*) FROM job WHERE lane LIKE 'inbound/%' AND ordinal < $1", old) == 0
	})
	a.t.Logf("%s: meanwhile webhooks were answered with %v; all went on %s later", f.name, during, time.Since(healed).Round(10*time.Millisecond))
	for status := range during {
		if status != http.StatusOK && status != http.StatusServiceUnavailable && !a.excuses(status) {
			a.t.Errorf("%s: a webhook was answered with %d", f.name, status)
		}
	}
	if during[http.StatusServiceUnavailable] == 0 && !f.silent {
		a.t.Errorf("%s: no webhook was refused: %v", f.name, during)
	}
}

// excuses tells whether a balancer, or a server's death, explains the answer.
func (a *arena) excuses(status int) bool {
	balancers := status == http.StatusBadGateway || status == http.StatusGatewayTimeout
	return status == 0 || balancers && len(a.nodes) > 1
}

// newArena lets a world of so many nodes live on a PostgreSQL of its own.
func newArena(t testing.TB, nodes int) *arena {
	t.Helper()
	a := &arena{room: nodes * perNode}
	kept := a.room + 10 // for superusers: the hog, and who ends it
	a.cluster = storetest.NewCluster(t, fmt.Sprintf("max_connections=%d", a.room+kept), fmt.Sprintf("superuser_reserved_connections=%d", kept))
	data, keys := a.cluster.Database("botschaft"), a.cluster.Database("vault")
	a.proxy = storetest.NewProxy(t, a.cluster.Address())
	a.lanes = lanes{t, a.cluster.URL("botschaft")} // as superuser, for whom there is always a line
	a.world = newWorld(t, newHouse(t, a.proxy.URL(t, data), a.proxy.URL(t, keys)), 24, true)
	return a
}

// TestPostgresFaults lets a PostgreSQL fail in every way while customers write and agents
// answer. Nobody restarts the house.
func TestPostgresFaults(t *testing.T) {
	t.Parallel()
	a := newArena(t, 1)
	rest := a.live()
	a.house.start()
	a.meet()
	var end func()
	a.caller, end = a.call(a.webhook)
	for _, f := range faults {
		a.suffer(f)
	}
	end()
	rest()
	a.judge(100, 20)
}

// TestFailover kills the primary of a pair and promotes its replica: what was acknowledged
// is there, and the house finds the new primary by its address alone.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary := storetest.NewCluster(t)
	data, keys := primary.Database("botschaft"), primary.Database("vault")
	replica := primary.Replica()
	both := func(database string) string {
		u, err := url.Parse(database)
		must(t, err)
		u.Host = primary.Address() + "," + replica.Address()
		u.RawQuery += "&target_session_attrs=read-write"
		return u.String()
	}
	a := &arena{cluster: primary, lanes: lanes{t, primary.URL("botschaft")}}
	a.world = newWorld(t, newHouse(t, both(data), both(keys)), 24, true)
	rest := a.live()
	a.house.start()
	a.meet()
	var end func()
	a.caller, end = a.call(a.webhook)
	a.suffer(fault{"lost", func(a *arena) func() {
		primary.Kill()
		return func() {
			replica.Promote()
			a.lanes.url = replica.URL("botschaft")
		}
	}, time.Second, false})
	end()
	rest()
	a.judge(50, 10)
}
