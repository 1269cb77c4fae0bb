package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// demo is `botschaft demo`, seen by somebody who reads what it prints.
type demo struct {
	t                   testing.TB
	dir                 string
	port                string
	p                   *process
	page, house, phones string
	logins              [][2]string // email and password, in the order printed
	client              *http.Client
}

func newDemo(t testing.TB) *demo {
	t.Helper()
	_, port, ok := strings.Cut(freeAddress(t), ":")
	jar, err := cookiejar.New(nil)
	if must(t, err); !ok {
		t.Fatal("no port")
	}
	d := &demo{t: t, dir: filepath.Join(t.TempDir(), "demo"), port: port, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	t.Cleanup(func() {
		d.client.CloseIdleConnections()
		if d.p != nil {
			d.p.end(t, syscall.SIGKILL)
		}
		if t.Failed() && d.p != nil {
			t.Logf("the demo said:\n%s", d.p.said.String())
		}
	})
	return d
}

// launched starts the program and waits for nothing.
func launched(t testing.TB, args ...string) *process {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = environ(nil)
	p := &process{Cmd: cmd, said: &words{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.said, p.said
	must(t, cmd.Start())
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // the status is asked for where it matters
	}()
	return p
}

func (d *demo) launch(more ...string) {
	d.t.Helper()
	d.p = launched(d.t, append([]string{"demo", "--dir", d.dir, "--port", d.port}, more...)...)
}

var (
	printedURL   = regexp.MustCompile(`(?m)^  (Open|Inbox|Phone) +(http://127\.0\.0\.1:\d+)`)
	printedLogin = regexp.MustCompile(`(?m)^  \w.* ([\w.]+@demo\.example) +(\S+)$`)
)

// start starts the demo, reads what it prints and waits until it is ready.
func (d *demo) start(more ...string) {
	d.t.Helper()
	d.launch(more...)
	eventually(d.t, 30*time.Second, "the demo has printed where it is", func() bool {
		return strings.Contains(d.p.said.String(), "Ctrl-C ends the demo") || d.p.over()
	})
	said := d.p.said.String()
	at := map[string]string{}
	for _, m := range printedURL.FindAllStringSubmatch(said, -1) {
		at[m[1]] = m[2]
	}
	d.page, d.house, d.phones, d.logins = at["Open"], at["Inbox"], at["Phone"], nil
	for _, m := range printedLogin.FindAllStringSubmatch(said, -1) {
		d.logins = append(d.logins, [2]string{m[1], m[2]})
	}
	if len(at) != 3 || len(d.logins) != 5 {
		d.t.Fatalf("printed:\n%s", said)
	}
	eventually(d.t, 30*time.Second, "the house is ready", func() bool {
		resp, err := d.client.Get(d.house + "/readyz")
		if err != nil {
			return false
		}
		drain(resp)
		return resp.StatusCode == http.StatusOK
	})
}

// over tells whether the process has ended.
func (p *process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// ask sends JSON and reads JSON.
func (d *demo) ask(method, url, body string, into any) {
	d.t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	must(d.t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := d.client.Do(req)
	must(d.t, err)
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	must(d.t, err)
	if resp.StatusCode >= 300 {
		d.t.Fatalf("%s %s: %d %s", method, url, resp.StatusCode, answer)
	}
	if into != nil {
		must(d.t, json.Unmarshal(answer, into))
	}
}

// logIn opens a session with a printed login.
func (d *demo) logIn(n int) {
	d.t.Helper()
	d.ask("POST", d.house+"/api/v1/session", fmt.Sprintf(`{"email":%q,"password":%q}`, d.logins[n][0], d.logins[n][1]), nil)
}

// bubble is a message as a phone shows it.
type bubble struct{ From, Text, Status string }

const motorNumber = "100000000000002" // of Muster Auto in the demo

func (d *demo) say(text string) {
	d.t.Helper()
	d.ask("POST", d.phones+"/sim/customers/ben/messages", fmt.Sprintf(`{"number":%q,"text":%q}`, motorNumber, text), nil)
}

// held is what Ben's phone shows.
func (d *demo) held() []bubble {
	d.t.Helper()
	var list page[bubble]
	d.ask("GET", d.phones+"/sim/customers/ben/messages?number="+motorNumber, "", &list)
	return list.Items
}

func (d *demo) settings(body string) {
	d.t.Helper()
	d.ask("PATCH", d.phones+"/sim/settings", body, nil)
}

// inbox gives every thread the agent sees, by Conversation.
func (d *demo) inbox() map[string][]shown {
	d.t.Helper()
	var listed page[struct{ ID string }]
	d.ask("GET", d.house+"/api/v1/conversations?limit=200", "", &listed)
	all := map[string][]shown{}
	for _, c := range listed.Items {
		var messages page[shown]
		d.ask("GET", d.house+"/api/v1/conversations/"+c.ID+"/messages?limit=200", "", &messages)
		all[c.ID] = messages.Items
	}
	return all
}

// ben finds his Conversation.
func (d *demo) ben() (conversation string) {
	d.t.Helper()
	eventually(d.t, 30*time.Second, "Ben's first message is in the inbox", func() bool {
		for id, thread := range d.inbox() {
			if slices.ContainsFunc(thread, func(m shown) bool { return strings.Contains(m.Text, "in die Seite gefahren") }) {
				conversation = id
			}
		}
		return conversation != ""
	})
	return conversation
}

// TestDemoIsKilledAndLosesNothing: somebody writes on the phone and answers in the
// inbox, the process is killed in the middle, and both show everything afterwards.
func TestDemoIsKilledAndLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	d.start()
	d.logIn(2)
	ben := d.ben()
	d.settings(`{"sent_ms":300,"deliver_ms":300,"read_ms":300,"ignore_pair_rate":true}`)
	d.ask("PUT", d.phones+"/sim/customers/ben/behaviour", `{"auto_deliver":true,"auto_read":true}`, nil)
	addresses, logins := []string{d.page, d.house, d.phones}, d.logins
	var said, replied []string
	for round := range 5 {
		reply := fmt.Sprintf("Antwort %d", round)
		d.ask("POST", d.house+"/api/v1/conversations/"+ben+"/messages", fmt.Sprintf(`{"client_id":"c-%d","kind":"text","text":%q}`, round, reply), nil)
		replied = append(replied, reply)
		eventually(t, 30*time.Second, "the phone has "+reply, func() bool { return times(d.held(), reply) == 1 })
		d.settings(fmt.Sprintf(`{"paused":%t}`, round%2 == 1)) // every other webhook has not even left
		text := fmt.Sprintf("Frage %d", round)
		d.say(text)
		said = append(said, text)
		time.Sleep(rand.N(700 * time.Millisecond)) // the moment of the kill is random, not a condition
		if status := d.p.end(t, syscall.SIGKILL); status != -1 {
			t.Fatalf("the demo ended by itself with status %d", status)
		}
		d.start()
		if now := []string{d.page, d.house, d.phones}; !slices.Equal(now, addresses) || !slices.Equal(d.logins, logins) {
			t.Fatalf("the demo moved from %v to %v, or has other logins", addresses, now)
		}
		for _, text := range slices.Concat(said, replied) {
			if n := times(d.held(), text); n != 1 {
				t.Errorf("round %d: %q stands %d times on the phone", round, text, n)
			}
		}
		d.settings(`{"paused":false}`)
	}
	settled := func() bool {
		thread := d.inbox()[ben]
		for _, text := range said {
			if status := statuses(thread, text); !slices.Equal(status, []string{"received"}) {
				return false
			}
		}
		for _, text := range replied {
			if status := statuses(thread, text); !slices.Equal(status, []string{"read"}) {
				return false
			}
		}
		return true
	}
	defer func() {
		if t.Failed() {
			t.Logf("the phone shows %+v\nthe inbox shows %+v", d.held(), d.inbox()[ben])
		}
	}()
	eventually(t, time.Minute, "the inbox shows everything once and every reply as read", settled)
	for _, b := range d.held() {
		if b.From == "business" && b.Status != "read" || b.From == "customer" && b.Status == "accepted" {
			t.Errorf("the phone shows %+v", b)
		}
	}
	if status := d.p.end(t, syscall.SIGINT); status != 0 {
		t.Errorf("after Ctrl-C the status is %d", status)
	}
}

func times(list []bubble, text string) (n int) {
	for _, b := range list {
		if b.Text == text {
			n++
		}
	}
	return n
}

func statuses(thread []shown, text string) (all []string) {
	for _, m := range thread {
		if m.Text == text {
			all = append(all, m.Status)
		}
	}
	return all
}

// TestDemoBeginsAnew: killed while it is made, it is made again; with --fresh it
// forgets, and it never takes a directory of somebody else.
func TestDemoBeginsAnew(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	for round := range 4 {
		d.launch()
		if round == 0 { // the database is there and nobody in it yet
			eventually(t, 30*time.Second, "the demo is being made", func() bool {
				_, err := os.Stat(filepath.Join(d.dir, "botschaft.db"))
				return err == nil
			})
		} else {
			time.Sleep(rand.N(300 * time.Millisecond)) // the moment of the kill is random, not a condition
		}
		d.p.end(t, syscall.SIGKILL)
	}
	d.start()
	d.logIn(0)
	eventually(t, 30*time.Second, "the admin sees three conversations", func() bool { return len(d.inbox()) == 3 })
	status, _, said := execute(t, nil, "demo", "--dir", d.dir, "--port", d.port)
	if status != 1 || !strings.Contains(said, "running already: open "+d.page) {
		t.Errorf("a second demo on the same data: status %d, %s", status, said)
	}
	d.say("Bald vergessen")
	before := d.logins
	if status := d.p.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("after SIGTERM the status is %d", status)
	}
	d.start("--fresh")
	if held := d.held(); slices.Equal(before, d.logins) || len(held) == 0 || times(held, "Bald vergessen") > 0 {
		t.Errorf("a fresh demo has the same passwords, or shows %v", held)
	}
	mine := t.TempDir()
	must(t, os.WriteFile(filepath.Join(mine, "mine"), []byte("mine"), 0o600))
	for _, more := range [][]string{nil, {"--fresh"}} {
		status, _, said := execute(t, nil, append([]string{"demo", "--dir", mine, "--port", d.port}, more...)...)
		if status != 1 || !strings.Contains(said, "is not a demo's") {
			t.Errorf("a directory of somebody else: status %d, %s", status, said)
		}
	}
	if text, err := os.ReadFile(filepath.Join(mine, "mine")); err != nil || string(text) != "mine" {
		t.Errorf("it is gone: %v", err)
	}
}

// TestDemoOnTakenPorts: it finds others and says so, and keeps them.
func TestDemoOnTakenPorts(t *testing.T) {
	t.Parallel()
	other := newDemo(t)
	other.start()
	d := newDemo(t)
	d.port = other.port
	d.start()
	if d.house == other.house || d.phones == other.phones || d.page == other.page || strings.Count(d.p.said.String(), "is taken, so") != 3 {
		t.Errorf("%s %s %s, and it said %s", d.page, d.house, d.phones, d.p.said.String())
	}
	d.logIn(0)
	eventually(t, 30*time.Second, "the phones reach the house", func() bool { return len(d.inbox()) == 3 })
	other.p.end(t, syscall.SIGKILL)
	at := []string{d.page, d.house, d.phones}
	d.p.end(t, syscall.SIGKILL)
	d.start()
	if now := []string{d.page, d.house, d.phones}; !slices.Equal(now, at) {
		t.Errorf("it moved from %v to %v", at, now)
	}
}

// TestSimulatorKeepsItsPhonesInAFile: `botschaft simulator --data-file`.
func TestSimulatorKeepsItsPhonesInAFile(t *testing.T) {
	t.Parallel()
	dir, listen := t.TempDir(), freeAddress(t)
	secret := filepath.Join(dir, "secret")
	must(t, os.WriteFile(secret, []byte(appSecret), 0o600))
	d := &demo{t: t, phones: "http://" + listen, client: &http.Client{Timeout: 20 * time.Second}}
	start := func() *process {
		p := launched(t, "simulator", "--listen", listen, "--webhook-url", nowhere, "--app-secret-file", secret,
			"--phone-number-id", motorNumber, "--data-file", filepath.Join(dir, "phones.jsonl"))
		t.Cleanup(func() { p.end(t, syscall.SIGKILL) })
		eventually(t, 20*time.Second, "the phones are there", func() bool {
			resp, err := d.client.Get(d.phones + "/sim/state")
			if err != nil {
				return false
			}
			drain(resp)
			return true
		})
		return p
	}
	p := start()
	for n := range 3 {
		d.say(strconv.Itoa(n))
	}
	p.end(t, syscall.SIGKILL)
	start()
	var pending struct{ Items, Bodies int }
	d.ask("GET", d.phones+"/sim/pending", "", &pending)
	if list := d.held(); len(list) != 3 || list[2].Text != "2" || pending.Items+pending.Bodies == 0 {
		t.Errorf("the phone shows %+v, %+v wait for the house", list, pending)
	}
	d.client.CloseIdleConnections()
}
