package simulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// checkText: a body of 1 to 4,096 characters. (messages/text-messages)
func (req *sendRequest) checkText(o object) *graphError {
	t, err := o.child("text", "body", "preview_url")
	if err != nil {
		return err
	}
	if req.text, err = t.text("body", true, 4096); err != nil {
		return err
	}
	if strings.TrimSpace(req.text) == "" {
		return missing(t.at("body"))
	}
	return t.boolean("preview_url")
}

// checkMedia: an id or a link, and what the kind allows beside it.
// (messages/image-messages and its siblings)
func (req *sendRequest) checkMedia(o object) *graphError {
	allowed := map[string][]string{
		"image": {"id", "link", "caption"}, "video": {"id", "link", "caption"}, "audio": {"id", "link", "voice"},
		"document": {"id", "link", "caption", "filename"}, "sticker": {"id", "link"},
	}[req.kind]
	m, err := o.child(req.kind, allowed...)
	if err != nil {
		return err
	}
	if m.has("id") == m.has("link") {
		return unsupported("Param %s needs either id or link.", req.kind)
	}
	return firstOf(
		func() (e *graphError) { req.mediaID, e = m.text("id", m.has("id"), 0); return e },
		func() *graphError { _, e := m.link("link", m.has("link")); return e },
		func() (e *graphError) { req.text, e = m.text("caption", false, 1024); return e },
		func() *graphError { _, e := m.text("filename", false, 240); return e },
		func() *graphError { return m.boolean("voice") },
		func() *graphError { req.voice = string(m.fields["voice"]) == "true"; return nil },
	)
}

// checkLocation: latitude and longitude. (messages/location-messages)
func (req *sendRequest) checkLocation(o object) *graphError {
	l, err := o.child("location", "latitude", "longitude", "name", "address")
	if err != nil {
		return err
	}
	if err := firstOf(
		func() *graphError { return l.coordinate("latitude", 90) },
		func() *graphError { return l.coordinate("longitude", 180) },
	); err != nil {
		return err
	}
	if _, err := l.text("address", false, 0); err != nil {
		return err
	}
	req.text, err = l.text("name", false, 0)
	return err
}

// coordinate checks a number between -bound and bound. Meta's own examples
// write it as a string as well.
func (o object) coordinate(key string, bound float64) *graphError {
	raw, ok := o.fields[key]
	if !ok {
		return missing(o.at(key))
	}
	v, bad := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if bad != nil || !(v >= -bound && v <= bound) { // so that NaN is refused too
		return invalid("Param %s is not a coordinate.", o.at(key))
	}
	return nil
}

// checkContacts: 1 to 257 cards with a formatted name and one more name part.
// (messages/contacts-messages)
func (req *sendRequest) checkContacts(o object) *graphError {
	cards, err := o.list("contacts", 1, 257)
	if err != nil {
		return err
	}
	for i, raw := range cards {
		card, err := parseObject(raw, element("contacts", i), "name", "phones", "emails", "addresses", "org", "urls", "birthday")
		if err != nil {
			return err
		}
		name, err := card.child("name", "formatted_name", "first_name", "last_name", "middle_name", "prefix", "suffix")
		if err != nil {
			return err
		}
		if req.text, err = name.text("formatted_name", true, 0); err != nil {
			return err
		}
		if len(name.fields) < 2 {
			return missing(name.at("first_name"))
		}
	}
	return nil
}

// checkReaction: a message id and an emoji; an empty one takes it back.
// (messages/reaction-messages)
func (req *sendRequest) checkReaction(o object) *graphError {
	r, err := o.child("reaction", "message_id", "emoji")
	if err != nil {
		return err
	}
	if req.target, err = r.text("message_id", true, 0); err != nil {
		return err
	}
	if !r.has("emoji") {
		return missing(r.at("emoji"))
	}
	req.text, err = r.text("emoji", false, 16)
	return err
}

// checkTemplate: a name, a language and components. (templates/overview)
func (req *sendRequest) checkTemplate(o object) *graphError {
	t, err := o.child("template", "name", "language", "components", "namespace")
	if err != nil {
		return err
	}
	if req.template, err = t.text("name", true, 512); err != nil {
		return err
	}
	if strings.Trim(req.template, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return invalid("Param %s may hold a-z, 0-9 and _ only.", t.at("name"))
	}
	language, err := t.child("language", "code", "policy")
	if err != nil {
		return err
	}
	if req.language, err = language.text("code", true, 15); err != nil {
		return err
	}
	if strings.Contains(req.language, "-") {
		return newError(132001, "Template languages are spelled with an underscore, as in en_US.")
	}
	components, err := t.list("components", 0, 20)
	if err != nil {
		return err
	}
	var shown []string
	req.frame = &TemplateView{}
	for i, raw := range components {
		words, err := req.checkComponent(raw, element("template['components']", i))
		if err != nil {
			return err
		}
		shown = append(shown, words...)
	}
	req.text = strings.Join(shown, "\x00") // joined with the template's own text later
	return nil
}

func (req *sendRequest) checkComponent(raw json.RawMessage, path string) ([]string, *graphError) {
	c, err := parseObject(raw, path, "type", "sub_type", "index", "parameters")
	if err != nil {
		return nil, err
	}
	kind, err := c.text("type", true, 0)
	if err != nil {
		return nil, err
	}
	kind = strings.ToLower(kind)
	if !slices.Contains([]string{"header", "body", "button", "footer"}, kind) {
		return nil, invalid("Param %s must be one of header, body, button.", c.at("type"))
	}
	if kind == "button" && (!c.has("sub_type") || !c.has("index")) {
		return nil, missing(c.at("sub_type") + " and index")
	}
	parameters, err := c.list("parameters", 0, 64)
	if err != nil {
		return nil, err
	}
	button, err := c.button(kind)
	if err != nil {
		return nil, err
	}
	var words []string
	for i, raw := range parameters {
		p, err := parseObject(raw, element(c.at("parameters"), i), "type", "text", "parameter_name", "currency", "date_time",
			"image", "video", "document", "location", "payload", "action", "coupon_code")
		if err != nil {
			return nil, err
		}
		ptype, err := p.text("type", true, 0)
		if err != nil {
			return nil, err
		}
		word, err := p.text("text", ptype == "text", 32768)
		if err != nil {
			return nil, err
		}
		if kind == "body" {
			words = append(words, word)
			req.parameters++
			continue
		}
		if err := req.frame.take(kind, button, p, word); err != nil {
			return nil, err
		}
	}
	return words, nil
}
