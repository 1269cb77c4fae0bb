package main_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// program is the real binary, built once.
var program string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "botschaft-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "botschaft")
	broken, err := mutate(dir, os.Getenv(breakVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	build := exec.Command("go", append(append([]string{"build", "-buildvcs=false", "-o", program}, broken...), ".")...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// What every house of these tests is made of.
const (
	adminEmail    = "erika@muster.example"
	adminPassword = "correct horse battery"
	appSecret     = "the app secret that signs"
	accessToken   = "the-access-token"
	verifyToken   = "the verify token"
	phoneNumberID = "100000000000001"
	wabaID        = "200000000000001"
)

// isNotice tells whether a text is layer 1 of a Notice, which every Contact gets unasked.
func isNotice(text string) bool { return strings.HasPrefix(text, "Sie schreiben mit ") }

// house is an installation of the program, seen from outside.
type house struct {
	t          testing.TB
	dir        string   // of this house's files
	place      []string // flags that say where it lives
	env        []string // beside those every program gets
	listen     string
	controller string
	token      string
	serving    *process
	launched   []*process // one after the other
	client     *http.Client
	printed    string // by commands so far
}

// newHouse sets a house up: on SQLite without databases, else on a PostgreSQL for the
// data and one for the keys.
func newHouse(t testing.TB, databases ...string) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), listen: freeAddress(t), client: &http.Client{
		Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	}}
	t.Cleanup(h.client.CloseIdleConnections)
	h.place = []string{"--data-dir", filepath.Join(h.dir, "data")}
	if len(databases) == 2 {
		h.place = append(h.place, "--database-url", databases[0], "--vault-url", databases[1], "--root-key-file", h.file("root.key", randomKey()))
	}
	var made struct{ Controller, Agent, Token string }
	h.command(&made, "setup", "--json", "--controller-file", h.file("controller.toml", controllerFile), "--email", adminEmail, "--password-file", h.file("password", adminPassword))
	h.controller = made.Controller
	h.command(&made, "token", "create", "--json", "--agent", adminEmail)
	h.token = made.Token
	t.Cleanup(h.leave)
	return h
}

// eachEngine runs fn on a house on SQLite and on one on PostgreSQL.
func eachEngine(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, newHouse(t)) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newHouse(t, storetest.PostgresURL(t), storetest.PostgresURL(t)))
	})
}

func randomKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// given are the addresses that were given out: a server that is dead just now keeps its.
var given sync.Map

// freeAddress finds a port below those the system gives to outgoing connections, so
// that nobody takes it while the server is dead.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(20_000+mathrand.IntN(12_000)))
		if _, again := given.LoadOrStore(address, true); again {
			continue
		}
		if l, err := net.Listen("tcp", address); err == nil {
			must(t, l.Close())
			return address
		}
	}
	t.Fatal("no free port was found")
	return ""
}

// file writes a file of this house and gives its path.
func (h *house) file(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	must(h.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// inbox adds a WhatsApp Inbox and gives the path of its webhook.
func (h *house) inbox(number, graphURL string, more ...string) (id, webhook string) {
	h.t.Helper()
	var made struct {
		Inbox   string `json:"inbox"`
		Webhook string `json:"webhook_path"`
	}
	args := []string{"inbox", "create", "whatsapp", "--json", "--controller", h.controller, "--name", "Inbox " + number,
		"--phone-number-id", number, "--waba-id", wabaID, "--graph-url", graphURL,
		"--app-secret-file", h.file("app", appSecret), "--access-token-file", h.file("access", accessToken), "--verify-token-file", h.file("verify", verifyToken)}
	h.command(&made, append(args, more...)...)
	return made.Inbox, made.Webhook
}

// nowhere is a provider that nobody listens at.
const nowhere = "http://127.0.0.1:9"

// command runs a command that must work and reads what it printed.
func (h *house) command(into any, args ...string) {
	h.t.Helper()
	status, out, said := h.run(args...)
	if status != 0 {
		h.t.Fatalf("botschaft %s: status %d\n%s", strings.Join(args[:2], " "), status, said)
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		h.t.Fatalf("botschaft %s printed %q: %v", strings.Join(args[:2], " "), out, err)
	}
}

// run runs a command on this house.
func (h *house) run(args ...string) (status int, out, said string) {
	h.t.Helper()
	return execute(h.t, h.env, append(args, h.place...)...)
}

// execute runs the program to its end, which must come soon.
func execute(t testing.TB, env []string, args ...string) (status int, out, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = environ(env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// environ is ours without what configures a house, and more.
func environ(more []string) []string {
	var env []string
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "BOTSCHAFT_") {
			env = append(env, line)
		}
	}
	return append(append(env, "BOTSCHAFT_METRICS_LISTEN=", "BOTSCHAFT_LOG_LEVEL=warn"), more...)
}

// process is a running server.
type process struct {
	*exec.Cmd
	said  *words
	ended chan struct{}
}

// words collects what a process says while others read it.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds words.
func (w *words) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

// String gives all of them.
func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// launch starts a server and waits for nothing.
func (h *house) launch(more ...string) *process {
	h.t.Helper()
	p := begin(h.t, h.env, append(append([]string{"serve", "--listen", h.listen}, h.place...), more...)...)
	h.launched = append(h.launched, p)
	return p
}

// begin starts the program and waits for nothing.
func begin(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	return beginAs(t, program, env, args...)
}

// beginAs is begin with another release of the program.
func beginAs(t testing.TB, release string, env []string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(release, args...)
	cmd.Env = environ(env)
	p := &process{Cmd: cmd, said: &words{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.said, p.said
	must(t, cmd.Start())
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // the status is asked for where it matters
	}()
	return p
}

// end signals the process and gives its exit status, -1 after a signal.
func (p *process) end(t testing.TB, s syscall.Signal) int {
	t.Helper()
	_ = p.Process.Signal(s) // it may have ended by itself
	return p.status(t, 30*time.Second)
}

// status waits for the process to end.
func (p *process) status(t testing.TB, within time.Duration) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.ProcessState.ExitCode()
	case <-time.After(within):
		_ = p.Process.Kill()
		t.Fatalf("the server did not end within %s; it said:\n%s", within, p.said.String())
		return 0
	}
}

// start starts the house's server and waits until it is ready.
func (h *house) start() {
	h.t.Helper()
	h.serving = h.launch()
	if !h.ready(h.serving) {
		h.t.Fatalf("the server ended with status %d:\n%s", h.serving.ProcessState.ExitCode(), h.serving.said.String())
	}
}

// ready waits until the server is ready; false if it ended instead.
func (h *house) ready(p *process) bool {
	h.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if resp, err := h.client.Get("http://" + h.listen + "/readyz"); err == nil {
			drain(resp)
			if resp.StatusCode == http.StatusOK {
				return true
			}
		}
		select {
		case <-p.ended:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
	h.t.Fatalf("the server did not become ready; it said:\n%s", p.said.String())
	return false
}

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// answer is an HTTP answer that was read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// do asks the server; header holds names and values by turns.
func (h *house) do(method, path string, body io.Reader, header ...string) (answer, error) {
	req, err := http.NewRequest(method, "http://"+h.listen+path, body)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}, err
}

// ask is do for a server that must answer.
func (h *house) ask(method, path, body string, header ...string) answer {
	h.t.Helper()
	a, err := h.do(method, path, strings.NewReader(body), header...)
	must(h.t, err)
	return a
}

// call asks the API with the admin's token.
func (h *house) call(method, path, body string) answer {
	h.t.Helper()
	return h.ask(method, "/api/v1"+path, body, h.bearer()...)
}

func (h *house) bearer() []string {
	return []string{"Authorization", "Bearer " + h.token, "Content-Type", "application/json"}
}

// eventually waits until fn is true.
func eventually(t testing.TB, within time.Duration, what string, fn func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !fn(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain waited %s until %s", within, what)
		}
	}
}
