package whatsapp

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// openAPIVariable names a copy of Meta's OpenAPI description. Its webhook examples are
// Meta's own words, so they are read where somebody has them and not kept here.
const openAPIVariable = "BOTSCHAFT_META_OPENAPI"

// Every webhook example of an OpenAPI description is decoded whole: of Meta's if there
// is one at hand, else of ours, which has the same form.
func TestMetaExamples(t *testing.T) {
	file, least := "testdata/openapi.yaml", 4
	if named := os.Getenv(openAPIVariable); named != "" {
		file, least = named, 15
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	examples := webhookExamples(string(text))
	if len(examples) < least {
		t.Fatalf("found %d examples, want at least %d", len(examples), least)
	}
	for name, example := range examples {
		t.Run(name, func(t *testing.T) {
			body, err := json.Marshal(example)
			if err != nil {
				t.Fatal(err)
			}
			checkExample(t, body)
		})
	}
}

// The bodies of our own, but for the one made to hold something broken, are whole too.
func TestOwnExamples(t *testing.T) {
	for _, file := range corpus(t) {
		if strings.HasSuffix(file, "/batch_one_broken.json") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(file, func(t *testing.T) { checkExample(t, body) })
	}
}

func checkExample(t *testing.T, body []byte) {
	t.Helper()
	n, err := Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	if n.Object != ObjectWhatsApp || len(n.Items) == 0 {
		t.Fatalf("object %q with %d items", n.Object, len(n.Items))
	}
	for _, i := range n.Items {
		if i.Err != nil {
			t.Errorf("%s: %v", i.Path, i.Err)
		}
	}
}

// webhookExamples finds each `value:` block that is a webhook body, by the name on the
// line above it.
func webhookExamples(text string) map[string]any {
	lines := strings.Split(text, "\n")
	found := map[string]any{}
	for i := 1; i+1 < len(lines); i++ {
		if strings.TrimSpace(lines[i]) != "value:" || strings.TrimSpace(lines[i+1]) != "object: "+ObjectWhatsApp {
			continue
		}
		block := &yaml{lines: lines[i+1:]}
		found[strings.TrimSuffix(strings.TrimSpace(lines[i-1]), ":")] = block.node(indent(lines[i+1]))
	}
	return found
}

// yaml reads the small part of YAML the examples are written in: blocks of mappings
// and sequences, plain scalars and ones in single quotes, each on its own line.
type yaml struct{ lines []string }

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// node reads the block that begins at the given column.
func (y *yaml) node(column int) any {
	if len(y.lines) > 0 && strings.HasPrefix(y.lines[0][column:], "- ") {
		var all []any
		for y.at(column) && strings.HasPrefix(y.lines[0][column:], "- ") {
			y.lines[0] = strings.Replace(y.lines[0], "- ", "  ", 1)
			all = append(all, y.node(column+2))
		}
		return all
	}
	object := map[string]any{}
	for y.at(column) && !strings.HasPrefix(y.lines[0][column:], "- ") {
		name, rest, named := strings.Cut(strings.TrimSpace(y.lines[0]), ":")
		y.lines = y.lines[1:]
		switch {
		case !named:
			object["?"] = name // not of the part we read: the decoder shall stumble over it
		case rest != "":
			object[name] = scalar(strings.TrimSpace(rest))
		default: // a sequence may stand at the column of its own name
			object[name] = y.node(max(column, indent(y.lines[0])))
		}
	}
	return object
}

func (y *yaml) at(column int) bool {
	return len(y.lines) > 0 && strings.TrimSpace(y.lines[0]) != "" && indent(y.lines[0]) == column
}

func scalar(s string) any {
	if inner, quoted := strings.CutPrefix(s, "'"); quoted {
		return strings.ReplaceAll(strings.TrimSuffix(inner, "'"), "''", "'")
	}
	if s == "true" || s == "false" {
		return s == "true"
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return json.Number(s)
	}
	return s
}

func TestWebhookExamplesAreRead(t *testing.T) {
	text, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(webhookExamples(string(text))["Text Message"])
	if err != nil {
		t.Fatal(err)
	}
	n, err := Decode(body)
	if err != nil || len(n.Items) != 2 {
		t.Fatalf("got %+v, %v", n, err)
	}
	m := n.Items[0].Message
	if m == nil || m.Text != "Ist Anna's Vertrag schon da: ja oder nein?" || m.Contact.Name != "Anna Muster" || !m.TimestampOK {
		t.Errorf("got %+v", m)
	}
	if s := n.Items[1].Status; s == nil || !s.Pricing.Billable {
		t.Errorf("got %+v", s)
	}
	if names := []string{n.Items[0].PhoneNumberID, n.Items[1].PhoneNumberID}; !slices.Equal(names, []string{"330022119900776", "330022119900776"}) {
		t.Errorf("got numbers %v", names)
	}
}
