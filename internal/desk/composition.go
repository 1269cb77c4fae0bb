package desk

import "botschaft/internal/private"

// Composition is what a Message that goes out holds beside its text. The zero Composition is text
// alone.
type Composition struct {
	Preview  bool // the page behind the first link of a text is shown (Meta: preview_url)
	Location *Location
	Cards    []Card
	Emoji    private.Text // of a reaction; empty takes it back
	Offer    *Offer
	Template *Template
	File     *SentFile // above a Template or an Offer
}

// Offer is what somebody can tap below a text: exactly one of its fields beside header and footer
// is set. Instead of the header a file may stand above the text, that of the Message; lists have
// texts alone, and what asks for something has nothing there (Meta: Interactive messages).
type Offer struct {
	Header  private.Text
	Footer  private.Text
	Buttons []Button
	List    *List
	Link    *Link
	Form    *Form
	Asks    Asked
}

// List is a list of answers that a button opens.
type List struct {
	Label    private.Text // of that button
	Sections []Section
}

// Section is a part of a List; it needs a title where there are several.
type Section struct {
	Title private.Text
	Rows  []Row
}

// Row is an answer in a List. Who chooses it sends back its ID.
type Row struct {
	ID                 string
	Title, Description private.Text
}

// Link is a button that opens a web page (Meta: CTA URL).
type Link struct{ Label, URL private.Text }

// Form is a button that opens a form within WhatsApp (Meta: Flow): the id or the name of a
// published one, the screen it begins with, and what the button says. Without a screen the form's
// own server says where it begins.
type Form struct {
	ID, Name, Screen string
	Label            private.Text
}

// Asked is what a Message asks the Contact to share with one tap.
type Asked string

// What can be asked for.
const (
	AskedLocation Asked = "location" // where they are
	AskedContact  Asked = "contact"  // their own telephone number, of somebody known by a user id alone
)

// Template is a Template that the Provider approved, with the values for its places (Meta:
// Template messages). Values by name are for a template that names its places.
type Template struct {
	Name, Language string
	Header         []Value
	Place          *Location // of a header that shows one; of one that is a file, that of the Message
	Body           []Value
	Buttons        []TemplateButton
}

// Value fills a place; Name is empty where places are numbered.
type Value struct {
	Name string
	Text private.Text
}

// TemplateButton gives a button what it needs: a quick reply its payload, a link the end of its
// address, a form its token.
type TemplateButton struct {
	Index int // from 0
	Kind  TemplateButtonKind
	Value private.Text
}

// TemplateButtonKind tells the buttons apart.
type TemplateButtonKind string

// The kinds of buttons whose value is ours to give.
const (
	TemplateReply TemplateButtonKind = "quick_reply"
	TemplateURL   TemplateButtonKind = "url"
	TemplateCode  TemplateButtonKind = "copy_code"
)
