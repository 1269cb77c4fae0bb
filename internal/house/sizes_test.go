package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The limits. Aim at two thirds of the first and half of the second.
const (
	maxFile      = 600 // lines; beyond it a file holds two ideas
	maxFunction  = 80  // lines without tables; beyond it nobody reads to the end
	maxInterface = 4   // methods; a larger one belongs to the producer, not the consumer
	maxImports   = 8   // own packages; beyond it a package knows too much to be moved
)

// longFiles may be longer than maxFile, with the reason. Go files that say
// "Code generated … DO NOT EDIT." need no entry.
var longFiles = map[string]string{
	"web/app/src/api/schema.d.ts": "generated from the OpenAPI document",
}

// wideImports may import more of the house than maxImports, with the reason.
var wideImports = map[string]string{
	"cmd/botschaft":     "the wiring knows everybody",
	"internal/httpd":    "the server mounts every door",
	"internal/outbound": "the gate asks everybody, so that nobody else decides",
}

// sourceEndings are the files that people write and read.
var sourceEndings = []string{".go", ".ts", ".svelte", ".css", ".js", ".mjs", ".sql", ".sh"}

// sizes finds functions, interfaces and packages beyond the limits.
func sizes(all []source) []string {
	var found []string
	names, by := packages(all)
	for _, pkg := range names {
		own := map[string]bool{}
		for _, s := range by[pkg] {
			if s.generated {
				continue
			}
			found = append(found, bigDeclarations(s)...)
			for _, p := range s.own() {
				own[p] = own[p] || !s.test
			}
		}
		n := 0
		for _, inProduct := range own {
			if inProduct {
				n++
			}
		}
		if _, ok := wideImports[pkg]; !ok && !helper(pkg) && n > maxImports {
			found = append(found, fmt.Sprintf("%s imports %d packages of ours, more than %d: split it, or let a job or an event carry the news", pkg, n, maxImports))
		}
	}
	return found
}

func bigDeclarations(s source) []string {
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if lines := s.lines(n) - tableLines(s, n); lines > maxFunction {
				found = append(found, fmt.Sprintf("%s: func %s has %d lines without its tables, more than %d: find the second idea in it", s.at(n), n.Name.Name, lines, maxFunction))
			}
		case *ast.TypeSpec:
			if t, ok := n.Type.(*ast.InterfaceType); ok && methods(t) > maxInterface {
				found = append(found, fmt.Sprintf("%s: interface %s has %d methods, more than %d: declare what the consumer needs", s.at(n), n.Name.Name, methods(t), maxInterface))
			}
		}
		return true
	})
	return found
}

// tableLines counts the lines of tables within n: composite literals over several
// lines without a function in them, since tables of data are exempt, logic never.
func tableLines(s source, n ast.Node) int {
	lines := 0
	ast.Inspect(n, func(n ast.Node) bool {
		table, ok := n.(*ast.CompositeLit)
		if !ok || s.lines(table) < 3 || hasFunction(table) {
			return true
		}
		lines += s.lines(table) - 2 // its first and last line hold code as well
		return false
	})
	return lines
}

func hasFunction(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		_, is := n.(*ast.FuncLit)
		found = found || is
		return !found
	})
	return found
}

func methods(t *ast.InterfaceType) int {
	n := 0
	for _, m := range t.Methods.List {
		if _, ok := m.Type.(*ast.FuncType); ok {
			n += len(m.Names)
		}
	}
	return n
}

// longFile says that a file is too long, if so.
func longFile(name string, content []byte) string {
	_, exempt := longFiles[name]
	generated := bytes.Contains(content[:min(len(content), 500)], []byte("// Code generated "))
	if exempt || generated || !slices.Contains(sourceEndings, path.Ext(name)) {
		return ""
	}
	if n := bytes.Count(content, []byte("\n")); n > maxFile {
		return fmt.Sprintf("%s has %d lines, more than %d: it holds a second idea, give that a file", name, n, maxFile)
	}
	return ""
}

func TestNothingIsTooBigToRead(t *testing.T) {
	report(t, sizes(repository(t)))
	eachText(t, func(name string, content []byte) {
		if f := longFile(name, content); f != "" {
			t.Error(f)
		}
	})
	for name := range longFiles {
		if _, err := os.Stat(filepath.Join(root, path.Dir(name))); err == nil {
			continue
		}
		t.Logf("%s is exempt and does not exist (yet)", name)
	}
}

func TestSizesFindsEachFault(t *testing.T) {
	code := "package desk\nfunc long() {\n" + strings.Repeat("_ = 1\n", 79) + "}\n" +
		"func table() {\n_ = []int{\n" + strings.Repeat("1,\n", 200) + "}\n}\n" +
		"func logic() {\n_ = []func(){func() {\n" + strings.Repeat("_ = 1\n", 90) + "}}\n}\n" +
		"type wide interface { a(); b(); c(); d(); e() }\n" +
		"type fine interface { a(); b(); c(); d() }\n"
	imports := "package inbox\nimport (\n"
	for _, p := range "abcdefghi" {
		imports += fmt.Sprintf("%q\n", module+"/internal/"+string(p))
	}
	imports += ")\n"
	wantFindings(t, sizes(fixture(t, map[string]string{
		"internal/desk/a.go":       code,
		"internal/inbox/a.go":      imports,
		"internal/room/a_test.go":  strings.Replace(imports, "inbox", "room", 1),
		"internal/httpd/a.go":      strings.Replace(imports, "inbox", "httpd", 1),
		"internal/store/rows/g.go": "// Code generated by sqlc. DO NOT EDIT.\n\n" + strings.Replace(code, "desk", "rows", 1),
	})),
		"desk/a.go:2: func long has 81 lines",
		"func logic has 9",
		"interface wide has 5 methods",
		"internal/inbox imports 9 packages")
}

func TestLongFileIsFound(t *testing.T) {
	long := []byte(strings.Repeat("\n", maxFile+1))
	for name, want := range map[string]bool{"web/app/src/a.svelte": true, "web/app/package-lock.json": false, "internal/desk/a.go": true} {
		if got := longFile(name, long) != ""; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if f := longFile("a.go", append([]byte("// Code generated by sqlc. DO NOT EDIT.\n"), long...)); f != "" {
		t.Error(f)
	}
}
