package simulator

import (
	"slices"
	"testing"
	"time"
)

func names(list []map[string]any) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s["status"].(string)
	}
	return out
}

func TestStatusesClimbWithTheirDelays(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.SentMS, s.DeliverMS, s.ReadMS = 100, 500, 3000 })
	if err := w.Behave("anna", Behaviour{AutoDeliver: true, AutoRead: true}); err != nil {
		t.Fatal(err)
	}
	w.say("Hallo")
	id := w.sent(textToAnna)
	status := func() string {
		list, err := w.Messages("anna", "")
		if err != nil {
			t.Fatal(err)
		}
		return list[len(list)-1].Status
	}
	for _, step := range []struct {
		ms   int
		want string
	}{{99, "accepted"}, {1, "sent"}, {499, "sent"}, {1, "delivered"}, {2999, "delivered"}, {1, "read"}} {
		w.Advance(time.Duration(step.ms) * time.Millisecond)
		if got := status(); got != step.want {
			t.Fatalf("%d ms later it is %s, want %s", step.ms, got, step.want)
		}
	}
	w.idle()
	list := w.hook.statuses(t)
	if !slices.Equal(names(list), []string{"sent", "delivered", "read"}) {
		t.Fatalf("statuses %v", names(list))
	}
	for i, s := range list {
		if s["id"] != id || s["biz_opaque_callback_data"] != "m-1" || s["recipient_id"] != "4915700000001" || s["recipient_user_id"] != w.Customers()[0].UserIDs[testWABA] {
			t.Errorf("%v", s)
		}
		if _, priced := s["pricing"]; priced != (i < 2) { // on sent and on one of delivered and read
			t.Errorf("pricing of %v", s)
		}
		if s["conversation"] != nil {
			t.Errorf("conversation is omitted since v24: %v", s)
		}
	}
	if price := list[0]["pricing"].(map[string]any); price["pricing_model"] != "PMP" || price["category"] != "service" || price["type"] != "free_customer_service" {
		t.Errorf("%v", price)
	}
}

// TestJumpedOverTimesAreTheirOwn: what falls due during one jump of the clock
// happens in order, each at its own moment.
func TestJumpedOverTimesAreTheirOwn(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Behave("anna", Behaviour{AutoDeliver: true, AutoRead: true, DeliverAfter: "10s", ReadAfter: "1h"}); err != nil {
		t.Fatal(err)
	}
	w.say("Hallo")
	w.sent(textToAnna)
	w.Advance(5 * time.Hour)
	w.idle()
	list := w.hook.statuses(t)
	if !slices.Equal(names(list), []string{"sent", "delivered", "read"}) ||
		list[1]["timestamp"] != "1790000010" || list[2]["timestamp"] != "1790003610" {
		t.Errorf("%v", list)
	}
}

func TestOfflinePhoneGetsItLater(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	if err := w.Behave("anna", Behaviour{AutoDeliver: true, Offline: true}); err != nil {
		t.Fatal(err)
	}
	w.sent(textToAnna)
	w.Advance(time.Hour)
	if n, err := w.Read("anna", ""); n != 0 || err != nil {
		t.Errorf("an offline phone read %d %v", n, err)
	}
	w.idle()
	if got := names(w.hook.statuses(t)); !slices.Equal(got, []string{"sent"}) {
		t.Errorf("%v", got)
	}
	if err := w.Behave("anna", Behaviour{AutoDeliver: true}); err != nil {
		t.Fatal(err)
	}
	w.idle()
	if got := names(w.hook.statuses(t)); !slices.Equal(got, []string{"sent", "delivered"}) {
		t.Errorf("%v", got)
	}
}

// TestReadSoonerThanTheDelays: somebody who reads at once skips nothing.
func TestReadSoonerThanTheDelays(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.SentMS, s.DeliverMS = 1000, 1000 })
	w.say("Hallo")
	w.sent(textToAnna)
	if n, err := w.Read("anna", ""); n != 1 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	w.Advance(time.Minute)
	w.idle()
	if got := names(w.hook.statuses(t)); !slices.Equal(got, []string{"sent", "delivered", "read"}) {
		t.Errorf("%v", got)
	}
}

func TestMessageHistoryTellsTheEvents(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	id := w.sent(textToAnna)
	w.idle()
	path := "/v25.0/" + testNumber + "/message_history?fields=id,message_id,events&message_id=" + id
	_, answer, _ := w.request("GET", path, "")
	out := decode[struct {
		Data []struct {
			MessageID string `json:"message_id"`
			Events    struct {
				Data []struct {
					Status string `json:"delivery_status"`
					State  string `json:"webhook_update_state"`
				}
			}
		}
	}](t, answer)
	if len(out.Data) != 1 || out.Data[0].MessageID != id || len(out.Data[0].Events.Data) != 2 || out.Data[0].Events.Data[1].Status != "DELIVERED" || out.Data[0].Events.Data[0].State != "DELIVERED" {
		t.Errorf("%s", answer)
	}
}

func TestScriptsAndAnswers(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Answer(AutoAnswer{Contains: "unfall", Say: "Gestern um 14 Uhr.", After: "3s", Count: 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.Play([]Step{{Customer: "anna", Say: "Hallo"}, {Customer: "anna", After: "25h", Say: "Noch einmal"}, {Customer: "anna", After: "1m", Kind: "location"}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		w.sent(`{"messaging_product":"whatsapp","to":"+4915700000001","type":"text","text":{"body":"Wann war der Unfall?"}}`)
	}
	w.Advance(26 * time.Hour)
	w.idle()
	var got []string
	for _, m := range w.hook.messages(t) {
		got = append(got, m["type"].(string)+" "+m["timestamp"].(string))
	}
	if want := []string{"text 1790000000", "text 1790000003", "text 1790090000", "location 1790090060"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := w.Play([]Step{{Customer: "anna"}}); err == nil {
		t.Error("a step without an act was taken")
	}
}
