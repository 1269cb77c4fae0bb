// Package storetest gives each test a database of its own, on both engines.
//
// It promises an empty or freshly migrated database that goes when the test ends.
// It never skips: a test that cannot have its database fails and says what is missing.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The variables this file reads.
const (
	// ServerVariable names a running server: the URL of a superuser.
	ServerVariable = "BOTSCHAFT_TEST_POSTGRES"
	// DurableVariable set to 1 starts the server with fsync on, for tests that
	// measure or kill.
	DurableVariable = "BOTSCHAFT_TEST_DURABLE"
)

// oldest is the oldest major version of PostgreSQL the house supports.
const oldest = 15

// linger is how many seconds a server started here outlives its last test process.
const linger = 90

// PostgresURL gives the URL of a fresh, empty database that lives as long as the
// test does.
//
// The server is the one BOTSCHAFT_TEST_POSTGRES names, else one started from the
// installed binaries and shared by all test processes of this user. Such a server
// ends by itself: every test process holds a shared lock on a file, and a watchdog
// shell stops the server and removes its files once nobody has held the lock for
// 90 seconds (it needs flock(1); without it, and to end it at once, there is
// `make stop-postgres`).
func PostgresURL(t testing.TB) string {
	t.Helper()
	return cloneDatabase(t, "template0")
}

// PostgresTemplate gives the URL of a fresh copy of a template database. The
// template is made once per key and server by migrate; so the key must change
// with what migrate does (a hash of the migrations).
func PostgresTemplate(t testing.TB, key string, migrate func(url string) error) string {
	t.Helper()
	sum := sha256.Sum256([]byte(key))
	name := "botschaft_template_" + hex.EncodeToString(sum[:8])
	if err := makeTemplate(t.Context(), mustServer(t), name, migrate); err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	return cloneDatabase(t, name)
}

// cloneDatabase copies template into a database of this test's own.
func cloneDatabase(t testing.TB, template string) string {
	t.Helper()
	server := mustServer(t)
	name := "botschaft_test_" + randomHex(8)
	if err := execute(t.Context(), server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		// The test's context is done by now.
		if err := execute(context.Background(), server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return inDatabase(server, name)
}

// makeTemplate makes the template database name unless it exists. A half-made one
// never carries the name, because it is renamed when it is complete.
func makeTemplate(ctx context.Context, server, name string, migrate func(url string) error) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // releases the lock too
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return err
	}
	var exists bool
	const find = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)"
	if err := conn.QueryRow(ctx, find, name).Scan(&exists); err != nil || exists {
		return err
	}
	draft := name + "_" + randomHex(4)
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+draft+" TEMPLATE template0"); err != nil {
		return err
	}
	err = migrate(inDatabase(server, draft))
	if err == nil {
		err = publish(ctx, conn, draft, name)
	}
	if err != nil {
		_, _ = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+draft+" WITH (FORCE)")
	}
	return err
}

// publish gives a migrated database its name and shuts it, because a database with
// sessions can neither be renamed nor copied.
func publish(ctx context.Context, conn *pgx.Conn, draft, name string) error {
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+draft+" ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	const end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"
	for {
		var left int
		if err := conn.QueryRow(ctx, end, draft).Scan(&left); err != nil {
			return err
		}
		if left == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	_, err := conn.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
	return err
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, url, statement string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

// inDatabase gives the server's URL with another database.
func inDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil { // mustServer connected with it
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// running is the server of this test process, found once.
var running struct {
	once  sync.Once
	url   string
	err   error
	users *os.File // the shared lock, held until the process ends
}

// mustServer gives the URL of the server's maintenance database.
func mustServer(t testing.TB) string {
	t.Helper()
	running.once.Do(func() { running.url, running.err = findServer() })
	if running.err != nil {
		t.Fatal(running.err)
	}
	return running.url
}

func findServer() (string, error) {
	if given := os.Getenv(ServerVariable); given != "" {
		if err := answers(given); err != nil {
			return "", fmt.Errorf("the PostgreSQL server in %s does not answer: %w", ServerVariable, err)
		}
		return given, nil
	}
	bin, version, err := findBinaries()
	if err != nil {
		return "", err
	}
	s := server{bin: bin, durable: os.Getenv(DurableVariable) == "1"}
	name := fmt.Sprintf("botschaft-test-postgres-%d-%d", os.Getuid(), version)
	if s.durable {
		name += "-durable"
	}
	s.dir = filepath.Join(os.TempDir(), name)
	return s.join()
}

// answers tells why the server behind url cannot be used, if so.
func answers(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return execute(ctx, url, "SELECT 1")
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findBinaries gives the directory of the newest installed server and its version.
func findBinaries() (dir string, version int, err error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // where Debian puts them
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	for _, d := range dirs {
		out, err := exec.Command(filepath.Join(d, "postgres"), "--version").Output()
		found := versionNumber.FindSubmatch(out)
		if err != nil || found == nil {
			continue
		}
		if n, _ := strconv.Atoi(string(found[1])); n > version {
			dir, version = d, n
		}
	}
	if version < oldest {
		return "", 0, fmt.Errorf("these tests need PostgreSQL %d or newer: install the package postgresql, "+
			"or name a running server by %s=postgres://superuser:password@host/postgres", oldest, ServerVariable)
	}
	return dir, version, nil
}

// server is a PostgreSQL of our own in a directory shared by test processes.
type server struct {
	bin     string // where initdb, pg_ctl and postgres are
	dir     string // holds the locks, the URL, the log and the data
	durable bool
}

func (s server) path(name string) string { return filepath.Join(s.dir, name) }

// join takes part in the running server, starting it if there is none. Two locks
// keep the peace: "start" is held exclusively while a process looks and starts;
// "users" is held shared by every process with tests, and exclusively by the
// watchdog while it stops the server.
func (s server) join() (string, error) {
	if err := s.makeDirectory(); err != nil {
		return "", err
	}
	start, err := lock(s.path("start"), syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer func() { _ = start.Close() }() // releases the lock
	if running.users, err = lock(s.path("users"), syscall.LOCK_SH); err != nil {
		return "", err
	}
	if url, err := os.ReadFile(s.path("url")); err == nil && answers(string(url)) == nil {
		return string(url), nil
	}
	account, err := s.account()
	if err != nil {
		return "", err
	}
	for range 3 { // another program may take the port between our look and the start
		var url string
		if url, err = s.start(account); err == nil {
			return url, os.WriteFile(s.path("url"), []byte(url), 0o600)
		}
	}
	return "", err
}

// makeDirectory makes the shared directory and refuses one that somebody else put
// there. Others may pass through it when we are root: the server then runs as
// another user.
func (s server) makeDirectory() error {
	mode := os.FileMode(0o700)
	if os.Getuid() == 0 {
		mode = 0o711
	}
	if err := os.Mkdir(s.dir, mode); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(s.dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != os.Getuid() {
		return fmt.Errorf("%s belongs to somebody else: remove it, or set TMPDIR to a directory of your own", s.dir)
	}
	return os.Chmod(s.dir, mode)
}

// lock opens and locks a file; closing it, or the end of the process, unlocks it.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}

// account is who runs the server: nil for ourselves; as root somebody else,
// because PostgreSQL refuses to run as root.
func (s server) account() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")
}

// start makes a new data directory and runs a server on it under the watchdog.
func (s server) start(account *syscall.Credential) (string, error) {
	if err := s.clear(account); err != nil {
		return "", err
	}
	password := randomHex(16)
	home, err := s.makeHome(account, password)
	if err != nil {
		return "", err
	}
	if out, err := s.run(account, "initdb", "-D", filepath.Join(home, "db"), "-U", "postgres", "-E", "UTF8", "--locale=C",
		"-A", "scram-sha-256", "--pwfile="+filepath.Join(home, "password"), "--no-sync", "--no-instructions"); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	pid, err := s.watch(account, home, port)
	if err != nil {
		return "", err
	}
	url := fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres?sslmode=disable", password, port)
	return url, await(url, pid, filepath.Join(home, "log"))
}

// clear removes what dead or deaf servers left; nothing in it is wanted.
func (s server) clear(account *syscall.Credential) error {
	homes, err := filepath.Glob(s.path("data-*"))
	for _, home := range homes {
		_, _ = s.run(account, "pg_ctl", "stop", "-D", filepath.Join(home, "db"), "-m", "immediate", "-w")
		err = errors.Join(err, os.RemoveAll(home))
	}
	return err
}

// makeHome makes a directory for one server, with its password, owned by account.
// Its name is new each time, so that an old watchdog never clears a new server away.
func (s server) makeHome(account *syscall.Credential, password string) (string, error) {
	home, err := os.MkdirTemp(s.dir, "data-")
	if err != nil {
		return "", err
	}
	secret := filepath.Join(home, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return "", err
	}
	if account == nil {
		return home, nil
	}
	uid, gid := int(account.Uid), int(account.Gid)
	return home, errors.Join(os.Chown(secret, uid, gid), os.Chown(home, uid, gid))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// watchdog runs the server and stops it when nobody has held the lock "users" for
// a while; it holds that lock itself while it stops. See PostgresURL.
const watchdog = `
bin=$1 home=$2 users=$3 linger=$4; shift 4
"$bin/postgres" -D "$home/db" "$@" &
server=$! idle=0
while sleep 3 && kill -0 $server 2>/dev/null; do
	if flock -n -x "$users" true; then idle=$((idle + 3)); else idle=0; fi
	[ $idle -lt $linger ] ||
		flock -n -x "$users" "$bin/pg_ctl" stop -D "$home/db" -m immediate -w
done
rm -rf "$home"/*`

// watch starts the watchdog, in a session of its own so that the end of a test
// run does not take the server from another one, and gives its process id.
func (s server) watch(account *syscall.Credential, home string, port int) (int, error) {
	log, err := os.OpenFile(filepath.Join(home, "log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { _ = log.Close() }()
	args := []string{"-c", watchdog, "watchdog", s.bin, home, s.path("users"), strconv.Itoa(linger),
		"-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "jit=off"}
	if !s.durable {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	cmd := exec.Command("sh", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account, Setsid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, cmd.Process.Release()
}

// await waits until the server answers or its watchdog has ended.
func await(url string, pid int, log string) error {
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = answers(url); err == nil {
			return nil
		}
		if ended, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); ended == pid {
			break
		}
	}
	said, _ := os.ReadFile(log)
	return fmt.Errorf("the PostgreSQL server started for the tests does not answer: %w\n%s", err, said)
}

// run runs a program of the server to its end and gives its output.
func (s server) run(account *syscall.Credential, program string, args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	return cmd.CombinedOutput()
}
