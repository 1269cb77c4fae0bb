package whatsapp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func nobody(string) bool { return false }

func TestWithoutCoexistence(t *testing.T) {
	const message = `{"field":"messages","value":{"x":"\\u00e4<"}}`
	const book = `{"field":"smb_app_state_sync","value":{"canary":1}}`
	const echo = `{"value":{"canary":1},"field":"smb_message_echoes"}`
	body := func(entries string) string { return `{"object":"o","entry":[` + entries + `]}` }
	entry := func(changes string) string { return `{"id":"2","time":1,"changes":[` + changes + `]}` }
	for name, c := range map[string]struct {
		body, want string
		dropped    map[string]int
	}{
		"none":              {body(entry(message)), body(entry(message)), nil},
		"spoken of":         {body(entry(`{"field":"messages","value":{"x":"history"}}`)), body(entry(`{"field":"messages","value":{"x":"history"}}`)), nil},
		"nothing else":      {body(entry(book) + "," + entry(echo)), "", map[string]int{"smb_app_state_sync": 1, "smb_message_echoes": 1}},
		"beside a message":  {body(entry(book + "," + message + "," + book)), body(entry(message)), map[string]int{"smb_app_state_sync": 2}},
		"in another entry":  {body(entry(echo) + "," + entry(message)), body(entry(message)), map[string]int{"smb_message_echoes": 1}},
		"no lists":          {`{"entry":{"changes":` + echo + `}}`, "", map[string]int{"smb_message_echoes": 1}},
		"behind a mark":     {"\uFEFF" + body(entry(book)+","+entry(message)), body(entry(message)), map[string]int{"smb_app_state_sync": 1}},
		"no JSON":           {`{"history"`, `{"history"`, nil},
		"no webhook":        {`["history"]`, `["history"]`, nil},
		"entries of no use": {body(`1,{"changes":"history"},` + entry(book)), body(`1,{"changes":"history"}`), map[string]int{"smb_app_state_sync": 1}},
	} {
		rest, dropped := WithoutCoexistence([]byte(c.body), nobody)
		if (rest == nil) != (c.want == "") || len(rest) > 0 && !same(rest, c.want) || !reflect.DeepEqual(dropped, c.dropped) {
			t.Errorf("%s: got %s and %v, want %s and %v", name, rest, dropped, c.want, c.dropped)
		}
	}
}

// Where somebody takes in what is written in the app, that alone stays, and only of their number.
func TestEchoesOfWhoTakesThem(t *testing.T) {
	change := func(field, number string) string {
		return `{"field":"` + field + `","value":{"metadata":{"phone_number_id":"` + number + `"},"x":"` + field + number + `"}}`
	}
	body := `{"entry":[{"changes":[` + change("smb_message_echoes", "1") + "," + change("smb_message_echoes", "2") + "," +
		change("smb_app_state_sync", "1") + "," + change("history", "1") + `,{"field":"smb_message_echoes","value":{"x":3}}]}]}`
	rest, dropped := WithoutCoexistence([]byte(body), func(number string) bool { return number == "1" })
	if !same(rest, `{"entry":[{"changes":[`+change("smb_message_echoes", "1")+`]}]}`) {
		t.Errorf("left %s", rest)
	}
	if want := map[string]int{"smb_message_echoes": 2, "smb_app_state_sync": 1, "history": 1}; !reflect.DeepEqual(dropped, want) {
		t.Errorf("counted %v", dropped)
	}
}

// same compares JSON; what is none must be equal byte by byte.
func same(got []byte, want string) bool {
	var a, b any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal([]byte(want), &b) != nil {
		return string(got) == want
	}
	return reflect.DeepEqual(a, b)
}

// Of Meta's own examples, nothing is left of those of coexistence, and all of the others.
func TestExamplesWithoutCoexistence(t *testing.T) {
	files, err := filepath.Glob("testdata/webhook/*.json")
	if err != nil || len(files) < 50 {
		t.Fatal(files, err)
	}
	gone := map[string]bool{"history.json": true, "history_declined.json": true, "smb_message_echoes.json": true, "smb_app_state_sync.json": true}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if rest, _ := WithoutCoexistence(body, nobody); (rest == nil) != gone[filepath.Base(file)] {
			t.Errorf("%s: %d of %d bytes are left", file, len(rest), len(body))
		}
	}
}
