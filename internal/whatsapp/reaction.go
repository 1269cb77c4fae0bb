package whatsapp

// Reaction is an emoji put on a message, or its removal.
// Source: Meta, "Webhooks: reaction messages".
type Reaction struct {
	// MessageID is the wamid of the message reacted to.
	MessageID string
	// Emoji is empty when the reaction was taken back.
	Emoji string
}

func (r *reader) reaction() *Reaction {
	if !r.at('{') {
		return nil
	}
	x := &Reaction{}
	for key := range r.members("reaction") {
		switch string(key) {
		case "message_id":
			x.MessageID = r.text()
		case "emoji":
			x.Emoji = r.text()
		}
	}
	return x
}
