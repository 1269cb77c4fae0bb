// Package deploy holds the files to run Botschaft with, and checks them.
package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tool runs a program that checks a file by its own rules, where it is installed. The
// checks below hold without any.
func tool(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path = filepath.Join("/usr/sbin", name) // where Debian puts servers
		if _, err := os.Stat(path); err != nil {
			t.Logf("NOT CHECKED by %s, which is not installed", name)
			return
		}
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// contains wants lines or parts of lines.
func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q", what, p)
		}
	}
}

func TestUnit(t *testing.T) {
	unit := read(t, "systemd", "botschaft.service")
	contains(t, "the unit", unit, "\nNoNewPrivileges=yes\n", "\nProtectSystem=strict\n", "\nMemoryDenyWriteExecute=yes\n", "\nCapabilityBoundingSet=\n",
		"\nSystemCallFilter=@system-service\n", "\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n", "\nStateDirectory=botschaft\n",
		"\nLoadCredential=root.key:", "\nRestart=on-failure\n", "\nTimeoutStopSec=60s\n", "\nUser=botschaft\n")
	// verify looks for the program, so it is shown one that is there.
	shown := filepath.Join(t.TempDir(), "botschaft.service")
	if err := os.WriteFile(shown, []byte(strings.ReplaceAll(unit, "/usr/local/bin/botschaft", "/bin/true")), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, nil, "systemd-analyze", "verify", "--man=no", shown)
	tool(t, nil, "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", shown)
}

// The script for commands hands them the unit's configuration and credentials.
func TestCommandScript(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"systemd-run": "#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "root.key": "", "vault.url": "", "botschaft.toml": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("sh", filepath.Join("systemd", "botschaft-command"), "inbox", "pause", "1", "--reason", "two words")
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "BOTSCHAFT_ETC="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, want := range []string{
		"--uid=botschaft", "--property=LoadCredential=root.key:" + dir + "/root.key", "--property=Environment=BOTSCHAFT_ROOT_KEY_FILE=%d/root.key",
		"--property=Environment=BOTSCHAFT_VAULT_URL_FILE=%d/vault.url", "--property=Environment=BOTSCHAFT_CONFIG=" + dir + "/botschaft.toml",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing among %q", want, got)
		}
	}
	if strings.Contains(string(out), "database.url") {
		t.Error("a file that is not there was handed on")
	}
	if tail := got[len(got)-6:]; !slices.Equal(tail, []string{"/usr/local/bin/botschaft", "inbox", "pause", "1", "--reason", "two words"}) {
		t.Errorf("the command became %q", tail)
	}
}

func TestContainerfile(t *testing.T) {
	file := read(t, "container", "Containerfile")
	instruction := regexp.MustCompile(`^(FROM|RUN|COPY|WORKDIR|ARG|ENV|USER|VOLUME|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD) \S`)
	stages, continued, last := map[string]bool{}, false, ""
	for line := range strings.SplitSeq(file, "\n") {
		if was := continued; line != "" && !strings.HasPrefix(line, "#") {
			if continued = strings.HasSuffix(line, `\`); was {
				continue
			}
			if !instruction.MatchString(line) {
				t.Errorf("no instruction: %s", line)
			}
		}
		if name, ok := strings.CutPrefix(line, "FROM "); ok {
			last, _, _ = strings.Cut(name, " ")
			if _, stage, ok := strings.Cut(name, " AS "); ok {
				stages[stage] = true
			}
		}
		if m := regexp.MustCompile(`^COPY --from=(\w+)`).FindStringSubmatch(line); m != nil && !stages[m[1]] {
			t.Errorf("there is no stage before: %s", line)
		}
	}
	if last != "scratch" {
		t.Errorf("the image begins with %s", last)
	}
	contains(t, "the Containerfile", file, "\nUSER 10001:10001\n", "CGO_ENABLED=0 go build", `CMD ["/usr/local/bin/botschaft", "health"]`, "ca-certificates.crt", "\nVOLUME ")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "..", "go.mod"))[1]
	contains(t, "the Containerfile", file, "golang:"+version+"-")
	for _, m := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(file, -1) {
		if m[1] != "scratch" && (!strings.Contains(m[1], ":") || strings.HasSuffix(m[1], ":latest")) {
			t.Errorf("%s names no version", m[1])
		}
	}
}

func TestCompose(t *testing.T) {
	file := read(t, "container", "compose.yaml")
	contains(t, "the Compose file", file, "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "stop_grace_period: 60s", "\n  node1:\n", "\n  node2:\n",
		"\n  data:\n", "\n  vault:\n", "\n  proxy:\n", "internal: true")
	for _, m := range regexp.MustCompile(`(?m)^\s+(BOTSCHAFT_[A-Z_]+):`).FindAllStringSubmatch(file, -1) {
		if key := strings.ToLower(strings.TrimPrefix(strings.TrimSuffix(m[1], "_FILE"), "BOTSCHAFT_")); !strings.Contains(read(t, "..", "internal", "config", "setting.go"), `"`+strings.TrimSuffix(key, "_file")+`"`) &&
			m[1] != "BOTSCHAFT_ROOT_KEY_FILE" {
			t.Errorf("%s is no variable", m[1])
		}
	}
	defined := regexp.MustCompile(`(?m)^  ([a-z.]+\.[a-z]+|[a-z.]+): \{ file: secrets/`).FindAllStringSubmatch(file, -1)
	for _, list := range regexp.MustCompile(`secrets: \[([^]]+)\]`).FindAllStringSubmatch(file, -1) {
		for name := range strings.SplitSeq(list[1], ", ") {
			if !slices.ContainsFunc(defined, func(d []string) bool { return d[1] == name }) {
				t.Errorf("the secret %s is not defined", name)
			}
		}
	}
}

func TestProxies(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if out, err := exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
		"-subj", "/CN=desk.example.org", "-keyout", key, "-out", cert).CombinedOutput(); err != nil {
		t.Logf("NOT CHECKED by the proxies: no openssl (%v)\n%s", err, out)
		return
	}
	both := filepath.Join(dir, "desk.pem")
	if err := os.WriteFile(both, []byte(read(t, cert)+read(t, key)), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, []string{"BIND_HTTP=127.0.0.1:8000", "BIND_HTTPS=127.0.0.1:8443", "CERTIFICATE=" + both, "NODE1=127.0.0.1:8081", "NODE2=127.0.0.1:8082"},
		"haproxy", "-c", "-f", filepath.Join("proxy", "haproxy.cfg"))
	site := strings.NewReplacer("/etc/ssl/desk.pem", cert, "/etc/ssl/desk.key", key, "/var/log/nginx", dir).Replace(read(t, "proxy", "nginx.conf"))
	main := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(main, []byte("pid "+dir+"/pid; error_log stderr; events {} http { client_body_temp_path "+dir+"/body; "+site+" }"), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, nil, "nginx", "-t", "-c", main)
}

func TestAlerts(t *testing.T) {
	tool(t, nil, "promtool", "check", "rules", filepath.Join("monitoring", "alerts.yaml"))
	tool(t, nil, "promtool", "test", "rules", filepath.Join("monitoring", "alerts_test.yaml"))
	tests := read(t, "monitoring", "alerts_test.yaml")
	for _, m := range regexp.MustCompile(`(?m)- alert: (\w+)`).FindAllStringSubmatch(read(t, "monitoring", "alerts.yaml"), -1) {
		contains(t, "the alarms' tests", tests, `alertname="`+m[1]+`"`)
	}
}

func TestDashboard(t *testing.T) {
	var d struct {
		UID    string
		Title  string
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr, RefID string }
		}
		Templating struct{ List []struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(read(t, "monitoring", "dashboard.json")), &d); err != nil {
		t.Fatal(err)
	}
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.GridPos.W < 1 || p.GridPos.X+p.GridPos.W > 24 || p.Title == "" || (len(p.Targets) == 0) != (p.Type == "row") {
			t.Errorf("panel %+v", p)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			if !strings.Contains(target.Expr, `job=~"$job"`) || target.RefID == "" {
				t.Errorf("%s asks every job: %s", p.Title, target.Expr)
			}
		}
	}
	if d.UID == "" || len(d.Panels) < 20 || len(d.Templating.List) != 2 {
		t.Errorf("the dashboard is %s with %d panels", d.UID, len(d.Panels))
	}
}
