package simulator

import (
	"fmt"
	"strconv"
	"strings"
)

// TemplateView is what a phone shows of a template around its body.
type TemplateView struct {
	// HeaderKind is "text", "image", "video", "document", "location", or empty for none.
	HeaderKind string `json:"header_kind,omitempty"`
	// Header is the text, the name of the document, or name and address of the place.
	Header  string           `json:"header,omitempty"`
	Media   string           `json:"media,omitempty"` // id of the file in the header
	Footer  string           `json:"footer,omitempty"`
	Buttons []TemplateButton `json:"buttons,omitempty"`

	given map[int]TemplateButton // by place
}

// maxButtons is how many buttons a template has. (templates/components)
const maxButtons = 10

// button reads which button a component is for, from 0; -1 of what is none.
func (o object) button(kind string) (int, *graphError) {
	if kind != "button" {
		return -1, nil
	}
	n, bad := strconv.Atoi(strings.Trim(string(o.fields["index"]), `"`))
	if bad != nil || n < 0 || n >= maxButtons {
		return 0, invalid("Param %s must be a number from 0 to %d.", o.at("index"), maxButtons-1)
	}
	_, err := o.oneOf("sub_type", "quick_reply", "url", "copy_code", "flow", "catalog", "QUICK_REPLY", "URL", "COPY_CODE", "FLOW", "CATALOG")
	return n, err
}

// take reads a parameter of the header or of a button.
func (v *TemplateView) take(kind string, button int, p object, word string) *graphError {
	ptype, err := p.text("type", true, 0)
	if err != nil {
		return err
	}
	if kind == "button" {
		return v.takeButton(button, ptype, p, word)
	}
	v.HeaderKind, v.Header = ptype, word
	switch ptype {
	case "text":
		return nil
	case "location":
		req := &sendRequest{}
		err := req.checkLocation(p)
		v.Header = req.text
		return err
	case "image", "video", "document":
		v.Media, v.Header, err = p.above(ptype)
		return err
	default:
		return newError(132012, "header: Format mismatch, received "+clip(ptype, 20)+".")
	}
}

// above reads the file of a header: its id, if it was uploaded, and its name.
func (o object) above(kind string) (id, name string, err *graphError) {
	file, err := o.child(kind, "id", "link", "filename")
	if err != nil {
		return "", "", err
	}
	if file.has("id") == file.has("link") {
		return "", "", unsupported("Param %s needs either id or link.", o.at(kind))
	}
	if _, err := file.link("link", file.has("link")); err != nil {
		return "", "", err
	}
	if file.has("filename") && kind != "document" {
		return "", "", unsupported("Param %s does not support filename.", o.at(kind))
	}
	if name, err = file.text("filename", false, 240); err != nil {
		return "", "", err
	}
	id, err = file.text("id", file.has("id"), 0)
	return id, name, err
}

// fits checks that the header is of the kind that was approved. (templates/components, media headers)
func (v *TemplateView) fits(t Template) *graphError {
	switch want := t.headerKind(); {
	case want == v.HeaderKind:
		return nil
	case want == "":
		return newError(132000, "header: number of localizable_params (1) does not match the expected number of params (0)")
	case want == "text":
		return newError(132000, "header: number of localizable_params (0) does not match the expected number of params (1)")
	default:
		return newError(132012, "header: Format mismatch, expected "+strings.ToUpper(want)+", received "+strings.ToUpper(orText(v.HeaderKind, "unknown")))
	}
}

// headerKind is the kind of what a send gives the header; empty if it gives nothing.
func (t Template) headerKind() string {
	if t.HeaderKind == "" && strings.Contains(t.Header, "{{") {
		return "text"
	}
	return t.HeaderKind
}

func orText(text, or string) string {
	if text == "" {
		return or
	}
	return text
}

// heads checks that an uploaded file can be a template's header: of documents a PDF alone.
// (templates/components; the description of a DocumentParameter)
func (m *mediaItem) heads(kind string) *graphError {
	if uploadable[bare(m.mime)] != kind || kind == "document" && bare(m.mime) != "application/pdf" {
		return newError(132012, fmt.Sprintf("header: Format mismatch, expected %s, received %s", strings.ToUpper(kind), clip(m.mime, 60)))
	}
	return nil
}

// takeButton reads what a button does. A code has at most 15 characters. (templates/coupon-code-templates)
func (v *TemplateView) takeButton(place int, ptype string, p object, word string) *graphError {
	if v.given == nil {
		v.given = map[int]TemplateButton{}
	}
	b := TemplateButton{Value: word}
	var err *graphError
	switch ptype {
	case "text":
		b.Kind = "url"
	case "payload":
		b.Kind = "quick_reply"
		b.Value, err = p.text("payload", true, 256)
	case "coupon_code":
		b.Kind = "copy_code"
		b.Value, err = p.text("coupon_code", true, 15)
	case "action":
		b.Kind = "flow"
	default:
		return newError(132012, "button: Format mismatch, received "+clip(ptype, 20)+".")
	}
	v.given[place] = b
	return err
}

// dress puts what was given into what the template holds. A template that nobody described has
// as many buttons as something was given for.
func (v *TemplateView) dress(t Template) {
	if t.Header != "" {
		v.Header = strings.ReplaceAll(t.Header, "{{1}}", v.Header)
		v.HeaderKind = "text"
	}
	v.Footer = t.Footer
	v.Buttons = append([]TemplateButton(nil), t.Buttons...)
	for place := range maxButtons {
		given, has := v.given[place]
		if !has {
			continue
		}
		if place >= len(v.Buttons) {
			given.Text = "Button " + strconv.Itoa(place+1)
			v.Buttons = append(v.Buttons, given)
			continue
		}
		if b := &v.Buttons[place]; strings.Contains(b.Value, "{{1}}") {
			b.Value = strings.ReplaceAll(b.Value, "{{1}}", given.Value)
		} else {
			b.Value = given.Value
		}
	}
}
