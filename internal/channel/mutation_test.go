package channel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

// seed is one element of messages or statuses, with the contacts of its value.
type seed struct {
	name, list string
	element    any
	contacts   []any
}

// seeds are those of all bodies of our own, and of Meta's examples if they are at hand.
func seeds(t testing.TB) (all []seed) {
	t.Helper()
	bodies := ownBodies(t)
	if t, ok := t.(*testing.T); ok {
		for name, example := range webhookExamples(t, openAPI(t)) {
			bodies[name], _ = json.Marshal(example)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		eachValue(tree(bodies[name]), func(value map[string]any) {
			contacts, _ := value["contacts"].([]any)
			for _, list := range []string{"messages", "statuses"} {
				elements, _ := value[list].([]any)
				for _, e := range elements {
					all = append(all, seed{name, list, e, contacts})
				}
			}
		})
	}
	if len(all) < 60 {
		t.Fatalf("found %d elements", len(all))
	}
	return all
}

// tree reads JSON as encoding/json does; numbers stay as they are written.
func tree(body []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil
	}
	return v
}

// eachValue finds the values of the field "messages".
func eachValue(body any, do func(value map[string]any)) {
	root, _ := body.(map[string]any)
	entries, _ := root["entry"].([]any)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		changes, _ := entry["changes"].([]any)
		for _, c := range changes {
			change, _ := c.(map[string]any)
			if value, ok := change["value"].(map[string]any); ok && change["field"] == "messages" {
				do(value)
			}
		}
	}
}

// odd are values that stand where something else should: none of them may be logged.
var odd = []string{
	`null`, `true`, `false`, `0`, `-1`, `1e400`, `1795003496000`, `184467440737095516150`, `""`, `"0171 Canary"`, `"\u0000\ud800"`,
	`[]`, `{}`, `[[]]`, `[null]`, `{"Canary 0171":{"id":"1"}}`, `[{"id":"Canary 0171"}]`, `"DE.1"`,
}

// nodes calls do with a way to replace each node of a tree, one after the other; the tree is as
// it was afterwards. Whoever replaces it with absent takes it out.
func nodes(v any, place string, do func(place string, replace func(with any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			was := v[key]
			do(place+"."+key, func(with any) {
				if v[key] = with; with == absent {
					delete(v, key)
				}
			})
			v[key] = was
			nodes(was, place+"."+key, do)
		}
	case []any:
		for i, was := range v {
			do(fmt.Sprintf("%s[%d]", place, i), func(with any) { v[i] = with })
			v[i] = was
			nodes(was, fmt.Sprintf("%s[%d]", place, i), do)
		}
	}
}

var absent any = new(int)

// between puts an element between two that are whole, with a body around.
func between(list string, element any, contacts []any) []byte {
	const first, last = `{"id":"wamid.first","from":"491713929991","timestamp":"1795003496","type":"text","text":{"body":"before"},"status":"sent"}`,
		`{"id":"wamid.last","from_user_id":"DE.13492","timestamp":"1795003497","type":"text","text":{"body":"after"},"status":"read"}`
	own := []any{json.RawMessage(`{"profile":{"name":"Erste"},"wa_id":"491713929991"}`), json.RawMessage(`{"profile":{"name":"Letzte"},"user_id":"DE.13492"}`)}
	value, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"phone_number_id": "33002"}, "contacts": slices.Concat(contacts, own),
		list: []any{json.RawMessage(first), element, json.RawMessage(last)},
	})
	if err != nil {
		panic(err)
	}
	return body(string(value))
}

// sound checks what holds of an element whatever it is: it is one thing, its neighbours are what
// they would be without it, and no name that is counted tells anything.
func sound(t failing, list string, element any, contacts []any) desk.Arrival {
	t.Helper()
	raw := between(list, element, contacts)
	var names []string
	w := NewWhatsApp(nil, nil, func(name string, n int) { names = append(names, name) })
	arrivals, err := w.Decode(raw)
	if err != nil || len(arrivals) != 3 {
		t.Fatalf("got %d arrivals, %v: %s", len(arrivals), err, raw)
	}
	for i, want := range whole(list) {
		if got := linesOf(arrivals[i], false); got != want {
			t.Fatalf("a neighbour changed\ngot  %s\nwant %s\n%s", got, want, raw)
		}
	}
	a := arrivals[1]
	if became([]desk.Arrival{a}) == "nothing" || a.Message != nil && len(a.Message.From) == 0 {
		t.Fatalf("is lost: %s", raw)
	}
	for _, name := range names {
		if !plainName.MatchString(name) {
			t.Fatalf("counted %q: %s", name, raw)
		}
	}
	return a
}

type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

var plainName = regexp.MustCompile(`^(\?|[a-z_.]+\.([a-z0-9_]+|\?))$`)

// whole is what the neighbours are beside an element that is whole itself, by their place.
func whole(list string) map[int]string {
	if wholes[list] == nil {
		one := tree([]byte(`{"id":"x","from":"491713920003","type":"text","text":{"body":""},"status":"sent"}`))
		arrivals, _ := NewWhatsApp(nil, nil, func(string, int) {}).Decode(between(list, one, nil))
		wholes[list] = map[int]string{0: linesOf(arrivals[0], false), 2: linesOf(arrivals[2], false)}
	}
	return wholes[list]
}

var wholes = map[string]map[int]string{}

// Each value of each example is replaced by everything odd, and taken out: what it stood in is
// understood as far as can be or set aside, and nothing beside it is.
func TestDecodeEveryOddValue(t *testing.T) {
	tried := 0
	for _, s := range seeds(t) {
		root := map[string]any{"element": s.element, "contacts": any(s.contacts)}
		nodes(root, s.name, func(_ string, replace func(with any)) {
			for _, o := range odd {
				replace(tree([]byte(o)))
				tryOut(t, s, root)
				tried++
			}
			replace(absent)
			tryOut(t, s, root)
			tried++
		})
	}
	if tried < 10_000 {
		t.Errorf("tried %d", tried)
	}
}

func tryOut(t failing, s seed, root map[string]any) {
	t.Helper()
	contacts, _ := root["contacts"].([]any)
	sound(t, s.list, root["element"], contacts)
}

// Several values of an example at once.
func TestDecodeOddValues(t *testing.T) {
	all := seeds(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "seed")
		raw, err := json.Marshal(map[string]any{"element": s.element, "contacts": s.contacts})
		if err != nil {
			t.Fatal(err)
		}
		root := tree(raw).(map[string]any)
		for range rapid.IntRange(2, 6).Draw(t, "changes") {
			var places []string
			nodes(root, "", func(place string, _ func(any)) { places = append(places, place) })
			if len(places) == 0 {
				break
			}
			place, with := rapid.SampledFrom(places).Draw(t, "place"), tree([]byte(rapid.SampledFrom(odd).Draw(t, "odd")))
			put(root, place, with)
		}
		tryOut(t, s, root)
	})
}

// put replaces the node at a place for good.
func put(root map[string]any, place string, with any) {
	var found func(any)
	done := false
	nodes(root, "", func(at string, replace func(any)) {
		if at == place && !done {
			found, done = replace, true
		}
	})
	if found != nil {
		found(with)
	}
}

// What says the same in another form becomes the same.
func TestDecodeOtherForms(t *testing.T) {
	for name, form := range map[string]func(v any) any{
		"numbers as texts": func(v any) any {
			if n, ok := v.(json.Number); ok {
				return n.String()
			}
			return v
		},
		"texts as numbers": func(v any) any {
			if s, ok := v.(string); ok && digits.MatchString(s) {
				return json.Number(s)
			}
			return v
		},
		"more than is known": func(v any) any {
			if o, ok := v.(map[string]any); ok {
				o["brand_new"] = []any{map[string]any{"id": "1", "type": "text", "text": map[string]any{"body": "x"}}}
				o["another"] = nil
			}
			return v
		},
		"lists of one without the list": func(v any) any {
			if list, ok := v.([]any); ok && len(list) == 1 {
				if one, ok := list[0].(map[string]any); ok {
					return one
				}
			}
			return v
		},
		"milliseconds": func(v any) any {
			if s, ok := v.(string); ok && strings.HasPrefix(s, "179") && len(s) == 10 {
				return s + "000"
			}
			return v
		},
	} {
		t.Run(name, func(t *testing.T) {
			changed := 0
			for _, s := range seeds(t) {
				want := linesOf(sound(t, s.list, s.element, s.contacts), false)
				raw, err := json.Marshal(s.element)
				if err != nil {
					t.Fatal(err)
				}
				other := everywhere(tree(raw), form)
				if again, _ := json.Marshal(other); !bytes.Equal(raw, again) {
					changed++
				}
				if got := linesOf(sound(t, s.list, other, s.contacts), false); got != want {
					t.Errorf("%s: %s", s.name, firstDifference(got, want))
				}
			}
			if changed < 10 {
				t.Errorf("changed %d", changed)
			}
		})
	}
}

var digits = regexp.MustCompile(`^[1-9][0-9]{0,14}$`)

// everywhere applies a form to every node, the leaves first.
func everywhere(v any, form func(any) any) any {
	switch x := v.(type) {
	case map[string]any:
		for key := range x {
			x[key] = everywhere(x[key], form)
		}
	case []any:
		for i := range x {
			x[i] = everywhere(x[i], form)
		}
	}
	return form(v)
}

// Whatever a body holds, each element of its lists is accounted for, by its place.
func TestDecodeAccounts(t *testing.T) {
	bodies := ownBodies(t)
	names := slices.Sorted(maps.Keys(bodies))
	rapid.Check(t, func(t *rapid.T) {
		root := tree(bodies[rapid.SampledFrom(names).Draw(t, "body")]).(map[string]any)
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			var places []string
			nodes(root, "", func(place string, _ func(any)) { places = append(places, place) })
			put(root, rapid.SampledFrom(places).Draw(t, "place"), tree([]byte(rapid.SampledFrom(odd).Draw(t, "odd"))))
		}
		raw, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		arrivals, err := NewWhatsApp(nil, nil, func(string, int) {}).Decode(raw)
		if err != nil {
			return // set aside as a whole
		}
		want, got := 0, 0
		eachValue(root, func(value map[string]any) {
			for _, list := range []string{"messages", "statuses"} {
				switch x := value[list].(type) {
				case []any:
					want += len(x)
				case nil:
				default:
					want++
				}
			}
		})
		for _, a := range arrivals {
			if strings.Contains(a.Path, ".messages") || strings.Contains(a.Path, ".statuses") {
				got++
			}
		}
		if got < want { // more, where another list was understood as well
			t.Fatalf("got %d of %d: %s", got, want, raw)
		}
	})
}

// FuzzArrivals reads anything: every Arrival is one thing, and its Details can be read.
func FuzzArrivals(f *testing.F) {
	for _, body := range ownBodies(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		arrivals, err := NewWhatsApp(nil, nil, func(string, int) {}).Decode(body)
		if err != nil && arrivals != nil {
			t.Fatal("both arrivals and an error")
		}
		for _, a := range arrivals {
			set := 0
			for _, is := range []bool{a.Message != nil, a.Status != nil, a.Preference != nil, a.Rotation != nil, a.Alert != nil, a.Undecodable} {
				if is {
					set++
				}
			}
			if set > 1 || a.Path == "" {
				t.Fatalf("%q is %d things", a.Path, set)
			}
			if a.Message != nil {
				Details(a.Message.Content)
			}
		}
	})
}
