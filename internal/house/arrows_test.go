package house

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// layer is a level of the house: its packages import only from lower levels.
type layer struct {
	name     string
	reason   string // why nothing here may be imported from below or from beside
	packages []string
}

// layers is the plan of the house, from the ground up. A new package gets its
// place here, in the same commit.
var layers = []layer{
	{"ground", "the nouns do no I/O and know nobody, so that everybody may know them", []string{
		"internal/private", "web/app", "web/widget"}},
	{"nouns", "the nouns do no I/O and know nobody, so that everybody may know them", []string{
		"internal/desk"}},
	{"pure", "a pure decision is tested by a table; it must not reach for stores or networks, nor for another decision", []string{
		"internal/policy", "internal/consent", "internal/papers", "internal/routing", "internal/retention", "internal/deadline",
		"internal/detect", "internal/diagnosis", "internal/merkle", "internal/store/rows"}},
	{"lines", "the way to a server or a disk is the same for data and keys; it knows neither", []string{
		"internal/durable", "internal/postgres", "internal/sqlite"}},
	{"technology", "each of these hides one technology; if they know each other, none can be replaced", []string{
		"internal/store", "internal/vault", "internal/blob", "internal/picture", "internal/live", "internal/whatsapp",
		"internal/translate", "internal/egress", "internal/config", "internal/archive", "internal/render"}},
	{"machinery", "the machinery serves every use case; its parts stay independent of each other", []string{
		"internal/queue", "internal/audit", "internal/auth", "internal/channel", "internal/directory", "internal/facts"}},
	{"gate", "what leaves the house passes here; the gate knows the machinery, never who asks", []string{
		"internal/outbound"}},
	{"use cases", "use cases never import each other: what follows from a fact is a job or an event", []string{
		"internal/inbound", "internal/files", "internal/inbox", "internal/room", "internal/privacy", "internal/settings", "internal/oversight", "internal/evidence", "internal/tasks", "internal/doctor", "internal/backup"}},
	{"server", "the rules of the one server hold for every door; it does not know which there are", []string{
		"internal/httpd"}},
	{"doors", "each door turns one protocol into use cases; what two doors share belongs below", []string{
		"internal/hook", "internal/api", "internal/widget", "internal/portal"}},
	{"wiring", "only the wiring knows everybody", []string{
		"cmd/botschaft"}},
}

// outside are packages that stand beside the house: they are no part of the
// product's layers, and only the wiring and tests may import them; bench/seed not even
// the wiring.
var outside = map[string]string{
	"internal/simulator": "the simulator is the outer world",
	"internal/storetest": "a test helper has no place in the product",
	"internal/desktest":  "a test helper has no place in the product",
	"internal/openapi":   "a test helper has no place in the product",
	"internal/house":     "the guards are no library",
	"bench":              "measuring is no part of the product",
	"bench/seed":         "what fills a house with invented people is no way in",
	"deploy":             "it holds files to run the product, and their tests",
}

// beside are the allowed imports within one level, with their reason.
var beside = map[string]string{}

// knows limits a package to the given imports from the house.
var knows = []struct {
	pkg    string
	may    []string
	reason string
}{
	{"internal/private", nil, "a value that refuses to print itself depends on nobody"},
	{"internal/desk", []string{"internal/private"}, "the nouns import package private alone"},
	{"internal/whatsapp", nil, "the wire of the Cloud API is a library of its own: it knows Meta's words, not ours"},
	{"internal/simulator", nil, "a simulator that used our code would agree with our mistakes"},
	{"internal/house", nil, "the guards read sources; they import none"},
}

// known limits who may import a package.
var known = []struct {
	pkg    string
	by     []string
	reason string
}{
	{"internal/channel", []string{"cmd/botschaft"},
		"nobody but the wiring may hold a channel, or a message could leave without passing the gate"},
	{"internal/policy", []string{"internal/outbound", "internal/channel"},
		"the rules of the door are asked in one place, package outbound; channel knows the type Permit alone"},
}

// io names what a pure package must not import.
var io = []string{"net", "net/http", "os", "os/exec", "database/sql", "log", "log/slog"}

func level(pkg string) int {
	return slices.IndexFunc(layers, func(l layer) bool { return slices.Contains(l.packages, pkg) })
}

// helper tells whether pkg exists for tests and tools alone.
func helper(pkg string) bool { _, ok := outside[pkg]; return ok }

// arrows finds packages without a level and imports that point the wrong way. A
// _test.go file may import anything: it is never part of the product.
func arrows(all []source) []string {
	var found []string
	names, by := packages(all)
	for _, pkg := range names {
		if level(pkg) < 0 && !helper(pkg) {
			found = append(found, pkg+" has no level: give it one in internal/house/arrows_test.go")
			continue
		}
		for _, s := range by[pkg] {
			if s.test {
				continue
			}
			for _, to := range s.own() {
				if reason := wrong(pkg, to); reason != "" {
					found = append(found, fmt.Sprintf("%s imports %s: %s", s.path, to, reason))
				}
			}
		}
	}
	return found
}

// wrong says why from must not import to, or nothing.
func wrong(from, to string) string {
	for _, k := range knows {
		if k.pkg == from && !slices.Contains(k.may, to) {
			return k.reason
		}
	}
	if helper(from) {
		return ""
	}
	for _, k := range known {
		if k.pkg == to && !slices.Contains(k.by, from) {
			return k.reason
		}
	}
	if reason, ok := outside[to]; ok && (from != "cmd/botschaft" || to == "bench/seed") {
		return reason + "; only the wiring and tests import it"
	}
	if _, ok := beside[from+" → "+to]; ok {
		return ""
	}
	if a, b := level(from), level(to); b >= a && b >= 0 {
		return fmt.Sprintf("%s is %s, %s is %s, and imports go downward: %s", from, layers[a].name, to, layers[b].name, layers[a].reason)
	}
	return ""
}

// pure finds I/O in the packages that decide.
func pure(all []source) []string {
	var found []string
	for _, s := range all {
		l := level(s.pkg())
		if s.test || s.generated || l < 0 || l > 2 || strings.HasPrefix(s.path, "web/") {
			continue
		}
		for p := range s.imports() {
			if slices.Contains(io, p) && (s.pkg() != "internal/private" || p != "log/slog") {
				found = append(found, fmt.Sprintf("%s imports %s: %s", s.path, p, layers[2].reason))
			}
		}
	}
	return found
}

func TestImportsPointDownward(t *testing.T) { report(t, arrows(repository(t))) }

func TestPurePackagesDoNoIO(t *testing.T) { report(t, pure(repository(t))) }

func TestArrowsFindsEachFault(t *testing.T) {
	sources := fixture(t, map[string]string{
		"internal/desk/a.go":      `package desk; import "botschaft/internal/private"`,
		"internal/desk/b.go":      `package desk; import "botschaft/internal/store"`,
		"internal/desk/b_test.go": `package desk; import "botschaft/internal/storetest"`,
		"internal/store/a.go":     `package store; import "botschaft/internal/queue"`,
		"internal/store/b.go":     `package store; import "botschaft/internal/storetest"`,
		"internal/store/c.go":     `package store; import "botschaft/internal/store/rows"`,
		"internal/inbox/a.go":     `package inbox; import "botschaft/internal/room"`,
		"internal/api/a.go":       `package api; import "botschaft/internal/channel"`,
		"internal/api/b.go":       `package api; import p "botschaft/internal/policy"`,
		"internal/outbound/a.go":  `package outbound; import "botschaft/internal/policy"`,
		"internal/simulator/a.go": `package simulator; import "botschaft/internal/whatsapp"`,
		"internal/whatsapp/a.go":  `package whatsapp; import "botschaft/internal/desk"`,
		"internal/garden/a.go":    `package garden`,
		"cmd/botschaft/main.go":   `package main; import ("botschaft/internal/channel"; "botschaft/internal/simulator")`,
		"cmd/botschaft/fill.go":   `package main; import "botschaft/bench/seed"`,
	})
	wantFindings(t, arrows(sources),
		"desk/b.go imports internal/store: the nouns import package private alone",
		"store/a.go imports internal/queue: internal/store is technology",
		"store/b.go imports internal/storetest: a test helper",
		"inbox/a.go imports internal/room: internal/inbox is use cases, internal/room is use cases",
		"api/a.go imports internal/channel: nobody but the wiring",
		"api/b.go imports internal/policy: the rules of the door",
		"simulator/a.go imports internal/whatsapp: a simulator that used our code",
		"whatsapp/a.go imports internal/desk: the wire of the Cloud API",
		"cmd/botschaft/fill.go imports bench/seed: what fills a house",
		"internal/garden has no level: give it one")
}

func TestPureFindsIO(t *testing.T) {
	wantFindings(t, pure(fixture(t, map[string]string{
		"internal/policy/a.go":      `package policy; import "net/http"`,
		"internal/policy/a_test.go": `package policy; import "os"`,
		"internal/private/a.go":     `package private; import "log/slog"`,
		"internal/store/a.go":       `package store; import "os"`,
	})), "policy/a.go imports net/http")
}

func TestEveryPackageHasOneLevel(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range layers {
		for _, p := range l.packages {
			if seen[p] || helper(p) {
				t.Errorf("%s stands twice in the plan", p)
			}
			seen[p] = true
		}
	}
}
