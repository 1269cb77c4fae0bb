package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

const policiesHead = `# Policies

<!-- Generated from internal/desk/policies.go by make gen. Do not edit. -->

What each Controller may choose where the law leaves a choice. A fresh installation has the defaults, which are the careful ones (GDPR Art. 25(2)); each change is a new version in the register and an entry of the audit log. What leaves a default waits for a second person; so does any change of audit_access, single_admin, approval_expiry and approval_wait. Going back to the other defaults takes effect at once. What has its effect *later* is kept on record, and nothing in this version depends on it.

| Key | Options | Default | Effect | What it means for data protection |
|---|---|---|---|---|
`

// The list of policies that people read is the one that the program has, and each choice is
// explained in both languages (GDPR Art. 25(2)).
func TestPolicyReferenceIsCurrent(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(policiesHead)
	for _, o := range desk.PolicyOptions() {
		for language, text := range map[string]string{"German": o.Means.DE, "English": o.Means.EN} {
			if !strings.HasSuffix(text, ".") || strings.Contains(strings.TrimSuffix(text, "."), ". ") || strings.Contains(text, "|") {
				t.Errorf("%s: the %s words are no sentence: %q", o.Key, language, text)
			}
		}
		effect := "now"
		if o.Later {
			effect = "later"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", o.Key, strings.Join(o.Options, ", "), o.Default, effect, o.Means.EN)
	}
	path := filepath.Join(root, "docs", "policies.md")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, out.Bytes()) {
		t.Errorf("docs/policies.md is not current: run make gen (%v)", err)
	}
}

// looks gives where the program looks at each choice, by the name of its field: p.Tone where p
// is declared as Policies in the head of the function, and x.Policies.Tone.
func looks(all []source) map[string][]string {
	found := map[string][]string{}
	for _, s := range all {
		if s.test || helper(s.pkg()) {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			declared := declaredPolicies(f)
			ast.Inspect(f, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && isPolicies(sel.X, declared) {
					found[sel.Sel.Name] = append(found[sel.Sel.Name], s.at(sel))
				}
				return true
			})
		}
	}
	return found
}

// declaredPolicies names the receiver and the parameters of a function that are Policies.
func declaredPolicies(f *ast.FuncDecl) (names []string) {
	fields := f.Type.Params.List
	if f.Recv != nil {
		fields = append(slices.Clone(fields), f.Recv.List...)
	}
	for _, field := range fields {
		if namesPolicies(field.Type) {
			for _, name := range field.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

func isPolicies(x ast.Expr, declared []string) bool {
	if id, ok := x.(*ast.Ident); ok {
		return slices.Contains(declared, id.Name)
	}
	return namesPolicies(x)
}

// namesPolicies tells whether an expression ends in the word: Policies, *Policies, desk.Policies.
func namesPolicies(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.StarExpr:
		return namesPolicies(x.X)
	case *ast.SelectorExpr:
		return x.Sel.Name == "Policies"
	case *ast.Ident:
		return x.Name == "Policies"
	}
	return false
}

// A choice that is said to be in effect is looked at somewhere, and one that is said to have its
// effect later is looked at nowhere: nobody is promised what the program does not do, and nothing
// is done that nobody was told (GDPR Art. 5(1)(a), 25(2)).
func TestPoliciesDoWhatIsSaid(t *testing.T) {
	at, fields := looks(repository(t)), reflect.TypeFor[desk.Policies]()
	for i, o := range desk.PolicyOptions() {
		places := at[fields.Field(i).Name]
		switch {
		case o.Later && len(places) > 0:
			t.Errorf("%s is said to have its effect later, and has one: %v", o.Key, places)
		case !o.Later && len(places) == 0:
			t.Errorf("%s is said to be in effect, and nothing looks at it: give it effect:\"later\"", o.Key)
		}
	}
}

func TestLooksAtPoliciesAreFound(t *testing.T) {
	at := looks(fixture(t, map[string]string{
		"internal/desk/policies.go": "package desk\n\nfunc (p *Policies) hours() string { return p.QuietHours }\n",
		"internal/outbound/known.go": "package outbound\n\nfunc of(k Known, chosen desk.Policies, other Register) {\n" +
			"\t_ = k.Policies.Outbound\n\t_ = chosen.Tone\n\t_ = other.Recipients\n\t_ = http.Transport{}\n}\n",
		"internal/outbound/known_test.go": "package outbound\n\nfunc test(p desk.Policies) { _ = p.Art9 }\n",
		"internal/storetest/furnish.go":   "package storetest\n\nfunc help(p desk.Policies) { _ = p.Survey }\n",
	}))
	var names []string
	for name := range at {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"Outbound", "QuietHours", "Tone"}; !slices.Equal(names, want) {
		t.Errorf("found %v, want %v", names, want)
	}
}
