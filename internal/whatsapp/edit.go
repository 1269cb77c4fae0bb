package whatsapp

// Edit replaces the content of an earlier message. It may arrive before it.
// Source: Meta, "Webhooks: messages webhook reference", edit.
type Edit struct {
	// OriginalID is the wamid of the message changed.
	OriginalID string
	// Message is the new content. It has a Kind but usually no ID or sender of
	// its own, and never holds another Edit. Nil if it could not be read.
	Message *Message
}

func (r *reader) edit() *Edit {
	if !r.at('{') {
		return nil
	}
	e := &Edit{}
	for key := range r.members("edit") {
		switch string(key) {
		case "original_message_id":
			e.OriginalID = r.text()
		case "message":
			if m, complete := r.messageBody(false); complete && m.Kind != KindUnsupported {
				e.Message = m
			}
		}
	}
	return e
}

// Revoke takes an earlier message back. It may arrive before it.
// Source: Meta, "Webhooks: messages webhook reference", revoke.
type Revoke struct {
	// OriginalID is the wamid of the message taken back.
	OriginalID string
}

func (r *reader) revoke() *Revoke {
	if !r.at('{') {
		return nil
	}
	v := &Revoke{}
	for key := range r.members("revoke") {
		if string(key) == "original_message_id" {
			v.OriginalID = r.text()
		}
	}
	return v
}
