package simulator

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// over posts a text to Anna over a real connection, which a fault can cut.
func (w *world) over(ctx context.Context) (int, string, error) {
	server := httptest.NewServer(w.Handler())
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/v25.0/"+testNumber+"/messages", strings.NewReader(textToAnna))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	res, err := server.Client().Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

func (w *world) accepted() int { _, total := w.Outbox(); return total }

func TestAnswerLostAfterAccept(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	w.fault(Fault{Kind: FailTimeout, StatusMS: 20_000})
	if _, _, err := w.over(t.Context()); err == nil {
		t.Fatal("an answer came")
	}
	list, total := w.Outbox()
	if total != 1 || list[0].Answered {
		t.Errorf("outbox %+v", list)
	}
	w.Advance(20*time.Second - time.Millisecond)
	w.idle()
	if n := len(w.hook.statuses(t)); n != 0 {
		t.Errorf("%d statuses came too early", n)
	}
	w.Advance(time.Millisecond)
	w.idle()
	if list := w.hook.statuses(t); len(list) == 0 || list[0]["status"] != "sent" || list[0]["biz_opaque_callback_data"] != "m-1" {
		t.Errorf("the status that settles it: %v", list)
	}
}

func TestAnswerHeldUntilTheClientLeaves(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	w.fault(Fault{Kind: FailTimeout, MS: -1, StatusMS: -1})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, _, err := w.over(ctx); done <- err }()
	until(t, "it is accepted", func() bool { return w.accepted() == 1 })
	cancel()
	if err := <-done; err == nil {
		t.Error("an answer came")
	}
	w.Advance(24 * time.Hour)
	if n, err := w.Read("anna", ""); n != 0 || err != nil {
		t.Errorf("read %d %v", n, err)
	}
	w.idle()
	if list := w.hook.statuses(t); len(list) != 0 {
		t.Errorf("statuses that should never come: %v", list)
	}
}

func TestNothingAcceptedBeforeTheFault(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	w.fault(Fault{Kind: FailCutBeforeRead})
	if _, _, err := w.over(t.Context()); err == nil {
		t.Error("an answer came")
	}
	w.fault(Fault{Kind: FailHTTP500})
	status, body := w.post(textToAnna)
	if status != 500 || !strings.HasPrefix(string(body), "<html>") {
		t.Errorf("%d %s", status, body)
	}
	w.fault(Fault{Kind: FailTokenInvalid})
	w.wantRefused(textToAnna, 401, 190)
	w.fault(Fault{Kind: FailError, Code: 131016, Count: 2})
	w.wantRefused(textToAnna, 500, 131016)
	w.wantRefused(textToAnna, 500, 131016)
	if w.accepted() != 0 {
		t.Errorf("%d accepted", w.accepted())
	}
	w.sent(textToAnna)
}

func TestStatusBeforeTheAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.SentMS = 60_000 })
	w.say("Hallo")
	w.idle()
	w.fault(Fault{Kind: FailStatusFirst})
	entered := make(chan struct{})
	release := make(chan struct{})
	w.hook.mu.Lock()
	w.hook.answer = func(int) int { close(entered); <-release; return 200 }
	w.hook.mu.Unlock()
	done := make(chan int, 1)
	go func() { status, _ := w.post(textToAnna); done <- status }()
	<-entered // the status is with the receiver …
	select {
	case <-done:
		t.Error("the sender was answered before its status")
	default: // … and the sender still waits
	}
	close(release)
	if status := <-done; status != 200 {
		t.Errorf("status %d", status)
	}
	w.hook.mu.Lock()
	w.hook.answer = nil
	w.hook.mu.Unlock()
}

func TestFailedStatusAfterAccept(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	w.fault(Fault{Kind: FailStatus, Code: 131026})
	id := w.sent(textToAnna)
	w.idle()
	list := w.hook.statuses(t)
	if len(list) != 1 || list[0]["id"] != id || list[0]["status"] != "failed" || list[0]["errors"].([]any)[0].(map[string]any)["code"] != 131026.0 {
		t.Errorf("%v", list)
	}
	for _, v := range w.hook.values(t)[1:] {
		if len(v.Contacts) != 0 {
			t.Errorf("a failed status has no contacts: %+v", v.Contacts)
		}
	}
	if list, err := w.Messages("anna", ""); err != nil || list[1].Error != 131026 || list[1].Status != "failed" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestLateStatus(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	w.fault(Fault{Kind: FailStatusLate, StatusMS: 30_000})
	w.sent(textToAnna)
	w.Advance(29 * time.Second)
	w.idle()
	if n := len(w.hook.statuses(t)); n != 0 {
		t.Errorf("%d statuses came too early", n)
	}
	w.Advance(time.Second)
	w.idle()
	if got := names(w.hook.statuses(t)); !slices.Equal(got, []string{"sent", "delivered"}) {
		t.Errorf("%v", got)
	}
}

func TestFaultsFitOnlyTheirOwn(t *testing.T) {
	w := newWorld(t, nil)
	if _, err := w.AddCustomer(NewCustomer{ID: "ben", Name: "Ben Muster", Phone: "+49 1570 0000002"}); err != nil {
		t.Fatal(err)
	}
	in := w.say("Hallo")
	w.fault(Fault{Kind: FailError, Code: 131000, Customer: "ben", Count: -1})
	w.sent(textToAnna)
	for range 3 {
		w.wantRefused(`{"messaging_product":"whatsapp","to":"+4915700000002","type":"text","text":{"body":"x"}}`, 500, 131000)
	}
	if list := w.Faults(); len(list) != 1 || list[0].Used != 3 {
		t.Errorf("%+v", list)
	}
	w.ClearFaults()
	w.fault(Fault{Kind: FailError, Code: 131000})
	if status, answer := w.post(`{"messaging_product":"whatsapp","status":"read","message_id":"` + in.ID + `"}`); status != 200 {
		t.Errorf("a read receipt was hit: %s", answer)
	}
	for _, bad := range []Fault{{Kind: "typo"}, {Kind: FailError, Code: -1}, {Kind: FailStatus}, {Kind: FailStatusLate}, {Kind: FailSlow, MS: -2}, {Kind: FailSlow, Count: -2},
		{Kind: FailSlow, Customer: "nobody"}, {Kind: FailSlow, Number: "1"}} {
		if _, err := w.AddFault(bad); err == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
}
