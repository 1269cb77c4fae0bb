package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
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
	// Content is what it is made of.
	Content Content
	// ReplyTo is the wamid of the message this one answers, or empty.
	ReplyTo string
	// Callback returns in every status of this message: our only way to
	// recognise a send whose answer was lost.
	Callback string
	// IdentityKeyHash makes Meta refuse (137000) if the person's key changed.
	IdentityKeyHash string
}

type wireMessage struct {
	Product         string       `json:"messaging_product"`
	RecipientType   string       `json:"recipient_type"`
	To              string       `json:"to,omitempty"`
	Recipient       string       `json:"recipient,omitempty"`
	IdentityKeyHash string       `json:"recipient_identity_key_hash,omitempty"`
	Context         *wireContext `json:"context,omitempty"`
	Callback        string       `json:"biz_opaque_callback_data,omitempty"`
	Content
}

type wireContext struct {
	MessageID string `json:"message_id"`
}

// body is the request body, or an error that wraps ErrOutgoing.
func (o Outgoing) body() ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutgoing, err)
	}
	w := wireMessage{
		Product: "whatsapp", RecipientType: "individual",
		To: o.To, Recipient: o.Recipient, IdentityKeyHash: o.IdentityKeyHash,
		Callback: o.Callback, Content: o.Content,
	}
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
	case o.ReplyTo != "" && o.Content.Reaction != nil:
		return errors.New("a reaction answers nothing")
	case utf8.RuneCountInString(o.Callback) > MaxCallback:
		return errors.New("callback data too long")
	}
	return o.Content.ready()
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
