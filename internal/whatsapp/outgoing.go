package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Limits of a send. Source: Meta, "Text messages" and "Messages API".
const (
	MaxText        = 4096 // characters of Text.Body
	MaxCallback    = 512  // characters of Outgoing.Callback
	MaxOffer       = 1024 // characters of Text.Body with buttons
	MaxButtons     = 3
	MaxButtonTitle = 20  // characters
	MaxButtonID    = 256 // characters
)

// ErrOutgoing is wrapped by the SendError for a message or a configuration
// that cannot be sent by anybody: a bug of the caller, not a trouble of the net.
var ErrOutgoing = errors.New("whatsapp: not sendable")

// Outgoing is one message to one person.
// Source: Meta, "Messages API".
type Outgoing struct {
	// To is the phone number: "+", country code, digits. Without "+" Meta would
	// put the business's own country code in front.
	To string
	// Recipient is the BSUID (or parent BSUID) if the phone is hidden. Exactly
	// one of To and Recipient is given: with both, Meta would follow To.
	Recipient string
	// Text is the content; the other kinds will stand beside it.
	Text *Text
	// Buttons make it an interactive message.
	Buttons []ReplyButton
	// ReplyTo is the wamid of the message this one answers, or empty.
	ReplyTo string
	// Callback returns in every status of this message: our only way to
	// recognise a send whose answer was lost.
	Callback string
	// IdentityKeyHash makes Meta refuse (137000) if the person's key changed.
	IdentityKeyHash string
}

// Text is a text message. PreviewURL lets WhatsApp fetch the first link.
type Text struct {
	Body       string
	PreviewURL bool
}

// ReplyButton is an answer that is offered; tapping it sends back ID and Title.
// Source: Meta, "Interactive reply buttons messages".
type ReplyButton struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type wireMessage struct {
	Product         string       `json:"messaging_product"`
	RecipientType   string       `json:"recipient_type"`
	To              string       `json:"to,omitempty"`
	Recipient       string       `json:"recipient,omitempty"`
	IdentityKeyHash string       `json:"recipient_identity_key_hash,omitempty"`
	Type            string       `json:"type"`
	Context         *wireContext `json:"context,omitempty"`
	Text            *wireText    `json:"text,omitempty"`
	Interactive     *wireOffer   `json:"interactive,omitempty"`
	Callback        string       `json:"biz_opaque_callback_data,omitempty"`
}

type wireContext struct {
	MessageID string `json:"message_id"`
}

type wireText struct {
	PreviewURL bool   `json:"preview_url"`
	Body       string `json:"body"`
}

type wireOffer struct {
	Type   string          `json:"type"`
	Body   wireOfferBody   `json:"body"`
	Action wireOfferAction `json:"action"`
}

type wireOfferBody struct {
	Text string `json:"text"`
}

type wireOfferAction struct {
	Buttons []wireButton `json:"buttons"`
}

type wireButton struct {
	Type  string      `json:"type"`
	Reply ReplyButton `json:"reply"`
}

// content fills in the text, or the text with its buttons.
func (w *wireMessage) content(o Outgoing) {
	if len(o.Buttons) == 0 {
		w.Type, w.Text = "text", &wireText{PreviewURL: o.Text.PreviewURL, Body: o.Text.Body}
		return
	}
	w.Type, w.Interactive = "interactive", &wireOffer{Type: "button", Body: wireOfferBody{o.Text.Body}}
	for _, b := range o.Buttons {
		w.Interactive.Action.Buttons = append(w.Interactive.Action.Buttons, wireButton{"reply", b})
	}
}

// body is the request body, or an error that wraps ErrOutgoing.
func (o Outgoing) body() ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutgoing, err)
	}
	w := wireMessage{
		Product: "whatsapp", RecipientType: "individual",
		To: o.To, Recipient: o.Recipient, IdentityKeyHash: o.IdentityKeyHash,
		Callback: o.Callback,
	}
	w.content(o)
	if o.ReplyTo != "" {
		w.Context = &wireContext{MessageID: o.ReplyTo}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(w)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}

func (o Outgoing) check() error {
	switch {
	case (o.To == "") == (o.Recipient == ""):
		return errors.New("needs either a phone number or a user id")
	case o.To != "" && !isE164(o.To):
		return errors.New("phone number is not + and digits")
	case o.Recipient != "" && !IsUserID(o.Recipient):
		return errors.New("user id is not a business-scoped one")
	case o.Text == nil || o.Text.Body == "":
		return errors.New("no text")
	case utf8.RuneCountInString(o.Text.Body) > MaxText:
		return errors.New("text too long")
	case utf8.RuneCountInString(o.Callback) > MaxCallback:
		return errors.New("callback data too long")
	}
	return o.checkButtons()
}

func (o Outgoing) checkButtons() error {
	ids := map[string]bool{}
	for _, b := range o.Buttons {
		switch {
		case b.ID == "" || utf8.RuneCountInString(b.ID) > MaxButtonID || ids[b.ID]:
			return errors.New("button without an id of its own")
		case b.Title == "" || utf8.RuneCountInString(b.Title) > MaxButtonTitle:
			return errors.New("button title missing or too long")
		}
		ids[b.ID] = true
	}
	switch {
	case len(ids) > MaxButtons:
		return errors.New("too many buttons")
	case len(ids) > 0 && utf8.RuneCountInString(o.Text.Body) > MaxOffer:
		return errors.New("text too long beside buttons")
	}
	return nil
}

// isE164 reports whether s is "+" and 5 to 15 digits, the first of them not 0.
func isE164(s string) bool {
	if len(s) < 6 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	return isDigits(s[1:])
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
