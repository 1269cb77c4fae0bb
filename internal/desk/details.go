package desk

import "botschaft/internal/private"

// Details are what a Message holds beside its text, as far as the Provider told it. The zero
// Details hold nothing.
type Details struct {
	File      *File
	Location  *Location
	Cards     []Card
	Choice    *Choice  // which of several answers was taken
	Answers   []Answer // of a form that was filled in (Meta: Flow)
	Order     *Order
	Referral  *Referral // the advertisement that the Contact came by
	Forwarded Forwarded
	System    SystemNews
	Why       string    // the Provider's word for what it cannot hand over, such as "poll"
	Offer     *Offer    // of ours: what can be tapped, beside the buttons
	Template  *Template // of ours
}

// IsEmpty tells whether the text is all there is.
func (d *Details) IsEmpty() bool {
	return d.File == nil && d.Location == nil && d.Cards == nil && d.Choice == nil && d.Answers == nil && d.Order == nil && d.Referral == nil &&
		d.Forwarded == "" && d.System == "" && d.Why == "" && d.Offer == nil && d.Template == nil
}

// Forwarded tells whether the Contact passed on what somebody else wrote.
type Forwarded string

// The degrees. Often is more than five times (Meta: frequently_forwarded).
const (
	ForwardedOnce  Forwarded = "forwarded"
	ForwardedOften Forwarded = "frequently_forwarded"
)

// File is a picture, a recording, a film, a document or a sticker, as it was announced.
type File struct {
	Name     private.Text // of a document, on the sender's device: not to be trusted
	Type     string       // media type, as announced: not to be trusted
	Voice    bool         // recorded in WhatsApp
	Animated bool         // a sticker that moves
	ID       string       // by which the Provider hands it out; empty: it does not
	SHA256   []byte       // of what stands in it; nil: not announced
}

// Location is a place on the earth.
type Location struct {
	Latitude, Longitude float64      // degrees, WGS 84
	Name, Address       private.Text // mostly of businesses
}

// Card is a contact card that somebody shared.
type Card struct {
	Name      private.Text
	Work      private.Text // company, department and title
	Phones    []private.Text
	Emails    []private.Text
	Addresses []private.Text
	URLs      []private.Text
	Birthday  private.Text
	Own       bool // it proves the sender's own number: given in answer to our request (Meta: origin contact_request)
}

// Choice is an answer taken from a list, with what stood below it.
type Choice struct{ Title, Description private.Text }

// Answer is one line of a form.
type Answer struct{ Field, Value private.Text }

// Order is what was put into a basket.
type Order struct{ Products []Product }

// Product is a line of an Order. Prices are per piece, in the currency's unit.
type Product struct{ ID, Quantity, Price, Currency string }

// Referral is the advertisement or post by which a Contact came.
type Referral struct {
	Headline, Body private.Text
	URL            string
	Kind           string // ad or post
}

// SystemNews is what WhatsApp tells about a Contact.
type SystemNews string

// The news.
const (
	SystemNewNumber   SystemNews = "new_number"   // somebody, perhaps somebody else, has the account by another number
	SystemNewUserID   SystemNews = "new_user_id"  // the business-scoped id rotated
	SystemNewIdentity SystemNews = "new_identity" // another device or installation: the security code changed
	SystemOther       SystemNews = "other"
)
