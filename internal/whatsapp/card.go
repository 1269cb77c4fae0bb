package whatsapp

// maxCards bounds the cards of a message and the parts of a card; Meta allows 257.
const maxCards = 512

// OriginRequest is the Card.Origin of the sender's own number, given in answer
// to a contact request. Any other card may be about anybody.
const OriginRequest = "contact_request"

// Card is a contact card the person shared.
// Source: Meta, "Webhooks: contacts messages".
type Card struct {
	Name      CardName
	Phones    []CardPhone
	Emails    []CardEmail
	Addresses []CardAddress
	URLs      []CardURL
	// Company, Department and Title describe where the person works.
	Company, Department, Title string
	// Birthday is YYYY-MM-DD as far as the sender's device keeps to it.
	Birthday string
	// VCard is the card in its original form.
	VCard string
	// Origin is OriginRequest or "other".
	Origin string
}

// CardName is the name on a card; Formatted is the whole of it.
type CardName struct{ Formatted, First, Middle, Last, Prefix, Suffix string }

// CardPhone is a number as written and, if it is on WhatsApp, its id there.
type CardPhone struct{ Phone, WAID, UserID, Type string }

// CardEmail is an e-mail address on a card.
type CardEmail struct{ Email, Type string }

// CardURL is a web address on a card.
type CardURL struct{ URL, Type string }

// CardAddress is a postal address on a card.
type CardAddress struct{ Street, ZIP, City, State, Country, CountryCode, Type string }

func (r *reader) card() *Card {
	if !r.at('{') {
		return nil
	}
	c := &Card{}
	for key := range r.members("card") {
		switch string(key) {
		case "name":
			c.Name = r.cardName()
		case "phones":
			c.Phones = list(r, maxCards, r.cardPhone)
		case "emails":
			c.Emails = list(r, maxCards, r.cardEmail)
		case "addresses":
			c.Addresses = list(r, maxCards, r.cardAddress)
		case "urls":
			c.URLs = list(r, maxCards, r.cardURL)
		case "org":
			r.cardWork(c)
		case "birthday":
			c.Birthday = r.text()
		case "vcard":
			c.VCard = r.text()
		case "origin":
			c.Origin = r.text()
		}
	}
	return c
}

func (r *reader) cardName() (n CardName) {
	for key := range r.members("card.name") {
		switch string(key) {
		case "formatted_name":
			n.Formatted = r.text()
		case "first_name":
			n.First = r.text()
		case "middle_name":
			n.Middle = r.text()
		case "last_name":
			n.Last = r.text()
		case "prefix":
			n.Prefix = r.text()
		case "suffix":
			n.Suffix = r.text()
		}
	}
	return n
}

func (r *reader) cardPhone() *CardPhone {
	p := &CardPhone{}
	for key := range r.members("card.phones") {
		switch string(key) {
		case "phone":
			p.Phone = r.text()
		case "wa_id":
			p.WAID = r.text()
		case "user_id":
			p.UserID = r.text()
		case "type":
			p.Type = r.text()
		}
	}
	return p
}

func (r *reader) cardEmail() *CardEmail {
	e := &CardEmail{}
	for key := range r.members("card.emails") {
		switch string(key) {
		case "email":
			e.Email = r.text()
		case "type":
			e.Type = r.text()
		}
	}
	return e
}

func (r *reader) cardURL() *CardURL {
	u := &CardURL{}
	for key := range r.members("card.urls") {
		switch string(key) {
		case "url":
			u.URL = r.text()
		case "type":
			u.Type = r.text()
		}
	}
	return u
}

func (r *reader) cardAddress() *CardAddress {
	a := &CardAddress{}
	for key := range r.members("card.addresses") {
		switch string(key) {
		case "street":
			a.Street = r.text()
		case "zip":
			a.ZIP = r.text()
		case "city":
			a.City = r.text()
		case "state":
			a.State = r.text()
		case "country":
			a.Country = r.text()
		case "country_code":
			a.CountryCode = r.text()
		case "type":
			a.Type = r.text()
		}
	}
	return a
}

func (r *reader) cardWork(c *Card) {
	for key := range r.members("card.org") {
		switch string(key) {
		case "company":
			c.Company = r.text()
		case "department":
			c.Department = r.text()
		case "title":
			c.Title = r.text()
		}
	}
}
