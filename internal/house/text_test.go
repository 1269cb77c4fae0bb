package house

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unfinished are the marks of work put off. They are written apart here, so that
// this file does not find itself.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)

// machinePath is a path into somebody's home or checkout, which means nothing on
// another machine.
var machinePath = regexp.MustCompile(`(^|[^\w.~*/}-])/(home|Users|root|work|workspace|builds)/[\w.-]+`)

// registries are hosts that packages come from. Which one is used is a matter of
// the machine, never of a file of ours.
var registries = []string{"proxy" + ".golang.org", "sum" + ".golang.org", "registry" + ".npmjs.org", "registry" + ".yarnpkg.com"}

// givenRegistries adds the hosts this machine is told to use.
func givenRegistries() []string {
	hosts := slices.Clone(registries)
	for _, variable := range []string{"GOPROXY", "GOSUMDB", "npm_config_registry", "NPM_CONFIG_REGISTRY"} {
		for _, part := range strings.FieldsFunc(os.Getenv(variable), func(r rune) bool { return strings.ContainsRune(",| ", r) }) {
			_, rest, ok := strings.Cut(part, "://")
			if host, _, _ := strings.Cut(rest, "/"); ok && strings.Contains(host, ".") {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// eachText calls visit for every text file that may be committed.
func eachText(t *testing.T, visit func(name string, content []byte)) {
	t.Helper()
	all, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		content, err := os.ReadFile(filepath.Join(root, name))
		if ignoreVanished(err) != nil {
			t.Fatal(err)
		}
		if err == nil && bytes.IndexByte(content[:min(len(content), 8000)], 0) < 0 {
			visit(name, content)
		}
	}
}

// words finds marks of unfinished work, machine paths and registry hosts.
func words(name string, content []byte, hosts []string) []string {
	var found []string
	lock := path.Base(name) == "package-lock.json" || path.Base(name) == "go.sum"
	for i, line := range strings.Split(string(content), "\n") {
		at := fmt.Sprintf("%s:%d", name, i+1)
		if mark := unfinished.FindString(line); mark != "" && !lock {
			found = append(found, at+": "+mark+": finish it now, or write down in docs/decisions why not")
		}
		if p := machinePath.FindString(line); p != "" {
			found = append(found, fmt.Sprintf("%s: %q is a path on one machine; it means nothing on the next", at, strings.TrimSpace(p)))
		}
		for _, host := range hosts {
			if strings.Contains(line, host) {
				found = append(found, fmt.Sprintf("%s: %s: where packages come from is a matter of the machine", at, host))
			}
		}
	}
	return found
}

func TestTextsMakeSenseElsewhere(t *testing.T) {
	hosts := givenRegistries()
	eachText(t, func(name string, content []byte) { report(t, words(name, content, hosts)) })
}

func TestWordsFindsEachFault(t *testing.T) {
	text := strings.Join([]string{
		"// TO" + "DO: later", "autodoc todo Todos", "see /ho" + "me/anna/x", "https://example.org/ho" + "me/anna",
		"(/wo" + "rk/main/x)", "web/wo" + "rk/main", "registry=https://" + registries[2] + "/", "/var/lib/botschaft",
	}, "\n")
	wantFindings(t, words("a.md", []byte(text), registries), "a.md:1", "a.md:3", "a.md:5", "a.md:7")
}

// TestAsideIsIgnored checks that what the guards overlook is never committed.
func TestAsideIsIgnored(t *testing.T) {
	ignored, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(ignored))
	for _, dir := range aside {
		own := dir == ".git" || dir == "dist" // git's own; web/app/.gitignore keeps a placeholder in dist
		named := slices.ContainsFunc([]string{dir + "/", "/" + dir + "/", "/" + dir}, func(line string) bool { return slices.Contains(lines, line) })
		if !own && !named {
			t.Errorf("the guards do not look into %s, so .gitignore must name it", dir)
		}
	}
}
