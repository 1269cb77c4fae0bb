package channel

import (
	"strconv"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// composedOf reads again what Compose wrote.
func composedOf(whole composed) (d desk.Details) {
	c := whole.Send
	if f := c.File(); f != nil {
		d.File = &desk.File{Name: private.NewText(f.Filename), Type: whole.Type, Voice: f.Voice}
	}
	if l := c.Location; l != nil {
		d.Location = ownPlace(l)
	}
	for _, s := range c.Contacts {
		d.Cards = append(d.Cards, ownCard(s))
	}
	if o := c.Interactive; o != nil {
		d.Offer = offered(o)
	}
	if t := c.Template; t != nil {
		d.Template = templated(t)
	}
	return d
}

func ownPlace(p *whatsapp.Place) *desk.Location {
	return &desk.Location{Latitude: p.Latitude, Longitude: p.Longitude, Name: private.NewText(p.Name), Address: private.NewText(p.Address)}
}

func ownCard(s whatsapp.SharedContact) desk.Card {
	card := desk.Card{Name: private.NewText(s.Name.Formatted), Birthday: private.NewText(s.Birthday)}
	if s.Org != nil {
		card.Work = private.NewText(s.Org.Company)
	}
	for _, p := range s.Phones {
		card.Phones = append(card.Phones, private.NewText(p.Phone))
	}
	for _, e := range s.Emails {
		card.Emails = append(card.Emails, private.NewText(e.Email))
	}
	for _, u := range s.URLs {
		card.URLs = append(card.URLs, private.NewText(u.URL))
	}
	for _, a := range s.Addresses {
		card.Addresses = append(card.Addresses, private.NewText(a.Street))
	}
	return card
}

// offered leaves out the buttons: they stand on the Content.
func offered(o *whatsapp.Offer) *desk.Offer {
	out := &desk.Offer{}
	if o.Header != nil {
		out.Header = private.NewText(o.Header.Text)
	}
	if o.Footer != nil {
		out.Footer = private.NewText(o.Footer.Text)
	}
	p := o.Action.Parameters
	switch {
	case o.Type == whatsapp.OfferList:
		out.List = &desk.List{Label: private.NewText(o.Action.Button)}
		for _, s := range o.Action.Sections {
			section := desk.Section{Title: private.NewText(s.Title)}
			for _, r := range s.Rows {
				section.Rows = append(section.Rows, desk.Row{ID: r.ID, Title: private.NewText(r.Title), Description: private.NewText(r.Description)})
			}
			out.List.Sections = append(out.List.Sections, section)
		}
	case o.Type == whatsapp.OfferLink && p != nil:
		out.Link = &desk.Link{Label: private.NewText(p.DisplayText), URL: private.NewText(p.URL)}
	case o.Type == whatsapp.OfferFlow && p != nil:
		screen, _ := p.Payload["screen"].(string)
		out.Form = &desk.Form{ID: p.FlowID, Name: p.FlowName, Screen: screen, Label: private.NewText(p.FlowCTA)}
	case o.Type == whatsapp.OfferLocation:
		out.Asks = desk.AskedLocation
	case o.Type == whatsapp.OfferContact:
		out.Asks = desk.AskedContact
	}
	return out
}

func templated(t *whatsapp.Template) *desk.Template {
	out := &desk.Template{Name: t.Name, Language: t.Language.Code}
	for _, c := range t.Components {
		if c.Type == "button" {
			index, _ := strconv.Atoi(c.Index)
			for _, p := range c.Parameters {
				out.Buttons = append(out.Buttons, desk.TemplateButton{
					Index: index, Kind: desk.TemplateButtonKind(c.SubType), Value: private.NewText(p.Text + p.Payload + p.Coupon),
				})
			}
			continue
		}
		for _, p := range c.Parameters {
			switch {
			case p.Location != nil:
				out.Place = ownPlace(p.Location)
				continue
			case p.Image != nil || p.Video != nil || p.Document != nil: // told as the file of the Message
				continue
			}
			v := desk.Value{Name: p.Name, Text: private.NewText(p.Text)}
			if c.Type == "header" {
				out.Header = append(out.Header, v)
			} else {
				out.Body = append(out.Body, v)
			}
		}
	}
	return out
}
