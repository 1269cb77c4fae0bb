package api

import (
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// What a message that goes out can hold beside its text; threads show it in the same form.
type (
	// OfferPart is what somebody can tap below a text: one of its parts beside what stands above and
	// below.
	OfferPart struct {
		AbovePart
		Header  string       `json:"header,omitempty" maxLength:"60" doc:"A line above the text, or a file there; requests have neither, lists no file."`
		Footer  string       `json:"footer,omitempty" maxLength:"60"`
		Buttons []ButtonPart `json:"buttons,omitempty" maxItems:"3" doc:"Answers to tap."`
		List    *ListPart    `json:"list,omitempty"`
		Link    *LinkPart    `json:"link,omitempty"`
		Form    *FormPart    `json:"form,omitempty"`
		Asks    string       `json:"asks,omitempty" enum:"location,contact" doc:"Asks for where they are, or for their own number, with one tap."`
	}
	// ButtonPart is an answer to tap.
	ButtonPart struct {
		ID    string `json:"id" minLength:"1" maxLength:"256"`
		Title string `json:"title" minLength:"1" maxLength:"20"`
	}
	// ListPart is a list of answers that a button opens, ten at most.
	ListPart struct {
		Label    string        `json:"label" minLength:"1" maxLength:"20"`
		Sections []SectionPart `json:"sections" minItems:"1" maxItems:"10"`
	}
	// SectionPart is a part of a list; it needs a title where there are several.
	SectionPart struct {
		Title string    `json:"title,omitempty" maxLength:"24"`
		Rows  []RowPart `json:"rows" minItems:"1" maxItems:"10"`
	}
	// RowPart is an answer in a list.
	RowPart struct {
		ID          string `json:"id" minLength:"1" maxLength:"200"`
		Title       string `json:"title" minLength:"1" maxLength:"24"`
		Description string `json:"description,omitempty" maxLength:"72"`
	}
	// LinkPart is a button that opens a web page.
	LinkPart struct {
		Label string `json:"label" minLength:"1" maxLength:"20"`
		URL   string `json:"url" minLength:"1" maxLength:"2000"`
	}
	// FormPart is a button that opens a form within WhatsApp.
	FormPart struct {
		ID     string `json:"id,omitempty" maxLength:"64" doc:"Of a form that the provider has published (a Flow); or its name."`
		Name   string `json:"name,omitempty" maxLength:"200"`
		Screen string `json:"screen,omitempty" maxLength:"256" doc:"That it begins with; missing: the form's own server says."`
		Label  string `json:"label" minLength:"1" maxLength:"30"`
	}
	// TemplatePart is a template that the provider approved, with the values for its places.
	TemplatePart struct {
		AbovePart
		Name     string               `json:"name" minLength:"1" maxLength:"512"`
		Language string               `json:"language" minLength:"2" maxLength:"6" example:"de"`
		Header   []ValuePart          `json:"header,omitempty" maxItems:"1"`
		Place    *NewLocation         `json:"place,omitempty" doc:"Of a header that shows one."`
		Body     []ValuePart          `json:"body,omitempty" maxItems:"100"`
		Buttons  []TemplateButtonPart `json:"buttons,omitempty" maxItems:"10"`
	}
	// AbovePart is the file above a template or an offer: one of these. Threads show it as the file of
	// the message.
	AbovePart struct {
		Image    *HeaderPart `json:"image,omitempty" doc:"Above the text: JPEG or PNG to 5 MiB."`
		Video    *HeaderPart `json:"video,omitempty" doc:"Above the text: MP4 or 3GP to 16 MiB."`
		Document *HeaderPart `json:"document,omitempty" doc:"Above the text: a PDF to 100 MiB."`
	}
	// HeaderPart is a file that was brought in.
	HeaderPart struct {
		File     string `json:"file" format:"uuid" doc:"Of an upload to this conversation by the same agent."`
		Filename string `json:"filename,omitempty" maxLength:"240" doc:"Of a document, as the contact sees it."`
	}
	// ValuePart fills a place of a template.
	ValuePart struct {
		Name string `json:"name,omitempty" maxLength:"100" doc:"Where the template names its places; missing where it numbers them."`
		Text string `json:"text" minLength:"1" maxLength:"4096"`
	}
	// TemplateButtonPart gives a button of a template what it needs.
	TemplateButtonPart struct {
		Index int    `json:"index" minimum:"0" maximum:"9"`
		Kind  string `json:"kind" enum:"quick_reply,url,copy_code"`
		Value string `json:"value" minLength:"1" maxLength:"2000" doc:"The payload, the end of the address, or the code."`
	}
	// NewCard is a contact card to share.
	NewCard struct {
		Name   string   `json:"name" minLength:"1" maxLength:"200"`
		Work   string   `json:"work,omitempty" maxLength:"200"`
		Phones []string `json:"phones,omitempty" maxItems:"10"`
		Emails []string `json:"emails,omitempty" maxItems:"10"`
		URLs   []string `json:"urls,omitempty" maxItems:"10"`
	}
	// NewLocation is a place to share.
	NewLocation struct {
		Latitude  float64 `json:"latitude" minimum:"-90" maximum:"90" doc:"Degrees, WGS 84."`
		Longitude float64 `json:"longitude" minimum:"-180" maximum:"180"`
		Name      string  `json:"name,omitempty" maxLength:"1000"`
		Address   string  `json:"address,omitempty" maxLength:"1000"`
	}
)

// composition is what a NewMessage holds beside its text.
func (n *NewMessage) composition() desk.Composition {
	c := desk.Composition{Preview: n.Preview, Emoji: private.NewText(n.Emoji)}
	if n.Location != nil {
		c.Location = n.Location.location()
	}
	for _, card := range n.Cards {
		c.Cards = append(c.Cards, desk.Card{
			Name: private.NewText(card.Name), Work: private.NewText(card.Work), Phones: hidden(card.Phones), Emails: hidden(card.Emails), URLs: hidden(card.URLs),
		})
	}
	if n.Offer != nil {
		c.Offer = n.Offer.offer()
	}
	if n.Template != nil {
		c.Template = n.Template.template()
	}
	return c
}

func (l *NewLocation) location() *desk.Location {
	return &desk.Location{Latitude: l.Latitude, Longitude: l.Longitude, Name: private.NewText(l.Name), Address: private.NewText(l.Address)}
}

func (p *OfferPart) offer() *desk.Offer {
	o := &desk.Offer{Header: private.NewText(p.Header), Footer: private.NewText(p.Footer), Asks: desk.Asked(p.Asks)}
	for _, b := range p.Buttons {
		o.Buttons = append(o.Buttons, desk.Button{ID: b.ID, Title: private.NewText(b.Title)})
	}
	if p.List != nil {
		o.List = &desk.List{Label: private.NewText(p.List.Label)}
		for _, s := range p.List.Sections {
			section := desk.Section{Title: private.NewText(s.Title)}
			for _, r := range s.Rows {
				section.Rows = append(section.Rows, desk.Row{ID: r.ID, Title: private.NewText(r.Title), Description: private.NewText(r.Description)})
			}
			o.List.Sections = append(o.List.Sections, section)
		}
	}
	if p.Link != nil {
		o.Link = &desk.Link{Label: private.NewText(p.Link.Label), URL: private.NewText(p.Link.URL)}
	}
	if p.Form != nil {
		o.Form = &desk.Form{ID: p.Form.ID, Name: p.Form.Name, Screen: p.Form.Screen, Label: private.NewText(p.Form.Label)}
	}
	return o
}

func (p *TemplatePart) template() *desk.Template {
	t := &desk.Template{Name: p.Name, Language: p.Language, Header: valuesOf(p.Header), Body: valuesOf(p.Body)}
	if p.Place != nil {
		t.Place = p.Place.location()
	}
	for _, b := range p.Buttons {
		t.Buttons = append(t.Buttons, desk.TemplateButton{Index: b.Index, Kind: desk.TemplateButtonKind(b.Kind), Value: private.NewText(b.Value)})
	}
	return t
}

func valuesOf(parts []ValuePart) (values []desk.Value) {
	for _, v := range parts {
		values = append(values, desk.Value{Name: v.Name, Text: private.NewText(v.Text)})
	}
	return values
}

// offerPart shows an Offer as it was composed; the buttons stand on the Message.
func offerPart(o *desk.Offer) OfferPart {
	p := OfferPart{Header: o.Header.Reveal(), Footer: o.Footer.Reveal(), Asks: string(o.Asks)}
	if o.List != nil {
		p.List = &ListPart{Label: o.List.Label.Reveal(), Sections: make([]SectionPart, len(o.List.Sections))}
		for i, s := range o.List.Sections {
			p.List.Sections[i] = SectionPart{s.Title.Reveal(), make([]RowPart, len(s.Rows))}
			for j, r := range s.Rows {
				p.List.Sections[i].Rows[j] = RowPart{r.ID, r.Title.Reveal(), r.Description.Reveal()}
			}
		}
	}
	if o.Link != nil {
		p.Link = &LinkPart{o.Link.Label.Reveal(), o.Link.URL.Reveal()}
	}
	if o.Form != nil {
		p.Form = &FormPart{o.Form.ID, o.Form.Name, o.Form.Screen, o.Form.Label.Reveal()}
	}
	return p
}

func templatePart(t *desk.Template) TemplatePart {
	p := TemplatePart{Name: t.Name, Language: t.Language}
	for _, v := range t.Header {
		p.Header = append(p.Header, ValuePart{v.Name, v.Text.Reveal()})
	}
	if l := t.Place; l != nil {
		p.Place = &NewLocation{l.Latitude, l.Longitude, l.Name.Reveal(), l.Address.Reveal()}
	}
	for _, v := range t.Body {
		p.Body = append(p.Body, ValuePart{v.Name, v.Text.Reveal()})
	}
	for _, b := range t.Buttons {
		p.Buttons = append(p.Buttons, TemplateButtonPart{b.Index, string(b.Kind), b.Value.Reveal()})
	}
	return p
}

func hidden(texts []string) (out []private.Text) {
	for _, t := range texts {
		out = append(out, private.NewText(t))
	}
	return out
}
