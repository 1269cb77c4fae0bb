package channel

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// Compose gives the content of a Message that goes out: the text that a thread shows of it, and
// beside it the Provider's own form, unless the text is all there is. Whatever the Provider would
// refuse is desk.CodeInvalid, with the field.
func (*WhatsApp) Compose(kind desk.Kind, text private.Text, c desk.Composition) (desk.Content, error) {
	if field := foreign(kind, text, c); field != "" {
		return desk.Content{}, desk.Invalid(field, "does not belong to a message of this kind")
	}
	if err := checkAbove(kind, c.File); err != nil {
		return desk.Content{}, err
	}
	made, err := contentOf(kind, text, c)
	if err == nil {
		err = made.Check()
	}
	var fault *whatsapp.Fault
	if errors.As(err, &fault) {
		return desk.Content{}, desk.Invalid(fieldOf(fault.Field), fault.Text)
	} else if err != nil {
		return desk.Content{}, err
	}
	if kind == desk.KindText && !c.Preview {
		return desk.Content{Text: text}, nil
	}
	whole := composed{Send: made}
	if c.File != nil && kind.HasFile() { // above something else all that counts is what was asked for
		whole.Type = c.File.Type
	}
	raw, err := json.Marshal(whole)
	out := desk.Content{Text: shown(kind, text, c), Raw: private.NewText(string(raw))}
	if c.Offer != nil {
		out.Buttons = c.Offer.Buttons
	}
	return out, err
}

// checkAbove tells whether a file can stand above a Template or an Offer as it is asked for. Of
// one that went before nothing is known any more.
func checkAbove(kind desk.Kind, f *desk.SentFile) error {
	if !kind.HasHeader() || f == nil || f.Type == "" {
		return nil
	}
	what, field := "a template", "template."+string(f.Kind)+".file"
	if kind == desk.KindInteractive {
		what, field = "an offer", "offer."+string(f.Kind)+".file"
	}
	switch is := whatsapp.TakenAbove(f.Type); is {
	case string(f.Kind):
		return nil
	case "":
		return desk.Invalid(field, "cannot stand above "+what+": that is a JPEG or PNG to 5 MiB, an MP4 or 3GP to 16 MiB, or a PDF to 100 MiB")
	default:
		return desk.Invalid(field, "is of another kind: it goes as "+is)
	}
}

// composed marks what we wrote, so that nothing a Provider sent is taken for it.
type composed struct {
	Send whatsapp.Content `json:"send"`
	Type string           `json:"type,omitempty"` // media type of its file
}

// readComposed reads what Compose wrote; false if it was not us.
func readComposed(raw private.Text) (c composed, ok bool) {
	d := json.NewDecoder(strings.NewReader(raw.Reveal()))
	d.DisallowUnknownFields()
	err := d.Decode(&c)
	return c, err == nil && c.Send.Type != ""
}

// foreign names what does not belong to a kind; empty if all does.
func foreign(kind desk.Kind, text private.Text, c desk.Composition) string {
	for _, part := range []struct {
		field string
		is    bool
		of    []desk.Kind
	}{
		{"text", !text.IsEmpty(), []desk.Kind{desk.KindText, desk.KindInteractive, desk.KindImage, desk.KindVideo, desk.KindAudio, desk.KindDocument, desk.KindSticker}},
		{"preview", c.Preview, []desk.Kind{desk.KindText}},
		{"location", c.Location != nil, []desk.Kind{desk.KindLocation}},
		{"cards", len(c.Cards) > 0, []desk.Kind{desk.KindContacts}},
		{"emoji", !c.Emoji.IsEmpty(), []desk.Kind{desk.KindReaction}},
		{"offer", c.Offer != nil, []desk.Kind{desk.KindInteractive}},
		{"template", c.Template != nil, []desk.Kind{desk.KindTemplate}},
		{"file", c.File != nil, []desk.Kind{desk.KindImage, desk.KindVideo, desk.KindAudio, desk.KindDocument, desk.KindSticker, desk.KindTemplate, desk.KindInteractive}},
	} {
		if part.is && !slices.Contains(part.of, kind) {
			return part.field
		}
	}
	return ""
}

// shown is what a thread shows as the text.
func shown(kind desk.Kind, text private.Text, c desk.Composition) private.Text {
	switch {
	case kind == desk.KindReaction:
		return c.Emoji
	case c.Location != nil:
		return joined(" ", c.Location.Name.Reveal(), c.Location.Address.Reveal())
	case len(c.Cards) > 0:
		names := make([]string, len(c.Cards))
		for i, card := range c.Cards {
			names[i] = card.Name.Reveal()
		}
		return joined(", ", names...)
	case c.Template != nil:
		return private.NewText(c.Template.Name)
	default:
		return text
	}
}

// contentOf puts a Composition into the Provider's form.
func contentOf(kind desk.Kind, text private.Text, c desk.Composition) (whatsapp.Content, error) {
	out := whatsapp.Content{Type: string(kind)}
	switch kind {
	case desk.KindText:
		out.Text = &whatsapp.Text{Body: text.Reveal(), PreviewURL: c.Preview}
	case desk.KindLocation:
		if c.Location != nil {
			out.Location = placeOf(c.Location)
		}
	case desk.KindContacts:
		for _, card := range c.Cards {
			out.Contacts = append(out.Contacts, sharedOf(card))
		}
	case desk.KindReaction:
		out.Reaction = &whatsapp.React{Emoji: c.Emoji.Reveal()}
	case desk.KindInteractive:
		if c.Offer != nil {
			out.Interactive = offerOf(text, c.Offer, c.File)
		}
	case desk.KindTemplate:
		if c.Template != nil {
			out.Template = templateOf(c.Template, c.File)
		}
	default:
		if !kind.HasFile() {
			return out, desk.Invalid("kind", "is not a kind that can be sent")
		}
		if f := c.File; f != nil {
			*fileIn(&out, kind) = &whatsapp.File{Caption: text.Reveal(), Filename: f.Name.Reveal(), Voice: f.Voice}
		}
	}
	return out, nil
}

func placeOf(l *desk.Location) *whatsapp.Place {
	return &whatsapp.Place{Latitude: l.Latitude, Longitude: l.Longitude, Name: l.Name.Reveal(), Address: l.Address.Reveal()}
}

func sharedOf(c desk.Card) whatsapp.SharedContact {
	out := whatsapp.SharedContact{Name: whatsapp.SharedName{Formatted: c.Name.Reveal(), First: c.Name.Reveal()}, Birthday: c.Birthday.Reveal()}
	if !c.Work.IsEmpty() {
		out.Org = &whatsapp.SharedOrg{Company: c.Work.Reveal()}
	}
	for _, p := range c.Phones {
		out.Phones = append(out.Phones, whatsapp.SharedPhone{Phone: p.Reveal()})
	}
	for _, e := range c.Emails {
		out.Emails = append(out.Emails, whatsapp.SharedEmail{Email: e.Reveal()})
	}
	for _, u := range c.URLs {
		out.URLs = append(out.URLs, whatsapp.SharedURL{URL: u.Reveal()})
	}
	for _, a := range c.Addresses {
		out.Addresses = append(out.Addresses, whatsapp.SharedAddress{Street: a.Reveal()})
	}
	return out
}

func offerOf(text private.Text, o *desk.Offer, above *desk.SentFile) *whatsapp.Offer {
	out := &whatsapp.Offer{Body: &whatsapp.OfferText{Text: text.Reveal()}}
	if above != nil {
		p := headerOf(above)
		out.Header = &whatsapp.OfferHeader{Type: p.Type, Text: o.Header.Reveal(), Image: p.Image, Video: p.Video, Document: p.Document}
	} else if !o.Header.IsEmpty() {
		out.Header = &whatsapp.OfferHeader{Type: "text", Text: o.Header.Reveal()}
	}
	if !o.Footer.IsEmpty() {
		out.Footer = &whatsapp.OfferText{Text: o.Footer.Reveal()}
	}
	switch a := &out.Action; {
	case o.List != nil:
		out.Type, a.Button, a.Sections = whatsapp.OfferList, o.List.Label.Reveal(), sectionsOf(o.List.Sections)
	case o.Link != nil:
		out.Type, a.Name = whatsapp.OfferLink, "cta_url"
		a.Parameters = &whatsapp.OfferParameters{DisplayText: o.Link.Label.Reveal(), URL: o.Link.URL.Reveal()}
	case o.Form != nil:
		out.Type, a.Name = whatsapp.OfferFlow, "flow"
		a.Parameters = formOf(o.Form)
	case o.Asks == desk.AskedLocation:
		out.Type, a.Name = whatsapp.OfferLocation, "send_location"
	case o.Asks == desk.AskedContact:
		out.Type, a.Name = whatsapp.OfferContact, "request_contact_info"
	default:
		out.Type = whatsapp.OfferButtons
		for _, b := range o.Buttons {
			a.Buttons = append(a.Buttons, whatsapp.OfferButton{Type: "reply", Reply: whatsapp.ReplyButton{ID: b.ID, Title: b.Title.Reveal()}})
		}
	}
	return out
}

// formOf leaves the first screen to the form's own server where none is named.
func formOf(f *desk.Form) *whatsapp.OfferParameters {
	p := &whatsapp.OfferParameters{Version: "3", FlowID: f.ID, FlowName: f.Name, FlowCTA: f.Label.Reveal(), FlowAction: "data_exchange"}
	if f.Screen != "" {
		p.FlowAction, p.Payload = "navigate", map[string]any{"screen": f.Screen}
	}
	return p
}

func sectionsOf(all []desk.Section) []whatsapp.OfferSection {
	out := make([]whatsapp.OfferSection, len(all))
	for i, s := range all {
		out[i].Title = s.Title.Reveal()
		for _, r := range s.Rows {
			out[i].Rows = append(out[i].Rows, whatsapp.OfferRow{ID: r.ID, Title: r.Title.Reveal(), Description: r.Description.Reveal()})
		}
	}
	return out
}

func templateOf(t *desk.Template, above *desk.SentFile) *whatsapp.Template {
	out := &whatsapp.Template{Name: t.Name, Language: whatsapp.Language{Code: t.Language}}
	add := func(kind string, parameters ...whatsapp.Parameter) {
		if len(parameters) > 0 {
			out.Components = append(out.Components, whatsapp.Component{Type: kind, Parameters: parameters})
		}
	}
	add("header", textsOf(t.Header)...)
	if t.Place != nil {
		add("header", whatsapp.Parameter{Type: "location", Location: placeOf(t.Place)})
	}
	if above != nil {
		add("header", headerOf(above))
	}
	add("body", textsOf(t.Body)...)
	for _, b := range t.Buttons {
		out.Components = append(out.Components, whatsapp.Component{
			Type: "button", SubType: string(b.Kind), Index: strconv.Itoa(b.Index), Parameters: []whatsapp.Parameter{tapOf(b)},
		})
	}
	return out
}

func textsOf(values []desk.Value) (out []whatsapp.Parameter) {
	for _, v := range values {
		out = append(out, whatsapp.Parameter{Type: "text", Name: v.Name, Text: v.Text.Reveal()})
	}
	return out
}

func tapOf(b desk.TemplateButton) whatsapp.Parameter {
	switch b.Kind {
	case desk.TemplateReply:
		return whatsapp.Parameter{Type: "payload", Payload: b.Value.Reveal()}
	case desk.TemplateCode:
		return whatsapp.Parameter{Type: "coupon_code", Coupon: b.Value.Reveal()}
	default:
		return whatsapp.Parameter{Type: "text", Text: b.Value.Reveal()}
	}
}

// headerOf is a file above a template or an offer. Whatever cannot stand there has no type.
func headerOf(f *desk.SentFile) whatsapp.Parameter {
	p, file := whatsapp.Parameter{Type: string(f.Kind)}, &whatsapp.File{Filename: f.Name.Reveal(), Voice: f.Voice}
	switch f.Kind {
	case desk.KindImage:
		p.Image = file
	case desk.KindVideo:
		p.Video = file
	case desk.KindDocument:
		p.Document = file
	}
	return p
}

// fields are ours for the Provider's, the longest first.
var fields = []struct{ theirs, ours string }{
	{"text.body", "text"}, {"interactive.body.text", "text"}, {"interactive.body", "text"}, {"interactive.footer.text", "offer.footer"},
	{"interactive.header.text", "offer.header"}, {"interactive.header.type", "offer.header"}, {"interactive.header.", "offer."},
	{"interactive.action.buttons", "offer.buttons"}, {"interactive.action.sections", "offer.list.sections"}, {"interactive.action.button", "offer.list.label"},
	{"interactive.action.parameters.url", "offer.link.url"}, {"interactive.action.parameters.display_text", "offer.link.label"},
	{"interactive.action.parameters.flow_cta", "offer.form.label"}, {"interactive.action.parameters.flow_id", "offer.form.id"},
	{"template.components.parameters.coupon_code", "template.buttons.value"}, {"template.location", "template.place"},
	{"interactive", "offer"}, {"reaction.emoji", "emoji"}, {"contacts", "cards"}, {"type", "kind"},
}

// fieldOf names a field of the Provider's form as ours is called.
func fieldOf(theirs string) string {
	for _, f := range fields {
		if rest, ok := strings.CutPrefix(theirs, f.theirs); ok {
			return f.ours + rest
		}
	}
	return theirs
}
