package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// commands is every command there is.
var commands = []string{
	"serve", "demo", "setup", "controller list", "controller create", "controller change",
	"agent list", "agent create", "agent invite", "agent disable", "agent enable", "agent reset-password", "agent role", "agent rename", "agent members",
	"session list", "session revoke", "session revoke-all",
	"inbox create whatsapp", "inbox list", "inbox rename", "inbox secrets", "inbox pause", "inbox resume", "token list", "token create", "token revoke",
	"deliveries list", "deliveries retry", "deliveries drop", "history", "audit list", "verify audit", "doctor", "health", "simulator",
	"backup", "restore", "key create-identity", "key new-root", "key rotate-root", "key rotate-controller",
}

// Every command explains itself.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, c := range append([]string{"", "agent", "session", "inbox", "inbox create", "token", "deliveries", "audit", "verify", "controller", "key"}, commands...) {
		args := append(strings.Fields(c), "--help")
		status, out, said := execute(t, nil, args...)
		usage := strings.TrimSpace("Usage: botschaft " + c)
		if status != 0 || said != "" || !strings.HasPrefix(out, usage) || strings.Count(out, "\n") < 5 {
			t.Errorf("%v: status %d, said %q, printed:\n%s", args, status, said, out)
		}
		facts := slices.Contains(commands, c) && c != "serve" && c != "demo" && c != "simulator"
		if facts && !strings.Contains(out, "--json") {
			t.Errorf("%s prints facts and knows no --json", c)
		}
	}
	_, out, _ := execute(t, nil, "--help")
	for _, c := range commands {
		if !strings.Contains(out, "\n  "+c) && !strings.Contains(out, "\n  "+strings.Fields(c)[0]) {
			t.Errorf("botschaft --help does not name %s:\n%s", c, out)
		}
	}
	if status, out, _ := execute(t, nil, "--version"); status != 0 || strings.Count(out, "\n") != 1 {
		t.Errorf("--version: %d %q", status, out)
	}
}

// What is not understood ends with status 2, prints nothing and says where help is.
func TestUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, line := range []string{
		"", "frobnicate", "serve now", "serve --lisen 127.0.0.1:1", "setup --controller A", "controller change", "inbox secrets",
		"setup --controller A --controller-file b --email a@b.c --password-file x", "agent", "agent create", "agent create --email a@b.c --role boss",
		"agent disable", "agent reset-password", "agent invite", "agent enable", "agent role a@b.c", "agent role a@b.c boss", "agent rename a@b.c", "agent members",
		"session", "session list", "session revoke", "session revoke-all", "inbox create", "inbox create telegram", "inbox create whatsapp --name x", "inbox pause", "inbox pause 1", "inbox resume",
		"inbox create whatsapp --controller x --name x --phone-number-id 1 --waba-id 1 --app-secret-file x --access-token-file x --auth none",
		"token create", "token create --agent a@b.c --lifetime soon", "token revoke", "deliveries retry", "deliveries drop x", "deliveries --yaml",
		"inbox rename 1", "audit --from yesterday", "audit --limit many", "history --limit many",
		"backup", "backup --to x --rate fast", "restore", "restore --identity-file /nowhere/at/all", "key", "key create-identity", "key rotate-controller",
		"verify", "verify audit --against /nowhere/at/all", "verify residue", "doctor now", "doctor --patience soon", "health --yaml", "simulator", "simulator --webhook-url http://127.0.0.1:1",
	} {
		status, out, said := execute(t, []string{"BOTSCHAFT_DATA_DIR=" + dir}, strings.Fields(line)...)
		if status != 2 || out != "" || !strings.HasPrefix(said, "botschaft: ") || !strings.Contains(said, "--help") {
			t.Errorf("%q: status %d, printed %q, said %q", line, status, out, said)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("what was not understood left %v (%v)", left, err)
	}
	status, out, said := execute(t, []string{"BOTSCHAFT_DATA_DIR=" + dir}, "inbox", "create", "whatsapp", "--access-token="+configCanary)
	if wantNoTraces(t, "a secret as a flag", said, []canary{{"it", configCanary}}); status != 2 || out != "" {
		t.Errorf("a secret as a flag: status %d, printed %q", status, out)
	}
}

var anID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// facts runs a command with --json: it prints one object with exactly these keys and
// says nothing else.
func (h *house) facts(keys string, args ...string) map[string]any {
	h.t.Helper()
	status, out, said := h.run(append(args, "--json")...)
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil || status != 0 || said != "" || strings.Count(out, "\n") != 1 {
		h.t.Fatalf("%s: status %d, printed %q, said %q", args, status, out, said)
	}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, strings.Fields(keys)) {
		h.t.Errorf("%s prints %v, want %s", args[:2], names, keys)
	}
	for name, v := range got {
		text, _ := v.(string)
		if slices.Contains([]string{"controller", "agent", "inbox", "id"}, name) && !anID.MatchString(text) {
			h.t.Errorf("%s: %s is %v", args[:2], name, v)
		}
	}
	h.printed += out
	return got
}

// fails runs a command that must fail, with a sentence that holds these words.
func (h *house) fails(words string, args ...string) {
	h.t.Helper()
	status, out, said := h.run(append(args, "--json")...)
	wantRefusal(h.t, strings.Join(args[:2], " "), status, out, said, words)
	h.printed += said
}

// controllerFile is that of the outside contract.
const controllerFile = `
name = "Muster Versicherung AG"
address = "Musterstraße 1, 50667 Köln"
seat = "Köln"
land = "NW"
authority = "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen"
privacy_url = "https://muster-versicherung.example/datenschutz"
alternative = "Telefon 0221 000000, service@muster-versicherung.example"
[dpo]
name = "Datenschutzbeauftragte der Muster Versicherung AG"
email = "datenschutz@muster-versicherung.example"
[[purposes]]
name = "Vertrags- und Schadenbearbeitung"
basis = "6(1)(b)"
`

// TestSetup sets up from a file, after many mistakes that must leave nothing behind.
func TestSetup(t *testing.T) {
	t.Parallel()
	h := &house{t: t, dir: t.TempDir()}
	h.place = []string{"--data-dir", filepath.Join(h.dir, "data")}
	password, file := h.file("password", adminPassword+"\n"), h.file("controller.toml", controllerFile)
	spoilt := func(old, new string) string {
		return h.file("spoilt.toml", strings.Replace(controllerFile, old, new, 1))
	}
	setup := func(more ...string) []string { return append([]string{"setup", "--email", adminEmail}, more...) }
	if status, out, said := h.run(setup("--password-file", password)...); status != 2 || out != "" || !strings.Contains(said, "--controller-file") {
		t.Errorf("without a controller: status %d, printed %q, said %q", status, out, said)
	}
	h.fails("controller-file cannot be read", setup("--password-file", password, "--controller-file", filepath.Join(h.dir, "none"))...)
	h.fails("adress", setup("--password-file", password, "--controller-file", spoilt("address", "adress"))...)
	h.fails("name is missing", setup("--password-file", password, "--controller-file", spoilt("Muster Versicherung AG", ""))...)
	h.fails("land is not", setup("--password-file", password, "--controller-file", spoilt(`"NW"`, `"XX"`))...)
	h.fails("purposes.basis is not", setup("--password-file", password, "--controller-file", spoilt("6(1)(b)", "6(1)(z)"))...)
	h.fails("controller-file", setup("--password-file", password, "--controller-file", spoilt(`name = "V`, `name "V`))...)
	h.fails("password-file cannot be read", setup("--password-file", filepath.Join(h.dir, "none"), "--controller-file", file)...)
	h.fails("password-file names an empty file", setup("--password-file", h.file("empty", "\n"), "--controller-file", file)...)
	h.fails("password", setup("--password-file", h.file("short", "Vogel47"), "--controller-file", file)...)
	h.fails("email is not an e-mail address", "setup", "--email", "nobody", "--password-file", password, "--controller-file", file)
	h.facts("agent controller", setup("--password-file", password, "--controller-file", file)...)
	h.fails("set up already", setup("--password-file", password, "--controller-file", file)...)
	known := column(t, h.open("data"), "SELECT facts FROM controller")
	if len(known) != 1 || !strings.Contains(known[0], "Köln") || !strings.Contains(known[0], "6(1)(b)") || !strings.Contains(known[0], "datenschutz@") {
		t.Errorf("the house knows %q", known)
	}
	h.facts("controller", "controller", "create", "--controller", "Muster Lebensversicherung AG")
	wantNoTraces(t, "what was printed", h.printed, []canary{{"the password", adminPassword}, {"a short password", "Vogel47"}, {"an e-mail address", adminEmail}})
	key, err := os.Stat(filepath.Join(h.dir, "data", "root.key"))
	must(t, err)
	if key.Mode().Perm() != 0o600 {
		t.Errorf("the root key has mode %s", key.Mode())
	}
	for _, name := range []string{"", "botschaft.db", "vault.db"} {
		if info, err := os.Stat(filepath.Join(h.dir, "data", name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %q: %v %v", name, info.Mode(), err)
		}
	}
	other := &house{t: t, dir: t.TempDir()}
	other.place = []string{"--data-dir", filepath.Join(other.dir, "data")}
	status, out, said := other.run("setup", "--controller", "Muster AG", "--email", adminEmail, "--password-file", other.file("password", adminPassword))
	if status != 0 || said != "" || !strings.Contains(out, "root.key") || !strings.Contains(out, "its loss is final") {
		t.Errorf("for people: %d %q %q", status, out, said)
	}
}

// TestVerifyAudit verifies the log, alters it, and verifies again.
func TestVerifyAudit(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		if r := h.facts("checkpoints entries ledger protected waiting", "verify", "audit"); r["waiting"].(float64) < 3 {
			t.Errorf("before the server ran: %v", r)
		}
		h.start()
		eventually(t, 10*time.Second, "the entries are numbered", func() bool {
			return h.facts("checkpoints entries ledger protected waiting", "verify", "audit")["waiting"].(float64) == 0
		})
		if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Fatalf("the server ended with status %d", status)
		}
		const keys = "checkpoint checkpoint_at checkpoints entries ledger protected waiting"
		kept := h.facts(keys, "verify", "audit")
		if kept["entries"].(float64) < 3 || kept["entries"] != kept["protected"] || kept["waiting"].(float64) != 0 {
			t.Errorf("after the shutdown: %v", kept)
		}
		outside, err := json.Marshal(kept)
		must(t, err)
		against := []string{"verify", "audit", "--against", h.file("kept.json", string(outside))}
		h.facts(keys, against...)
		h.fails("no checkpoint", "verify", "audit", "--against", h.file("bogus.json", `{"size":-1}`))
		h.change("data", "UPDATE audit_entry SET subject = 'agent:somebody' WHERE n = 2")
		h.altered(2, "verify", "audit")
		h.change("data", "DELETE FROM checkpoint")
		h.change("data", "DELETE FROM audit_entry WHERE n > 1")
		h.change("data", "UPDATE counter SET n = 1 WHERE name = 'audit'")
		h.facts("checkpoints entries ledger protected waiting", "verify", "audit") // nothing is left that knows better
		h.altered(2, against...)
	})
}

// altered expects a verdict: on stdout the report, on stderr the sentence, status 1.
func (h *house) altered(entry float64, args ...string) {
	h.t.Helper()
	status, out, said := h.run(append(args, "--json")...)
	var r struct {
		Fault struct {
			Kind, Text string
			Entry      float64
		}
	}
	must(h.t, json.Unmarshal([]byte(out), &r))
	if status != 1 || said != "botschaft: the audit log was altered\n" || r.Fault.Kind == "" || r.Fault.Entry != entry || len(strings.Fields(r.Fault.Text)) < 3 {
		h.t.Errorf("%v: status %d, printed %s, said %q", args, status, out, said)
	}
	if status, out, _ := h.run(args...); status != 1 || !strings.HasPrefix(out, "ALTERED: ") {
		h.t.Errorf("for people: %d %q", status, out)
	}
}
