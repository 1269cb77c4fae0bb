package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a PostgreSQL server of one test's own, to be broken. What it has committed
// survives the death of its processes; it is not made to survive a power cut.
type Cluster struct {
	t        testing.TB
	server   server
	account  *syscall.Credential
	home     string
	port     int
	password string
	settings []string
	running  *exec.Cmd
	guard    io.Closer // closed, it ends the server
}

// NewCluster starts a server with settings such as "max_connections=30".
func NewCluster(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	c := newCluster(t, settings)
	if out, err := c.server.run(c.account, "initdb", "-D", c.data(), "-U", "postgres", "-E", "UTF8", "--locale=C",
		"-A", "scram-sha-256", "--pwfile="+filepath.Join(c.home, "password"), "--no-sync", "--no-instructions"); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	c.Start()
	return c
}

func newCluster(t testing.TB, settings []string) *Cluster {
	t.Helper()
	bin, _, err := findBinaries()
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t, password: randomHex(16), settings: settings}
	// Not the test's own directory: as root, the server runs as somebody else.
	dir, err := os.MkdirTemp("", "botschaft-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if said, err := os.ReadFile(filepath.Join(c.home, "log")); err == nil && t.Failed() {
			_ = os.WriteFile(filepath.Join(t.ArtifactDir(), filepath.Base(dir)+".log"), said, 0o600) // of help, no part of the test
		}
		_ = os.RemoveAll(dir)
	})
	c.server = server{bin: bin, dir: dir}
	if c.account, err = c.server.account(); err == nil && c.account != nil {
		err = os.Chmod(dir, 0o711)
	}
	if err == nil {
		c.home, err = c.server.makeHome(c.account, c.password)
	}
	if err == nil {
		c.port, err = freePort()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.end() })
	return c
}

func (c *Cluster) data() string { return filepath.Join(c.home, "db") }

// Address is host and port.
func (c *Cluster) Address() string { return "127.0.0.1:" + strconv.Itoa(c.port) }

// URL is the address of a database of the superuser.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("postgres", c.password), Host: c.Address(), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// Database makes an empty database that belongs to a role of its own, and gives its address.
func (c *Cluster) Database(name string) string {
	c.t.Helper()
	c.Execute("CREATE ROLE "+name+" LOGIN PASSWORD '"+c.password+"'", "CREATE DATABASE "+name+" OWNER "+name)
	return c.As(name)
}

// As is the address of a database that Database made, as its owner.
func (c *Cluster) As(name string) string {
	return strings.Replace(c.URL(name), "postgres:"+c.password, name+":"+c.password, 1)
}

// guarded runs the server until the standard input ends, which it does with the test. It is
// asked to end more than once: what a shell runs beside itself does not hear of it before it
// has said that it wants to.
const guarded = `"$0" "$@" </dev/null & server=$!; cat >/dev/null; while kill -QUIT $server 2>/dev/null; do sleep 0.1; done; wait $server`

// Start runs the server and waits until it takes connections.
func (c *Cluster) Start() {
	c.t.Helper()
	c.end()
	log, err := os.OpenFile(filepath.Join(c.home, "log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	args := []string{"-c", guarded, filepath.Join(c.server.bin, "postgres"), "-D", c.data(), "-p", strconv.Itoa(c.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "shared_buffers=32MB", "-c", "jit=off", "-c", "fsync=off"}
	for _, s := range c.settings {
		args = append(args, "-c", s)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		c.launch(args, log)
		err := c.await(5 * time.Second)
		if err == nil {
			return
		}
		if time.Now().After(deadline) { // what a killed server left behind goes within moments
			said, _ := os.ReadFile(filepath.Join(c.home, "log"))
			c.t.Fatalf("the server does not start: %v\n%s", err, said)
		}
		c.end()
	}
}

func (c *Cluster) launch(args []string, log *os.File) {
	c.t.Helper()
	cmd := exec.Command("sh", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.home, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account, Setsid: true}
	guard, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.running, c.guard = cmd, guard
}

func (c *Cluster) await(within time.Duration) error {
	var err error
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = answers(c.URL("postgres")); err == nil {
			return nil
		}
		if pid, gone := c.pid(); gone != nil || syscall.Kill(pid, 0) != nil && time.Until(deadline) < within-time.Second {
			return errors.Join(err, gone)
		}
	}
	return err
}

// end ends the server if it runs.
func (c *Cluster) end() {
	if c.running == nil {
		return
	}
	_ = c.guard.Close()
	_ = c.running.Wait()
	c.running = nil
}

// pid is that of the postmaster.
func (c *Cluster) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0, nil // not written yet
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

// Kill ends the postmaster by SIGKILL; its children follow by themselves.
func (c *Cluster) Kill() {
	c.t.Helper()
	pid, err := c.pid()
	if err == nil && pid > 1 {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil || pid <= 1 {
		c.t.Fatalf("kill the postmaster %d: %v", pid, err)
	}
}

// Restart ends the server as an operator does, and starts it anew.
func (c *Cluster) Restart() {
	c.t.Helper()
	if out, err := c.server.run(c.account, "pg_ctl", "stop", "-D", c.data(), "-m", "fast", "-w"); err != nil {
		c.t.Fatalf("stop the server: %v\n%s", err, out)
	}
	c.Start()
}

// Set changes a setting of the running server.
func (c *Cluster) Set(name, value string) {
	c.t.Helper()
	c.Execute(fmt.Sprintf("ALTER SYSTEM SET %s = '%s'", name, value), "SELECT pg_reload_conf()")
}

// Execute runs statements as superuser, who may write whatever the server's settings.
func (c *Cluster) Execute(statements ...string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	for _, s := range append([]string{"SET default_transaction_read_only = off"}, statements...) {
		if err == nil {
			_, err = conn.Exec(ctx, s)
		}
	}
	if err != nil {
		c.t.Fatalf("%v: %v", statements, err)
	}
	_ = conn.Close(ctx)
}

// CutLines ends every connection but those of superusers' other tools.
func (c *Cluster) CutLines() {
	c.t.Helper()
	c.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'botschaft'")
}

// Replica copies the server and follows it: from then on nothing is committed that the
// copy does not have.
func (c *Cluster) Replica() *Cluster {
	c.t.Helper()
	r := newCluster(c.t, c.settings)
	r.password = c.password // roles are copied, too
	out, err := r.server.run(r.account, "pg_basebackup", "-D", r.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", c.URL("postgres"))
	if err != nil {
		c.t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	r.Start()
	c.Set("synchronous_standby_names", "*")
	c.settings = append(c.settings, "synchronous_standby_names=*")
	c.awaitReplica()
	return r
}

// awaitReplica waits until commits wait for the replica. The server does what it is told a
// moment later: a new connection shows that it has heard, and the process that makes
// checkpoints, which tells the others, looks before it makes one.
func (c *Cluster) awaitReplica() {
	c.t.Helper()
	const heard = "SELECT current_setting('synchronous_standby_names') = '*' AND EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')"
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		db, following := Beside(c.t, c.URL("postgres")), false
		err := db.QueryRow(heard).Scan(&following)
		_ = db.Close()
		if err == nil && following {
			break
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("the replica does not follow: %v", err)
		}
	}
	c.Execute("CHECKPOINT")
}

// Promote makes a replica the primary.
func (c *Cluster) Promote() {
	c.t.Helper()
	if out, err := c.server.run(c.account, "pg_ctl", "promote", "-D", c.data(), "-w"); err != nil {
		c.t.Fatalf("promote: %v\n%s", err, out)
	}
	c.Execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()") // copied from the one before
}
