package simulator

import "encoding/json"

// OutboxEntry is one message that the Graph API accepted, whether or not the
// sender ever saw the answer.
type OutboxEntry struct {
	ID           string          `json:"id"` // wamid
	Number       string          `json:"number"`
	Customer     string          `json:"customer"`
	To           string          `json:"to,omitempty"` // as sent
	Recipient    string          `json:"recipient,omitempty"`
	Kind         string          `json:"kind"`
	Text         string          `json:"text,omitempty"`
	CallbackData string          `json:"callback_data,omitempty"`
	At           int64           `json:"at"`       // milliseconds since 1970
	Answered     bool            `json:"answered"` // false when the response was withheld
	Request      json.RawMessage `json:"request,omitempty"`
}

// outbox keeps the latest accepted messages within a number and a size.
type outbox struct {
	limit, limitBytes int
	total             int // ever accepted
	bytes             int
	entries           []*OutboxEntry
}

func (o *outbox) add(e *OutboxEntry) {
	o.total++
	o.entries = append(o.entries, e)
	o.bytes += len(e.Request)
	for len(o.entries) > o.limit || (o.bytes > o.limitBytes && len(o.entries) > 1) {
		o.bytes -= len(o.entries[0].Request)
		o.entries[0] = nil
		o.entries = o.entries[1:]
	}
}

// Outbox returns every accepted message that is kept, oldest first, and how
// many were accepted in all.
func (s *Simulator) Outbox() ([]OutboxEntry, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]OutboxEntry, len(s.outbox.entries))
	for i, e := range s.outbox.entries {
		out[i] = *e
	}
	return out, s.outbox.total
}
