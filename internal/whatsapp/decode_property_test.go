package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// piece is the smallest body that holds one item: a single element of
// messages or statuses with its contact, or a whole change of another field.
type piece struct {
	waba, field string
	value       map[string]any
}

// wire composes pieces to one body. Unless split, a piece joins the entry of
// its account and the value of the messages before it, as Meta batches them.
func wire(pieces []piece, split func() bool) []byte {
	var entries []map[string]any
	for i, p := range pieces {
		alike := i > 0 && pieces[i-1].waba == p.waba
		if last := len(entries) - 1; alike && !split() {
			changes := entries[last]["changes"].([]map[string]any)
			if pieces[i-1].field == FieldMessages && p.field == FieldMessages && !split() {
				merge(changes[len(changes)-1]["value"].(map[string]any), p.value)
				continue
			}
			entries[last]["changes"] = append(changes, map[string]any{"field": p.field, "value": maps.Clone(p.value)})
			continue
		}
		change := map[string]any{"field": p.field, "value": maps.Clone(p.value)}
		entries = append(entries, map[string]any{"id": p.waba, "changes": []map[string]any{change}})
	}
	body, err := json.Marshal(map[string]any{"object": ObjectWhatsApp, "entry": entries})
	if err != nil {
		panic(err)
	}
	return body
}

// merge adds the arrays of one value to another's.
func merge(into, from map[string]any) {
	for name, part := range from {
		if add, ok := part.([]any); ok {
			had, _ := into[name].([]any)
			into[name] = slices.Concat(had, add)
		}
	}
}

func drawPiece(t *rapid.T) piece {
	id := rapid.StringMatching(`[a-z0-9]{1,12}`).Draw(t, "id")
	waba := rapid.SampledFrom([]string{"1", "2"}).Draw(t, "waba")
	meta := map[string]any{"phone_number_id": "10" + waba, "display_phone_number": "49221"}
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		return piece{waba, "account_update", map[string]any{"event": id}}
	case 1:
		return piece{waba, FieldMessages, map[string]any{"metadata": meta, "statuses": []any{
			map[string]any{"id": id, "status": rapid.SampledFrom([]string{"sent", "read", "odd"}).Draw(t, "status")},
		}}}
	case 2:
		return piece{waba, FieldMessages, map[string]any{"metadata": meta, "messages": []any{42}}}
	}
	return piece{waba, FieldMessages, map[string]any{
		"metadata": meta,
		"contacts": []any{map[string]any{"wa_id": "49" + id, "user_id": "DE." + id, "profile": map[string]any{"name": id}}},
		"messages": []any{map[string]any{
			"id": "m" + id, "from": "49" + id, "timestamp": "1795032000", "type": "text",
			"text": map[string]any{"body": rapid.String().Draw(t, "body")},
		}},
	}}
}

// multiset names the items without their place.
func multiset(t *rapid.T, bodies ...[]byte) []string {
	var all []string
	for _, body := range bodies {
		n, err := Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range n.Items {
			text, err := json.Marshal([]any{i.WABA, i.Field, i.PhoneNumberID, i.Message, i.Status, i.Other, i.Errors, fmt.Sprint(i.Err)})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(text))
		}
	}
	slices.Sort(all)
	return all
}

// However a provider batches the same updates, the same items come out.
func TestDecodePartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.Custom(drawPiece), 1, 12).Draw(t, "pieces")
		want := multiset(t, wire(pieces, func() bool { return true }))
		if len(want) != len(pieces) {
			t.Fatalf("got %d items, want %d", len(want), len(pieces))
		}
		shuffled := rapid.Permutation(pieces).Draw(t, "order")
		split := func() bool { return rapid.Bool().Draw(t, "split") }
		var bodies [][]byte
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(t, "batch")
			bodies = append(bodies, wire(shuffled[:n], split))
			shuffled = shuffled[n:]
		}
		if got := multiset(t, bodies...); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// Messages of one value find their own contact, in whatever order both stand.
func TestDecodeJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.Permutation([]int{1, 2, 3, 4, 5}).Draw(t, "people")
		var contacts, messages []string
		for _, p := range people {
			contacts = append(contacts, fmt.Sprintf(`{"profile":{"name":"n%d"},"wa_id":"49%d","user_id":"DE.%d"}`, p, p, p))
		}
		for i, p := range rapid.Permutation(people).Draw(t, "senders") {
			from := fmt.Sprintf(`"from":"49%d"`, p)
			if rapid.Bool().Draw(t, "hidden") {
				from = fmt.Sprintf(`"from_user_id":"DE.%d"`, p)
			}
			messages = append(messages, fmt.Sprintf(`{"id":"%d",%s,"type":"text","text":{"body":"n%d"}}`, i, from, p))
		}
		parts := []string{`"contacts":[` + strings.Join(contacts, ",") + `]`, `"messages":[` + strings.Join(messages, ",") + `]`}
		parts = rapid.Permutation(parts).Draw(t, "parts")
		n, err := Decode(wrap("{" + strings.Join(parts, ",") + "}"))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range n.Items {
			if c := i.Message.Contact; c.Name != i.Message.Text || c.WAID == "" || c.UserID == "" {
				t.Fatalf("message of %s got contact %+v", i.Message.Text, c)
			}
		}
	})
}

// clean is what unescape promises beyond encoding/json.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

func FuzzText(f *testing.F) {
	for _, s := range []string{`a\u0000`, `\ud83d\ude00`, `\ud83d\ud83d`, "\xff\xc3\xa4", `\\\"\/`, `\uD800\u0000`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, inner []byte) {
		quoted := append(append([]byte{'"'}, inner...), '"')
		var want string
		if json.Unmarshal(quoted, &want) != nil || quoted[len(quoted)-1] != '"' {
			return
		}
		r := reader{b: quoted}
		if got := r.text(); got != clean(want) {
			t.Fatalf("%q: got %q, want %q", inner, got, clean(want))
		}
	})
}

// oracle is the part of a body that encoding/json can check in few lines.
type oracle struct {
	Object string `json:"object"`
	Entry  []struct {
		Changes []struct {
			Field string `json:"field"`
			Value struct {
				Messages []struct {
					ID   string `json:"id"`
					Type string `json:"type"`
					Text struct {
						Body string `json:"body"`
					} `json:"text"`
				} `json:"messages"`
			} `json:"value"`
		} `json:"changes"`
	} `json:"entry"`
}

// FuzzDecode compares with encoding/json wherever the body has the plain
// shape, and in every case wants all items accounted for.
func FuzzDecode(f *testing.F) {
	for _, file := range corpus(f) {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var small bytes.Buffer
		if err := json.Compact(&small, body); err != nil {
			f.Fatal(err)
		}
		f.Add(small.Bytes())
	}
	f.Add([]byte(`{"entry":[{"changes":[{"value":{},"field":"messages"}]},7,null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := Decode(body)
		if err != nil {
			if object := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")); n != nil || json.Valid(body) && object && !errors.Is(err, ErrTooMany) && !errors.Is(err, ErrForeign) {
				t.Fatalf("a JSON object is refused: %v", err)
			}
			return
		}
		if len(n.Items) > len(body) {
			t.Fatalf("%d items of %d bytes", len(n.Items), len(body))
		}
		for _, i := range n.Items {
			checkItem(t, body, i)
		}
		compare(t, body, n)
	})
}

func checkItem(t *testing.T, body []byte, i Item) {
	t.Helper()
	set := 0
	for _, is := range []bool{i.Message != nil, i.Echo != nil, i.Status != nil, i.Other != nil, i.Errors != nil, i.Err != nil} {
		if is {
			set++
		}
	}
	if set != 1 || i.Path == "" || !json.Valid(i.Raw) || !bytes.Contains(body, i.Raw) {
		t.Fatalf("%s: %d of its parts are set, raw %q", i.Path, set, i.Raw)
	}
	checkAgain(t, i)
	if i.Message != nil && (strings.Contains(i.Message.Text, "\x00") || i.Message.ID == "" || IsUserID(i.Message.From)) {
		t.Fatalf("%s: text not clean, no id, or user id in the phone", i.Path)
	}
}

// checkAgain decodes the item's own bytes and wants the same item: what is kept of one
// that was set aside must mean the same later. The contact comes from elsewhere in the
// body and is left out.
func checkAgain(t *testing.T, i Item) {
	t.Helper()
	list := "messages"
	switch {
	case strings.Contains(i.Path, ".statuses["):
		list = "statuses"
	case !strings.Contains(i.Path, ".messages["):
		return
	}
	n, err := Decode(wrap(`{"` + list + `":[` + string(i.Raw) + `]}`))
	if err != nil || len(n.Items) != 1 {
		t.Fatalf("%s: decoded again: %+v, %v", i.Path, n, err)
	}
	if was, is := withoutContact(t, i), withoutContact(t, n.Items[0]); was != is {
		t.Fatalf("%s: was %s, decoded again %s", i.Path, was, is)
	}
}

func withoutContact(t *testing.T, i Item) string {
	t.Helper()
	if i.Message != nil {
		m := *i.Message
		m.Contact, i.Message = Contact{}, &m
	}
	if i.Status != nil {
		s := *i.Status
		s.Contact, i.Status = Contact{}, &s
	}
	text, err := json.Marshal([]any{i.Message, i.Status, fmt.Sprint(i.Err), i.Raw})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compare holds the text messages against encoding/json. That one matches
// names in any case and merges duplicates, so bodies using either are left out.
func compare(t *testing.T, body []byte, n *Notification) {
	t.Helper()
	var want oracle
	if json.Unmarshal(body, &want) != nil || !plainNames(body) {
		return
	}
	var got, expect []string
	for _, i := range n.Items {
		if m := i.Message; m != nil && m.Kind == KindText && i.Field == FieldMessages {
			got = append(got, m.ID+" "+m.Text)
		}
	}
	for _, e := range want.Entry {
		for _, c := range e.Changes {
			for _, m := range c.Value.Messages {
				if c.Field == FieldMessages && m.ID != "" && m.Type == "text" {
					expect = append(expect, clean(m.ID)+" "+clean(m.Text.Body))
				}
			}
		}
	}
	for _, one := range got {
		if !slices.Contains(expect, one) {
			t.Fatalf("got %q, encoding/json has %q", one, expect)
		}
	}
	if len(got) > len(expect) {
		t.Fatalf("got %d texts, encoding/json has %d", len(got), len(expect))
	}
}

// plainNames reports whether no object repeats a property, in whatever case.
func plainNames(body []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(body))
	type level struct {
		names map[string]bool
		value bool
	}
	var stack []level
	for {
		token, err := dec.Token()
		if err != nil {
			return true
		}
		top := len(stack) - 1
		name, isText := token.(string)
		switch {
		case token == json.Delim('}') || token == json.Delim(']'):
			stack = stack[:top]
			continue
		case top >= 0 && stack[top].names != nil && !stack[top].value:
			if folded := strings.ToLower(name); !isText || stack[top].names[folded] || folded != name {
				return false
			}
			stack[top].names[name] = true
			stack[top].value = true
			continue
		case top >= 0:
			stack[top].value = false
		}
		switch token {
		case json.Delim('{'):
			stack = append(stack, level{names: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, level{})
		}
	}
}
