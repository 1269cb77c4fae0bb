package whatsapp

import (
	"encoding/json"
	"errors"
)

// errNoMessage says that what was kept is no message.
var errNoMessage = errors.New("whatsapp: it is no message")

// ReadMessage reads one element of `messages` that was kept as it came, such as Item.Raw. What
// is missing is missing: it was judged when it came.
func ReadMessage(raw []byte) (*Message, error) {
	if !json.Valid(raw) {
		return nil, errNoMessage
	}
	r := reader{b: raw}
	m, _ := r.messageBody(true)
	if m == nil {
		return nil, errNoMessage
	}
	return m, nil
}
