package simulator

import (
	"encoding/json"
	"time"
)

// MessageView is a message as the phone shows it and the control API lists it.
type MessageView struct {
	ID       string          `json:"id"`     // wamid
	Number   string          `json:"number"` // phone number id of the business
	Customer string          `json:"customer"`
	From     string          `json:"from"` // "customer" or "business"
	Kind     string          `json:"kind"` // "text", "image", …
	Text     string          `json:"text,omitempty"`
	Payload  json.RawMessage `json:"payload,omitempty"` // the object named after the kind
	At       int64           `json:"at"`                // milliseconds since 1970
	// Status climbs. From the business: accepted, sent, delivered, read, or
	// failed. From the customer: accepted, delivered (the receiver answered
	// 200), read (the business marked it read).
	Status string `json:"status"`
	// Error is why a message from the business failed.
	Error int `json:"error,omitempty"`
	// CallbackData is biz_opaque_callback_data as received.
	CallbackData string `json:"callback_data,omitempty"`
	// ReplyTo is the wamid this message answers.
	ReplyTo string `json:"reply_to,omitempty"`
	// Forwarded and FromAd are as in Inbound.
	Forwarded string `json:"forwarded,omitempty"`
	FromAd    bool   `json:"from_ad,omitempty"`
	// Template is a template as the phone shows it around the text.
	Template *TemplateView `json:"template,omitempty"`
}

type message struct {
	MessageView
	out      bool // from the business
	failure  int  // what a send will fail with after it was accepted
	mute     bool // no status will ever tell of it
	category string
	phone    string   // it was sent to; empty when sent to a business-scoped user id
	priced   *pricing // on sent and on one of delivered and read
	paidOnce bool
	history  []*historyEvent
	historyI string // Graph id of its message_history entry
}

// historyEvent is one line of message_history.
type historyEvent struct {
	id, status string
	at         time.Time
	state      string // what became of its webhook
}

// thread is what passed between one customer and one business number.
type thread struct {
	customer  *customer
	number    string
	messages  []*message
	lastIn    time.Time // opens the customer service window
	phoneUsed time.Time // when the business last sent to the phone
	reached   time.Time // when the business last wrote outside of the window
	typing    time.Time // until when the typing dots show
	pair      pairRate
	blocked   bool // by the business
}

func (c *customer) thread(number string) *thread {
	t := c.threads[number]
	if t == nil {
		t = &thread{customer: c, number: number}
		c.threads[number] = t
	}
	return t
}

// keptMessages are all messages that are remembered, oldest first. Those that
// their thread forgot earlier stay in the line until their turn comes.
type keptMessages struct {
	line  []*message
	bytes int
}

// weight estimates the memory of a message.
func (m *message) weight() int { return 1024 + len(m.Text) + len(m.Payload) + len(m.CallbackData) }

// remember enters a message into the index by wamid and forgets the oldest of
// all customers above the caps.
func (s *Simulator) remember(m *message) {
	s.journal.mark(m)
	s.messages[m.ID] = m
	s.kept.line = append(s.kept.line, m)
	s.kept.bytes += m.weight()
	for len(s.kept.line) > s.cfg.MessagesSize || (s.kept.bytes > s.cfg.MessagesBytes && len(s.kept.line) > 1) {
		old := s.kept.line[0]
		s.kept.line[0] = nil
		s.kept.line = s.kept.line[1:]
		s.kept.bytes -= old.weight()
		delete(s.messages, old.ID)
		if c := s.customers[old.Customer]; c != nil {
			if t := c.thread(old.Number); len(t.messages) > 0 && t.messages[0] == old {
				t.messages[0] = nil
				t.messages = t.messages[1:]
			}
		}
	}
}

// keep appends a message to its thread and forgets the oldest above the cap.
func (s *Simulator) keep(c *customer, m *message) {
	t := c.thread(m.Number)
	t.messages = append(t.messages, m)
	s.remember(m)
	for len(t.messages) > s.cfg.HistoryPerCustomer {
		delete(s.messages, t.messages[0].ID)
		t.messages[0] = nil
		t.messages = t.messages[1:]
	}
	s.publish("message", m.MessageView)
}

// rank orders the states of a message; a status never falls.
func rank(status string) int {
	switch status {
	case "sent":
		return 1
	case "delivered":
		return 2
	case "read":
		return 3
	case "failed":
		return 4
	}
	return 0
}

// windowOpen tells whether the customer wrote within 24 hours.
// (messages/send-messages#customer-service-windows)
func (t *thread) windowOpen(now time.Time) bool {
	return !t.lastIn.IsZero() && now.Sub(t.lastIn) < 24*time.Hour
}
