package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// dials are the names that open a connection or look a name up, by package.
// http.Client and its like count where one is made, not where a pointer to one is
// handed in.
var dials = map[string][]string{
	"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver", "DefaultResolver",
		"LookupHost", "LookupIP", "LookupAddr", "LookupCNAME", "LookupMX", "LookupNS", "LookupSRV", "LookupTXT"},
	"net/http":                   {"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "Client", "Transport"},
	"net/http/httputil":          {"ReverseProxy", "NewSingleHostReverseProxy"},
	"net/rpc":                    {"Dial", "DialHTTP"},
	"net/smtp":                   {"Dial", "SendMail"},
	"crypto/tls":                 {"Dial", "DialWithDialer", "Dialer"},
	"github.com/jackc/pgx/v5":    {"Connect", "ConnectConfig"},
	"golang.org/x/net/websocket": {"Dial", "DialConfig"},
}

// pgx connects to database servers, which the drivers below may.
const pgx = "github.com/jackc/pgx/v5"

// dialers may connect by themselves, with the reason.
var dialers = map[string]string{
	"internal/egress":    "it is the one dialer: declared hosts, the rest refused",
	"internal/postgres":  "it connects to the databases, which are the house's own",
	"internal/simulator": "it is the outer world and posts webhooks to us",
	"bench":              "it plays the outer world",
}

// drivers may connect to databases through their driver.
var drivers = map[string]string{
	"internal/store": "the data store",
	"internal/vault": "the key store, a database of its own",
}

// dialled finds connections opened past egress.
func dialled(all []source) []string {
	var found []string
	for _, s := range all {
		if _, ok := dialers[s.pkg()]; ok || s.test || helper(s.pkg()) {
			continue
		}
		_, driver := drivers[s.pkg()]
		for p, names := range dials {
			s.selections(p, func(sel *ast.SelectorExpr, starred bool) {
				if starred || !slices.Contains(names, sel.Sel.Name) || driver && p == pgx {
					return
				}
				found = append(found, fmt.Sprintf("%s: %s.%s: only package egress dials, because only it knows which hosts are declared "+
					"and for which purpose; take its client or dialer by the constructor", s.at(sel), p, sel.Sel.Name))
			})
		}
	}
	return found
}

// clocks may read the clock, with the reason. Everybody else is given the time: by
// the transaction, or by a clock handed to the constructor. (To name time.Now as
// the clock of a constructor that was given none is no reading.)
var clocks = map[string]string{
	"cmd/botschaft":      "the wiring hands the clock down",
	"internal/simulator": "it is the outer world and has its own clock",
	"bench":              "it measures",
}

// clockFiles are single files that may read the clock, with the reason.
var clockFiles = map[string]string{
	"internal/api/events.go":      "it sets deadlines of a connection, which are a matter of the real clock",
	"internal/api/files.go":       "it sets deadlines of a connection, which are a matter of the real clock",
	"internal/store/committer.go": "it measures how long a batch holds the one writer, which is a matter of the real clock",
}

// ticking finds readings of the clock elsewhere.
func ticking(all []source) []string {
	var found []string
	for _, s := range all {
		_, ok := clocks[s.pkg()]
		if _, file := clockFiles[s.path]; ok || file || s.test || helper(s.pkg()) {
			continue
		}
		called := map[ast.Node]bool{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				called[call.Fun] = true
			}
			return true
		})
		s.selections("time", func(sel *ast.SelectorExpr, _ bool) {
			if called[sel] && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				found = append(found, fmt.Sprintf("%s: time.%s: times come from the transaction or from a clock given to the constructor, "+
					"so that tests can move them", s.at(sel), sel.Sel.Name))
			}
		})
	}
	return found
}

// started finds func init, which does things nobody asked for.
func started(all []source) []string {
	var found []string
	for _, s := range all {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !s.generated {
				found = append(found, s.at(f)+": func init runs unasked and untested; let a constructor do it")
			}
		}
	}
	return found
}

func TestOnlyEgressDials(t *testing.T) { report(t, dialled(repository(t))) }

func TestTimesAreGiven(t *testing.T) { report(t, ticking(repository(t))) }

func TestNothingRunsUnasked(t *testing.T) { report(t, started(repository(t))) }

func TestDialledFindsEachFault(t *testing.T) {
	lines := strings.Join([]string{
		`package room`, `import ("net"; web "net/http"; "crypto/tls"; "github.com/jackc/pgx/v5")`,
		`var a, _ = net.Dial("tcp", "x")`,
		`var b = web.DefaultClient`,
		`var c = &web.Client{}`,
		`var d = new(web.Transport)`,
		`var e net.Dialer`,
		`var f, _ = pgx.Connect(nil, "")`,
		`var g = tls.Dial`,
		`type fine struct { client *web.Client; status int }`,
		`func (f fine) get() (*web.Response, error) { return f.client.Get("x") }`,
		`var listen = net.Listen`,
	}, "\n")
	wantFindings(t, dialled(fixture(t, map[string]string{
		"internal/room/a.go":       lines,
		"internal/room/a_test.go":  lines,
		"internal/egress/a.go":     strings.Replace(lines, "room", "egress", 1),
		"internal/store/engine.go": "package store\nimport \"github.com/jackc/pgx/v5\"\nvar f, _ = pgx.Connect(nil, \"\")",
	})), "a.go:3", "a.go:4", "a.go:5", "a.go:6", "a.go:7", "a.go:8", "a.go:9")
}

func TestTickingFindsEachFault(t *testing.T) {
	const code = "\nimport \"time\"\nvar clock = time.Now\nvar now, since = time.Now(), time.Since(time.Time{})\nvar day = 24 * time.Hour"
	wantFindings(t, ticking(fixture(t, map[string]string{
		"internal/room/a.go":      "package room" + code,
		"internal/room/a_test.go": "package room" + code,
		"cmd/botschaft/main.go":   "package main" + code,
	})), "room/a.go:4: time.Now", "room/a.go:4: time.Since")
}

func TestStartedFindsInit(t *testing.T) {
	wantFindings(t, started(fixture(t, map[string]string{
		"internal/room/a.go": "package room\nfunc init() {}\ntype t int\nfunc (t) init() {}",
	})), "room/a.go:2")
}
