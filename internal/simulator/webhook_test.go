package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSignatureVectors are known values, worked out elsewhere.
func TestSignatureVectors(t *testing.T) {
	for body, want := range map[string]string{
		`{"object":"whatsapp_business_account","entry":[]}`: "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
		`{"a":"\u00e4\/"}`: "sha256=309c2389b90afed28fb83485a42517fefe96f66ad30ace6de706911a5655cd39",
	} {
		if got := Sign(testSecret, []byte(body)); got != want {
			t.Errorf("%s: %s", body, got)
		}
	}
}

// TestWebhookByteByByte compares a whole body with what Meta would send.
func TestWebhookByteByByte(t *testing.T) {
	w := newWorld(t, nil)
	m := w.say("Grüße aus Köln/Deutz 😀 <b>&\u2028\"\\\n")
	w.idle()
	got := w.hook.all()[0]
	want := `{"object":"whatsapp_business_account","entry":[{"id":"` + testWABA + `","time":1790000000,"changes":[{"value":{` +
		`"messaging_product":"whatsapp","metadata":{"display_phone_number":"49300000001","phone_number_id":"` + testNumber + `"},` +
		`"contacts":[{"profile":{"name":"Anna Muster"},"wa_id":"4915700000001","user_id":"USERID"}],` +
		`"messages":[{"from":"4915700000001","from_user_id":"USERID","id":"WAMID",` +
		`"text":{"body":"Gr\u00fc\u00dfe aus K\u00f6ln\/Deutz \ud83d\ude00 <b>&\u2028\"\\\n"},"timestamp":"1790000000","type":"text"}]},"field":"messages"}]}]}`
	want = strings.NewReplacer("USERID", w.Customers()[0].UserIDs[testWABA], "WAMID", strings.ReplaceAll(m.ID, "/", `\/`)).Replace(want)
	if string(got.body) != want {
		t.Errorf("got\n%s\nwant\n%s", got.body, want)
	}
	if got.signature != Sign(testSecret, got.body) {
		t.Errorf("signature %s", got.signature)
	}
}

// TestEscapeKeepsTheValue: Meta's spelling is ASCII, has no bare slash and means
// the same.
func TestEscapeKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := map[string]string{rapid.String().Draw(t, "key"): rapid.String().Draw(t, "text")}
		raw, err := encode(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range raw {
			if c >= 0x80 || (c == '/' && raw[i-1] != '\\') {
				t.Fatalf("byte %d of %s", i, raw)
			}
		}
		var back map[string]string
		plainly, err := json.Marshal(in)
		if err != nil || json.Unmarshal(raw, &back) != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(plainly, again) {
			t.Fatalf("%s became %s", plainly, again)
		}
	})
}

func TestRefusedWebhooksComeAgain(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Backoff = []time.Duration{time.Minute, 10 * time.Minute} })
	w.hook.answer = func(n int) int { return []int{503, 302, 204, 500, 200}[min(n, 4)] }
	w.say("Hallo")
	attempts := func() []Attempt {
		if list := w.Deliveries(false); len(list) == 1 {
			return list[0].Attempts
		}
		return nil
	}
	waits := []time.Duration{time.Minute, 10 * time.Minute, 10 * time.Minute, 10 * time.Minute}
	for i, wait := range waits {
		until(t, "an attempt", func() bool { return len(attempts()) == i+1 })
		w.Advance(wait - time.Second)
		w.mu.Lock()
		if q := w.numbers[testNumber].hook; len(q.ready)+q.inFlight != 0 {
			t.Errorf("repetition %d comes before %v have passed", i+1, wait)
		}
		w.mu.Unlock()
		w.Advance(time.Second)
	}
	w.idle()
	hits := w.hook.all()
	for _, h := range hits {
		if !bytes.Equal(h.body, hits[0].body) || h.signature != hits[0].signature {
			t.Error("a repetition differs from the first")
		}
	}
	var codes []int
	for _, a := range attempts() {
		codes = append(codes, a.Status)
	}
	if !slices.Equal(codes, []int{503, 302, 204, 500, 200}) {
		t.Errorf("answers %v", codes)
	}
	if list, err := w.Messages("anna", ""); err != nil || list[0].Status != "delivered" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestRefusedWebhooksEndAfterSevenDays(t *testing.T) {
	w := newWorld(t, nil)
	w.hook.answer = func(int) int { return 500 }
	w.say("Hallo")
	until(t, "an attempt", func() bool { return len(w.hook.all()) > 0 })
	w.Advance(7*24*time.Hour + time.Minute)
	until(t, "it is given up", func() bool { return w.Deliveries(false)[0].State == "abandoned" })
}

func TestDuplicatesAndRedeliveries(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.Duplicate, s.BatchSize = 1, 1 })
	for i := range 5 {
		w.say(fmt.Sprint(i))
	}
	until(t, "each body twice", func() bool { return len(w.hook.all()) == 10 })
	w.change(func(s *Settings) { s.Duplicate = 0 })
	if n := w.Redeliver(); n != 5 {
		t.Errorf("redelivers %d", n)
	}
	until(t, "each body three times", func() bool { return len(w.hook.all()) == 15 })
	count := map[string]int{}
	for _, h := range w.hook.all() {
		count[string(h.body)]++
	}
	for body, n := range count {
		if n != 3 {
			t.Errorf("%d times %s", n, body)
		}
	}
}

func TestBatchesSpreadOverEntriesAndChanges(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.Paused, s.BatchSize = true, 40 })
	for i := range 100 {
		w.say(fmt.Sprint(i))
	}
	w.change(func(s *Settings) { s.Paused = false })
	w.idle()
	var sizes []int
	for _, d := range w.Deliveries(false) {
		sizes = append(sizes, d.Items)
	}
	if !slices.Equal(sizes, []int{40, 40, 20}) {
		t.Errorf("batches of %v", sizes)
	}
	var env envelope
	if err := json.Unmarshal(w.hook.all()[0].body, &env); err != nil || len(env.Entry) != 2 || len(env.Entry[0].Changes) != changesPerEntry ||
		len(env.Entry[0].Changes[0].Value.Messages) != itemsPerChange || len(env.Entry[0].Changes[0].Value.Contacts) != 1 {
		t.Errorf("entries %+v %v", env.Entry, err)
	}
	for i, m := range w.hook.messages(t) { // without shuffling the order holds
		if body := m["text"].(map[string]any)["body"]; body != fmt.Sprint(i) {
			t.Fatalf("message %d is %v", i, body)
		}
	}
}

func TestBatchWindowJoins(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.BatchWindowMS = 60_000 })
	for range 3 {
		w.say("Hallo")
	}
	if _, err := w.turn(t.Context()); err != nil || len(w.hook.all()) != 0 {
		t.Fatal("left before the window was over", err)
	}
	w.change(func(s *Settings) { s.BatchSize = 3 }) // full: it need not wait
	w.idle()
	if n := len(w.hook.all()); n != 1 {
		t.Errorf("%d bodies", n)
	}
}

func TestShuffleLosesTheOrderAndNothingElse(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.ShuffleMS, s.BatchSize = 50, 7 })
	var wrote, arrived []string
	for range 60 {
		wrote = append(wrote, w.say("Hallo").ID)
	}
	w.idle()
	for _, m := range w.hook.messages(t) {
		arrived = append(arrived, m["id"].(string))
	}
	if slices.Equal(wrote, arrived) {
		t.Error("the order was kept")
	}
	slices.Sort(wrote)
	slices.Sort(arrived)
	if !slices.Equal(wrote, arrived) {
		t.Error("something was lost or doubled")
	}
}

func TestSubscriptionAndOverride(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Numbers[0].Unsubscribed = true })
	w.say("hört niemand")
	apps := "/v25.0/" + testWABA + "/subscribed_apps"
	if status, answer, _ := w.request("GET", apps, ""); status != 200 || string(answer) != `{"data":[]}` {
		t.Errorf("%d %s", status, answer)
	}
	status, answer, _ := w.request("POST", apps, `{"override_callback_uri":"`+w.hook.URL+`/own","verify_token":"wrong"}`)
	if status != 400 || refusal(t, answer).Error.Code != 2200 {
		t.Errorf("wrong verify token: %d %s", status, answer)
	}
	if status, answer, _ = w.request("POST", apps, `{"override_callback_uri":"`+w.hook.URL+`/own","verify_token":"verify"}`); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
	w.say("hört jemand")
	w.idle()
	if list := w.hook.messages(t); len(list) != 1 || list[0]["text"].(map[string]any)["body"] != "hört jemand" {
		t.Errorf("arrived: %v", list)
	}
	if err := w.Handshake(t.Context(), testNumber); err != nil {
		t.Error(err)
	}
}
