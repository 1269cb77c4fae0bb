package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the name of the module; its packages are named by the path below it.
const module = "botschaft"

// source is one Go file, named by its path below the module's root.
type source struct {
	path      string
	fset      *token.FileSet
	file      *ast.File
	test      bool // a _test.go file
	generated bool
}

// pkg is the directory of the file: "internal/desk".
func (s source) pkg() string { return path.Dir(s.path) }

// at gives the place of n as "internal/desk/id.go:12".
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// lines tells how many lines n covers.
func (s source) lines(n ast.Node) int {
	return s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1
}

// imports gives the path of every import with the name it has in the file.
func (s source) imports() map[string]string {
	named := map[string]string{}
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if major := strings.TrimPrefix(name, "v"); major != name && strings.Trim(major, "0123456789") == "" {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		named[p] = name
	}
	return named
}

// own gives the packages of this module that the file imports, by their path in it.
func (s source) own() []string {
	var own []string
	for p := range s.imports() {
		if below, ok := strings.CutPrefix(p, module+"/"); ok {
			own = append(own, below)
		}
	}
	slices.Sort(own)
	return own
}

// selections calls visit for every x.Sel where x names the imported package p, and
// tells whether it stands behind a star, as in *http.Client.
func (s source) selections(p string, visit func(sel *ast.SelectorExpr, starred bool)) {
	name, ok := s.imports()[p]
	if !ok {
		return
	}
	starred := map[ast.Node]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr:
			starred[n.X] = true
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == name {
				visit(n, starred[n])
			}
		}
		return true
	})
}

func newSource(t testing.TB, name string, code any) source {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, code, parser.ParseComments)
	if err != nil {
		t.Fatalf("%s does not parse: %v", name, err)
	}
	return source{name, fset, file, strings.HasSuffix(name, "_test.go"), ast.IsGenerated(file)}
}

// fixture makes sources from code by path, for a guard's own test.
func fixture(t testing.TB, code map[string]string) []source {
	t.Helper()
	var all []source
	for name, text := range code {
		all = append(all, newSource(t, name, text))
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return all
}

// aside are the directories that no guard looks into, because what is in them is
// never committed; .gitignore names the same ones.
var aside = []string{".git", ".bin", "bin", "node_modules", "dist", "coverage"}

// root is the module's root, seen from this package's directory.
const root = "../.."

// files gives the path of every file of the repository that may be committed.
var files = sync.OnceValues(func() ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return ignoreVanished(err)
		}
		if d.IsDir() && slices.Contains(aside, d.Name()) {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() && d.Name() != ".git" { // a work tree's is a file
			below, err := filepath.Rel(root, name)
			found = append(found, filepath.ToSlash(below))
			return err
		}
		return nil
	})
	return found, err
})

// ignoreVanished forgives a file that went while we looked: an editor's or a test's.
func ignoreVanished(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// repository gives the Go files of the module; those of modules inside it, such as
// tools, are their own business.
func repository(t testing.TB) []source {
	t.Helper()
	names, err := files()
	if err != nil {
		t.Fatal(err)
	}
	var inner []string
	for _, name := range names {
		if path.Base(name) == "go.mod" && name != "go.mod" {
			inner = append(inner, path.Dir(name)+"/")
		}
	}
	var all []source
	for _, name := range names {
		nested := slices.ContainsFunc(inner, func(dir string) bool { return strings.HasPrefix(name, dir) })
		if strings.HasSuffix(name, ".go") && !nested && !strings.Contains(name, "testdata/") {
			all = append(all, parsed(t, name))
		}
	}
	return all
}

var parsedOnce sync.Map // path → source

func parsed(t testing.TB, name string) source {
	if s, ok := parsedOnce.Load(name); ok {
		return s.(source)
	}
	code, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	s := newSource(t, name, code)
	parsedOnce.Store(name, s)
	return s
}

// packages groups sources by directory, in the order of the directories' names.
func packages(all []source) (names []string, by map[string][]source) {
	by = map[string][]source{}
	for _, s := range all {
		by[s.pkg()] = append(by[s.pkg()], s)
	}
	for name := range by {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, by
}

// report fails the test once per finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

// wantFindings checks that there is one finding per given part, in any order.
func wantFindings(t *testing.T, got []string, parts ...string) {
	t.Helper()
	if len(got) != len(parts) {
		t.Errorf("got %d findings, want %d: %q", len(got), len(parts), got)
	}
	for _, part := range parts {
		if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, part) }) {
			t.Errorf("no finding says %q: %q", part, got)
		}
	}
}
