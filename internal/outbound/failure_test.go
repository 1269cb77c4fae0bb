package outbound_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"botschaft/internal/outbound"
	"botschaft/internal/policy"
)

// providerCodes reads the codes of Meta's table where it is written.
func providerCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../whatsapp/class.go", nil, 0)
	must(t, err)
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Names[0].Name != "rules" {
			return true
		}
		for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
			codes = append(codes, e.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
		}
		return false
	})
	if len(codes) < 40 {
		t.Fatalf("found only %d codes of the table", len(codes))
	}
	return codes
}

var informal = regexp.MustCompile(`(?i)\b(du|dich|dir|dein|deine|deinen|euch|euer)\b`)

func TestEveryFailureHasWords(t *testing.T) {
	nothing := outbound.FailureOf("no such code")
	codes := providerCodes(t)
	for _, c := range []policy.Code{
		policy.CodeInboxPaused, policy.CodeProcessorIncomplete, policy.CodeTransferBlocked, policy.CodeContactRestricted,
		policy.CodeContactErased, policy.CodeContactObjected, policy.CodeWindowClosed, policy.CodeOptInMissing,
		policy.CodeAdvertisingConsentMissing, policy.CodeQuietHours, policy.CodeSensitiveContent, policy.CodeAINotDisclosed,
		policy.CodeMachineDecision, policy.CodeSpecialCategories, policy.CodeDocumentMissing,
	} {
		codes = append(codes, string(c))
	}
	for _, code := range append(codes, outbound.FailureUnknown, outbound.FailureUnreadable) {
		words := outbound.FailureOf(code)
		if words == nothing {
			t.Errorf("%s has no words of its own", code)
		}
		check(t, code, words)
	}
	check(t, "an unknown code", nothing)
}

func check(t *testing.T, code string, words outbound.FailureWords) {
	t.Helper()
	for part, b := range map[string]outbound.Bilingual{"the sentence": words.Sentence, "what helps": words.Helps} {
		for _, s := range []string{b.DE, b.EN} {
			if len(strings.Fields(s)) < 3 || !strings.HasSuffix(s, ".") {
				t.Errorf("%s: %s is no sentence: %q", code, part, s)
			}
		}
		if b.DE == b.EN {
			t.Errorf("%s: %s is the same in both languages", code, part)
		}
		if du := informal.FindString(b.DE); du != "" {
			t.Errorf("%s: %s says %q instead of Sie", code, part, du)
		}
	}
}

// A range of codes has words of its own; what stands in none still has some.
func TestFailuresOfRanges(t *testing.T) {
	nothing := outbound.FailureOf("no such code")
	for _, code := range []int{210, 132099, 133005, 134011, 139100, 147001, 2388001, 2593107} {
		if words := outbound.FailureOf(fmt.Sprint(code)); words == nothing {
			t.Errorf("%d has no words of its own", code)
		} else {
			check(t, fmt.Sprint(code), words)
		}
	}
	// They come from blocking somebody; no Message was sent (Meta: Block users).
	for _, code := range []int{139100, 139101, 139102, 139103} {
		w := outbound.FailureOf(fmt.Sprint(code))
		if !strings.Contains(w.Sentence.DE, "lockier") || !strings.Contains(w.Sentence.EN, "block") || strings.Contains(w.Helps.DE, "Weg") {
			t.Errorf("%d says %+v", code, w)
		}
	}
	for _, code := range []int{300, 999999, -1} {
		check(t, fmt.Sprint(code), outbound.FailureOf(fmt.Sprint(code)))
	}
}
