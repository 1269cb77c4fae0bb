package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func corpus(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/webhook/*.json")
	if err != nil || len(files) < 60 {
		t.Fatalf("got %d bodies in testdata/webhook (%v)", len(files), err)
	}
	return files
}

// golden is an Item as the golden files show it: without Raw, with Err as text
// (and, by empties, without what is empty).
type golden struct {
	Path, WABA, Field, PhoneNumberID, DisplayPhone string

	Message *Message `json:",omitempty"`
	Status  *Status  `json:",omitempty"`
	Other   *Other   `json:",omitempty"`
	Errors  []Error  `json:",omitempty"`
	Err     string   `json:",omitempty"`
}

func render(t *testing.T, n *Notification) []byte {
	t.Helper()
	shown := struct {
		Object  string
		Items   []golden
		Unknown map[string]int `json:",omitempty"`
	}{Object: n.Object, Unknown: n.Unknown}
	for _, i := range n.Items {
		g := golden{i.Path, i.WABA, i.Field, i.PhoneNumberID, i.DisplayPhone, i.Message, i.Status, i.Other, i.Errors, ""}
		if i.Err != nil {
			g.Err = i.Err.Error()
		}
		shown.Items = append(shown.Items, g)
	}
	text, err := json.MarshalIndent(shown, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(empties.ReplaceAll(text, nil), '\n')
}

// empties are the lines a golden file leaves out.
var empties = regexp.MustCompile(`(?m)^ *"\w+": (null|""|false),?\n`)

func TestDecodeGolden(t *testing.T) {
	for _, file := range corpus(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n, err := Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			got, path := render(t, n), strings.TrimSuffix(file, ".json")+".golden"
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s\ngot\n%s", path, got)
			}
		})
	}
}

// Only bodies made to hold something unknown may count anything.
func TestDecodeKnowsItsCorpus(t *testing.T) {
	odd := map[string]string{
		"unknown_type":                "value.weather type.hologram messages.hologram messages.sparkle",
		"unknown_field":               "field.moonlight_update",
		"interactive_call_permission": "interactive.call_permission_reply",
		"status_unknown_word":         "statuses.glitter",
		"batch_one_broken":            "messages.text",
	}
	for _, file := range corpus(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		body, _ := os.ReadFile(file)
		n, err := Decode(body)
		if err != nil {
			t.Fatal(name, err)
		}
		for unknown := range n.Unknown {
			if !strings.Contains(" "+odd[name]+" ", " "+unknown+" ") {
				t.Errorf("%s: unexpectedly unknown: %s", name, unknown)
			}
		}
		if len(n.Unknown) != len(strings.Fields(odd[name])) {
			t.Errorf("%s: got %v, want %s", name, n.Unknown, odd[name])
		}
	}
}

// wrap puts messages into a body of their own.
func wrap(value string) []byte {
	return []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":` + value + `}]}]}`)
}

func decodeOne(t *testing.T, message string) Item {
	t.Helper()
	n, err := Decode(wrap(`{"messages":[` + message + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Items) != 1 {
		t.Fatalf("got %d items, want 1", len(n.Items))
	}
	return n.Items[0]
}

func TestDecodeRefuses(t *testing.T) {
	for _, body := range []string{
		"", " ", "null", "[]", "1", `"x"`, "{", `{"a":}`, `{"a":1}x`, "\xef\xbb\xbf", `{"a":"` + "\n" + `"}`,
		strings.Repeat("[", 1<<20), strings.Repeat(`{"entry":[`, 1<<16),
		`{"entry":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
	} {
		if n, err := Decode([]byte(body)); !errors.Is(err, ErrNotJSON) || n != nil {
			t.Errorf("%.20q: got %v, want ErrNotJSON", body, err)
		}
	}
	many := wrap(`{"messages":[` + strings.Repeat("0,", MaxItems) + `0]}`)
	if _, err := Decode(many); !errors.Is(err, ErrTooMany) {
		t.Errorf("got %v, want ErrTooMany", err)
	}
}

func TestDecodeBrokenParts(t *testing.T) {
	tests := []struct{ name, body, path string }{
		{"entry no array", `{"entry":"x"}`, "entry"},
		{"entry without changes", `{"entry":[{"id":"1","messaging":[{}]}]}`, "entry[0]"},
		{"entry no object", `{"entry":[7]}`, "entry[0]"},
		{"changes no array", `{"entry":[{"changes":"x"}]}`, "entry[0].changes"},
		{"change no object", `{"entry":[{"changes":[true]}]}`, "entry[0].changes[0]"},
		{"change null", `{"entry":[{"changes":[null]}]}`, "entry[0].changes[0]"},
		{"no value", `{"entry":[{"changes":[{"field":"messages"}]}]}`, "entry[0].changes[0]"},
		{"value no object", `{"entry":[{"changes":[{"field":"flows","value":[]}]}]}`, "entry[0].changes[0]"},
		{"messages no array", string(wrap(`{"messages":"a"}`)), "entry[0].changes[0].messages"},
		{"statuses no array", string(wrap(`{"statuses":1}`)), "entry[0].changes[0].statuses"},
		{"errors no array", string(wrap(`{"errors":"x"}`)), "entry[0].changes[0].errors"},
		{"message null", string(wrap(`{"messages":[null]}`)), "entry[0].changes[0].messages[0]"},
		{"message without id", string(wrap(`{"messages":[{"type":"text","text":{"body":"x"}}]}`)), "entry[0].changes[0].messages[0]"},
		{"id a list", string(wrap(`{"messages":[{"id":["a"],"type":"text","text":{"body":"x"}}]}`)), "entry[0].changes[0].messages[0]"},
		{"text missing", string(wrap(`{"messages":[{"id":"a","type":"text"}]}`)), "entry[0].changes[0].messages[0]"},
		{"text no object", string(wrap(`{"messages":[{"id":"a","type":"text","text":["x"]}]}`)), "entry[0].changes[0].messages[0]"},
		{"body no string", string(wrap(`{"messages":[{"id":"a","type":"text","text":{"body":[5]}}]}`)), "entry[0].changes[0].messages[0]"},
		{"image in another property", string(wrap(`{"messages":[{"id":"a","type":"image","video":{"id":"1"}}]}`)), "entry[0].changes[0].messages[0]"},
		{"reaction to nothing", string(wrap(`{"messages":[{"id":"a","type":"reaction","reaction":{"emoji":"x"}}]}`)), "entry[0].changes[0].messages[0]"},
		{"revoke of nothing", string(wrap(`{"messages":[{"id":"a","type":"revoke","revoke":{}}]}`)), "entry[0].changes[0].messages[0]"},
		{"status no object", string(wrap(`{"statuses":["sent"]}`)), "entry[0].changes[0].statuses[0]"},
		{"status without id", string(wrap(`{"statuses":[{"status":"sent"}]}`)), "entry[0].changes[0].statuses[0]"},
		{"status without status", string(wrap(`{"statuses":[{"id":"a"}]}`)), "entry[0].changes[0].statuses[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := Decode([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if len(n.Items) != 1 {
				t.Fatalf("got %d items, want 1", len(n.Items))
			}
			i := n.Items[0]
			if !errors.Is(i.Err, ErrItem) || i.Path != tt.path || len(i.Raw) == 0 || i.Message != nil || i.Status != nil {
				t.Errorf("got %s %v, want one broken item at %s", i.Path, i.Err, tt.path)
			}
		})
	}
}

func TestDecodeTolerates(t *testing.T) {
	const head = `{"id":"a","from":"4917139200001","type":"text","text":{"body":"x"},`
	for name, rest := range map[string]string{
		"context of another type":   `"context":"none"`,
		"contacts of another type":  `"contacts":7`,
		"errors of another type":    `"errors":"none"`,
		"forwarded as text":         `"context":{"forwarded":"yes"}`,
		"nulls":                     `"context":null,"referral":null,"timestamp":null,"errors":null`,
		"timestamp of another type": `"timestamp":{"s":1}`,
		"duplicate property":        `"timestamp":"1","timestamp":"2"`,
		"deep unknown":              `"weird":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"escaped name":              `"\u0066rom_user_id":"DE.1"`,
	} {
		t.Run(name, func(t *testing.T) {
			i := decodeOne(t, head+rest+"}")
			if i.Err != nil || i.Message.Text != "x" {
				t.Fatalf("got %v, want the text", i.Err)
			}
			if name == "escaped name" && i.Message.FromUserID != "DE.1" {
				t.Error("escaped property name not recognised")
			}
		})
	}
}

func TestTimestamp(t *testing.T) {
	want := time.Date(2026, 11, 18, 20, 0, 0, 0, time.UTC)
	for text, ok := range map[string]bool{
		`"1795032000"`: true, `1795032000`: true, `1.795032e9`: true, `" 1795032000"`: false,
		`""`: false, `"abc"`: false, `-1`: false, `0`: false, `"1795032000000"`: true, `1795032000000`: true, `1795032000.5`: true, `1795032000000000`: false,
		`"NaN"`: false, `"Inf"`: false, `1e400`: false, `null`: false, `true`: false, `[1]`: false,
	} {
		m := decodeOne(t, `{"id":"a","type":"text","text":{"body":""},"timestamp":`+text+`}`).Message
		if m.TimestampOK != ok || ok && !m.Timestamp.Equal(want) || !ok && !m.Timestamp.IsZero() {
			t.Errorf("%s: got %v %v, want %v", text, m.Timestamp, m.TimestampOK, ok)
		}
	}
}

func TestTextIsStorable(t *testing.T) {
	for in, want := range map[string]string{
		`a\u0000b`: "a\uFFFDb", `\ud83d\ude00`: "😀", `\ud83d`: "\uFFFD", `\ude00x`: "\uFFFDx",
		`\ud83d\u0041`: "\uFFFDA", `\ud83d\ud83d\ude00`: "\uFFFD😀", "\xff": "\uFFFD", "\xc3": "\uFFFD",
		"ä": "ä", `\u00E4\/\"\\\b\f\n\r\t`: "ä/\"\\\b\f\n\r\t", `\\u0000`: `\u0000`, "": "",
	} {
		if got := decodeOne(t, `{"id":"a","type":"text","text":{"body":"`+in+`"}}`).Message.Text; got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestUnknownHoldsNoValues(t *testing.T) {
	n, err := Decode(wrap(`{"messages":[{"id":"a","type":"+4917139200001","4917139200001":1,"name with space":2,"":3,"fine":4}],"x":{"y":"secret"}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"type.?": 1, "messages.?": 3, "messages.fine": 1, "value.x": 1}
	if len(n.Unknown) != len(want) {
		t.Fatalf("got %v, want %v", n.Unknown, want)
	}
	for k, v := range want {
		if n.Unknown[k] != v {
			t.Errorf("got %v, want %v", n.Unknown, want)
		}
	}
	var many strings.Builder
	for i := range 500 {
		many.WriteString(`,"x` + strings.Repeat("y", i%40) + string(rune('a'+i%26)) + `":1`)
	}
	n, _ = Decode(wrap(`{"messages":[{"id":"a","type":"text","text":{"body":""}` + many.String() + `}]}`))
	if len(n.Unknown) > maxUnknown+1 {
		t.Errorf("got %d names, want at most %d", len(n.Unknown), maxUnknown+1)
	}
}

// Nothing of a broken message stays behind for the next one, which is somebody else's.
func TestBrokenLeavesNothing(t *testing.T) {
	const good = `{"id":"b","from":"2","type":"video","video":{"id":"v"}}`
	n, err := Decode(wrap(`{"messages":[{"from":"1","from_user_id":"DE.1","group_id":"g","timestamp":"1795032000","type":"text","text":{"body":"secret"},
		"context":{"id":"c"},"referral":{"body":"secret"},"errors":[{"code":1}]},` + good + `]}`))
	if err != nil || len(n.Items) != 2 || n.Items[0].Err == nil {
		t.Fatalf("got %+v, %v", n, err)
	}
	if got, want := n.Items[1].Message, decodeOne(t, good).Message; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestRawIsTheItem(t *testing.T) {
	const one, two = `{"id" : "a","type":"text","text":{"body":"1"}}`, `{"id":"b","status":"sent"}`
	n, err := Decode(wrap(` { "messages" : [ ` + one + ` ] , "statuses":[ ` + two + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(n.Items[0].Raw); got != one {
		t.Errorf("got %s, want %s", got, one)
	}
	if got := string(n.Items[1].Raw); got != two {
		t.Errorf("got %s, want %s", got, two)
	}
}

// A body of three megabytes must not become a heap of gigabytes.
func TestDecodeBombs(t *testing.T) {
	const size = 3 << 20
	fill := func(head, one, tail string) string {
		return head + strings.Repeat(one+",", size/(len(one)+1)) + one + tail
	}
	message := func(rest string) string { return `{"id":"a","type":"x",` + rest + `}` }
	empties := strings.Repeat("{},", 63) + "{}"
	for name, value := range map[string]string{
		"contacts":       fill(`{"messages":[],"contacts":[`, `{}`, `]}`),
		"cards":          fill(`{"messages":[{"id":"a","type":"contacts","contacts":[`, `{}`, `]}]}`),
		"cards_of_many":  fill(`{"messages":[`, message(`"contacts":[`+empties+`]`), `]}`),
		"products":       fill(`{"messages":[{"id":"a","type":"order","order":{"product_items":[`, `{}`, `]}}]}`),
		"errors":         fill(`{"errors":[`, `{}`, `]}`),
		"errors_of_many": fill(`{"messages":[`, message(`"errors":[`+empties+`]`), `]}`),
		"properties":     fill(`{`, `"x":0`, `}`),
		"edits":          `{"messages":[` + strings.Repeat(`{"id":"a","type":"edit","edit":{"original_message_id":"b","message":`, 2000) + `1` + strings.Repeat(`}}`, 2000) + `]}`,
		"messages":       fill(`{"messages":[`, `{}`, `]}`),
		"statuses":       fill(`{"statuses":[`, `{}`, `]}`),
		"shortest":       fill(`{"messages":[`, `{"id":"a","type":"x"}`, `]}`),
		"texts":          fill(`{"messages":[`, `{"id":"a","type":"text","text":{"body":""}}`, `]}`),
		"sub_objects":    fill(`{"messages":[{"id":"a",`, `"referral":{}`, `}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			body := wrap(value)
			if !json.Valid(body) {
				t.Fatal("the body is not JSON")
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Decode(body)
			runtime.ReadMemStats(&after)
			if err != nil && !errors.Is(err, ErrTooMany) {
				t.Fatal(err)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 64<<20 {
				t.Errorf("allocates %d MiB", spent>>20)
			}
		})
	}
}
