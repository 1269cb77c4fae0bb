package whatsapp

import (
	"net/url"
	"slices"
)

// Offer is an interactive message: what somebody can tap.
// Source: Meta, "Interactive messages".
type Offer struct {
	Type   string       `json:"type"`
	Header *OfferHeader `json:"header,omitempty"`
	Body   *OfferText   `json:"body,omitempty"`
	Footer *OfferText   `json:"footer,omitempty"`
	Action OfferAction  `json:"action"`
}

// The types of an Offer that a customer-service desk sends. Those of shops, calls and payments
// are none of its business.
const (
	OfferButtons  = "button"
	OfferList     = "list"
	OfferLink     = "cta_url"
	OfferFlow     = "flow"
	OfferLocation = "location_request_message"
	OfferContact  = "contact_request"
)

// OfferHeader stands above the body; a list may have a text alone, and what asks for something has
// none.
// Source: Meta, "Interactive messages: header".
type OfferHeader struct {
	Type     string `json:"type"`
	Text     string `json:"text,omitempty"`
	Image    *File  `json:"image,omitempty"`
	Video    *File  `json:"video,omitempty"`
	Document *File  `json:"document,omitempty"`
}

// OfferText is a body or a footer.
type OfferText struct {
	Text string `json:"text"`
}

// OfferAction is what is done. Name and Parameters belong to links, flows and requests.
type OfferAction struct {
	Name       string           `json:"name,omitempty"`
	Buttons    []OfferButton    `json:"buttons,omitempty"`
	Button     string           `json:"button,omitempty"` // that opens a list
	Sections   []OfferSection   `json:"sections,omitempty"`
	Parameters *OfferParameters `json:"parameters,omitempty"`
}

// OfferButton is a ReplyButton; Type is "reply".
type OfferButton struct {
	Type  string      `json:"type"`
	Reply ReplyButton `json:"reply"`
}

// ReplyButton is an answer that is offered; tapping it sends back ID and Title.
// Source: Meta, "Interactive reply buttons messages".
type ReplyButton struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// OfferSection is a part of a list; it needs a Title where there are several.
type OfferSection struct {
	Title string     `json:"title,omitempty"`
	Rows  []OfferRow `json:"rows"`
}

// OfferRow is an answer in a list.
type OfferRow struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// OfferParameters are those of a link (DisplayText, URL) or of a Flow.
type OfferParameters struct {
	DisplayText string         `json:"display_text,omitempty"`
	URL         string         `json:"url,omitempty"`
	Version     string         `json:"flow_message_version,omitempty"`
	FlowID      string         `json:"flow_id,omitempty"`
	FlowName    string         `json:"flow_name,omitempty"`
	FlowToken   string         `json:"flow_token,omitempty"`
	FlowCTA     string         `json:"flow_cta,omitempty"`
	FlowAction  string         `json:"flow_action,omitempty"`
	Payload     map[string]any `json:"flow_action_payload,omitempty"`
	Mode        string         `json:"mode,omitempty"`
}

func (o *Offer) check() *Fault {
	longest := MaxOffer
	if o.Type == OfferList {
		longest = MaxText
	}
	if o.Body == nil {
		return fault("interactive.body", "is missing")
	}
	if f := span("interactive.body.text", o.Body.Text, 1, longest); f != nil {
		return f
	}
	if o.Footer != nil {
		if f := span("interactive.footer.text", o.Footer.Text, 1, MaxFooter); f != nil {
			return f
		}
	}
	if f := o.checkHeader(); f != nil {
		return f
	}
	switch a := &o.Action; o.Type {
	case OfferButtons:
		return checkButtons(a.Buttons)
	case OfferList:
		return first(span("interactive.action.button", a.Button, 1, MaxButtonTitle), checkSections(a.Sections))
	case OfferLink:
		return checkLink(a)
	case OfferFlow:
		return checkFlow(a)
	case OfferLocation:
		return named(a, "send_location")
	case OfferContact:
		return named(a, "request_contact_info")
	default:
		return fault("interactive.type", "is none that we send")
	}
}

func (o *Offer) checkHeader() *Fault {
	h := o.Header
	switch {
	case h == nil:
		return nil
	case o.Type == OfferLocation || o.Type == OfferContact:
		return fault("interactive.header", "does not stand above a request")
	case h.Type == "text":
		return span("interactive.header.text", h.Text, 1, MaxHeader)
	case o.Type == OfferList:
		return fault("interactive.header.type", "of a list must be text")
	case h.file() == nil:
		return fault("interactive.header.type", "does not name the header")
	case h.Text != "":
		return fault("interactive.header", "is either a text or a file")
	}
	if f := h.file().check(h.Type); f != nil {
		return fault("interactive.header."+f.Field, "%s", f.Text)
	}
	return nil
}

// file is the file in a header; nil if there is none.
func (h *OfferHeader) file() *File {
	switch {
	case h == nil:
		return nil
	case h.Type == "image":
		return h.Image
	case h.Type == "video":
		return h.Video
	case h.Type == "document":
		return h.Document
	default:
		return nil
	}
}

func checkButtons(all []OfferButton) *Fault {
	if len(all) < 1 || len(all) > MaxButtons {
		return fault("interactive.action.buttons", "must be 1 to %d", MaxButtons)
	}
	var ids, titles []string
	for _, b := range all {
		if f := first(span("interactive.action.buttons.id", b.Reply.ID, 1, MaxButtonID),
			span("interactive.action.buttons.title", b.Reply.Title, 1, MaxButtonTitle)); f != nil {
			return f
		}
		if b.Type != "reply" {
			return fault("interactive.action.buttons.type", "must be reply")
		}
		ids, titles = append(ids, b.Reply.ID), append(titles, b.Reply.Title)
	}
	if repeats(ids) || repeats(titles) {
		return fault("interactive.action.buttons", "must differ in ids and titles")
	}
	return nil
}

func checkSections(all []OfferSection) *Fault {
	var ids []string
	for _, s := range all {
		least := 0
		if len(all) > 1 {
			least = 1
		}
		if f := span("interactive.action.sections.title", s.Title, least, MaxRowTitle); f != nil {
			return f
		}
		if len(s.Rows) == 0 {
			return fault("interactive.action.sections.rows", "are missing")
		}
		for _, r := range s.Rows {
			if f := first(span("interactive.action.sections.rows.id", r.ID, 1, maxRowID),
				span("interactive.action.sections.rows.title", r.Title, 1, MaxRowTitle),
				span("interactive.action.sections.rows.description", r.Description, 0, MaxRowDescription)); f != nil {
				return f
			}
			ids = append(ids, r.ID)
		}
	}
	switch {
	case len(ids) < 1 || len(ids) > MaxRows:
		return fault("interactive.action.sections.rows", "must be 1 to %d in all", MaxRows)
	case repeats(ids):
		return fault("interactive.action.sections.rows.id", "must differ")
	}
	return nil
}

func checkLink(a *OfferAction) *Fault {
	if f := named(a, "cta_url"); f != nil {
		return f
	}
	if a.Parameters == nil {
		return fault("interactive.action.parameters", "are missing")
	}
	if !isAddress(a.Parameters.URL) {
		return fault("interactive.action.parameters.url", "is not an address that begins with https:// or http://")
	}
	return span("interactive.action.parameters.display_text", a.Parameters.DisplayText, 1, MaxButtonTitle)
}

func checkFlow(a *OfferAction) *Fault {
	if f := named(a, "flow"); f != nil {
		return f
	}
	p := a.Parameters
	switch {
	case p == nil:
		return fault("interactive.action.parameters", "are missing")
	case (p.FlowID == "") == (p.FlowName == ""):
		return fault("interactive.action.parameters.flow_id", "or flow_name must be given, and not both")
	case p.Version == "":
		return fault("interactive.action.parameters.flow_message_version", "is missing")
	case !slices.Contains([]string{"", "navigate", "data_exchange"}, p.FlowAction):
		return fault("interactive.action.parameters.flow_action", "must be navigate or data_exchange")
	case !slices.Contains([]string{"", "draft", "published"}, p.Mode):
		return fault("interactive.action.parameters.mode", "must be draft or published")
	}
	return span("interactive.action.parameters.flow_cta", p.FlowCTA, 1, MaxFlowLabel)
}

func named(a *OfferAction, name string) *Fault {
	if a.Name != name {
		return fault("interactive.action.name", "must be %s", name)
	}
	return nil
}

// isAddress tells whether a text is an absolute web address.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(text) <= maxAddress
}
