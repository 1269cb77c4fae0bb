package simulator

import (
	"encoding/json"
	"slices"
	"strings"
)

// sendRequest is a checked body of POST /{phone_number_id}/messages.
type sendRequest struct {
	to, recipient string
	kind          string
	object        json.RawMessage // named after the kind
	text          string          // what the phone shows of it
	callback      string
	replyTo       string
	deviceKey     string // of the device it is meant for; empty: any

	// read receipts and typing
	read   string
	typing bool

	mediaID    string // must exist
	above      string // of an interactive message: the kind of the file in its header
	voice      bool   // the recording is a voice message
	target     string // of a reaction: must exist
	template   string
	frame      *TemplateView
	language   string
	parameters int
}

var kinds = []string{"text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive", "template"}

// parseSend reads the body of a send, of a read receipt or of a typing
// indicator. (messages/send-messages)
func parseSend(raw []byte) (*sendRequest, *graphError) {
	allowed := append([]string{"messaging_product", "recipient_type", "to", "recipient", "type", "context",
		"biz_opaque_callback_data", "recipient_identity_key_hash", "status", "message_id", "typing_indicator"}, kinds...)
	o, err := parseObject(raw, "", allowed...)
	if err != nil {
		return nil, err
	}
	if !o.has("messaging_product") {
		return nil, unsupported("The parameter messaging_product is required.")
	}
	if p, err := o.text("messaging_product", true, 0); err != nil || p != "whatsapp" {
		return nil, unsupported("Param messaging_product must be one of {WHATSAPP}.")
	}
	if o.has("status") {
		return parseRead(o)
	}
	req := &sendRequest{}
	if err := req.parseAddress(o); err != nil {
		return nil, err
	}
	if err := req.parseKind(o); err != nil {
		return nil, err
	}
	if err := req.parseExtras(o); err != nil {
		return nil, err
	}
	req.object = o.fields[req.kind]
	return req, req.checkKind(o)
}

// parseRead reads {"status":"read","message_id":…}, with or without typing.
// (messages/mark-message-as-read, typing-indicators)
func parseRead(o object) (*sendRequest, *graphError) {
	req := &sendRequest{}
	if _, err := o.oneOf("status", "read"); err != nil {
		return nil, err
	}
	var err *graphError
	if req.read, err = o.text("message_id", true, 0); err != nil {
		return nil, err
	}
	for key := range o.fields {
		if !slices.Contains([]string{"messaging_product", "status", "message_id", "typing_indicator"}, key) {
			return nil, unsupported("Unexpected key %q beside status.", key)
		}
	}
	if o.has("typing_indicator") {
		t, err := o.child("typing_indicator", "type")
		if err != nil {
			return nil, err
		}
		if _, err := t.oneOf("type", "text"); err != nil {
			return nil, err
		}
		req.typing = true
	}
	return req, nil
}

func (req *sendRequest) parseAddress(o object) *graphError {
	if o.has("recipient_type") {
		if _, err := o.oneOf("recipient_type", "individual"); err != nil {
			return err
		}
	}
	var err *graphError
	if req.to, err = o.text("to", false, 0); err != nil {
		return err
	}
	if req.recipient, err = o.text("recipient", false, 0); err != nil {
		return err
	}
	if req.to == "" && req.recipient == "" {
		return unsupported("The parameter to is required.")
	}
	if strings.Trim(req.to, "+0123456789 -().") != "" || (req.to != "" && digits(req.to) == "") {
		return invalid("Param to is not a phone number.")
	}
	if d := digits(req.to); len(d) > 15 {
		return invalid("Param to has more than 15 digits.")
	}
	return nil
}

func (req *sendRequest) parseKind(o object) *graphError {
	var err *graphError
	if req.kind, err = o.text("type", false, 0); err != nil {
		return err
	}
	if req.kind == "" {
		req.kind = "text" // the documented default
	}
	if !slices.Contains(kinds, req.kind) {
		return newError(131051, "Message type \""+clip(req.kind, 40)+"\" is not currently supported.")
	}
	if !o.has(req.kind) {
		return missing(req.kind)
	}
	for _, other := range kinds {
		if other != req.kind && o.has(other) {
			return unsupported("Param %s does not belong to a message of type %s.", other, req.kind)
		}
	}
	if o.has("message_id") || o.has("typing_indicator") {
		return unsupported("Params message_id and typing_indicator need the param status.")
	}
	return nil
}

func (req *sendRequest) parseExtras(o object) *graphError {
	var err *graphError
	if req.callback, err = o.text("biz_opaque_callback_data", false, 512); err != nil {
		return err
	}
	if req.deviceKey, err = o.text("recipient_identity_key_hash", false, 0); err != nil {
		return err
	}
	if !o.has("context") {
		return nil
	}
	if req.kind == "reaction" {
		return unsupported("Param context is not supported for reactions.")
	}
	c, err := o.child("context", "message_id")
	if err != nil {
		return err
	}
	if req.replyTo, err = c.text("message_id", true, 0); err != nil {
		return err
	}
	if !strings.HasPrefix(req.replyTo, "wamid.") {
		return invalid("Param context['message_id'] is not a message id.")
	}
	return nil
}

// checkKind checks the object named after the kind.
func (req *sendRequest) checkKind(o object) *graphError {
	switch req.kind {
	case "text":
		return req.checkText(o)
	case "image", "video", "audio", "document", "sticker":
		return req.checkMedia(o)
	case "location":
		return req.checkLocation(o)
	case "contacts":
		return req.checkContacts(o)
	case "reaction":
		return req.checkReaction(o)
	case "interactive":
		return req.checkInteractive(o)
	}
	return req.checkTemplate(o)
}
