package whatsapp

import (
	"slices"
	"strconv"
)

// Template is an approved template with the values for its places.
// Source: Meta, "Template messages".
type Template struct {
	Name       string      `json:"name"`
	Language   Language    `json:"language"`
	Components []Component `json:"components,omitempty"`
}

// Language is a code such as de or en_US.
type Language struct {
	Code string `json:"code"`
}

// Component holds the values of a template's header, body or one of its buttons; SubType and
// Index are a button's.
type Component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitempty"`
	Index      string      `json:"index,omitempty"`
	Parameters []Parameter `json:"parameters,omitempty"`
}

// Parameter is a value. Name is needed where the template names its places, and must be missing
// where it numbers them (132012, 132018).
type Parameter struct {
	Type     string         `json:"type"`
	Name     string         `json:"parameter_name,omitempty"`
	Text     string         `json:"text,omitempty"`
	Payload  string         `json:"payload,omitempty"`
	Coupon   string         `json:"coupon_code,omitempty"` // of a button that copies
	Currency *Currency      `json:"currency,omitempty"`
	DateTime *DateTime      `json:"date_time,omitempty"`
	Image    *File          `json:"image,omitempty"`
	Video    *File          `json:"video,omitempty"`
	Document *File          `json:"document,omitempty"`
	Location *Place         `json:"location,omitempty"`
	Action   map[string]any `json:"action,omitempty"` // of a Flow
}

// Currency is an amount; Amount1000 is a thousand times of it.
type Currency struct {
	Fallback   string `json:"fallback_value"`
	Code       string `json:"code"`
	Amount1000 int64  `json:"amount_1000"`
}

// DateTime is a moment, in words.
type DateTime struct {
	Fallback string `json:"fallback_value"`
}

// maxTemplateButtons and the lengths of what a template holds.
const (
	maxTemplateButtons = 10
	maxTemplateName    = 512
	maxParameter       = 32768
)

func (t *Template) check() *Fault {
	if f := span("template.name", t.Name, 1, maxTemplateName); f != nil {
		return f
	}
	if !isLanguage(t.Language.Code) {
		return fault("template.language.code", "is not a code such as de or en_US")
	}
	headers := 0
	for _, c := range t.Components {
		if f := c.check(); f != nil {
			return f
		}
		if c.Type == "header" {
			headers++
		}
	}
	if headers > 1 {
		return fault("template.header", "is of two kinds: it is either a text, a place or a file")
	}
	return nil
}

// file is the file above a template; nil if there is none.
func (t *Template) file() *File {
	for _, c := range t.Components {
		for _, p := range c.Parameters {
			if f := p.file(); f != nil && c.Type == "header" {
				return f
			}
		}
	}
	return nil
}

// file is the file that a Parameter names; nil if it names none.
func (p *Parameter) file() *File {
	switch p.Type {
	case "image":
		return p.Image
	case "video":
		return p.Video
	case "document":
		return p.Document
	default:
		return nil
	}
}

func (c Component) check() *Fault {
	switch c.Type {
	case "header", "body":
		if c.SubType != "" || c.Index != "" {
			return fault("template.components.sub_type", "belongs to buttons alone")
		}
	case "button":
		if !slices.Contains([]string{"quick_reply", "url", "flow", "copy_code", "catalog"}, c.SubType) {
			return fault("template.components.sub_type", "is not known")
		}
		if n, err := strconv.Atoi(c.Index); err != nil || n < 0 || n >= maxTemplateButtons {
			return fault("template.components.index", "must be 0 to %d", maxTemplateButtons-1)
		}
	default:
		return fault("template.components.type", "must be header, body or button")
	}
	if c.Type == "header" && len(c.Parameters) > 1 {
		return fault("template.header", "takes one value")
	}
	named := 0
	for _, p := range c.Parameters {
		if f := p.check(); f != nil {
			return f
		}
		if c.Type != "header" && p.file() != nil {
			return fault("template.components.parameters", "of a header alone hold a file")
		}
		if p.Name != "" {
			named++
		}
	}
	if named != 0 && named != len(c.Parameters) {
		return fault("template.components.parameters", "are all named, or none is")
	}
	return nil
}

func (p Parameter) check() *Fault {
	set := map[string]bool{
		"text": p.Text != "", "payload": p.Payload != "", "coupon_code": p.Coupon != "", "currency": p.Currency != nil, "date_time": p.DateTime != nil, "image": p.Image != nil,
		"video": p.Video != nil, "document": p.Document != nil, "location": p.Location != nil, "action": p.Action != nil,
	}
	if !set[p.Type] {
		return fault("template.components.parameters", "have a value that is missing or of another type")
	}
	if p.Location != nil {
		if f := p.Location.check(); f != nil {
			return fault("template."+f.Field, "%s", f.Text)
		}
	}
	if f := p.file(); f != nil {
		if f.Caption != "" {
			return fault("template."+p.Type+".caption", "does not belong to a template, whose text is approved")
		}
		if f := f.check(p.Type); f != nil {
			return fault("template."+f.Field, "%s", f.Text)
		}
	}
	return first(span("template.components.parameters.text", p.Text, 0, maxParameter),
		span("template.components.parameters.payload", p.Payload, 0, MaxButtonID),
		span("template.components.parameters.coupon_code", p.Coupon, 0, MaxCoupon))
}

// isLanguage tells whether a text has the form of Meta's language codes.
func isLanguage(code string) bool {
	lower := func(s string) bool {
		for i := range len(s) {
			if s[i] < 'a' || s[i] > 'z' {
				return false
			}
		}
		return true
	}
	switch {
	case len(code) == 2 || len(code) == 3:
		return lower(code)
	case len(code) >= 5 && len(code) <= 6:
		i := len(code) - 3
		return lower(code[:i]) && code[i] == '_' && code[i+1] >= 'A' && code[i+1] <= 'Z' && code[i+2] >= 'A' && code[i+2] <= 'Z'
	default:
		return false
	}
}
