package house

import (
	"fmt"
	"go/ast"
	"testing"
)

// revealers may turn private values readable, with the reason. Every other
// package carries them sealed or closed.
var revealers = map[string]string{
	"internal/private":   "it defines Reveal",
	"internal/desk":      "what somebody typed is measured",
	"internal/vault":     "it seals and opens",
	"internal/auth":      "passwords, tokens and cookies are compared",
	"internal/directory": "secrets of two Inboxes are compared",
	"internal/hook":      "signatures and secrets are compared",
	"internal/inbound":   "digests are made of what arrives, and a profile is compared with the last one",
	"internal/settings":  "an e-mail address and a name are checked",
	"internal/outbound":  "a reply is measured, and digests are made of it",
	"internal/inbox":     "a note is measured, and digests are made of it",
	"internal/channel":   "a message leaves readable, with the Inbox's token",
	"internal/api":       "an entitled agent reads",
	"internal/files":     "an entitled Agent gets a file that a Contact sent, and its name",
	"internal/evidence":  "an entitled officer reads the sheet about a person",
	"internal/portal":    "the Contact reads and writes in a Room",
	"internal/widget":    "the Contact reads and writes in the website chat",
	"internal/simulator": "it imports nothing of ours; the phones on it are invented",
	"cmd/botschaft":      "the command line shows what it was asked for, once",
}

// reveals finds mentions of Reveal elsewhere, called or passed on.
func reveals(all []source) []string {
	var found []string
	for _, s := range all {
		if _, ok := revealers[s.pkg()]; ok || s.test || helper(s.pkg()) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Reveal" {
				found = append(found, s.at(sel)+": Reveal makes personal data or a secret readable; "+
					"that happens at the edges alone (internal/house/privacy_test.go lists them with their reasons)")
			}
			return true
		})
	}
	return found
}

// permits finds uses of package policy that are not the gate's own. That policy is
// imported by outbound and channel alone is the arrows' business; here channel may
// say nothing but policy.Permit, and outbound may not hand the type on under
// another name.
func permits(all []source) []string {
	var found []string
	for _, s := range all {
		if s.test {
			continue
		}
		switch s.pkg() {
		case "internal/policy":
		case "internal/outbound":
			found = append(found, aliases(s)...)
		default:
			s.selections(module+"/internal/policy", func(sel *ast.SelectorExpr, _ bool) {
				if s.pkg() != "internal/channel" || sel.Sel.Name != "Permit" {
					found = append(found, fmt.Sprintf("%s: policy.%s: a Permit is made by policy, obtained by outbound and only shown to channel; "+
						"who else holds one can send past the gate", s.at(sel), sel.Sel.Name))
				}
			})
		}
	}
	return found
}

// aliases finds exported types that are a Permit under another name.
func aliases(s source) []string {
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || !spec.Name.IsExported() {
			return true
		}
		if sel, ok := spec.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Permit" {
			found = append(found, s.at(spec)+": a Permit under another name can be carried out of the gate")
		}
		return true
	})
	return found
}

func TestRevealStaysAtTheEdges(t *testing.T) { report(t, reveals(repository(t))) }

func TestPermitStaysAtTheGate(t *testing.T) { report(t, permits(repository(t))) }

func TestRevealsFindsEachFault(t *testing.T) {
	const call = "\nfunc f(t interface{ Reveal() string }) string { return t.Reveal() }"
	const value = "\nfunc g(t interface{ Reveal() string }) func() string { return t.Reveal }"
	wantFindings(t, reveals(fixture(t, map[string]string{
		"internal/queue/a.go":      "package queue" + call,
		"internal/store/a.go":      "package store" + value,
		"internal/store/a_test.go": "package store" + value,
		"internal/api/a.go":        "package api" + call,
	})), "queue/a.go:2", "store/a.go:2")
}

func TestPermitsFindsEachFault(t *testing.T) {
	const imported = "\nimport \"botschaft/internal/policy\"\n"
	wantFindings(t, permits(fixture(t, map[string]string{
		"internal/channel/a.go":  "package channel" + imported + "func Send(p policy.Permit) {}",
		"internal/channel/b.go":  "package channel" + imported + "var d = policy.Decide",
		"internal/api/a.go":      "package api" + imported + "var p policy.Permit",
		"internal/outbound/a.go": "package outbound" + imported + "type Pass = policy.Permit\ntype pass = policy.Permit",
	})), "channel/b.go:3: policy.Decide", "api/a.go:3: policy.Permit", "outbound/a.go:3")
}
