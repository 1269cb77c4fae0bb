package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Inbound is what a customer sends. Without a Payload each kind brings a
// harmless one of its own.
type Inbound struct {
	Kind    string          `json:"kind"` // empty: text
	Text    string          `json:"text"` // body or caption
	Payload json.RawMessage `json:"payload"`
	ReplyTo string          `json:"reply_to"` // wamid
	File    *InboundFile    `json:"file"`     // in the place of the kind's own picture, recording or document
	// Forwarded says that somebody else wrote it: "once", or "often" for more than five hands.
	Forwarded string `json:"forwarded"`
	// FromAd says that the customer tapped an advertisement.
	FromAd bool `json:"from_ad"`
	// Ago is how many seconds ago it was written: the phone had no net, and it is delivered only now.
	Ago int `json:"ago"`
}

// longestAgo is how long a message that was written may wait for the net, in seconds: 30 days.
const longestAgo = 30 * 24 * 60 * 60

// InboundFile is what a customer has on the phone.
type InboundFile struct {
	Name string `json:"name"` // of a document
	MIME string `json:"mime"`
	Data []byte `json:"data"`
	Size int    `json:"size"` // 0: that of the data; else they are repeated until it is reached
}

// bytes gives what stands in the file.
func (f *InboundFile) bytes() ([]byte, error) {
	if f.Size < 0 || f.Size > mediaBytes || f.Size > 0 && len(f.Data) == 0 {
		return nil, fmt.Errorf("simulator: a file has 1 to %d bytes", mediaBytes)
	}
	if f.Size == 0 {
		return f.Data, nil
	}
	out := make([]byte, f.Size)
	for n := 0; n < len(out); {
		n += copy(out[n:], f.Data)
	}
	return out, nil
}

// ErrQueueFull is returned while too many webhooks wait for the receiver.
var ErrQueueFull = errors.New("simulator: too many webhooks are waiting for the receiver")

// Say lets a customer write a text. An empty number means the first one.
func (s *Simulator) Say(customerID, numberID, text string) (MessageView, error) {
	return s.Send(customerID, numberID, Inbound{Text: text})
}

// Send lets a customer send a message of any kind.
func (s *Simulator) Send(customerID, numberID string, in Inbound) (MessageView, error) {
	if in.Kind == "" {
		in.Kind = "text"
	}
	if !utf8.ValidString(in.Text) {
		return MessageView{}, errors.New("simulator: the text is not valid UTF-8")
	}
	if in.Ago < 0 || in.Ago > longestAgo {
		return MessageView{}, fmt.Errorf("simulator: a message was written 0 to %d seconds ago", longestAgo)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, n, err := s.pair(customerID, numberID)
	if err != nil {
		return MessageView{}, err
	}
	return s.receive(c, n, in)
}

// receive puts a customer's message on the phone and into a webhook.
func (s *Simulator) receive(c *customer, n *number, in Inbound) (MessageView, error) {
	if s.full(n) {
		return MessageView{}, ErrQueueFull
	}
	payload, err := s.payload(n, in)
	if err != nil {
		return MessageView{}, err
	}
	now := s.now()
	written := now.Add(-time.Duration(in.Ago) * time.Second)
	counterpart := c.digits
	if !c.phoneShown(n, now) {
		counterpart = c.userIDs[n.Portfolio]
	}
	m := &message{MessageView: MessageView{
		ID: s.wamid(counterpart, false), Number: n.PhoneNumberID, Customer: c.ID, From: "customer", Kind: in.Kind,
		Text: in.Text, Payload: payload, At: written.UnixMilli(), Status: "accepted", ReplyTo: in.ReplyTo,
		Forwarded: in.Forwarded, FromAd: in.FromAd,
	}}
	raw, err := s.messageObject(c, n, m)
	if err != nil {
		return MessageView{}, err
	}
	if c.thread(n.PhoneNumberID).blocked { // the phone shows one tick, and nobody is told
		s.keep(c, m)
		return m.MessageView, nil
	}
	n.count(now)
	if in.Kind != "reaction" && in.Kind != "system" { // whether these open the window is undocumented
		t := c.thread(n.PhoneNumberID)
		if written.After(t.lastIn) {
			t.lastIn = written
		}
		s.journal.mark(t)
	}
	who := s.card(c, n, now, true)
	if in.Kind == "system" {
		who = nil // Meta sends system messages without contacts
	}
	s.keep(c, m)
	s.emit(n, item{raw: raw, contact: who, m: m})
	return m.MessageView, nil
}

// messageObject is one element of messages. (webhooks/reference/messages)
func (s *Simulator) messageObject(c *customer, n *number, m *message) (json.RawMessage, error) {
	o := map[string]any{
		"id": m.ID, "timestamp": fmt.Sprint(m.At / 1000), "type": m.Kind, "from_user_id": c.userIDs[n.Portfolio],
	}
	if c.phoneShown(n, s.now()) {
		o["from"] = c.digits
	}
	if m.ReplyTo != "" && !pointing[m.Kind] {
		quote := map[string]string{"id": m.ReplyTo, "from": n.digits}
		if quoted := s.messages[m.ReplyTo]; quoted != nil && !quoted.out {
			delete(quote, "from")
			if from, shown := o["from"].(string); shown {
				quote["from"] = from
			}
		}
		o["context"] = quote
	}
	if key := forwarded[m.Forwarded]; key != "" {
		o["context"] = map[string]bool{key: true}
	}
	if m.FromAd {
		o["referral"] = advertisement
	}
	o[m.Kind] = m.Payload
	if m.Kind == "unsupported" {
		o["errors"] = []statusError{{Code: 131051, Title: "Message type unknown", Message: "Message type unknown",
			Data: struct {
				Details string `json:"details"`
			}{"Message type is currently not supported."}}}
	}
	return plain(o)
}

// forwarded gives the word in the context. (webhooks/reference/messages/text)
var forwarded = map[string]string{"once": "forwarded", "often": "frequently_forwarded"}

// advertisement is what brings a customer who tapped one. (webhooks/reference/messages/text)
var advertisement = map[string]any{
	"source_url": "https://fb.me/muster", "source_id": "120200000000000001", "source_type": "ad", "headline": "Kfz-Versicherung von Muster",
	"body": "In drei Minuten zum Angebot", "media_type": "image", "image_url": "https://scontent.example/1.jpg", "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQKj9e",
	"welcome_message": map[string]string{"text": "Guten Tag, wie können wir helfen?"},
}

// pointing are the kinds that name another message by themselves; they carry no
// context.
var pointing = map[string]bool{"reaction": true, "revoke": true, "edit": true}

var kindPattern = regexp.MustCompile(`^[a-z][a-z_]{2,40}$`)

// reserved are properties of a message that no kind may be named after.
var reserved = []string{"from", "from_user_id", "timestamp", "type", "context", "errors", "referral"}

// payload is the object named after the kind, given or of our own making.
func (s *Simulator) payload(n *number, in Inbound) (json.RawMessage, error) {
	if !kindPattern.MatchString(in.Kind) || slices.Contains(reserved, in.Kind) {
		return nil, fmt.Errorf("simulator: %q is no kind of message", clip(in.Kind, 40))
	}
	if in.Forwarded != "" && (forwarded[in.Forwarded] == "" || in.ReplyTo != "" || pointing[in.Kind]) {
		return nil, errors.New(`simulator: forwarded is "once" or "often", and of what answers nothing`)
	}
	if len(in.Payload) > 0 && in.Kind != "text" {
		if !json.Valid(in.Payload) {
			return nil, errors.New("simulator: payload is not JSON")
		}
		return in.Payload, nil
	}
	if pointing[in.Kind] && in.ReplyTo == "" {
		return nil, fmt.Errorf("simulator: a message of kind %s needs reply_to, the message it is about", in.Kind)
	}
	var v any
	switch in.Kind {
	case "text":
		if in.Text == "" || utf8.RuneCountInString(in.Text) > 65536 {
			return nil, errors.New("simulator: a text has 1 to 65,536 characters")
		}
		v = map[string]string{"body": in.Text}
	case "image", "video", "audio", "document", "sticker":
		var err error
		if v, err = s.sample(n, in); err != nil {
			return nil, err
		}
	case "location":
		v = map[string]any{"latitude": 50.9413, "longitude": 6.9583, "name": "Musterplatz", "address": "Musterplatz 1, 50667 Köln"}
	case "contacts":
		v = []any{map[string]any{"name": map[string]string{"formatted_name": "Erika Muster", "first_name": "Erika"},
			"phones": []any{map[string]string{"phone": "+49 1570 0000099", "type": "CELL"}}, "origin": "other"}}
	case "reaction":
		reaction := map[string]string{"message_id": in.ReplyTo}
		if in.Text != "" { // without an emoji it is taken back
			reaction["emoji"] = in.Text
		}
		v = reaction
	case "button":
		v = map[string]string{"payload": in.Text, "text": in.Text}
	case "order":
		v = map[string]any{"catalog_id": "194836987003835", "text": in.Text, "product_items": []any{
			map[string]any{"product_retailer_id": "SCHUTZBRIEF", "quantity": 1, "item_price": 49.9, "currency": "EUR"}}}
	case "unsupported":
		v = map[string]string{"type": "poll"}
	case "system":
		v = map[string]string{"type": "user_changed_number", "body": in.Text}
	case "revoke":
		v = map[string]string{"original_message_id": in.ReplyTo}
	case "edit":
		v = map[string]any{"original_message_id": in.ReplyTo, "message": map[string]any{"type": "text", "text": map[string]string{"body": in.Text}}}
	default:
		return nil, fmt.Errorf("simulator: kind %q needs a payload", in.Kind)
	}
	return plain(v)
}
