package simulator

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWindowCloses(t *testing.T) {
	w := newWorld(t, nil)
	got := w.wantRefused(textToAnna, 400, 131047) // Anna has never written
	if got.Error.Message != "(#131047) Re-engagement message" {
		t.Errorf("message: %q", got.Error.Message)
	}
	w.say("Hallo")
	w.Advance(24*time.Hour - time.Second)
	w.sent(textToAnna)
	w.Advance(time.Second)
	w.wantRefused(textToAnna, 400, 131047)
	w.sent(to(`"type":"template","template":{"name":"reminder","language":{"code":"de"}}`))
	if _, err := w.Send("anna", "", Inbound{Kind: "reaction", Text: "👍", ReplyTo: "wamid.X"}); err != nil {
		t.Fatal(err)
	}
	w.wantRefused(textToAnna, 400, 131047) // a reaction does not open it
	w.say("Noch da?")
	w.sent(textToAnna)
}

func TestThroughputIsASlidingSecond(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Numbers[0].Throughput = 5 })
	w.change(func(s *Settings) { s.IgnorePairRate = true })
	w.say("Hallo") // counts as well
	for range 4 {
		w.clock.add(200 * time.Millisecond)
		w.sent(textToAnna)
	}
	w.clock.add(199 * time.Millisecond) // 999 ms after the first of five
	got := w.wantRefused(textToAnna, 400, 130429)
	if got.Error.Message != "(#130429) Rate limit hit" {
		t.Errorf("message: %q", got.Error.Message)
	}
	w.clock.add(time.Millisecond)
	w.sent(textToAnna) // a refusal took nothing
	w.wantRefused(textToAnna, 400, 130429)
	w.change(func(s *Settings) { s.IgnoreThroughput = true })
	w.sent(textToAnna)
}

// TestThroughputAgainstCounting compares the remembered moments with a plain
// count over everything that was taken.
func TestThroughputAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &number{Number: Number{Throughput: rapid.IntRange(1, 6).Draw(t, "throughput")}}
		now := time.Unix(1_790_000_000, 0)
		var taken []time.Time
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 600), 1, 60).Draw(t, "gaps") {
			now = now.Add(time.Duration(ms) * time.Millisecond)
			within := 0
			for _, at := range taken {
				if now.Sub(at) < time.Second {
					within++
				}
			}
			if got, want := n.busy(now), within >= n.Throughput; got != want {
				t.Fatalf("busy is %v with %d of %d in the last second", got, within, n.Throughput)
			}
			if within < n.Throughput || rapid.Bool().Draw(t, "inbound") { // what customers write is never refused
				n.count(now)
				taken = append(taken, now)
			}
		}
	})
}

func TestPairRate(t *testing.T) {
	w := newWorld(t, nil)
	if _, err := w.AddCustomer(NewCustomer{ID: "ben", Name: "Ben Muster", Phone: "+49 1570 0000002"}); err != nil {
		t.Fatal(err)
	}
	w.say("Hallo")
	if _, err := w.Say("ben", "", "Hallo"); err != nil {
		t.Fatal(err)
	}
	for range pairBurst { // a burst may borrow
		w.clock.add(20 * time.Millisecond)
		w.sent(textToAnna)
	}
	got := w.wantRefused(textToAnna, 400, 131056)
	if got.Error.Message != "(#131056) (Business Account, Consumer Account) pair rate limit hit" {
		t.Errorf("message: %q", got.Error.Message)
	}
	w.sent(`{"messaging_product":"whatsapp","to":"+4915700000002","type":"text","text":{"body":"x"}}`) // another pair
	first := w.clock.now().Add(-(pairBurst - 1) * 20 * time.Millisecond)
	w.clock.add(first.Add(pairBurst*pairEvery - time.Millisecond).Sub(w.clock.now()))
	w.wantRefused(textToAnna, 400, 131056) // not paid back yet
	w.clock.add(time.Millisecond)
	w.sent(textToAnna)
	w.clock.add(pairEvery)
	w.sent(textToAnna) // the steady rate has no end
}

func TestRefusalsToldLate(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.LateRefusals = true })
	w.sent(textToAnna)
	w.idle()
	list := w.hook.statuses(t)
	if len(list) != 1 || list[0]["status"] != "failed" || list[0]["biz_opaque_callback_data"] != "m-1" || list[0]["recipient_id"] != "4915700000001" {
		t.Fatalf("statuses: %v", list)
	}
	errs := list[0]["errors"].([]any)[0].(map[string]any)
	if errs["code"] != 131047.0 || errs["title"] != "Re-engagement message" || errs["error_data"].(map[string]any)["details"] == "" {
		t.Errorf("errors: %v", errs)
	}
	id := w.sent(`{"messaging_product":"whatsapp","to":"+4915709999999","type":"text","text":{"body":"x"}}`) // nobody
	w.idle()
	if list := w.hook.statuses(t); list[1]["id"] != id || list[1]["errors"].([]any)[0].(map[string]any)["code"] != 131026.0 {
		t.Errorf("statuses: %v", list)
	}
	if _, answer, _ := w.request("GET", "/v25.0/"+testNumber+"/message_history?fields=events&message_id="+id, ""); !strings.Contains(string(answer), `"delivery_status":"FAILED"`) {
		t.Errorf("message_history: %s", answer)
	}
}
