package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The walk through disaster recovery in docs/operate.md works as it is written: every
// command of the section is run, in its order, on a house that is really lost.
func TestRecoveryAsDocumented(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	dir := h.dir
	must(t, os.Mkdir(filepath.Join(dir, "bin"), 0o700))
	must(t, os.Symlink(program, filepath.Join(dir, "bin", "botschaft")))
	root := filepath.Join(dir, "root.key")
	must(t, os.Rename(filepath.Join(dir, "data", "root.key"), root))
	config := h.file("botschaft.toml", "data_dir = \""+filepath.Join(dir, "data")+"\"\nroot_key_file = \""+root+"\"\n")
	h.place = []string{"--config", config}
	h.start()
	h.serving.end(t, syscall.SIGTERM) // which signs a checkpoint
	h.start()
	shell := func(command string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Dir, cmd.Env = dir, append(environ(nil), "BOTSCHAFT_CONFIG="+config, "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s%s", command, err, out, said.String())
		}
		return string(out)
	}
	ran := 0
	for _, command := range commandsOf(t, "## Backup and disaster recovery") {
		command = strings.NewReplacer("/var/lib/botschaft", filepath.Join(dir, "data"), "/mnt/backup", filepath.Join(dir, "backup")).Replace(command)
		for kind, pattern := range map[string]string{"data": `\S*-data\.botschaft\.age`, "vault": `\S*-vault\.botschaft\.age`} {
			if made, _ := filepath.Glob(filepath.Join(dir, "backup", kind, "*.age")); len(made) == 1 {
				command = regexp.MustCompile(pattern).ReplaceAllString(command, made[0])
			}
		}
		if strings.HasPrefix(command, "mv ") { // the disaster, and the first step after it
			h.serving.end(t, syscall.SIGKILL)
		}
		out := shell(command)
		if strings.Contains(command, "create-identity") {
			h.file("recovery.recipient", out)
		}
		ran++
	}
	if ran < 8 {
		t.Errorf("only %d commands were found", ran)
	}
	h.start()
	if a := h.call("GET", "/me", ""); a.status != 200 {
		t.Errorf("the house that came back: %d %s", a.status, a.body)
	}
}

// So does the exchange of keys.
func TestKeysAsDocumented(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	root := filepath.Join(h.dir, "root.key")
	must(t, os.Rename(filepath.Join(h.dir, "data", "root.key"), root))
	h.place = append(h.place, "--root-key-file", root)
	h.start()
	ran := 0
	for _, command := range commandsOf(t, "## The root key") {
		words := strings.Fields(strings.NewReplacer("/etc/botschaft", h.dir, "01a20a6c-370e-7d4e-89a5-50e2a6c83c1f", h.controller).Replace(command))
		if words[0] == "mv" {
			must(t, os.Rename(words[1], words[2]))
		} else if status, out, said := h.run(words[1:]...); status != 0 {
			t.Fatalf("%s: %d\n%s%s", command, status, out, said)
		}
		ran++
	}
	if ran != 5 {
		t.Errorf("%d commands were found", ran)
	}
	h.serving.end(t, syscall.SIGTERM)
	h.start()
}

// commandsOf gives the commands in the fenced blocks of a section of docs/operate.md; what
// they print stands there, too, and is left out.
func commandsOf(t testing.TB, heading string) []string {
	t.Helper()
	return slices.DeleteFunc(linesOf(t, heading), func(line string) bool {
		return !strings.HasPrefix(line, "botschaft ") && !strings.HasPrefix(line, "mv ")
	})
}

// linesOf gives what a section of docs/operate.md tells to type.
func linesOf(t testing.TB, heading string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	must(t, err)
	_, section, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("docs/operate.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var all []string
	within := false
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			within = !within
		case within:
			all = append(all, line)
		}
	}
	return all
}
