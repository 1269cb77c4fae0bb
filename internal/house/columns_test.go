package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// classes are what a column can be declared as, and whether it must be BYTEA:
// sealed content and keyed digests are bytes, so a text column that claims to be
// one holds something else.
var classes = map[string]bool{"NotPersonal": false, "Sealed": true, "Digest": true}

// declarations are the files with `var Columns = map[string]Class{"table.column": …}`.
var declarations = []string{"internal/store/columns.go", "internal/vault/columns.go"}

// undeclared compares the columns of the migrations with what is declared about them.
func undeclared(columns, declared map[string]string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		class, ok := declared[name]
		bytes, known := classes[class]
		switch {
		case !ok:
			found = append(found, fmt.Sprintf("column %s is not declared: say in %s whether it is Sealed, a Digest or NotPersonal", name, declarations[0]))
		case !known:
			found = append(found, fmt.Sprintf("column %s is declared %q, which is no class", name, class))
		case bytes && columns[name] != "BYTEA":
			found = append(found, fmt.Sprintf("column %s is declared %s but its type is %s, not BYTEA: what is sealed or digested is bytes", name, class, columns[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if _, ok := columns[name]; !ok {
			found = append(found, fmt.Sprintf("column %s is declared and no migration makes it: take the declaration away", name))
		}
	}
	return found
}

// declaredColumns reads the declarations of a file.
func declaredColumns(s source) (map[string]string, []string) {
	declared := map[string]string{}
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || spec.Names[0].Name != "Columns" || len(spec.Values) != 1 {
			return true
		}
		table, ok := spec.Values[0].(*ast.CompositeLit)
		if !ok {
			found = append(found, s.at(spec)+": Columns is not a literal map, so the guard cannot read it")
			return false
		}
		for _, entry := range table.Elts {
			name, class := columnClass(entry)
			if name == "" || class == "" {
				found = append(found, s.at(entry)+`: not of the form "table.column": Class`)
				continue
			}
			declared[name] = class
		}
		return false
	})
	return declared, found
}

func columnClass(entry ast.Expr) (name, class string) {
	pair, ok := entry.(*ast.KeyValueExpr)
	if !ok {
		return "", ""
	}
	if key, ok := pair.Key.(*ast.BasicLit); ok {
		name, _ = strconv.Unquote(key.Value)
	}
	switch v := pair.Value.(type) {
	case *ast.Ident:
		class = v.Name
	case *ast.SelectorExpr:
		class = v.Sel.Name
	}
	return name, class
}

// createdColumns reads every migration, and every CREATE or ALTER TABLE that
// stands in a Go string, and gives the columns there are in the end.
func createdColumns(t *testing.T) (map[string]string, []string) {
	t.Helper()
	all, err := files()
	if err != nil {
		t.Fatal(err)
	}
	sch, found := schema{}, []string(nil)
	for _, name := range all { // in the order of their names, which is that of the migrations
		if path.Ext(name) == ".sql" && path.Base(path.Dir(name)) == "migrations" {
			text, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, sch.apply(name, upOf(string(text)))...)
		}
	}
	for _, s := range repository(t) {
		if s.test || helper(s.pkg()) {
			continue
		}
		for _, text := range sqlStrings(s) {
			found = append(found, sch.apply(s.path, text)...)
		}
	}
	return sch.columns(), found
}

// sqlStrings gives the string literals of a file that make or change tables.
func sqlStrings(s source) []string {
	var texts []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			if w := strings.Fields(strings.ToUpper(text)); len(w) > 2 && slices.Contains(w, "TABLE") && slices.Contains([]string{"CREATE", "ALTER", "DROP"}, w[0]) {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

func TestEveryColumnIsDeclared(t *testing.T) {
	columns, found := createdColumns(t)
	report(t, found)
	declared := map[string]string{}
	for _, name := range declarations {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			continue
		}
		more, found := declaredColumns(parsed(t, name))
		report(t, found)
		for column, class := range more {
			if _, twice := declared[column]; twice {
				t.Errorf("%s declares %s a second time", name, column)
			}
			declared[column] = class
		}
	}
	if _, err := os.Stat(filepath.Join(root, "internal/store/migrations")); err == nil && len(columns) == 0 {
		t.Error("there are migrations, but the guard reads no column in them")
	}
	if len(declared) == 0 && len(columns) > 0 {
		t.Fatalf("%d columns and no declaration of any: write %s", len(columns), declarations[0])
	}
	report(t, undeclared(columns, declared))
}

func TestUndeclaredFindsEachFault(t *testing.T) {
	wantFindings(t, undeclared(
		map[string]string{"contact.id": "BYTEA", "contact.name": "BYTEA", "contact.phone": "TEXT", "contact.mail": "TEXT", "contact.odd": "TEXT"},
		map[string]string{"contact.id": "NotPersonal", "contact.phone": "Digest", "contact.mail": "Sealed", "contact.odd": "Fine", "contact.gone": "Sealed"},
	),
		"contact.name is not declared",
		"contact.phone is declared Digest but its type is TEXT",
		"contact.mail is declared Sealed but its type is TEXT",
		`contact.odd is declared "Fine"`,
		"contact.gone is declared and no migration makes it")
}

func TestDeclaredColumnsAreRead(t *testing.T) {
	got, found := declaredColumns(newSource(t, "internal/store/columns.go",
		"package store\nvar Columns = map[string]Class{\n\"a.b\": Sealed,\n\"a.c\": desk.Digest,\nname: Sealed,\n\"a.d\": Of(Sealed),\n}"))
	if want := map[string]string{"a.b": "Sealed", "a.c": "Digest"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	wantFindings(t, found, "columns.go:5", "columns.go:6")
}
