package house

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var named = regexp.MustCompile(`(?m)^-- name: (\w+) :`)

// uncalled gives the statements of a text that no source outside of the generated
// code mentions.
func uncalled(name, text string, all []source) []string {
	mentioned := map[string]bool{}
	for _, s := range all {
		if s.pkg() == "internal/store/rows" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				mentioned[id.Name] = true
			}
			return true
		})
	}
	var found []string
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		if !mentioned[m[1]] {
			found = append(found, name+": nobody calls "+m[1]+": delete it, and `make gen`")
		}
	}
	return found
}

func TestEveryStatementIsCalled(t *testing.T) {
	names, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, "internal/store/queries/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		report(t, uncalled(name, string(text), repository(t)))
	}
}

func TestUncalledFindsTheFault(t *testing.T) {
	all := fixture(t, map[string]string{
		"internal/store/a.go":      `package store; func f(q Q) { q.Used() }`,
		"internal/store/rows/b.go": `package rows; func (q Q) Unused() {}`,
	})
	wantFindings(t, uncalled("a.sql", "-- name: Used :one\nSELECT 1;\n\n-- name: Unused :exec\nSELECT 2;\n", all), "Unused")
}
