package simulator

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestControlErrors(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.QueueSize = 1 })
	cases := []struct {
		name, method, path, body string
		status                   int
	}{
		{"no route", "GET", "/sim/nothing", "", 404},
		{"wrong method", "DELETE", "/sim/clock", "", 404},
		{"unknown customer", "POST", "/sim/customers/nobody/messages", `{"text":"x"}`, 404},
		{"unknown number", "POST", "/sim/customers/anna/messages", `{"text":"x","number":"1"}`, 404},
		{"unknown field", "POST", "/sim/customers/anna/messages", `{"text":"x","txt":"x"}`, 400},
		{"no JSON", "POST", "/sim/clock", `{`, 400},
		{"no duration", "POST", "/sim/clock", `{"advance":"tomorrow"}`, 400},
		{"backwards", "POST", "/sim/clock", `{"advance":"-1h"}`, 400},
		{"customer known", "POST", "/sim/customers", `{"id":"anna","name":"Anna","phone":"+49 1570 0000009"}`, 409},
		{"number known", "POST", "/sim/numbers", `{"phone_number_id":"` + testNumber + `","waba_id":"1","display_phone":"+49 1"}`, 409},
		{"number without digits", "POST", "/sim/numbers", `{"phone_number_id":"a","waba_id":"1","display_phone":"+49 1"}`, 400},
		{"fault unknown", "POST", "/sim/faults", `{"kind":"typo"}`, 400},
		{"settings out of range", "PATCH", "/sim/settings", `{"duplicate":2}`, 400},
		{"delay out of range", "PATCH", "/sim/settings", `{"sent_ms":-1}`, 400},
		{"burst too large", "POST", "/sim/bursts", `{"customers":1,"messages":100000000}`, 400},
		{"picture unknown", "GET", "/sim/media/1", "", 404},
		{"answer without words", "POST", "/sim/answers", `{}`, 400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, answer, header := w.request(c.method, c.path, c.body)
			got := decode[map[string]string](t, answer)
			if status != c.status || len(got) != 1 || got["error"] == "" || header.Get("Content-Type") != "application/json; charset=utf-8" {
				t.Errorf("got %d, want %d: %s", status, c.status, answer)
			}
		})
	}
	if _, answer, _ := w.request("POST", "/sim/scripts", `{"steps":[{"customer":"anna","say":"x"},{"customer":"bob","say":"x"}]}`); !strings.Contains(string(answer), "step 2") {
		t.Errorf("%s", answer)
	}
	w.change(func(s *Settings) { s.Paused = true })
	w.say("füllt die Schlange")
	if status, answer, _ := w.request("POST", "/sim/customers/anna/messages", `{"text":"x"}`); status != 503 {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer, _ := w.request("POST", "/sim/clock", `{"advance":"1h"}`, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"); status != 403 || decode[map[string]string](t, answer)["error"] == "" {
		t.Errorf("another origin: %d %s", status, answer)
	}
	w.change(func(s *Settings) { s.Paused = false })
	w.idle()
}

func TestControlRoundTrip(t *testing.T) {
	w := newWorld(t, nil)
	post := func(path, body string) []byte {
		t.Helper()
		status, answer, _ := w.request("POST", path, body)
		if status != 200 {
			t.Fatalf("%s: %d %s", path, status, answer)
		}
		return answer
	}
	cem := decode[CustomerView](t, post("/sim/customers", `{"name":"Cem","username":"cem.m"}`))
	post("/sim/customers/"+cem.ID+"/messages", `{"kind":"image","text":"Schaden"}`)
	post("/sim/customers/anna/messages", `{"text":"Hallo"}`)
	w.sent(textToAnna)
	w.idle()
	if got := string(post("/sim/customers/anna/read", `{}`)); got != `{"read":1}` {
		t.Error(got)
	}
	w.idle()
	_, answer, _ := w.request("GET", "/sim/customers/"+cem.ID+"/messages", "")
	var media struct{ ID string }
	if err := json.Unmarshal(decode[struct{ Items []MessageView }](t, answer).Items[0].Payload, &media); err != nil {
		t.Fatal(err)
	}
	status, picture, header := w.request("GET", "/sim/media/"+media.ID, "")
	if status != 200 || header.Get("Content-Type") != "image/jpeg" || http.DetectContentType(picture) != "image/jpeg" || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("picture: %d %v", status, header)
	}
	for path, want := range map[string]string{
		"/sim/outbox?callback_data=m-1":       `"total":1`,
		"/sim/outbox?callback_data=other":     `{"count":0,"items":[],"total":1}`,
		"/sim/pending":                        `"bodies":0`,
		"/sim/deliveries?bodies":              `whatsapp_business_account`,
		"/sim/numbers":                        `"subscribed":true`,
		"/sim/state":                          `"customers":[{"id":"anna"`,
		"/sim/customers?limit=1&after=anna":   `"username":"cem.m"`,
		"/sim/customers/anna/messages?number": `"status":"read"`,
	} {
		if status, answer, _ := w.request("GET", path, ""); status != 200 || !strings.Contains(string(answer), want) {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	if status, answer, _ := w.request("PATCH", "/sim/settings", `{"duplicate":0.5}`); status != 200 || !strings.Contains(string(answer), `"batch_size":100,`) || w.Settings().Duplicate != 0.5 {
		t.Errorf("%d %s", status, answer)
	}
	for _, secret := range []string{testToken, string(testSecret)} {
		for _, path := range []string{"/sim/state", "/sim/numbers"} {
			if _, answer, _ := w.request("GET", path, ""); strings.Contains(string(answer), secret) {
				t.Errorf("%s shows a secret", path)
			}
		}
	}
}

func TestEventStream(t *testing.T) {
	w := newWorld(t, nil)
	server := httptest.NewServer(w.Handler())
	defer server.Close()
	res, err := server.Client().Get(server.URL + "/sim/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	next := func() (string, string) {
		event := ""
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = v
			}
			if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return event, v
			}
		}
		return "", ""
	}
	if event, _ := next(); event != "hello" {
		t.Fatalf("first event %q", event)
	}
	m := w.say("Hallo")
	for _, want := range []string{"accepted", "delivered"} {
		event, data := next()
		if got := decode[MessageView](t, []byte(data)); event != "message" || got.ID != m.ID || got.Status != want {
			t.Errorf("%s %s", event, data)
		}
	}
	w.Advance(1)
	if event, _ := next(); event != "clock" {
		t.Errorf("event %q", event)
	}
	w.Close()
	if event, _ := next(); event != "" {
		t.Errorf("after Close came %q", event)
	}
}

// TestPage: everything the page needs is served from here, under a policy that
// allows nothing else, and nothing in it would break that policy.
func TestPage(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.FrameAncestors = []string{"http://127.0.0.1:8080"} })
	pages := map[string]string{}
	for path, kind := range map[string]string{"/": "text/html", "/phone.js": "text/javascript", "/more.js": "text/javascript", "/show.js": "text/javascript",
		"/kinds.js": "text/javascript", "/phone.css": "text/css", "/phone.svg": "image/svg+xml"} {
		status, body, header := w.request("GET", path, "")
		policy := header.Get("Content-Security-Policy")
		if status != 200 || !strings.HasPrefix(header.Get("Content-Type"), kind) || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, status, header)
		}
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'self' http://127.0.0.1:8080"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %q", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		pages[path] = string(body)
	}
	for _, bad := range []string{`\sstyle=`, `\son[a-z]+=`, `<style`, `<script>`, `javascript:`, `https?://`, `//[a-z]+\.[a-z]+/`} {
		if found := regexp.MustCompile(bad).FindString(pages["/"]); found != "" {
			t.Errorf("index.html has %q", found)
		}
	}
	script := pages["/phone.js"] + pages["/more.js"] + pages["/show.js"] + pages["/kinds.js"]
	if found := regexp.MustCompile(`innerHTML|insertAdjacentHTML|document\.write|\beval\(|\.style\b`).FindString(script); found != "" {
		t.Errorf("the scripts have %q", found)
	}
	for _, id := range regexp.MustCompile(`\$\("(\w+)"\)`).FindAllStringSubmatch(script, -1) {
		if !strings.Contains(pages["/"], `id="`+id[1]+`"`) {
			t.Errorf("a script looks for #%s, which the page does not have", id[1])
		}
	}
	for _, key := range regexp.MustCompile(`data-(?:t|label)="(\w+)"`).FindAllStringSubmatch(pages["/"], -1) {
		if n := len(regexp.MustCompile(`[ {]`+key[1]+`: ["(]`).FindAllString(script, -1)); n < 2 {
			t.Errorf("the words for %q are there %d times, want German and English", key[1], n)
		}
	}
	if status, _, _ := w.request("GET", "/other.html", ""); status != 404 {
		t.Errorf("an unknown page: %d", status)
	}
}
