package whatsapp

import (
	"errors"
	"strings"
	"testing"
)

func long(n int) string { return strings.Repeat("ä", n) }

// offers makes an interactive message of a type.
func offers(kind string, action OfferAction) Content {
	return Content{Type: "interactive", Interactive: &Offer{Type: kind, Body: &OfferText{"Bitte wählen"}, Action: action}}
}

// under puts a header above an offer.
func under(h OfferHeader, c Content) Content {
	c.Interactive.Header = &h
	return c
}

// list makes one with so many rows in each section.
func listed(rows ...int) Content {
	a := OfferAction{Button: "Auswahl"}
	for i, n := range rows {
		s := OfferSection{Title: "Teil"}
		for range n {
			s.Rows = append(s.Rows, OfferRow{ID: long(i+1) + string(rune('a'+len(s.Rows))), Title: "Zeile"})
		}
		a.Sections = append(a.Sections, s)
	}
	return offers(OfferList, a)
}

func link(title, address string) Content {
	return offers(OfferLink, OfferAction{Name: "cta_url", Parameters: &OfferParameters{DisplayText: title, URL: address}})
}

func flow(change func(p *OfferParameters)) Content {
	p := &OfferParameters{Version: "3", FlowID: "1", FlowCTA: "Öffnen", FlowAction: "navigate", Mode: "published"}
	change(p)
	return offers(OfferFlow, OfferAction{Name: "flow", Parameters: p})
}

func filled(components ...Component) Content {
	return Content{Type: "template", Template: &Template{Name: "termin", Language: Language{"de"}, Components: components}}
}

// What Meta would refuse is refused before it is sent, with the field that is at fault; what is
// just within the limits passes.
func TestContentIsChecked(t *testing.T) {
	cut := func(c Content, change func(c *Content)) Content { change(&c); return c }
	for name, c := range map[string]struct {
		content Content
		field   string // empty: it may be sent
	}{
		"the longest text":           {said(long(MaxText)), ""},
		"a longer text":              {said(long(MaxText + 1)), "text.body"},
		"no text":                    {said(""), "text.body"},
		"nothing":                    {Content{Type: "text"}, "type"},
		"two things":                 {Content{Type: "text", Text: &Text{Body: "x"}, Location: &Place{}}, "type"},
		"another type":               {Content{Type: "image", Text: &Text{Body: "x"}}, "type"},
		"a picture":                  {Content{Type: "image", Image: &File{ID: "1", Caption: long(MaxCaption)}}, ""},
		"a picture, long caption":    {Content{Type: "image", Image: &File{ID: "1", Caption: long(MaxCaption + 1)}}, "image.caption"},
		"a picture with a file name": {Content{Type: "image", Image: &File{ID: "1", Filename: "a.jpg"}}, "image.filename"},
		"a voice message":            {Content{Type: "audio", Audio: &File{ID: "1", Voice: true}}, ""},
		"audio with a caption":       {Content{Type: "audio", Audio: &File{ID: "1", Caption: "x"}}, "audio.caption"},
		"a film as a voice":          {Content{Type: "video", Video: &File{ID: "1", Voice: true}}, "video.voice"},
		"a document":                 {Content{Type: "document", Document: &File{ID: "1", Filename: "Police.pdf", Caption: "x"}}, ""},
		"a sticker":                  {Content{Type: "sticker", Sticker: &File{ID: "1"}}, ""},
		"a place":                    {Content{Type: "location", Location: &Place{Latitude: -90, Longitude: 180}}, ""},
		"a place beyond the pole":    {Content{Type: "location", Location: &Place{Latitude: 90.1}}, "location.latitude"},
		"a place around the world":   {Content{Type: "location", Location: &Place{Longitude: -181}}, "location.longitude"},
		"a card":                     {Content{Type: "contacts", Contacts: []SharedContact{{Name: SharedName{Formatted: "Service", First: "Service"}}}}, ""},
		"a card without a name":      {Content{Type: "contacts", Contacts: []SharedContact{{}}}, "contacts.name"},
		"a card with half a name":    {Content{Type: "contacts", Contacts: []SharedContact{{Name: SharedName{Formatted: "Service"}}}}, "contacts.name"},
		"258 cards":                  {Content{Type: "contacts", Contacts: make([]SharedContact, 258)}, "contacts"},
		"a birthday in words":        {Content{Type: "contacts", Contacts: []SharedContact{{Name: SharedName{"A", "A", "", "", "", ""}, Birthday: "gestern"}}}, "contacts.birthday"},
		"a reaction":                 {Content{Type: "reaction", Reaction: &React{MessageID: "wamid.A", Emoji: "👍"}}, ""},
		"a reaction taken back":      {Content{Type: "reaction", Reaction: &React{MessageID: "wamid.A"}}, ""},
		"a reaction in prose":        {Content{Type: "reaction", Reaction: &React{MessageID: "wamid.A", Emoji: long(33)}}, "reaction.emoji"},
		"three buttons":              {asks("?", ReplyButton{"a", "A"}, ReplyButton{"b", "B"}, ReplyButton{"c", long(20)}), ""},
		"four buttons":               {asks("?", ReplyButton{"a", "A"}, ReplyButton{"b", "B"}, ReplyButton{"c", "C"}, ReplyButton{"d", "D"}), "interactive.action.buttons"},
		"two buttons of one title":   {asks("?", ReplyButton{"a", "A"}, ReplyButton{"b", "A"}), "interactive.action.buttons"},
		"a long button":              {asks("?", ReplyButton{"a", long(21)}), "interactive.action.buttons.title"},
		"a long question":            {asks(long(MaxOffer+1), ReplyButton{"a", "A"}), "interactive.body.text"},
		"a question without body":    {cut(asks("?", ReplyButton{"a", "A"}), func(c *Content) { c.Interactive.Body = nil }), "interactive.body"},
		"a long footer":              {cut(asks("?", ReplyButton{"a", "A"}), func(c *Content) { c.Interactive.Footer = &OfferText{long(61)} }), "interactive.footer.text"},
		"a picture above a list":     {under(OfferHeader{Type: "image", Image: &File{ID: "1"}}, listed(1)), "interactive.header.type"},
		"a picture above a request":  {under(OfferHeader{Type: "image", Image: &File{ID: "1"}}, offers(OfferLocation, OfferAction{Name: "send_location"})), "interactive.header"},
		"text and picture above":     {under(OfferHeader{Type: "image", Text: "x", Image: &File{ID: "1"}}, asks("?", ReplyButton{"a", "A"})), "interactive.header"},
		"a picture above buttons":    {under(OfferHeader{Type: "image", Image: &File{ID: "1"}}, asks("?", ReplyButton{"a", "A"})), ""},
		"ten rows":                   {listed(4, 6), ""},
		"eleven rows":                {listed(5, 6), "interactive.action.sections.rows"},
		"no rows":                    {listed(0), "interactive.action.sections.rows"},
		"two sections, one unnamed":  {cut(listed(1, 1), func(c *Content) { c.Interactive.Action.Sections[1].Title = "" }), "interactive.action.sections.title"},
		"one section, unnamed":       {cut(listed(2), func(c *Content) { c.Interactive.Action.Sections[0].Title = "" }), ""},
		"a list of one id": {cut(listed(2), func(c *Content) {
			c.Interactive.Action.Sections[0].Rows[1].ID = c.Interactive.Action.Sections[0].Rows[0].ID
		}), "interactive.action.sections.rows.id"},
		"a long row":                  {cut(listed(1), func(c *Content) { c.Interactive.Action.Sections[0].Rows[0].Title = long(25) }), "interactive.action.sections.rows.title"},
		"a list without its button":   {cut(listed(1), func(c *Content) { c.Interactive.Action.Button = "" }), "interactive.action.button"},
		"a link":                      {link("Zum Portal", "https://portal.example/x?y=1"), ""},
		"a link to a script":          {link("Zum Portal", "javascript:alert(1)"), "interactive.action.parameters.url"},
		"a link of no name":           {link("", "https://portal.example"), "interactive.action.parameters.display_text"},
		"a form":                      {flow(func(*OfferParameters) {}), ""},
		"a form by id and name":       {flow(func(p *OfferParameters) { p.FlowName = "x" }), "interactive.action.parameters.flow_id"},
		"a form of no version":        {flow(func(p *OfferParameters) { p.Version = "" }), "interactive.action.parameters.flow_message_version"},
		"a form with a strange mode":  {flow(func(p *OfferParameters) { p.Mode = "live" }), "interactive.action.parameters.mode"},
		"asking for a place":          {offers(OfferLocation, OfferAction{Name: "send_location"}), ""},
		"asking for a number":         {offers(OfferContact, OfferAction{Name: "request_contact_info"}), ""},
		"asking for something else":   {offers(OfferContact, OfferAction{Name: "send_location"}), "interactive.action.name"},
		"a shop":                      {offers("product_list", OfferAction{}), "interactive.type"},
		"a template":                  {filled(Component{Type: "body", Parameters: []Parameter{{Type: "text", Text: "Montag"}}}), ""},
		"a template by names":         {filled(Component{Type: "body", Parameters: []Parameter{{Type: "text", Name: "tag", Text: "Montag"}}}), ""},
		"a template, half named":      {filled(Component{Type: "body", Parameters: []Parameter{{Type: "text", Name: "tag", Text: "Mo"}, {Type: "text", Text: "8"}}}), "template.components.parameters"},
		"a template with a button":    {filled(Component{Type: "button", SubType: "url", Index: "0", Parameters: []Parameter{{Type: "text", Text: "x"}}}), ""},
		"a button of no kind":         {filled(Component{Type: "button", Index: "0"}), "template.components.sub_type"},
		"a button of no place":        {filled(Component{Type: "button", SubType: "url", Index: "10"}), "template.components.index"},
		"a value of another type":     {filled(Component{Type: "body", Parameters: []Parameter{{Type: "text", Payload: "x"}}}), "template.components.parameters"},
		"a template of no language":   {cut(filled(), func(c *Content) { c.Template.Language.Code = "deutsch!" }), "template.language.code"},
		"a template in Swiss English": {cut(filled(), func(c *Content) { c.Template.Language.Code = "en_CH" }), ""},
	} {
		err := c.content.Check()
		var f *Fault
		if errors.As(err, &f); (err == nil) != (c.field == "") || f != nil && f.Field != c.field {
			t.Errorf("%s: %v, want %q", name, err, c.field)
		}
	}
}

// A file without an id, and a reaction to nothing, are looked at when they are sent.
func TestContentIsReady(t *testing.T) {
	for name, c := range map[string]Content{
		"no file": {Type: "image", Image: &File{}}, "two files": {Type: "image", Image: &File{ID: "1", Link: "https://x.example"}},
		"a reaction to nothing": {Type: "reaction", Reaction: &React{Emoji: "👍"}},
	} {
		if _, err := (Outgoing{To: "+491713920001", Content: c}).body(); !errors.Is(err, ErrOutgoing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
