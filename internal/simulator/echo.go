package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"
)

// ErrNotOnApp is returned for a number that is not used in the WhatsApp Business app.
var ErrNotOnApp = errors.New("simulator: the number is not used in the WhatsApp Business app (on_app)")

// WriteInApp lets somebody write to a customer in the WhatsApp Business app. It shows on the
// phone at once; the receiver gets an echo, and no window opens. If a fault fail_status fits,
// it fails, which the receiver is told before the echo. An empty number means the first one.
// (onboarding WhatsApp Business app users: smb_message_echoes)
func (s *Simulator) WriteInApp(customerID, numberID, text string) (MessageView, error) {
	if text == "" || !utf8.ValidString(text) || utf8.RuneCountInString(text) > 4096 {
		return MessageView{}, errors.New("simulator: a text has 1 to 4,096 characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, n, err := s.pair(customerID, numberID)
	switch {
	case err != nil:
		return MessageView{}, err
	case !n.OnApp:
		return MessageView{}, ErrNotOnApp
	case s.full(n):
		return MessageView{}, ErrQueueFull
	}
	payload, err := plain(map[string]string{"body": text})
	if err != nil {
		return MessageView{}, err
	}
	m := &message{out: true, MessageView: MessageView{
		ID: s.wamid(c.digits, true), Number: n.PhoneNumberID, Customer: c.ID, From: "business", Kind: "text", Text: text,
		Payload: payload, At: s.now().UnixMilli(), Status: "sent",
	}}
	raw, err := plain(map[string]any{
		"from": n.digits, "to": c.digits, "id": m.ID, "timestamp": fmt.Sprint(m.At / 1000), "type": "text", "text": json.RawMessage(payload),
	})
	if err != nil {
		return MessageView{}, err
	}
	s.keep(c, m)
	if fault := s.pickAppFault(n, c); fault != nil {
		m.failure = fault.Code
		s.climb(m, "failed", nil)
	}
	s.emit(n, item{raw: raw, isEcho: true, m: m})
	return m.MessageView, nil
}

func (s *Simulator) ctlEcho(r *http.Request) (any, error) {
	var in struct {
		Number string `json:"number"`
		Text   string `json:"text"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.WriteInApp(r.PathValue("id"), in.Number, in.Text)
}

// UseOnApp lets a number be used in the WhatsApp Business app as well.
func (s *Simulator) UseOnApp(numberID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numbers[numberID]
	if n == nil {
		return ErrNumberUnknown
	}
	n.OnApp = true
	s.journal.mark(n)
	return nil
}
