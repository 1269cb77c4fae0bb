package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

// canary is what nobody may hear again.
const canary = "Kanarienvogel"

// wrong is a question that cannot be answered.
type wrong struct {
	what string
	q    question
	// fields are those that may be blamed; none: any answer but a fault of ours will do.
	fields []string
}

// codes are those a caller may have to tell apart.
var codes = []desk.Code{
	desk.CodeInvalid, desk.CodeNotFound, desk.CodeUnauthorized, desk.CodeForbidden, desk.CodeConflict, desk.CodeRefused, desk.CodeThrottled,
}

// Whatever is sent wrongly to whichever operation, the answer names the field and the
// rule, and never repeats what was sent.
func TestProblemsRepeatNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, admin := w.contract(t), w.admin(t)
		for _, op := range c.operations() {
			good := question{
				method: op.method, path: op.fits(t, func(noun string) string { return w.object(t, op, noun, w.north) }), body: w.bodyOf(t, c, op),
			}
			all := slices.Concat(wrongHeaders(op, good), wrongParameters(t, op, good), c.wrongBodies(t, w, op, good))
			for _, x := range all {
				w.arrange(t, op)
				checkEcho(t, op, x, w.ask(t, admin, x.q))
			}
		}
	})
}

func checkEcho(t *testing.T, op *operation, x wrong, a answer) {
	t.Helper()
	what := op.String() + " with " + x.what
	if strings.Contains(a.body, canary) {
		t.Errorf("%s repeats it: %d %s", what, a.status, a.body)
	}
	for name, values := range a.header {
		if strings.Contains(name+strings.Join(values, " "), canary) {
			t.Errorf("%s repeats it in the header %s", what, name)
		}
	}
	if a.status < 400 {
		if len(x.fields) > 0 {
			t.Errorf("%s is taken for right: %d %s", what, a.status, a.body)
		}
		return
	}
	p := a.problem(t)
	if strings.Contains(p.Detail, "'") {
		t.Errorf("%s is answered in the words of a parser, which quotes: %s", what, a.body)
	}
	if a.status >= 500 || !slices.Contains(codes, desk.Code(p.Code)) {
		t.Errorf("%s is answered by %d %s", what, a.status, a.body)
	}
	asked := a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity
	if len(x.fields) > 0 && (!asked || p.Code != "invalid" || !blamed(x.fields, p.Field)) {
		t.Errorf("%s: want %v blamed: %d %s", what, x.fields, a.status, a.body)
	}
}

// blamed tells whether it is one of the fields, or something in it.
func blamed(fields []string, field string) bool {
	return slices.ContainsFunc(fields, func(f string) bool {
		inner, ok := strings.CutPrefix(field, f)
		return ok && (inner == "" || inner[0] == '.' || inner[0] == '[')
	})
}

// wrongHeaders are headers of whoever likes to try.
func wrongHeaders(op *operation, good question) (all []wrong) {
	for name, value := range map[string]string{
		"Authorization": "Bearer " + canary, "Cookie": "botschaft=" + canary, "Accept": "application/" + canary,
		"Accept-Language": canary, "Accept-Encoding": canary, "Last-Event-ID": canary, "X-Request-Id": canary, "Origin": "https://" + canary,
		"X-Forwarded-For": canary, canary: canary,
	} {
		q := good
		q.header = http.Header{name: {value}}
		all = append(all, wrong{what: "a header " + name, q: q})
	}
	for _, p := range op.Parameters {
		if p.In == "header" {
			q := good
			q.header = http.Header{http.CanonicalHeaderKey(p.Name): {strings.Repeat(canary, 100)}}
			all = append(all, wrong{what: "a long header " + p.Name, q: q})
		}
	}
	return all
}

// wrongParameters are values that do not fit, one at a time.
func wrongParameters(t *testing.T, op *operation, good question) (all []wrong) {
	t.Helper()
	for _, value := range []string{canary, strings.Repeat(canary, 100), canary + ".1"} {
		for _, name := range op.inPath() {
			q := good
			q.path = op.fits(t, func(string) string { return value })
			all = append(all, wrong{"a bad " + name + " in the path", q, op.inPath()}) // all are bad at once
		}
		for _, p := range op.Parameters {
			if p.In == "query" {
				q := good
				q.path += "?" + url.Values{p.Name: {value}}.Encode()
				all = append(all, wrong{"a bad " + p.Name, q, []string{p.Name}})
			}
		}
	}
	q := good
	q.path += "?" + canary + "=" + canary
	all = append(all, wrong{"an unknown parameter", q, nil})
	q.path = good.path + "/" + canary
	all = append(all, wrong{"a longer path", q, nil})
	q.path = good.path + "?%" + canary + "=%zz&;=" + canary
	return append(all, wrong{"a query nobody can read", q, nil})
}

// wrongBodies are bodies with one fault each.
func (c *contract) wrongBodies(t *testing.T, w *world, op *operation, good question) (all []wrong) {
	t.Helper()
	s := c.bodySchema(t, op)
	if s == nil {
		q := good
		q.body = `{"` + canary
		return []wrong{{"a body nobody asked for", q, nil}}
	}
	fresh := func() map[string]any { return w.bodyOf(t, c, op).(map[string]any) }
	add := func(what string, body any, fields ...string) {
		q := good
		q.body = body
		all = append(all, wrong{what, q, fields})
	}
	for what, raw := range map[string]string{
		"no JSON": canary, "half a body": `{"` + canary, "a text for a body": `"` + canary + `"`, "a list for a body": `["` + canary + `"]`,
		"no body": "", "a blank": " ", "nothing": "null", "two bodies": `{} "` + canary + `"`,
	} {
		add(what, raw, "body")
	}
	for _, unknown := range []string{canary, canary + ".x", "x." + canary, "." + canary, canary + "[0]"} {
		body := fresh()
		body[unknown] = canary
		add("the unknown property "+unknown, body, "body")
	}
	for name, property := range s.Properties {
		property = c.resolve(t, property)
		for what, value := range wrongValues(property, slices.Contains(s.Required, name)) {
			body := fresh()
			body[name] = value
			fields := []string{name}
			for inner := range property.Properties {
				fields = append(fields, name+"."+inner)
			}
			add(what+" in "+name, body, fields...)
		}
		if slices.Contains(s.Required, name) {
			body := fresh()
			delete(body, name)
			add("no "+name, body, name)
		}
	}
	q := good
	q.header = http.Header{"Content-Type": {"text/" + canary}}
	return append(all, wrong{"another content type", q, nil})
}

// wrongValues do not fit the schema. What need not be there may be null as well.
func wrongValues(s *schema, required bool) map[string]any {
	values := map[string]any{"an object": map[string]any{canary: canary}}
	if required {
		values["null"] = nil
	}
	if s.Type != "array" {
		values["a list"] = []string{canary}
	}
	if _, open := s.Additional.(map[string]any); open { // any property fits, with the right value
		values["an object"] = map[string]any{canary: 4711}
	}
	if s.Type == "string" {
		values["a number"] = 4711
		values["a truth"] = true
	} else {
		values["a text"] = canary
	}
	if s.MaxLength > 0 {
		values["too much text"] = strings.Repeat(canary, 1+s.MaxLength/len(canary))
	}
	if len(s.Enum) > 0 {
		values["a text that is no choice"] = canary
	}
	return values
}
