package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// remembering is the world of the other tests with a file.
func remembering(t *testing.T, path string, clock *stopped, hook *receiver) (*Simulator, func()) {
	t.Helper()
	sim, err := Open(path, Config{
		WebhookURL: hook.URL, AppSecret: testSecret, AccessToken: testToken, Clock: clock.now, Settings: &Settings{}, Backoff: []time.Duration{0},
		Numbers:   []Number{{PhoneNumberID: testNumber, WABA: testWABA, DisplayPhone: "+49 30 0000001", VerifiedName: "Muster"}},
		Customers: []NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	var once sync.Once
	end := func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			sim.Close()
		})
	}
	t.Cleanup(end)
	return sim, end
}

// everywhere is all that the control API shows.
func everywhere(t *testing.T, sim *Simulator) string {
	t.Helper()
	w := &world{Simulator: sim, t: t}
	var out bytes.Buffer
	for _, path := range []string{"state", "customers/anna/messages", "customers/anna/messages?number=2", "customers/kim/messages",
		"outbox?requests", "pending", "clock"} {
		_, answer, _ := w.request("GET", "/sim/"+path, "")
		var v any
		if err := json.Unmarshal(answer, &v); err != nil {
			t.Fatal(err)
		}
		again, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %s\n", path, again)
	}
	return out.String()
}

// wantSame names the first lines that differ.
func wantSame(t *testing.T, before, after string) {
	t.Helper()
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			from := max(0, i-10)
			t.Fatalf("it was\n%s\nand is\n%s", strings.Join(was[from:min(len(was), i+5)], "\n"), strings.Join(is[from:min(len(is), i+5)], "\n"))
		}
	}
	if len(was) != len(is) {
		t.Fatalf("%d lines became %d", len(was), len(is))
	}
}

// TestOpenBringsEverythingBack: each kind of thing that changes is remembered.
func TestOpenBringsEverythingBack(t *testing.T) {
	path, clock, hook := filepath.Join(t.TempDir(), "phones"), newStopped(), newReceiver(t)
	sim, end := remembering(t, path, clock, hook)
	w := &world{Simulator: sim, t: t, clock: clock, hook: hook}
	ask := func(method, path, body string) []byte {
		t.Helper()
		status, answer, _ := w.request(method, path, body)
		if status != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
		return answer
	}
	ask("POST", "/sim/numbers", `{"phone_number_id":"2","waba_id":"3","display_phone":"+49 30 2","webhook_url":"`+hook.URL+`","app_secret":"other"}`)
	ask("PATCH", "/sim/numbers/2", `{"throughput":1000}`)
	ask("POST", "/sim/customers", `{"id":"kim","name":"Kim","username":"kim.example"}`)
	ask("PUT", "/sim/customers/kim/behaviour", `{"auto_deliver":true,"deliver_after":"1h","read_after":"1h","auto_read":true}`)
	ask("POST", "/sim/clock", `{"advance":"26h"}`)
	ask("POST", "/sim/faults", `{"kind":"slow","ms":1,"count":3,"customer":"anna"}`)
	ask("POST", "/sim/answers", `{"contains":"unfall","say":"Gestern.","after":"10m","count":1}`)
	ask("POST", "/sim/scripts", `{"steps":[{"customer":"anna","after":"2h","say":"Später"}]}`)
	picture := decode[MessageView](t, ask("POST", "/sim/customers/anna/messages", `{"kind":"image","text":"Der Schaden"}`))
	ask("POST", "/sim/customers/kim/messages", `{"text":"Hi"}`)
	ask("POST", "/sim/customers/anna/messages", `{"number":"2","text":"Hallo"}`)
	ask("POST", "/sim/customers", `{"id":"eva","name":"Eva","phone":"+49 1570 0000003"}`)
	ask("POST", "/sim/customers/eva/messages", `{"text":"Hallo"}`)
	w.sent(strings.Replace(textToAnna, "Guten Tag", "Wann war der Unfall?", 1))
	kim := sim.Customers()[1].UserIDs[testWABA]
	toKim := w.sent(`{"messaging_product":"whatsapp","recipient":"` + kim + `","type":"text","text":{"body":"Good day"}}`)
	ask("POST", "/sim/customers/anna/messages", `{"kind":"reaction","text":"👍","reply_to":"`+picture.ID+`"}`)
	ask("POST", "/v25.0/"+testNumber+"/messages", `{"messaging_product":"whatsapp","status":"read","message_id":"`+picture.ID+`"}`)
	for range pairBurst {
		w.sent(strings.Replace(textToAnna, "+49 1570 0000001", "+49 1570 0000003", 1))
	}
	w.idle()
	ask("PATCH", "/sim/settings", `{"paused":true}`)
	ask("POST", "/sim/customers/anna/messages", `{"text":"Noch unterwegs"}`)

	before, hits := everywhere(t, sim), len(hook.messages(t))
	end()
	sim, _ = remembering(t, path, clock, hook)
	w.Simulator = sim
	wantSame(t, before, everywhere(t, sim))
	if status, answer, _ := w.request("GET", "/sim/media/"+decode[struct{ ID string }](t, picture.Payload).ID, ""); status != http.StatusOK {
		t.Errorf("the picture is gone: %s", answer)
	}
	w.wantRefused(strings.Replace(textToAnna, "+49 1570 0000001", "+49 1570 0000003", 1), 400, 131056) // of the burst
	if status, answer, _ := w.request("POST", "/v25.0/2/messages", textToAnna); status != http.StatusOK {
		t.Errorf("the window of number 2 is closed: %s", answer)
	}
	if err := sim.Handshake(t.Context(), "2"); err == nil {
		t.Error("number 2 has a verify token that it never had")
	}
	w.change(func(s *Settings) { s.Paused = false })
	w.Advance(3 * time.Hour)
	w.idle()
	var said []string
	for _, m := range hook.messages(t)[hits:] {
		text, _ := m["text"].(map[string]any)
		said = append(said, fmt.Sprint(text["body"], " ", m["timestamp"]))
	}
	if want := []string{"Noch unterwegs 1790093600", "Gestern. 1790094200", "Später 1790100800"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	var told []string
	for _, st := range hook.statuses(t) {
		if st["id"] == toKim {
			told = append(told, fmt.Sprint(st["status"], " ", st["timestamp"]))
		}
	}
	if want := []string{"sent 1790093600", "delivered 1790097200", "read 1790100800"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// TestNobodyIsToldBeforeItIsSafe: while the file cannot be written there is no
// answer, no webhook and no event.
func TestNobodyIsToldBeforeItIsSafe(t *testing.T) {
	hook := newReceiver(t)
	sim, err := Open(filepath.Join(t.TempDir(), "phones"), Config{
		WebhookURL: hook.URL, Settings: &Settings{},
		Numbers:   []Number{{PhoneNumberID: testNumber, WABA: testWABA, DisplayPhone: "+49 30 0000001"}},
		Customers: []NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	events := make(chan []byte, 10)
	sim.mu.Lock()
	sim.streams.open = map[chan []byte]struct{}{events: {}}
	sim.mu.Unlock()
	ask := func(method, path, body string) (cut bool) {
		defer func() {
			if gone := recover(); gone != nil {
				cut = gone == any(http.ErrAbortHandler)
			}
		}()
		(&world{Simulator: sim, t: t}).request(method, path, body)
		return false
	}
	if ask("POST", "/sim/customers/anna/messages", `{"text":"Hallo"}`) || len(events) == 0 {
		t.Fatal("the first message was not taken")
	}
	for len(events) > 0 {
		<-events
	}
	if err := sim.journal.file.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/sim/customers/anna/messages", "/v25.0/" + testNumber + "/messages"} {
		if !ask("POST", path, map[bool]string{true: `{"text":"Noch eine"}`, false: textToAnna}[strings.HasPrefix(path, "/sim")]) {
			t.Errorf("%s was answered", path)
		}
	}
	if err := sim.Run(t.Context()); err == nil {
		t.Error("it runs on")
	}
	sim.dispatch(t.Context())
	sim.work.Wait()
	if len(hook.all()) != 0 || len(events) != 0 {
		t.Errorf("%d webhooks and %d events", len(hook.all()), len(events))
	}
}

// TestCutOffLines: a last line of which a part is missing was never promised; a
// broken one before the last is no file of ours.
func TestCutOffLines(t *testing.T) {
	dir, hook := t.TempDir(), newReceiver(t)
	path := filepath.Join(dir, "phones")
	sim, end := remembering(t, path, newStopped(), hook)
	w := &world{Simulator: sim, t: t}
	for _, text := range []string{"eins", "zwei", "drei"} {
		w.request("POST", "/sim/customers/anna/messages", `{"text":"`+text+`"}`)
		w.idle()
	}
	end()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	said := func(image []byte) (int, error) {
		other := filepath.Join(dir, "other")
		if err := os.WriteFile(other, image, 0o600); err != nil {
			t.Fatal(err)
		}
		sim, err := Open(other, Config{})
		if err != nil {
			return 0, err
		}
		defer sim.Close()
		list, err := sim.Messages("anna", "")
		return len(list), err
	}
	third := bytes.Index(whole, []byte("drei"))
	begin := bytes.LastIndexByte(whole[:third], '\n') + 1
	length := bytes.IndexByte(whole[begin:], '\n')
	for cut := 0; cut <= length; cut += 1 + length/25 {
		if n, err := said(whole[:begin+cut]); n != 2 || err != nil {
			t.Errorf("%d bytes of the line: %d messages, %v", cut, n, err)
		}
		torn := slices.Concat(whole[:begin+cut], make([]byte, length-cut), []byte("\n"))
		if n, err := said(torn); n != 2 && cut < length || err != nil {
			t.Errorf("%d bytes of the line, then zeros: %d messages, %v", cut, n, err)
		}
	}
	if n, err := said(whole[:begin+length+1]); n != 3 || err != nil {
		t.Errorf("the whole line: %d messages, %v", n, err)
	}
	if _, err := said(slices.Concat([]byte("{\n"), whole)); err == nil {
		t.Error("a broken first line was taken")
	}
	if _, err := said(bytes.Replace(whole, []byte(`"version":1`), []byte(`"version":2`), 1)); err == nil {
		t.Error("another version was taken")
	}
}

// TestFileDoesNotGrowForEver: it is written anew when most of it is history.
func TestFileDoesNotGrowForEver(t *testing.T) {
	path, clock, hook := filepath.Join(t.TempDir(), "phones"), newStopped(), newReceiver(t)
	sim, end := remembering(t, path, clock, hook)
	w := &world{Simulator: sim, t: t}
	// between is a moment in which nothing is being written.
	between := func(look func(j *journal)) {
		sim.mu.Lock()
		defer sim.mu.Unlock()
		for sim.journal.writing {
			sim.journal.grown.Wait()
		}
		look(sim.journal)
	}
	for i := range 20 {
		between(func(j *journal) { j.limit = 0 })
		w.request("POST", "/sim/customers/anna/messages", fmt.Sprintf(`{"text":"%d"}`, i))
		if err := sim.Sync(); err != nil {
			t.Fatal(err)
		}
		between(func(j *journal) {
			if j.limit < j.size+rewriteAfter/2 {
				t.Fatalf("%d bytes were written and %d are the limit", j.size, j.limit)
			}
		})
	}
	w.idle()
	before := everywhere(t, sim)
	end()
	sim, _ = remembering(t, path, clock, hook)
	wantSame(t, before, everywhere(t, sim))
	if _, err := Open(path, Config{}); !errors.Is(err, ErrFileInUse) {
		t.Errorf("a second one opens it: %v", err)
	}
}
