package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/storetest"
)

// contract is the OpenAPI document, as far as the tests are made from it.
type contract struct {
	Paths      map[string]map[string]*operation
	Components struct{ Schemas map[string]*schema }
}

// operation is one of its operations.
type operation struct {
	method, path string
	ID           string     `json:"operationId"`
	Right        auth.Right `json:"x-right"`
	Security     []map[string][]string
	Parameters   []struct {
		Name, In string
		Schema   *schema
	}
	RequestBody *struct {
		Content map[string]struct{ Schema *schema }
	}
	Responses map[string]struct{ Content map[string]any }
}

// schema is the form of a value.
type schema struct {
	Ref        string `json:"$ref"`
	Type       any    // a name, or several
	Format     string
	Enum       []string
	MaxLength  int
	Minimum    int
	Additional any `json:"additionalProperties"`
	Properties map[string]*schema
	Required   []string
}

// contract reads the document from where programs of the house read it.
func (w *world) contract(t *testing.T) *contract {
	t.Helper()
	var c contract
	a := w.ask(t, asker{}, question{method: "GET", path: "/api/v1/openapi.json"})
	if a.status != 200 {
		t.Fatalf("the document is not served: %d %s", a.status, a.body)
	}
	a.read(t, &c)
	if len(c.Paths) < 10 {
		t.Fatalf("the document has %d paths", len(c.Paths))
	}
	return &c
}

// operations gives them in order of path and method.
func (c *contract) operations() (all []*operation) {
	for _, path := range slices.Sorted(maps.Keys(c.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(c.Paths[path])) {
			op := c.Paths[path][method]
			op.method, op.path = strings.ToUpper(method), path
			all = append(all, op)
		}
	}
	return all
}

func (op *operation) String() string { return op.method + " " + op.path }

// bodySchema gives the form of the body, nil if there is none or it is a file.
func (c *contract) bodySchema(t *testing.T, op *operation) *schema {
	t.Helper()
	if op.RequestBody == nil {
		return nil
	}
	if _, file := op.RequestBody.Content["application/octet-stream"]; file {
		return nil
	}
	media, ok := op.RequestBody.Content["application/json"]
	if !ok {
		t.Fatalf("%s takes a body that is no JSON", op)
	}
	return c.resolve(t, media.Schema)
}

func (c *contract) resolve(t *testing.T, s *schema) *schema {
	t.Helper()
	if s.Ref == "" {
		return s
	}
	found := c.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	if found == nil {
		t.Fatalf("the document has no %s", s.Ref)
	}
	return found
}

// body makes one that fits.
func (c *contract) body(t *testing.T, w *world, op *operation) map[string]any {
	t.Helper()
	s := c.bodySchema(t, op)
	if s == nil {
		return nil
	}
	return c.fill(t, w, op, s)
}

// fill gives an object what it must have.
func (c *contract) fill(t *testing.T, w *world, op *operation, s *schema) map[string]any {
	t.Helper()
	made := map[string]any{}
	for name, property := range s.Properties {
		if slices.Contains(s.Required, name) {
			made[name] = c.value(t, w, op, name, c.resolve(t, property))
		}
	}
	return made
}

func (c *contract) value(t *testing.T, w *world, op *operation, name string, s *schema) any {
	t.Helper()
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case name == "agent":
		return w.colleague(t).String()
	case name == "position":
		return 0
	case name == "language":
		return "tr"
	case name == "valid":
		return true // else nothing could be sent any more
	case name == "form" || op.ID == "terms-keep" && name == "file":
		return signedForm
	case name == "own_similar" || name == "not_object" || name == "told":
		return true // else § 7(3) UWG does not hold
	case s.Format == "date-time":
		return "2020-01-01T00:00:00Z"
	case op.ID == "consent-customer" && name == "purpose":
		return similar
	case name == "purpose":
		facts, _ := storetest.Papers()
		return facts.Purposes[1].Name
	case op.ID == "contact-merge" && name == "contact":
		return w.wrote(t, w.north).Contact.String()
	case op.ID == "contacts-seek" && name == "text":
		return "0170 1234567"
	case name == "message" && op.ID == "task-mark":
		return w.hears(t, w.north.conversation, "Meine Nachbarin hat es gesehen.").String()
	case name == "review_by":
		return "2030-01-01"
	case name == "message":
		return missing
	case s.Type == "string" && (s.Format == "" || s.Format == "password"):
		return fmt.Sprintf("words %s", w.next())
	case s.Type == "boolean":
		return false
	case s.Type == "integer":
		return s.Minimum
	case s.Type == "array":
		return []any{}
	case s.Type == "object":
		return c.fill(t, w, op, s)
	}
	t.Fatalf("%s: this test cannot fill %q, a %v; teach it", op, name, s.Type)
	return nil
}

// parameters gives the names of those in the path.
func (op *operation) inPath() (names []string) {
	for _, p := range op.Parameters {
		if p.In == "path" {
			names = append(names, p.Name)
		}
	}
	return names
}

// fits makes the operation's path with every parameter filled, each by what stands
// before it.
func (op *operation) fits(t *testing.T, fill func(noun string) string) string {
	t.Helper()
	segments := strings.Split(op.path, "/")
	declared := op.inPath()
	for i, s := range segments {
		if !strings.HasPrefix(s, "{") {
			continue
		}
		if name := strings.Trim(s, "{}"); !slices.Contains(declared, name) {
			t.Fatalf("%s does not declare its parameter %s", op, name)
		}
		segments[i] = fill(segments[i-1])
	}
	return strings.Join(segments, "/")
}

// success is the status of a good answer.
func (op *operation) success(t *testing.T) int {
	t.Helper()
	for status := range op.Responses {
		if n := 0; strings.HasPrefix(status, "2") {
			if _, err := fmt.Sscan(status, &n); err == nil {
				return n
			}
		}
	}
	t.Fatalf("%s never succeeds", op)
	return 0
}
