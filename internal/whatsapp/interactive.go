package whatsapp

import "encoding/json"

// Interactive is an answer to an interactive message: a button, a list row or
// a finished flow.
// Source: Meta, "Webhooks: interactive messages".
type Interactive struct {
	// Type is Meta's word: "button_reply", "list_reply", "nfm_reply" or another.
	Type string
	// ButtonReply and ListReply are what was chosen, FlowReply what was filled in.
	ButtonReply, ListReply *Reply
	FlowReply              *FlowReply
	// Raw is the whole object, for the types this package does not know.
	Raw json.RawMessage
}

// Reply is a button or list row, as the business named it when sending.
type Reply struct{ ID, Title, Description string }

// FlowReply is the answer of a WhatsApp Flow ("nfm_reply").
type FlowReply struct {
	// Name is "flow", Body a short word for display.
	Name, Body string
	// ResponseJSON is a JSON document in a string, shaped by the flow.
	ResponseJSON string
}

func (r *reader) interactive() *Interactive {
	if !r.at('{') {
		return nil
	}
	x, start := &Interactive{}, r.i
	for key := range r.members("interactive") {
		switch string(key) {
		case "type":
			x.Type = r.text()
		case "button_reply":
			x.ButtonReply = r.reply("button_reply")
		case "list_reply":
			x.ListReply = r.reply("list_reply")
		case "nfm_reply":
			x.FlowReply = r.flowReply()
		}
	}
	x.Raw = r.b[start:r.i:r.i]
	return x
}

func (r *reader) reply(scope string) *Reply {
	if !r.at('{') {
		return nil
	}
	p := &Reply{}
	for key := range r.members(scope) {
		switch string(key) {
		case "id":
			p.ID = r.text()
		case "title":
			p.Title = r.text()
		case "description":
			p.Description = r.text()
		}
	}
	return p
}

func (r *reader) flowReply() *FlowReply {
	if !r.at('{') {
		return nil
	}
	f := &FlowReply{}
	for key := range r.members("nfm_reply") {
		switch string(key) {
		case "name":
			f.Name = r.text()
		case "body":
			f.Body = r.text()
		case "response_json":
			if r.at('{') { // should be a string that holds it
				f.ResponseJSON = string(r.raw())
			} else {
				f.ResponseJSON = r.text()
			}
		}
	}
	return f
}

// Button is a tap on a quick reply of a template. Its label may be a wish to
// hear no more.
// Source: Meta, "Webhooks: button messages".
type Button struct{ Payload, Text string }

func (r *reader) button() *Button {
	if !r.at('{') {
		return nil
	}
	b := &Button{}
	for key := range r.members("button") {
		switch string(key) {
		case "payload":
			b.Payload = r.text()
		case "text":
			b.Text = r.text()
		}
	}
	return b
}
