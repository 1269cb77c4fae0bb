package bench

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/bench/seed"
	"botschaft/internal/storetest"
)

const (
	phoneNumberID = "100000000000001"
	appSecret     = "an app secret that signs"
	accessToken   = "the-access-token"
	email         = "bench@bench.example"
	password      = "correct horse battery"
)

// program is built once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "botschaft-bench-")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "botschaft")
	profiler, err := withProfiler(dir)
	if err != nil {
		return "", err
	}
	build := exec.Command("go", slices.Concat([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", name}, profiler, []string{"../cmd/botschaft"})...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	return name, build.Run()
})

// house is a running server.
type house struct {
	b       testing.TB
	program string
	place   []string // flags that say where it lives
	home    seed.Place
	listen  string
	metrics string
	inbox   string
	token   string
	client  *http.Client
	process *exec.Cmd
}

// nowhere is where no provider is.
const nowhere = "http://127.0.0.1:9"

// newHouse sets a house up, with an Inbox whose provider is at graph, and starts it.
func newHouse(b testing.TB, database, graph string) *house {
	b.Helper()
	name, err := program()
	must(b, err, "build the program")
	dir := b.TempDir()
	write := func(file, text string) string {
		path := filepath.Join(dir, file)
		must(b, os.WriteFile(path, []byte(text), 0o600), "write "+file)
		return path
	}
	h := &house{b: b, program: name, listen: freeAddress(b), metrics: freeAddress(b), client: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256},
	}}
	h.place = []string{"--data-dir", filepath.Join(dir, "data")}
	keys := ""
	if database != "" {
		key := make([]byte, 32)
		_, _ = rand.Read(key)
		keys = storetest.PostgresURL(b)
		h.place = append(h.place, "--database-url", database, "--vault-url", keys,
			"--root-key-file", write("root.key", base64.StdEncoding.EncodeToString(key)))
	}
	h.home = homeOf(dir, database, keys)
	var made struct{ Controller, Inbox, Token string }
	who := []string{"--controller-file", write("controller.toml", controllerFile)}
	if graph == nowhere { // an Inbox without a Notice sends nothing, and nothing waits for ever
		who = []string{"--controller", "Bench AG"}
	}
	h.command(&made, append([]string{"setup", "--json", "--email", email, "--password-file", write("password", password)}, who...)...)
	h.command(&made, "inbox", "create", "whatsapp", "--json", "--controller", made.Controller, "--name", "Bench",
		"--phone-number-id", phoneNumberID, "--waba-id", "200000000000001", "--graph-url", graph,
		"--app-secret-file", write("app", appSecret), "--access-token-file", write("access", accessToken), "--verify-token-file", write("verify", "verify"))
	h.command(&made, "token", "create", "--json", "--agent", email)
	h.inbox, h.token = made.Inbox, made.Token
	h.start()
	b.Cleanup(h.stop)
	return h
}

func freeAddress(b testing.TB) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err, "find a free port")
	defer ln.Close()
	return ln.Addr().String()
}

func (h *house) command(into any, args ...string) {
	h.b.Helper()
	cmd := exec.Command(h.program, append(args, h.place...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		h.b.Fatalf("%s: %v: %s", args[0], err, said.String())
	}
	must(h.b, json.Unmarshal(out, into), "read what "+args[0]+" printed")
}

// start starts the server and gives how long it took to be ready.
func (h *house) start() time.Duration {
	h.b.Helper()
	h.process = exec.Command(h.program, append([]string{"serve", "--listen", h.listen}, h.place...)...)
	h.process.Env = append(os.Environ(), "BOTSCHAFT_METRICS_LISTEN="+h.metrics, "BOTSCHAFT_LOG_LEVEL=warn", profileVariable+"="+profilePath(h.b))
	h.process.Stderr = os.Stderr
	begun := time.Now()
	must(h.b, h.process.Start(), "start the server")
	for time.Since(begun) < 30*time.Second {
		if resp, err := h.client.Get("http://" + h.listen + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return time.Since(begun)
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	h.b.Fatal("the server did not become ready")
	return 0
}

func (h *house) stop() {
	_ = h.process.Process.Signal(syscall.SIGTERM)
	if err := h.process.Wait(); err != nil {
		h.b.Errorf("the server ended badly: %v", err)
	}
}

// get reads JSON from the API.
func (h *house) get(path string, into any) {
	h.b.Helper()
	resp := h.call(http.MethodGet, path, nil)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		h.b.Fatalf("GET %s: %s", path, resp.Status)
	}
	must(h.b, json.NewDecoder(resp.Body).Decode(into), "read "+path)
}

func (h *house) call(method, path string, body []byte) *http.Response {
	h.b.Helper()
	req, err := http.NewRequest(method, "http://"+h.listen+path, bytes.NewReader(body))
	must(h.b, err, method)
	req.Header.Set("Authorization", "Bearer "+h.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := h.client.Do(req)
	must(h.b, err, method+" "+path)
	return resp
}

// gauge sums a metric over its labels that contain with.
func (h *house) gauge(name, with string) float64 {
	resp, err := h.client.Get("http://" + h.metrics + "/metrics")
	must(h.b, err, "read metrics")
	defer resp.Body.Close()
	sum := 0.0
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		line := lines.Text()
		if rest, ok := strings.CutPrefix(line, name); ok && (rest[0] == '{' || rest[0] == ' ') && strings.Contains(rest, with) {
			v, _ := strconv.ParseFloat(line[strings.LastIndexByte(line, ' ')+1:], 64)
			sum += v
		}
	}
	return sum
}

// resident gives the server's resident memory in MiB.
func (h *house) resident() float64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(h.process.Process.Pid) + "/status")
	must(h.b, err, "read the server's memory")
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	must(h.b, err, "read the server's memory")
	return kib / 1024
}

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// size gives the size of a file in MiB.
func size(b testing.TB, name string) float64 {
	info, err := os.Stat(name)
	must(b, err, "look at the program")
	return float64(info.Size()) / (1 << 20)
}

// controllerFile has everything that a Notice must state.
const controllerFile = `name = "Bench AG"
address = "Musterstraße 1, 50667 Köln"
seat = "Köln"
land = "NW"
authority = "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen"
privacy_url = "https://muster.example/datenschutz"
alternative = "Telefon 0221 000000"
[dpo]
name = "Datenschutzbeauftragte der Bench AG"
email = "datenschutz@muster.example"
[[purposes]]
name = "Vertrags- und Schadenbearbeitung"
basis = "6(1)(b)"
`
