package channel

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/openapi"
	"botschaft/internal/whatsapp"
)

// openAPIVariable names a copy of Meta's OpenAPI description. Its examples are
// Meta's own words, so they are read where somebody has them and not kept here.
const openAPIVariable = "BOTSCHAFT_META_OPENAPI"

const ownOpenAPI = "../whatsapp/testdata/openapi.yaml"

// openAPI gives the text of a description: of Meta's, or "" if nobody has it here.
func openAPI(t *testing.T) string {
	t.Helper()
	file := os.Getenv(openAPIVariable)
	if file == "" {
		return ""
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every webhook example of our own description, which has the form of Meta's, and of Meta's if it
// is at hand, becomes the values of the desk that are expected of it. Of Meta's no word is kept:
// what it wrote is expected by its digest.
func TestMetaExamples(t *testing.T) {
	own, err := os.ReadFile(ownOpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "testdata/openapi.golden", exampleLines(t, string(own), false))
	meta := openAPI(t)
	if meta == "" {
		t.Skip(openAPIVariable + " names no copy of Meta's description")
	}
	compareGolden(t, "testdata/meta.golden", exampleLines(t, meta, true))
}

// exampleLines reads all webhook examples of a description, and digests what they say if they
// are not ours.
func exampleLines(t *testing.T, description string, foreign bool) string {
	t.Helper()
	examples := webhookExamples(t, description)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		body, err := json.Marshal(examples[name])
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("== " + name + "\n" + arrivalLines(t, body, foreign))
	}
	return b.String()
}

// webhookExamples finds each example that is a webhook body.
func webhookExamples(t *testing.T, description string) map[string]map[string]any {
	t.Helper()
	return examples(t, description, func(example map[string]any) bool { return example["object"] == whatsapp.ObjectWhatsApp })
}

func examples(t *testing.T, description string, wanted func(map[string]any) bool) map[string]map[string]any {
	t.Helper()
	found, err := openapi.Examples([]byte(description), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
