package whatsapp

import (
	"errors"
	"fmt"
)

// Content is what a message that goes out is made of, as it stands on the wire: Type names the
// one field that is set.
// Source: Meta, "Messages API".
type Content struct {
	Type        string          `json:"type"`
	Text        *Text           `json:"text,omitempty"`
	Image       *File           `json:"image,omitempty"`
	Video       *File           `json:"video,omitempty"`
	Audio       *File           `json:"audio,omitempty"`
	Document    *File           `json:"document,omitempty"`
	Sticker     *File           `json:"sticker,omitempty"`
	Location    *Place          `json:"location,omitempty"`
	Contacts    []SharedContact `json:"contacts,omitempty"`
	Reaction    *React          `json:"reaction,omitempty"`
	Interactive *Offer          `json:"interactive,omitempty"`
	Template    *Template       `json:"template,omitempty"`
}

// Text is a text message. PreviewURL lets WhatsApp fetch the first link.
type Text struct {
	PreviewURL bool   `json:"preview_url"`
	Body       string `json:"body"`
}

// File is an uploaded file by its ID, or one that Meta fetches from Link. Only documents have a
// Filename; stickers and audio have no Caption. Voice shows audio as a voice message.
// Source: Meta, "Media messages".
type File struct {
	ID       string `json:"id,omitempty"`
	Link     string `json:"link,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"`
}

// Place is a place on the map, in degrees (WGS 84).
// Source: Meta, "Location messages".
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// React puts an emoji on a message; an empty one takes it back.
// Source: Meta, "Reaction messages".
type React struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"`
}

// SharedContact is a contact card.
// Source: Meta, "Contacts messages".
type SharedContact struct {
	Name      SharedName      `json:"name"`
	Birthday  string          `json:"birthday,omitempty"` // YYYY-MM-DD
	Phones    []SharedPhone   `json:"phones,omitempty"`
	Emails    []SharedEmail   `json:"emails,omitempty"`
	Addresses []SharedAddress `json:"addresses,omitempty"`
	Org       *SharedOrg      `json:"org,omitempty"`
	URLs      []SharedURL     `json:"urls,omitempty"`
}

// SharedName needs Formatted and one part more.
type SharedName struct {
	Formatted string `json:"formatted_name"`
	First     string `json:"first_name,omitempty"`
	Middle    string `json:"middle_name,omitempty"`
	Last      string `json:"last_name,omitempty"`
	Prefix    string `json:"prefix,omitempty"`
	Suffix    string `json:"suffix,omitempty"`
}

// SharedPhone is a number; WAID makes it one to write to in WhatsApp.
type SharedPhone struct {
	Phone string `json:"phone,omitempty"`
	Type  string `json:"type,omitempty"`
	WAID  string `json:"wa_id,omitempty"`
}

// SharedEmail is an e-mail address.
type SharedEmail struct {
	Email string `json:"email,omitempty"`
	Type  string `json:"type,omitempty"`
}

// SharedURL is a web address.
type SharedURL struct {
	URL  string `json:"url,omitempty"`
	Type string `json:"type,omitempty"`
}

// SharedAddress is a postal address.
type SharedAddress struct {
	Street      string `json:"street,omitempty"`
	City        string `json:"city,omitempty"`
	State       string `json:"state,omitempty"`
	ZIP         string `json:"zip,omitempty"`
	Country     string `json:"country,omitempty"`
	CountryCode string `json:"country_code,omitempty"`
	Type        string `json:"type,omitempty"`
}

// SharedOrg is where somebody works.
type SharedOrg struct {
	Company    string `json:"company,omitempty"`
	Department string `json:"department,omitempty"`
	Title      string `json:"title,omitempty"`
}

// Fault is what is wrong with Content: the field, by its name in Meta's documents, and what its
// rule says. It never holds what the field holds.
type Fault struct{ Field, Text string }

// Error names the field and its rule.
func (f *Fault) Error() string { return f.Field + " " + f.Text }

// fault makes one.
func fault(field, format string, values ...any) *Fault {
	return &Fault{field, fmt.Sprintf(format, values...)}
}

// file is the file of a message of that type; nil if it has none.
func (c Content) file() *File {
	switch c.Type {
	case "image":
		return c.Image
	case "video":
		return c.Video
	case "audio":
		return c.Audio
	case "document":
		return c.Document
	case "sticker":
		return c.Sticker
	default:
		return nil
	}
}

// File is the file that goes with a message, be it above a template or an offer; nil if there is
// none.
func (c Content) File() *File {
	switch {
	case c.Template != nil:
		return c.Template.file()
	case c.Interactive != nil:
		return c.Interactive.Header.file()
	default:
		return c.file()
	}
}

// fields counts what is set: exactly one may be.
func (c Content) fields() (n int) {
	for _, set := range []bool{
		c.Text != nil, c.Image != nil, c.Video != nil, c.Audio != nil, c.Document != nil, c.Sticker != nil, c.Location != nil,
		len(c.Contacts) > 0, c.Reaction != nil, c.Interactive != nil, c.Template != nil,
	} {
		if set {
			n++
		}
	}
	return n
}

// Check gives the first *Fault of the Content by Meta's limits, or nil. The id of a file and the
// message of a reaction are known when it is sent, and are looked at then.
func (c Content) Check() error {
	if c.fields() != 1 {
		return fault("type", "needs exactly one content")
	}
	if f := c.check(); f != nil {
		return f
	}
	return nil
}

func (c Content) check() *Fault {
	switch {
	case c.Type == "text" && c.Text != nil:
		return span("text.body", c.Text.Body, 1, MaxText)
	case c.file() != nil:
		return c.file().check(c.Type)
	case c.Type == "location" && c.Location != nil:
		return c.Location.check()
	case c.Type == "contacts" && len(c.Contacts) > 0:
		return checkContacts(c.Contacts)
	case c.Type == "reaction" && c.Reaction != nil:
		return span("reaction.emoji", c.Reaction.Emoji, 0, maxEmoji)
	case c.Type == "interactive" && c.Interactive != nil:
		return c.Interactive.check()
	case c.Type == "template" && c.Template != nil:
		return c.Template.check()
	default:
		return fault("type", "does not name the content")
	}
}

// ready looks at what is known only when a message is sent.
func (c Content) ready() error {
	if f := c.File(); f != nil && (f.ID == "") == (f.Link == "") {
		return errors.New("a file needs either an id or a link")
	}
	if c.Reaction != nil && c.Reaction.MessageID == "" {
		return errors.New("a reaction needs a message")
	}
	return c.Check()
}

func (f *File) check(kind string) *Fault {
	if f.Caption != "" && (kind == "audio" || kind == "sticker") {
		return fault(kind+".caption", "does not belong to it")
	}
	if f.Filename != "" && kind != "document" {
		return fault(kind+".filename", "belongs to documents alone")
	}
	if f.Voice && kind != "audio" {
		return fault(kind+".voice", "belongs to audio alone")
	}
	return first(span(kind+".caption", f.Caption, 0, MaxCaption), span(kind+".filename", f.Filename, 0, maxFilename))
}

func (p *Place) check() *Fault {
	switch {
	case !(p.Latitude >= -90 && p.Latitude <= 90):
		return fault("location.latitude", "is not between -90 and 90")
	case !(p.Longitude >= -180 && p.Longitude <= 180):
		return fault("location.longitude", "is not between -180 and 180")
	}
	return first(span("location.name", p.Name, 0, maxPlaceText), span("location.address", p.Address, 0, maxPlaceText))
}

func checkContacts(all []SharedContact) *Fault {
	if len(all) > maxContacts {
		return fault("contacts", "are more than %d", maxContacts)
	}
	for _, c := range all {
		n := c.Name
		if n.Formatted == "" || n.First+n.Middle+n.Last+n.Prefix+n.Suffix == "" {
			return fault("contacts.name", "is missing or has no part")
		}
		if c.Birthday != "" && !isDay(c.Birthday) {
			return fault("contacts.birthday", "is not a day such as 1990-12-31")
		}
	}
	return nil
}
