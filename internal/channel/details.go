package channel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// Details reads what a Message holds beside its text from what was kept of it. What cannot be
// read holds nothing: it was taken in all the same, and its text stands.
func Details(c desk.Content) desk.Details {
	if c.Raw.IsEmpty() {
		return desk.Details{}
	}
	if made, ok := readComposed(c.Raw); ok {
		return composedOf(made)
	}
	m, err := whatsapp.ReadMessage([]byte(c.Raw.Reveal()))
	if err != nil {
		return desk.Details{}
	}
	return detailsOf(m)
}

func detailsOf(m *whatsapp.Message) desk.Details {
	if m.Edit != nil && m.Edit.Message != nil {
		return detailsOf(m.Edit.Message)
	}
	d := desk.Details{Forwarded: forwarded(m.Context), Referral: referralOf(m.Referral), System: newsOf(m), Why: whyOf(m)}
	if m.Media != nil {
		d.File = &desk.File{Name: private.NewText(m.Media.Filename), Type: m.Media.MIME, Voice: m.Media.Voice, Animated: m.Media.Animated,
			ID: m.Media.ID, SHA256: whatsapp.Checksum(m.Media.SHA256)}
	}
	if l := m.Location; l != nil && l.Placed {
		d.Location = &desk.Location{Latitude: l.Latitude, Longitude: l.Longitude, Name: private.NewText(l.Name), Address: private.NewText(l.Address)}
	}
	for i := range m.Contacts {
		d.Cards = append(d.Cards, cardOf(&m.Contacts[i]))
	}
	if x := m.Interactive; x != nil {
		d.Choice, d.Answers = choiceOf(x.ListReply), answersOf(x.FlowReply)
	}
	if m.Order != nil {
		d.Order = &desk.Order{}
		for _, p := range m.Order.Products {
			d.Order.Products = append(d.Order.Products, desk.Product(p))
		}
	}
	return d
}

func forwarded(c *whatsapp.Context) desk.Forwarded {
	switch {
	case c == nil:
		return ""
	case c.FrequentlyForwarded:
		return desk.ForwardedOften
	case c.Forwarded:
		return desk.ForwardedOnce
	default:
		return ""
	}
}

func referralOf(r *whatsapp.Referral) *desk.Referral {
	if r == nil {
		return nil
	}
	return &desk.Referral{Headline: private.NewText(r.Headline), Body: private.NewText(r.Body), URL: r.SourceURL, Kind: r.SourceType}
}

func newsOf(m *whatsapp.Message) desk.SystemNews {
	if m.System == nil {
		return ""
	}
	switch m.System.Type {
	case whatsapp.SystemChangedNumber:
		return desk.SystemNewNumber
	case whatsapp.SystemChangedUserID:
		return desk.SystemNewUserID
	case whatsapp.SystemIdentityChanged:
		return desk.SystemNewIdentity
	default:
		return desk.SystemOther
	}
}

// whyOf is Meta's finer word for what it cannot hand over; the code of the error, if it has
// none.
func whyOf(m *whatsapp.Message) string {
	switch {
	case m.Kind != whatsapp.KindUnsupported:
		return ""
	case m.UnsupportedType != "":
		return m.UnsupportedType
	case len(m.Errors) > 0:
		return fmt.Sprint(m.Errors[0].Code)
	default:
		return m.Type
	}
}

func cardOf(c *whatsapp.Card) desk.Card {
	card := desk.Card{
		Name: private.NewText(nameOf(c.Name)), Work: joined(", ", c.Company, c.Department, c.Title), Birthday: private.NewText(c.Birthday),
		Own: c.Origin == whatsapp.OriginRequest,
	}
	for _, p := range c.Phones {
		card.Phones = append(card.Phones, private.NewText(p.Phone))
	}
	for _, e := range c.Emails {
		card.Emails = append(card.Emails, private.NewText(e.Email))
	}
	for _, u := range c.URLs {
		card.URLs = append(card.URLs, private.NewText(u.URL))
	}
	for _, a := range c.Addresses {
		card.Addresses = append(card.Addresses, joined(", ", a.Street, strings.TrimSpace(a.ZIP+" "+a.City), a.State, a.Country))
	}
	return card
}

func nameOf(n whatsapp.CardName) string {
	if n.Formatted != "" {
		return n.Formatted
	}
	return strings.Join(strings.Fields(strings.Join([]string{n.Prefix, n.First, n.Middle, n.Last, n.Suffix}, " ")), " ")
}

// joined puts together what is not empty.
func joined(by string, parts ...string) private.Text {
	return private.NewText(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by))
}

func choiceOf(r *whatsapp.Reply) *desk.Choice {
	if r == nil {
		return nil
	}
	return &desk.Choice{Title: private.NewText(r.Title), Description: private.NewText(r.Description)}
}

// maxAnswers bounds the lines of a form that are shown.
const maxAnswers = 100

// answersOf reads the answers of a form in their order. What is no JSON object is one line as it is;
// its token is ours and no answer (Meta: Flows, response_json).
func answersOf(f *whatsapp.FlowReply) (answers []desk.Answer) {
	if f == nil || f.ResponseJSON == "" {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(f.ResponseJSON))
	if open, err := d.Token(); err != nil || open != json.Delim('{') || !json.Valid([]byte(f.ResponseJSON)) {
		return []desk.Answer{{Value: private.NewText(f.ResponseJSON)}}
	}
	for d.More() && len(answers) < maxAnswers {
		field, err := d.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			break
		}
		if name, _ := field.(string); name != "flow_token" {
			answers = append(answers, desk.Answer{Field: private.NewText(name), Value: private.NewText(plain(value))})
		}
	}
	return answers
}

// plain writes a value of JSON for people: a string as it is, a list with commas.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		parts := make([]string, len(list))
		for i, one := range list {
			parts[i] = plain(one)
		}
		return strings.Join(parts, ", ")
	}
	return string(bytes.TrimSpace(value))
}
