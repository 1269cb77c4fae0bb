package simulator

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestBurst: thousands of messages at once, and what is kept stays within its bounds.
func TestBurst(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MessagesSize, c.DeliveriesSize = 500, 20 })
	if err := w.Flood(Burst{Customers: 50, Messages: 5000}); err != nil {
		t.Fatal(err)
	}
	until(t, "all of them arrived", func() bool {
		w.hook.mu.Lock()
		defer w.hook.mu.Unlock()
		return w.hook.count >= 5000
	})
	w.idle()
	seen := map[string]bool{}
	for _, m := range w.hook.messages(t) {
		seen[m["id"].(string)] = true
	}
	if len(seen) != 5000 {
		t.Errorf("%d different messages arrived", len(seen))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	threads := 0
	for _, c := range w.customers {
		threads += len(c.thread(testNumber).messages)
	}
	if len(w.messages) > 500 || threads > 500 || len(w.kept.line) > 500 || len(w.log.kept) > 20 || len(w.numbers[testNumber].recent) > 80 {
		t.Errorf("kept %d messages, %d in threads, %d in line, %d bodies", len(w.messages), threads, len(w.kept.line), len(w.log.kept))
	}
}

func TestBurstHasARate(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Flood(Burst{Customers: 3, Messages: 1_000_000, Rate: 100}); err != nil {
		t.Fatal(err)
	}
	until(t, "the first arrive", func() bool { return len(w.hook.messages(t)) > 2 })
	if n := len(w.hook.messages(t)); n > 1000 {
		t.Errorf("%d at once", n)
	}
	if err := w.Flood(Burst{Customers: 1, Messages: 1, Number: "1"}); !errors.Is(err, ErrNumberUnknown) {
		t.Errorf("unknown number: %v", err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.QueueSize, c.QueueBytes = 10, 4000 })
	w.change(func(s *Settings) { s.Paused = true })
	say := func(text string) error { _, err := w.Say("anna", "", text); return err }
	if err := say(strings.Repeat("x", 5000)); err != nil {
		t.Fatal(err)
	}
	if err := say("x"); !errors.Is(err, ErrQueueFull) {
		t.Errorf("beyond the bytes: %v", err)
	}
	w.change(func(s *Settings) { s.Paused = false })
	w.idle()
	w.change(func(s *Settings) { s.Paused = true })
	for range 10 {
		if err := say("x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := say("x"); !errors.Is(err, ErrQueueFull) {
		t.Errorf("beyond the number: %v", err)
	}
}

func TestMemoryOfEveryKindIsBounded(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.HistoryPerCustomer, c.OutboxSize, c.OutboxBytes, c.MessagesBytes, c.DeliveriesBytes = 5, 4, 1000, 20_000, 10_000
	})
	w.change(func(s *Settings) { s.IgnorePairRate, s.IgnoreThroughput = true, true })
	for i := range 12 {
		w.say(fmt.Sprint("Hallo ", i))
		w.sent(textToAnna)
	}
	w.idle()
	list, err := w.Messages("anna", "")
	if err != nil || len(list) != 5 || list[4].From != "business" {
		t.Errorf("%d messages, %v", len(list), err)
	}
	if sent, total := w.Outbox(); len(sent) != 4 || total != 12 {
		t.Errorf("outbox %d of %d", len(sent), total)
	}
	w.sent(to(`"type":"text","text":{"body":"` + strings.Repeat("x", 4000) + `"}`))
	if sent, _ := w.Outbox(); len(sent) != 1 {
		t.Errorf("outbox keeps %d beyond its bytes", len(sent))
	}
	for range 10 {
		w.say(strings.Repeat("x", 8000))
	}
	w.idle()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept.bytes > 20_000 || len(w.messages) > len(w.kept.line) || w.log.bytes > 10_000 {
		t.Errorf("%d bytes of messages, %d of bodies", w.kept.bytes, w.log.bytes)
	}
}

// TestOneStuckBodyDoesNotKeepTheOthers: a refused body waits for its turn while
// younger ones are delivered and forgotten.
func TestOneStuckBodyDoesNotKeepTheOthers(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.DeliveriesSize, c.Backoff = 3, []time.Duration{time.Hour} })
	w.hook.answer = func(n int) int { return []int{500, 200}[min(n, 1)] }
	for range 10 {
		w.say("Hallo")
		until(t, "it has left", func() bool {
			items, bodies := w.Pending()
			return items == 0 && bodies <= 1
		})
	}
	list := w.Deliveries(false)
	if len(list) != 3 || list[0].State != "waiting" || list[0].ID != 1 {
		t.Errorf("%+v", list)
	}
	w.Advance(time.Hour)
	w.idle()
}

func TestCallsPerWebhookWithoutReceiver(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.WebhookURL = "" })
	w.say("Hallo")
	w.sent(textToAnna)
	if items, bodies := w.Pending(); items != 0 || bodies != 0 {
		t.Errorf("%d items and %d bodies wait for nobody", items, bodies)
	}
}
