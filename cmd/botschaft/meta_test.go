package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"botschaft/internal/openapi"
)

// openAPIVariable names a copy of Meta's OpenAPI description. Its webhook examples are
// Meta's own words, so they are read where somebody has them and not kept here.
const openAPIVariable = "BOTSCHAFT_META_OPENAPI"

// Every webhook example is answered with 200, nothing of it is set aside, and each
// Message of it is shown: of our own rewritten ones, and of Meta's if they are at hand.
func TestMetaExamples(t *testing.T) {
	t.Parallel()
	examples := webhookExamples(t, "../../internal/whatsapp/testdata/openapi.yaml", 4)
	files, err := filepath.Glob("../../internal/whatsapp/testdata/webhook/*.json")
	must(t, err)
	if len(files) < 60 {
		t.Fatalf("found %d bodies of our own", len(files))
	}
	for _, file := range files {
		if filepath.Base(file) == "batch_one_broken.json" {
			continue // made to hold something that must be set aside
		}
		text, err := os.ReadFile(file)
		must(t, err)
		examples[file] = string(text)
	}
	originals := map[string]string{}
	if named := os.Getenv(openAPIVariable); named != "" {
		originals = webhookExamples(t, named, 16)
	}
	eachEngine(t, func(t *testing.T, h *house) {
		s := &sender{h: h, hooks: map[string]string{}, ids: map[string]bool{}}
		s.prepare(examples, originals)
		h.start()
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			s.post(name, examples[name])
		}
		for _, name := range slices.Sorted(maps.Keys(originals)) {
			s.post(name, originals[name])
		}
		eventually(t, 20*time.Second, fmt.Sprintf("%d messages are shown", len(s.ids)), func() bool { return len(h.messages()) >= len(s.ids) })
		if got := len(h.messages()); got != len(s.ids) {
			t.Errorf("%d messages are shown, want %d", got, len(s.ids))
		}
		if aside := h.setAside(); len(aside) > 0 {
			t.Errorf("set aside: %+v", aside)
		}
	})
}

// sender posts examples to the Inboxes they name.
type sender struct {
	h     *house
	hooks map[string]string // webhook paths by phone number id
	ids   map[string]bool   // of the Messages that were posted
}

// prepare gives the house every number that an example names.
func (s *sender) prepare(all ...map[string]string) {
	s.h.t.Helper()
	s.add(phoneNumberID)
	for _, examples := range all {
		for _, body := range examples {
			eachValue(s.h.t, body, func(_, value map[string]any) { s.add(numberOf(value)) })
		}
	}
}

func (s *sender) add(number string) {
	s.h.t.Helper()
	if _, known := s.hooks[number]; number != "" && !known {
		_, s.hooks[number] = s.h.inbox(number, nowhere)
	}
}

func numberOf(value map[string]any) string {
	metadata, _ := value["metadata"].(map[string]any)
	number, _ := metadata["phone_number_id"].(string)
	return number
}

// eachValue calls visit for each change of a webhook body with its value.
func eachValue(t testing.TB, body string, visit func(change, value map[string]any)) {
	t.Helper()
	var n struct {
		Entry []struct{ Changes []map[string]any }
	}
	must(t, json.Unmarshal([]byte(body), &n))
	for _, e := range n.Entry {
		for _, change := range e.Changes {
			if value, ok := change["value"].(map[string]any); ok {
				visit(change, value)
			}
		}
	}
}

// post posts an example as it is, and once more with new ids if another example had
// them before: Meta gives several of its examples the same.
func (s *sender) post(name, body string) {
	s.h.t.Helper()
	webhook := s.hooks[phoneNumberID]
	var again []string
	eachValue(s.h.t, body, func(change, value map[string]any) {
		if path := s.hooks[numberOf(value)]; path != "" {
			webhook = path
		}
		messages, _ := value["messages"].([]any)
		for _, m := range messages {
			m := m.(map[string]any)
			if m["group_id"] != nil || change["field"] == "standby" {
				continue // recognised and not taken in: groups, and what another app answers
			}
			if id := m["id"].(string); s.ids[id] {
				again = append(again, id)
			} else {
				s.ids[id] = true
			}
		}
	})
	s.deliver(name, webhook, body)
	for _, id := range again {
		fresh := strings.TrimSuffix(id, "=") + strconv.Itoa(len(s.ids))
		s.ids[fresh] = true
		body = strings.ReplaceAll(body, id, fresh)
	}
	if len(again) > 0 {
		s.deliver(name, webhook, body)
	}
}

func (s *sender) deliver(name, webhook, body string) {
	s.h.t.Helper()
	wantStatus(s.h.t, name, s.h.deliver(webhook, body), http.StatusOK)
}

// webhookExamples reads each example that is a webhook body. One that names no number is given
// ours: it could belong to nobody.
func webhookExamples(t testing.TB, file string, least int) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	all, err := openapi.Examples(text, func(example map[string]any) bool { return example["object"] == "whatsapp_business_account" })
	must(t, err)
	found := make(map[string]string, len(all))
	for name, example := range all {
		body, err := json.Marshal(example)
		must(t, err)
		named := false
		eachValue(t, string(body), func(_, value map[string]any) { named = named || value["metadata"] != nil })
		if !named {
			body = []byte(strings.Replace(string(body), `"value":{`, `"value":{"metadata":{"phone_number_id":"`+phoneNumberID+`"},`, 1))
		}
		found[name] = string(body)
	}
	if len(found) < least {
		t.Fatalf("found %d examples, want at least %d", len(found), least)
	}
	return found
}
