package house

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// acts are the laws that comments cite, in the order of the reference: those of the Union,
// which have articles, and the others, which have paragraphs.
var acts = []string{"GDPR", "AI Act", "Reg. 1182/71", "UWG", "VVG", "BGB", "HGB", "AO"}

const ofTheUnion = 3

var (
	anArticle = `\d+[a-z]?(?:\([0-9a-z]+\))*`
	// GDPR Art. 4(11), 7(1) and 13; without the act's name, that of the last one named
	byArticle = regexp.MustCompile(`(?:(GDPR|AI Act|Reg\. 1182/71) )?Art\. ?(` + anArticle + `(?:(?:,|;| and| to) ` + anArticle + `)*)`)
	// § 7(2) no. 2 UWG, §§ 187, 188 and 193 BGB
	byParagraph = regexp.MustCompile(`§§? ?(` + anArticle + `(?:(?:,| and| to) ` + anArticle + `)*)[^§]{0,24}? (UWG|VVG|BGB|HGB|AO)\b`)
	number      = regexp.MustCompile(`(?:^|[ ,;])(\d+[a-z]?)`)
)

// norm is an article of an act.
type norm struct{ act, article string }

// norms gives what a comment cites.
func norms(comment string) (cited []norm) {
	comment = strings.Join(strings.Fields(strings.ReplaceAll(comment, "//", " ")), " ")
	act := ""
	for _, m := range byArticle.FindAllStringSubmatch(comment, -1) {
		if act = cmp.Or(m[1], act); act != "" {
			for _, n := range number.FindAllStringSubmatch(m[2], -1) {
				cited = append(cited, norm{act, n[1]})
			}
		}
	}
	for _, m := range byParagraph.FindAllStringSubmatch(comment, -1) {
		for _, n := range number.FindAllStringSubmatch(m[1], -1) {
			cited = append(cited, norm{m[2], n[1]})
		}
	}
	return cited
}

// citation is a place that cites a norm.
type citation struct {
	norm
	name, path string
	test       bool
}

// citations finds every norm that a comment of the product or of a test cites.
func citations(all []source) (found []citation) {
	for _, s := range all {
		if s.generated || helper(s.pkg()) || s.pkg() == "internal/house" {
			continue
		}
		for _, group := range s.file.Comments {
			for _, n := range norms(group.Text()) {
				name := filepath.Base(s.pkg()) + "." + s.commented(group)
				if s.test {
					name = s.commented(group)
				}
				found = append(found, citation{n, strings.TrimSuffix(name, "."), s.path, s.test})
			}
		}
	}
	return found
}

// commented names the declaration that a comment is of or stands in; empty: the package.
func (s source) commented(group *ast.CommentGroup) string {
	for _, d := range s.file.Decls {
		begin := d.Pos()
		if doc := docOf(d); doc != nil {
			begin = doc.Pos()
		}
		if group.Pos() < begin || group.End() > s.lineEnd(d.End()) {
			continue
		}
		switch d := d.(type) {
		case *ast.FuncDecl:
			return receiver(d) + d.Name.Name
		case *ast.GenDecl:
			return specName(d, group.Pos())
		}
	}
	return ""
}

// receiver names the type of a method, with a dot.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

// lineEnd is behind everything on the line of p.
func (s source) lineEnd(p token.Pos) token.Pos {
	f := s.fset.File(p)
	if line := f.Line(p); line < f.LineCount() {
		return f.LineStart(line + 1)
	}
	return token.Pos(f.Base() + f.Size())
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

// specName names the constant, variable or type of a declaration that at is about.
func specName(d *ast.GenDecl, at token.Pos) (name string) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if name == "" || spec.Pos() <= at {
				name = spec.Name.Name
			}
		case *ast.ValueSpec:
			if name == "" || spec.Pos() <= at {
				name = spec.Names[0].Name
			}
		}
	}
	return name
}

const lawHead = `# The law in the code

<!-- Generated from the comments of the code by make gen. Do not edit. -->

Which article is kept where, and which test cites it. A dash says that no test names the article in its comment; the rows of the gate are all tested by [TestGateTable](../internal/policy/table_test.go) against [a table of their own](../internal/policy/testdata/gate.txt), and what people write to withdraw against [three times sixty withdrawals, and as many texts that only look like one](withdrawals.md).

| Norm | Code | Test |
|---|---|---|
`

func TestLawReferenceIsCurrent(t *testing.T) {
	found := citations(repository(t))
	if len(found) < 100 {
		t.Errorf("only %d citations were found", len(found))
	}
	code, tests, all := map[norm][]string{}, map[norm][]string{}, map[norm]bool{}
	for _, c := range found {
		into := code
		if c.test {
			into = tests
		}
		into[c.norm] = append(into[c.norm], fmt.Sprintf("[%s](../%s)", c.name, c.path))
		all[c.norm] = true
	}
	var out bytes.Buffer
	out.WriteString(lawHead)
	for _, n := range slices.SortedFunc(maps.Keys(all), compareNorms) {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", n, places(code[n]), places(tests[n]))
	}
	path := filepath.Join(root, "docs", "law.md")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, out.Bytes()) {
		t.Errorf("docs/law.md is not current: run make gen (%v)", err)
	}
}

// String gives the norm as lawyers write it.
func (n norm) String() string {
	if slices.Index(acts, n.act) < ofTheUnion {
		return n.act + " Art. " + n.article
	}
	return "§ " + n.article + " " + n.act
}

func compareNorms(a, b norm) int {
	value := func(article string) int {
		n, _ := strconv.Atoi(strings.TrimRight(article, "abcdefgh"))
		return n
	}
	return cmp.Or(cmp.Compare(slices.Index(acts, a.act), slices.Index(acts, b.act)),
		cmp.Compare(value(a.article), value(b.article)), cmp.Compare(a.article, b.article))
}

func places(links []string) string {
	if len(links) == 0 {
		return "–"
	}
	slices.Sort(links)
	return strings.Join(slices.Compact(links), ", ")
}

func TestCitationsAreFound(t *testing.T) {
	got := citations(fixture(t, map[string]string{
		"internal/room/a.go": `// Package room keeps (GDPR Art. 32(1)(b)).
package room

// Door keeps GDPR Art. 4(11), 7(1) and 13; Art. 21 too.
func Door() {
	// § 7(2) no. 2 UWG asks for more, as do §§ 187 and 188 BGB.
}

// The kinds.
const (
	Plain = 1 // nothing
	Other = 2 // AI Act Art. 50(1)
)

// Art. 3 of nothing that was named.
var x int`,
		"internal/room/a_test.go": "package room\n// TestDoor (GDPR Art. 7(3)).\nfunc TestDoor() {}",
	}))
	var told []string
	for _, c := range got {
		told = append(told, fmt.Sprintf("%s %s %v", c.norm, c.name, c.test))
	}
	want := []string{
		"GDPR Art. 32 room false", "GDPR Art. 4 room.Door false", "GDPR Art. 7 room.Door false", "GDPR Art. 13 room.Door false",
		"GDPR Art. 21 room.Door false", "§ 7 UWG room.Door false", "§ 187 BGB room.Door false", "§ 188 BGB room.Door false",
		"AI Act Art. 50 room.Other false", "GDPR Art. 7 TestDoor true",
	}
	if !slices.Equal(told, want) {
		t.Errorf("got %q\nwant %q", told, want)
	}
}
